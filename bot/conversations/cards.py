"""One object or client: card, window, history, photos, position, and why no other status is offered.

a button of a list or card -> screen
"""

from bot.buttons import (
    History,
    MapPin,
    Open,
    Photos,
    WhyNot,
)  # fmt: skip
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import on
from bot.conversations.ways import open_case, show_case
from bot.screens.histories import history_screen
from bot.screens.why_not import why_not
from bot.services.cases import load
from bot.services.why_not import explain
from bot.texts import gettext as _
from domain.process import Kind, Reason, Refused


@step
def open_it(talk: Talk) -> object:
    """A card or a window."""
    pressed = button(talk, Open)
    if pressed.fresh:
        open_case(talk, pressed.kind, pressed.id, fresh=True)
    else:
        show_case(talk, pressed.kind, pressed.id)
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
    case = load(talk.uow, talk.me, pressed.kind, pressed.id)
    found = explain(talk.uow, talk.me, case, talk.now)
    talk.show(why_not(case, talk.me, found, from_card=pressed.card))
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """A dialogue of no steps: each screen ends at once, and so leaves any other dialogue."""
    return Dialogue(
        family,
        name="cards",
        entry_points=[
            on(Open, open_it),
            on(History, history),
            on(Photos, photos),
            on(MapPin, map_pin),
            on(WhyNot, explain_why_not),
        ],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )
