"""Correcting an object's number, name, plate, VIN, address, position, contact or terminal.

    card -> «Correct»: which field -> the new value, or «Clear it» -> the card

What was there before stands in the history.
"""

from enum import StrEnum

from telegram.ext import MessageHandler, filters

from bot.buttons import Back, Cancel, Correct, CorrectField, Skip
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import MESSAGE, begin, inner, on
from bot.conversations.ways import cancel, show_case
from bot.screens.corrections import ask_value, choose_field
from bot.screens.fields import problem_of, with_problem
from bot.services.cases import load
from bot.services.corrections import FIELDS, correct, correctable, place, read_position
from bot.services.objects import checked_field
from bot.texts import gettext as _
from bot.texts.words import field_name
from domain.process import Kind, Reason, Refused


class Step(StrEnum):
    """What the dialogue waits for."""

    VALUE = "value"


@step
def offer(talk: Talk) -> object:
    """«Correct» on a card: which field?"""
    return _offer(talk, button(talk, Correct).object_id)


def _offer(talk: Talk, object_id: int) -> object:
    correctable(talk.uow, talk.me, object_id)
    talk.show(choose_field(load(talk.uow, talk.me, Kind.OBJECT, object_id)))
    return END


@step
def pick(talk: Talk) -> object:
    """A field was picked."""
    pressed = button(talk, CorrectField)
    correctable(talk.uow, talk.me, pressed.object_id)
    if pressed.field not in FIELDS:
        raise Refused(Reason.NOT_FOUND)
    begin(talk, kind=Kind.OBJECT, id=pressed.object_id, field=pressed.field)
    return _ask(talk)


def _ask(talk: Talk) -> object:
    talk.show(ask_value(load(talk.uow, talk.me, Kind.OBJECT, talk.draft["id"]), talk.draft["field"]))
    return Step.VALUE


@step
def fill(talk: Talk) -> object:
    """The new value."""
    object_id, field = talk.draft["id"], talk.draft["field"]
    try:
        with talk.uow.savepoint():
            if field == "position":
                position = talk.position or read_position(talk.said)
                changed = place(talk.uow, talk.me, object_id, position, talk.now)
            else:
                changed = correct(talk.uow, talk.me, object_id, field, talk.said, talk.now)
    except Refused as refused:
        return _complain(talk, talk.refused(refused.reason))
    return _done(talk, changed=changed)


def _complain(talk: Talk, reason: Reason) -> object:
    case, field = load(talk.uow, talk.me, Kind.OBJECT, talk.draft["id"]), talk.draft["field"]
    taken = reason is Reason.ALREADY_EXISTS
    other = (
        talk.uow.objects.by_number(case.client.id or 0, checked_field(field, talk.said)) if taken else None
    )
    talk.show(with_problem(ask_value(case, field), problem_of(field, reason), other))
    return Step.VALUE


@step
def clear(talk: Talk) -> object:
    """«Clear it»."""
    object_id, field = talk.draft["id"], talk.draft["field"]
    if button(talk, Skip).question != field:
        return _ask(talk)
    if field == "position":
        changed = place(talk.uow, talk.me, object_id, None, talk.now)
    else:
        changed = correct(talk.uow, talk.me, object_id, field, "", talk.now)
    return _done(talk, changed=changed)


def _done(talk: Talk, *, changed: bool) -> object:
    done = _("{field}: corrected.").format(field=field_name(talk.draft["field"]))
    talk.toast(done if changed else _("It was so already."))
    show_case(talk, Kind.OBJECT, talk.draft["id"])
    return END


@step
def back(talk: Talk) -> object:
    """To the fields."""
    return _offer(talk, talk.draft["id"])


@step
def again(talk: Talk) -> object:
    """Something came that is no value: ask once more."""
    return _ask(talk)


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its one state."""
    value = MessageHandler(MESSAGE & (filters.TEXT | filters.LOCATION), fill)
    return Dialogue(
        family,
        name="correct",
        entry_points=[on(Correct, offer), on(CorrectField, pick)],
        states={Step.VALUE: [value, on(Skip, clear)]},
        fallbacks=[on(Back, back), on(Cancel, cancel), inner(again), MessageHandler(MESSAGE, again)],
        allow_reentry=True,
    )
