"""What several dialogues show: menu, cards, lists, and how things are now after a refusal."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.buttons import (
    Assign,
    AssignTo,
    ChangeStatus,
    ClientList,
    Confirm,
    Correct,
    CorrectField,
    FollowUp,
    MapPin,
    Menu,
    ObjectList,
    Open,
    PickStatus,
    WriteNote,
)  # fmt: skip
from bot.context import END, Talk, step
from bot.screens import Key, Screen, rows
from bot.screens.cards import card_screen
from bot.screens.histories import window_screen
from bot.screens.lists import client_list, object_list
from bot.screens.menu import menu
from bot.services.absences import covered, whereabouts
from bot.services.board import due_window
from bot.services.cases import load
from bot.services.clients import MAY_CREATE, client_listing
from bot.services.objects import card, listing, waiting
from bot.services.people import Me
from bot.texts import gettext as _
from bot.texts.words import refusal
from domain.board import Due
from domain.clients import ClientStatus
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import Kind, Reason, Refused
from domain.roles import sight
from storage.database import UnitOfWork
from storage.object_terms import ObjectFilter
from storage.organisations import ClientFilter

S = TypeVar("S")


def show_menu(talk: Talk, *, arrived: bool = False) -> None:
    """Show the person's menu; ``arrived``: they accepted an invitation just now."""
    tasks, red = waiting(talk.uow, talk.me, talk.now)
    talk.uow.dialogues.set_way(talk.chat_id, "")
    where = whereabouts(talk.uow, talk.me.id, talk.now)
    talk.show(menu(talk.me, tasks, red, where, arrived=arrived))


def open_case(talk: Talk, kind: Kind, case_id: int, *, fresh: bool = False) -> None:
    """Show it to somebody who comes from no list: from an alert, a link, a number."""
    talk.uow.dialogues.set_way(talk.chat_id, "")
    show_case(talk, kind, case_id, fresh=fresh)


def show_case(talk: Talk, kind: Kind, case_id: int, *, fresh: bool = False) -> None:
    """Show an object's card or a client's window, as it is now."""
    if kind is Kind.OBJECT:
        way = ObjectList.unpack(talk.uow.dialogues.way(talk.chat_id))
        shown = card(talk.uow, talk.me, case_id, talk.now)
        talk.show(card_screen(shown, talk.me, talk.now, way), fresh=fresh)
        return
    case = load(talk.uow, talk.me, kind, case_id)
    talk.show(window_screen(case, talk.uow.history.of_client(case_id), talk.me.time_zone), fresh=fresh)


@dataclass(frozen=True, slots=True)
class Asked:
    """A list of objects as somebody asked for it: what is known of the view, and what it comes to."""

    view: ObjectList
    wanted: ObjectFilter
    words: str
    client: str | None


def asked_for(uow: UnitOfWork, me: Me, chat_id: int, view: ObjectList, now: datetime) -> Asked:
    """What a button of a list asks for; what makes no sense in it is left out."""
    words = uow.dialogues.words(chat_id) if view.found else ""
    client = uow.organisations.client(view.client_id, sight(me.actor)) if view.client_id else None
    wanted = ObjectFilter(
        colour=Colour(view.colour) if view.colour in set(Colour) else None,
        status=_at(list(ObjectStatus), view.status),
        client_id=view.client_id,
        query=words,
        movable_by=me.actor if view.tasks else None,
        named_for=covered(uow, me.id, now) if view.mine else (),
        due=due_window(me, Due(view.due), now) if view.due in set(Due) else None,
    )
    known = replace(
        view,
        colour=wanted.colour,
        status=view.status if wanted.status else None,
        page=max(view.page, 0),
        due=view.due if wanted.due else view.origin,
    )
    return Asked(known, wanted, words, client.name if client else None)


def show_objects(talk: Talk, view: ObjectList) -> None:
    """Show a page of objects or tasks."""
    asked = asked_for(talk.uow, talk.me, talk.chat_id, view, talk.now)
    found = listing(talk.uow, talk.me, asked.wanted, asked.view.page, talk.now)
    talk.uow.dialogues.set_way(talk.chat_id, asked.view.pack())
    talk.show(object_list(found, asked.view, asked.words, asked.client, talk.now))


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
        shown = show_subject(talk)
    except Refused:
        shown = False
    if not shown:
        talk.show(Screen(refusal(reason), rows([Key(_("« Menu"), Menu())])))
    return END


def show_subject(talk: Talk) -> bool:
    """Show the object or client that a press or the dialogue is about; False when it is about none."""
    pressed = (kind.unpack(talk.data) for kind in (Confirm, PickStatus, ChangeStatus, WriteNote, Open))
    for found in pressed:
        if found is not None and found.kind is not None and found.id is not None:
            show_case(talk, found.kind, found.id)
            return True
    for named in (
        kind.unpack(talk.data) for kind in (Assign, AssignTo, Correct, CorrectField, FollowUp, MapPin)
    ):
        if named is not None:
            show_case(talk, Kind.OBJECT, named.object_id)
            return True
    kind, case_id = talk.draft.get("kind"), talk.draft.get("id")
    if kind in set(Kind) and isinstance(case_id, int):
        show_case(talk, Kind(kind), case_id)
        return True
    return False


@step
def cancel(talk: Talk) -> object:
    """Leave a dialogue: nothing changes, and what it was about is shown as it is."""
    talk.toast(_("Nothing was changed."))
    if not show_subject(talk):
        show_menu(talk)
    return END


def _at(options: list[S], position: int | None) -> S | None:
    return options[position] if position is not None and 0 <= position < len(options) else None
