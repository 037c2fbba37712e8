"""The ways through the bot outside of a dialogue: menu, lists, cards, histories. They only show.

Each is an entry that ends at once, so whichever way is taken also leaves any dialogue:

    /start /tasks /objects /clients /help /cancel, a text, or a button of a list or card -> screen
"""

from dataclasses import replace
from typing import TypeVar

from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from bot.buttons import (
    Button,
    ChangeStatus,
    ClientFilters,
    ClientList,
    Confirm,
    Help,
    History,
    MapPin,
    Menu,
    More,
    ObjectFilters,
    ObjectList,
    Open,
    Photos,
    PickStatus,
    WhyNot,
    WriteNote,
)  # fmt: skip
from bot.context import END, Dialogue, Handler, Talk, arrival, button, step
from bot.screens import Key, Screen, rows
from bot.screens.answers import stranger
from bot.screens.cards import card_screen
from bot.screens.change import why_not
from bot.screens.histories import history_screen, window_screen
from bot.screens.lists import client_filter_screen, client_list, filter_screen, object_list
from bot.screens.menu import help_screen, menu, more
from bot.services.cases import load
from bot.services.clients import MAY_CREATE, client_listing
from bot.services.clients import PAGE as CLIENT_PAGE
from bot.services.objects import card, listing, tasks_of
from bot.services.people import accept_invitation, recognise, refresh_commands
from bot.texts import gettext as _
from bot.texts.words import refusal
from domain.clients import ClientStatus
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import Kind, Reason, Refused
from domain.roles import STAFF, sight
from storage.objects import ObjectFilter
from storage.organisations import ClientFilter

S = TypeVar("S")

OBJECT_LINK = "o"
"""A deep link ``?start=o<id>`` opens an object."""


def show_menu(talk: Talk) -> None:
    """Show the person's menu."""
    found = listing(talk.uow, talk.me, tasks_of(talk.me.actor), 0, talk.now)
    talk.show(menu(talk.me, found.total, found.red))


def show_case(talk: Talk, kind: Kind, case_id: int, *, fresh: bool = False) -> None:
    """Show an object's card or a client's window, as it is now."""
    if kind is Kind.OBJECT:
        talk.show(card_screen(card(talk.uow, talk.me, case_id, talk.now), talk.me, talk.now), fresh=fresh)
        return
    case = load(talk.uow, talk.me, kind, case_id)
    talk.show(window_screen(case, talk.uow.history.of_client(case_id), talk.me.time_zone), fresh=fresh)


def show_objects(talk: Talk, view: ObjectList) -> None:
    """Show a page of objects or tasks."""
    words = talk.uow.dialogues.words(talk.chat_id) if view.found else ""
    client = talk.uow.organisations.client(view.client_id, sight(talk.me.actor)) if view.client_id else None
    wanted = ObjectFilter(
        colour=Colour(view.colour) if view.colour in set(Colour) else None,
        status=_at(list(ObjectStatus), view.status),
        client_id=view.client_id,
        query=words,
        movable_by=talk.me.actor if view.tasks else None,
        named_for=talk.me.id if view.mine else None,
    )
    known = replace(
        view,
        colour=wanted.colour,
        status=view.status if wanted.status else None,
        page=max(view.page, 0),
    )
    found = listing(talk.uow, talk.me, wanted, known.page, talk.now)
    talk.show(object_list(found, known, words, client.name if client else None, talk.now))


def show_clients(talk: Talk, view: ClientList) -> None:
    """Show a page of clients."""
    words = talk.uow.dialogues.words(talk.chat_id) if view.found else ""
    status = _at(list(ClientStatus), view.status)
    known = replace(view, status=view.status if status else None, page=max(view.page, 0))
    found = client_listing(talk.uow, talk.me, ClientFilter(status, words), known.page)
    talk.show(client_list(found, known, words, may_create=talk.me.has(MAY_CREATE)))


def show_truth(talk: Talk, reason: Reason) -> object:
    """After a refusal that no step foresaw: what it was about as it is now, or the reason and a way on."""
    try:
        shown = _show_subject(talk)
    except Refused:
        shown = False
    if not shown:
        talk.show(Screen(refusal(reason), rows([Key(_("« Menu"), Menu())])))
    return END


def _show_subject(talk: Talk) -> bool:
    """Show the object or client that a press or the dialogue is about; False when it is about none."""
    pressed = (kind.unpack(talk.data) for kind in (Confirm, PickStatus, ChangeStatus, WriteNote, Open))
    for found in pressed:
        if found is not None and found.kind is not None and found.id is not None:
            show_case(talk, found.kind, found.id)
            return True
    kind, case_id = talk.draft.get("kind"), talk.draft.get("id")
    if kind in set(Kind) and isinstance(case_id, int):
        show_case(talk, Kind(kind), case_id)
        return True
    return False


@arrival
def start(talk: Talk) -> object:
    """/start: the menu; with a payload an invitation or an object."""
    payload = talk.said.partition(" ")[2].strip()
    if payload and not _is_object(payload):
        return _accept(talk, payload)
    if not talk.me.is_known:
        talk.show(stranger())
        return END
    _welcome_back(talk)
    if payload:
        show_case(talk, Kind.OBJECT, int(payload.removeprefix(OBJECT_LINK)))
    else:
        show_menu(talk)
    return END


def _welcome_back(talk: Talk) -> None:
    """Whoever presses Start can be written to again, and gets the commands that fit their roles now."""
    talk.uow.people.set_reachable(talk.user_id, reachable=True)
    person = talk.uow.people.by_telegram_id(talk.user_id)
    if person is not None:
        refresh_commands(talk.uow, person, talk.now)


def _is_object(payload: str) -> bool:
    number = payload.removeprefix(OBJECT_LINK)
    return payload.startswith(OBJECT_LINK) and number.isascii() and number.isdigit() and len(number) < 10  # noqa: PLR2004


def _accept(talk: Talk, secret: str) -> object:
    name = talk.update.effective_user.full_name if talk.update.effective_user else ""
    try:
        accept_invitation(talk.uow, secret, talk.user_id, name, talk.now)
    except Refused as refused:
        # A stranger learns nothing but that the link is of no use.
        if talk.me.is_known:
            raise
        talk.show(Screen(refusal(refused.reason)))
        return END
    me = recognise(talk.uow, talk.user_id)
    if me is not None:
        talk.me = me
        show_menu(talk)
    return END


@step
def main_menu(talk: Talk) -> object:
    """The menu; /cancel leads here too."""
    show_menu(talk)
    return END


@step
def cancel(talk: Talk) -> object:
    """Leave a dialogue: nothing changes, and what it was about is shown as it is."""
    talk.toast(_("Nothing was changed."))
    if not _show_subject(talk):
        show_menu(talk)
    return END


@step
def more_ways(talk: Talk) -> object:
    """What is rarely needed."""
    talk.show(more(talk.me))
    return END


@step
def explain(talk: Talk) -> object:
    """/help."""
    talk.show(help_screen(talk.me))
    return END


@step
def tasks(talk: Talk) -> object:
    """/tasks."""
    show_objects(talk, ObjectList(tasks=True))
    return END


@step
def objects(talk: Talk) -> object:
    """/objects."""
    show_objects(talk, ObjectList())
    return END


@step
def turn_objects(talk: Talk) -> object:
    """A page or a filter of the list of objects."""
    show_objects(talk, button(talk, ObjectList))
    return END


@step
def filter_objects(talk: Talk) -> object:
    """What the list of objects may show."""
    pressed = button(talk, ObjectFilters)
    page = max(pressed.page, 0)
    found = talk.uow.organisations.clients(
        sight(talk.me.actor), ClientFilter(), offset=page * CLIENT_PAGE, limit=CLIENT_PAGE + 1
    )
    talk.show(
        filter_screen(replace(pressed, page=page), list(found[:CLIENT_PAGE]), more=len(found) > CLIENT_PAGE)
    )
    return END


@step
def clients(talk: Talk) -> object:
    """/clients."""
    show_clients(talk, ClientList())
    return END


@step
def turn_clients(talk: Talk) -> object:
    """A page or a filter of the list of clients."""
    show_clients(talk, button(talk, ClientList))
    return END


@step
def filter_clients(talk: Talk) -> object:
    """What the list of clients may show."""
    if not talk.me.has(STAFF):
        raise Refused(Reason.NOT_FOUND)
    talk.show(client_filter_screen())
    return END


@step
def open_case(talk: Talk) -> object:
    """A card or a window."""
    pressed = button(talk, Open)
    show_case(talk, pressed.kind, pressed.id, fresh=pressed.fresh)
    return END


@step
def history(talk: Talk) -> object:
    """A page of the history."""
    pressed = button(talk, History)
    case = load(talk.uow, talk.me, pressed.kind, pressed.id)
    lines = talk.uow.history
    entries = lines.of_object(case.id) if pressed.kind is Kind.OBJECT else lines.of_client(case.id)
    talk.show(history_screen(case, entries, pressed.page, talk.me.time_zone))
    return END


@step
def photos(talk: Talk) -> object:
    """The photos of a line of the history."""
    pressed = button(talk, Photos)
    case = load(talk.uow, talk.me, pressed.kind, pressed.id)
    entry = talk.uow.history.get(pressed.history_id)
    owner = (
        (entry.record.object_id if pressed.kind is Kind.OBJECT else entry.record.client_id) if entry else None
    )
    if entry is None or owner != case.id:
        raise Refused(Reason.NOT_FOUND)
    talk.album([photo.file_id for photo in talk.uow.history.photos(pressed.history_id)], case.title)
    talk.toast(_("Here they are."))
    return END


@step
def map_pin(talk: Talk) -> object:
    """The object's position as a pin."""
    record = load(talk.uow, talk.me, Kind.OBJECT, button(talk, MapPin).object_id).seen.object
    if record.latitude is None or record.longitude is None:
        raise Refused(Reason.NOT_FOUND)
    talk.pin(record.latitude, record.longitude)
    talk.toast(record.address or _("Here it is."))
    return END


@step
def explain_why_not(talk: Talk) -> object:
    """Why the other statuses are not offered."""
    pressed = button(talk, WhyNot)
    talk.show(why_not(load(talk.uow, talk.me, pressed.kind, pressed.id), talk.me, talk.now))
    return END


@step
def search(talk: Talk) -> object:
    """A text outside of any dialogue is looked for; what is found alone is opened."""
    words = " ".join(talk.said.split())
    if not words:
        show_menu(talk)
        return END
    talk.uow.dialogues.set_words(talk.chat_id, words)
    found = listing(talk.uow, talk.me, ObjectFilter(query=words[:80]), 0, talk.now)
    if found.total == 1:
        show_case(talk, Kind.OBJECT, found.lines[0].record.id or 0)
    else:
        show_objects(talk, ObjectList(found=True))
    return END


@step
def outdated(talk: Talk) -> object:
    """A button that no dialogue waits for: of an older message or release, or pressed twice."""
    talk.toast(_("This button is from before. Here is how it is now."))
    if not _show_subject(talk):
        show_menu(talk)
    return END


@arrival
def membership(talk: Talk) -> object:
    """The person blocked the bot, or let it in again."""
    change = talk.update.my_chat_member
    if change is not None and talk.me.is_known:
        talk.uow.people.set_reachable(talk.user_id, reachable=change.new_chat_member.status == "member")
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """All the ways, as a dialogue of no steps."""
    ways: list[tuple[type[Button], Handler]] = [
        (Menu, main_menu), (More, more_ways), (Help, explain), (ObjectList, turn_objects),
        (ObjectFilters, filter_objects), (ClientList, turn_clients), (ClientFilters, filter_clients),
        (Open, open_case), (History, history), (Photos, photos), (MapPin, map_pin), (WhyNot, explain_why_not),
    ]  # fmt: skip
    commands = {
        "start": start, "menu": main_menu, "tasks": tasks, "objects": objects, "clients": clients,
        "help": explain, "cancel": cancel,
    }  # fmt: skip
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Dialogue(
        family,
        name="ways",
        entry_points=[
            *(CommandHandler(name, way, filters=private) for name, way in commands.items()),
            *(CallbackQueryHandler(way, pattern=kind.pattern()) for kind, way in ways),
        ],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )


def build_last(family: list[Dialogue]) -> Dialogue:
    """What answers when nothing else does, so that nobody is left without an answer."""
    return Dialogue(
        family,
        name="last",
        entry_points=[
            MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, search),
            CallbackQueryHandler(outdated),
            ChatMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER),
        ],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )


def _at(options: list[S], position: int | None) -> S | None:
    return options[position] if position is not None and 0 <= position < len(options) else None
