"""What one does with an alert: take the object, give it up, ask why one got it.

«I take it», «Give it up» -> every copy of the alert says so; the dialogue that one is in goes on
«Why did I get this?» -> screen
"""

from typing import Any

from telegram import Message
from telegram.ext import BaseHandler

from bot.buttons import Open
from bot.buttons.alerts import GiveUp, TakeIt, WhyMe
from bot.context import END, Dialogue, Talk, Turn, button, step
from bot.conversations.parts import on
from bot.groups import GroupHandler, group_step, press
from bot.screens import Key
from bot.screens.answers import refusal_toast
from bot.screens.why import why_screen, why_several
from bot.services import claims
from bot.services.objects import person_name
from bot.services.reminders import redraw
from bot.services.why import next_digest, why, why_now
from bot.texts import gettext as _
from bot.texts.times import moment
from domain.process import Kind, Reason, Refused


def take(talk: Turn) -> None:
    """«I take it»."""
    pressed = button(talk, TakeIt)
    _redrawn_too(talk, pressed.object_id)
    try:
        claim = claims.take(talk.uow, talk.me, pressed.object_id, pressed.version, talk.now)
    except Refused as refused:
        _not_yours(talk, pressed.object_id, refused.reason)
        return
    until = moment(claim.until, talk.me.time_zone)
    talk.toast(_("It is yours until {moment}. Nobody else is reminded of it.").format(moment=until))


def give_up(talk: Turn) -> None:
    """«Give it up»."""
    pressed = button(talk, GiveUp)
    _redrawn_too(talk, pressed.object_id)
    try:
        claims.give_up(talk.uow, talk.me, pressed.object_id, talk.now)
    except Refused as refused:
        _not_yours(talk, pressed.object_id, refused.reason)
        return
    talk.toast(_("It is free again, and the others are told."))


def _redrawn_too(talk: Turn, object_id: int) -> None:
    """The message that was pressed shows what becomes of it, also when nobody knows it as an alert."""
    if talk.pressed is not None:
        talk.uow.copies.adopt(object_id, talk.chat_id, talk.pressed, talk.me.id)


def _not_yours(talk: Turn, object_id: int, reason: Reason) -> None:
    """Say what is true; the alert that was pressed is redrawn."""
    talk.refused(reason)
    if reason is Reason.NOT_FOUND:
        talk.toast(refusal_toast(reason), alert=True)
        return
    held = talk.uow.claims.held(object_id, talk.now)
    if held is not None and reason in {Reason.TAKEN, Reason.NOT_TAKEN}:
        who = person_name(talk.uow, held.person_id) or ""
        until = moment(held.until, talk.me.time_zone)
        talk.toast(_("{who} took it, until {moment}.").format(who=who, moment=until), alert=True)
    else:
        talk.toast(refusal_toast(reason), alert=True)
    redraw(talk.uow, object_id, talk.now)


@step
def explain(talk: Talk) -> object:
    """«Why did I get this?»."""
    pressed = button(talk, WhyMe)
    if not pressed.object_id:
        following = next_digest(talk.uow, talk.me, talk.now)
        talk.show(why_several(talk.me, following, _lines(talk)), fresh=True)
        return END
    if not pressed.stage and not pressed.history_id:
        found = why_now(talk.uow, talk.me, pressed.object_id, talk.now)
    else:
        found = why(talk.uow, talk.me, pressed.object_id, pressed.stage, pressed.history_id)
    talk.show(why_screen(found, talk.me), fresh=True)
    return END


def _lines(talk: Talk) -> list[Key]:
    """The objects of the message that was pressed, each to be asked about."""
    query = talk.update.callback_query
    shown = query.message.reply_markup if query and isinstance(query.message, Message) else None
    found = [
        (key.text, opens)
        for line in (shown.inline_keyboard if shown else ())
        for key in line
        if isinstance(key.callback_data, str) and (opens := Open.unpack(key.callback_data)) is not None
    ]
    return [Key(text, WhyMe(opens.id)) for text, opens in found if opens.kind is Kind.OBJECT]


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """The presses that leave the person's dialogue as it is: they stand before all dialogues."""
    return [on(TakeIt, step(take)), on(GiveUp, step(give_up))]


def in_groups() -> list[GroupHandler]:
    """The same presses in a group: whoever presses is checked like anywhere else."""
    return [press(TakeIt, group_step(take)), press(GiveUp, group_step(give_up))]


def build(family: list[Dialogue]) -> Dialogue:
    """A dialogue of no steps."""
    return Dialogue(
        family,
        name="claims",
        entry_points=[on(WhyMe, explain)],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )
