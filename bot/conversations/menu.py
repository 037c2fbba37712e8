"""The ways in and out: /start with what a link carries, the menu, /help, /cancel.

/start [invitation | object] -> menu, card
/menu /help /cancel, «More», «Help» -> screen
"""

from telegram.ext import CommandHandler, filters

from bot.buttons import (
    Help,
    Menu,
    More,
    ObjectList,
)  # fmt: skip
from bot.context import END, Dialogue, Talk, arrival, step
from bot.conversations.parts import on
from bot.conversations.ways import cancel, open_case, show_menu, show_objects
from bot.screens import Screen
from bot.screens.answers import stranger
from bot.screens.digests import ALL_LINK
from bot.screens.menu import help_screen, more
from bot.services.people import accept_invitation, recognise, welcome_back
from bot.texts.words import refusal
from domain.process import Kind, Refused

OBJECT_LINK = "o"
"""A deep link ``?start=o<id>`` opens an object."""


@arrival
def start(talk: Talk) -> object:
    """/start: the menu; with a payload an invitation or an object."""
    payload = talk.said.partition(" ")[2].strip()
    if payload and payload != ALL_LINK and not _is_object(payload):
        return _accept(talk, payload)
    if not talk.me.is_known:
        talk.show(stranger())
        return END
    _welcome_back(talk)
    if payload == ALL_LINK:
        show_objects(talk, ObjectList())
    elif payload:
        open_case(talk, Kind.OBJECT, int(payload.removeprefix(OBJECT_LINK)))
    else:
        show_menu(talk)
    return END


def _welcome_back(talk: Talk) -> None:
    """Whoever presses Start can be written to again, and gets the commands that fit their roles now."""
    person = talk.uow.people.by_telegram_id(talk.user_id)
    if person is not None:
        welcome_back(talk.uow, person, talk.now)


def _is_object(payload: str) -> bool:
    number = payload.removeprefix(OBJECT_LINK)
    return payload.startswith(OBJECT_LINK) and number.isascii() and number.isdigit() and len(number) < 10  # noqa: PLR2004  # digits of a 32-bit id


def _accept(talk: Talk, secret: str) -> object:
    name = talk.update.effective_user.full_name if talk.update.effective_user else ""
    try:
        accept_invitation(talk.uow, secret, talk.user_id, name, talk.now)
    except Refused as refused:
        # A stranger learns nothing but that the link is of no use.
        if talk.me.is_known:
            raise
        talk.show(Screen(refusal(talk.refused(refused.reason))))
        return END
    me = recognise(talk.uow, talk.user_id)
    if me is not None:
        talk.me = me
        show_menu(talk, arrived=True)
    return END


@step
def main_menu(talk: Talk) -> object:
    """The menu; /cancel leads here too."""
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


def build(family: list[Dialogue]) -> Dialogue:
    """A dialogue of no steps: each way ends at once, and so leaves any other dialogue."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    commands = {"start": start, "menu": main_menu, "help": explain, "cancel": cancel}
    return Dialogue(
        family,
        name="menu",
        entry_points=[
            *(CommandHandler(name, way, filters=private) for name, way in commands.items()),
            on(Menu, main_menu),
            on(More, more_ways),
            on(Help, explain),
        ],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )
