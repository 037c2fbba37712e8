"""What will be said to whom, for moderators and administrators; for everybody else there is no such thing.

«Forecast», /forecast -> today, or the choice of a client when there are too many machines
|                                                                -> today
+-> another day, another page
"""

from enum import StrEnum

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.buttons import Back, Cancel
from bot.buttons.forecast import Forecast
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import MESSAGE, begin, inner, looked_for, on, picking
from bot.conversations.ways import cancel, show_menu
from bot.screens.choosing import Picking
from bot.screens.forecast import ask_client, too_much_screen
from bot.services.forecast_days import PAGE, clients, is_too_much, scope_of
from bot.texts import gettext as _
from storage.outbox import Message


class Step(StrEnum):
    """What the dialogue waits for."""

    ORGANISATION = "organisation"


@step
def start(talk: Talk) -> object:
    """/forecast."""
    begin(talk)
    return _show(talk, Forecast())


@step
def turn(talk: Talk) -> object:
    """«Forecast», a day, a page."""
    begin(talk)
    return _show(talk, button(talk, Forecast))


def _show(talk: Talk, wanted: Forecast) -> object:
    """Have the day reckoned: the row of it is worked off as soon as this is committed."""
    scope, client = scope_of(talk.uow, talk.me, wanted.client_id)
    if is_too_much(talk.uow, scope):
        if client is None:
            return _ask(talk)
        talk.show(too_much_screen(client.name))
        return END
    payload = {
        "day": wanted.day, "page": max(wanted.page, 0), "client_id": wanted.client_id, "edit": talk.pressed,
    }  # fmt: skip
    talk.uow.outbox.add([Message("forecast", talk.chat_id, payload, person_id=talk.me.id)], talk.now)
    talk.toast(_("Looking ahead"))
    return END


def _ask(talk: Talk) -> object:
    words, page = looked_for(talk)
    found, total = clients(talk.uow, talk.me, words, page)
    talk.show(ask_client(Picking(found, total, PAGE, page, words)))
    return Step.ORGANISATION


def _choose(talk: Talk, client_id: int) -> object:
    return _show(talk, Forecast(client_id=client_id))


@step
def back(talk: Talk) -> object:
    """Out of the choice."""
    show_menu(talk)
    return END


@step
def again(talk: Talk) -> object:
    """Something came that is no answer: ask once more."""
    return _ask(talk)


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue: it has a step only where a client is to be chosen."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Dialogue(
        family,
        name="forecast",
        entry_points=[CommandHandler("forecast", start, filters=private), on(Forecast, turn)],
        states={Step.ORGANISATION: picking(_ask, _choose)},
        fallbacks=[on(Back, back), on(Cancel, cancel), inner(again), MessageHandler(MESSAGE, again)],
        allow_reentry=True,
    )
