"""The times of organisations, for administrators; for everybody else they do not exist.

«Times», /times -> an organisation -> its times -> one of them -> a value is typed or pressed
|            [-> quiet hours: does red pass?] -> summary -> «Set it»
+-> trail
"""

from dataclasses import replace
from enum import StrEnum

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.buttons import Back, Cancel
from bot.buttons.times import Instead, KeepTime, PickInstead, SetTime, Times, TimesTrail
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import MESSAGE, begin, inner, looked_for, on, picking
from bot.conversations.ways import cancel, show_menu
from bot.screens.choosing import Picking
from bot.screens.times import (
    ask_organisation,
    ask_red,
    ask_value,
    key_of,
    name_of,
    summary,
    times_screen,
    trail_screen,
    wrong_value,
)
from bot.services import own_times
from bot.services.own_times import Choice, checked_against, choice, moved, set_own, take_back, trail
from bot.services.time_values import Quiet, Value, from_row, from_text, none_of, to_row
from bot.texts import gettext as _
from domain.process import Reason, Refused
from domain.spans import Unfit

INHERITED = "inherited"
"""In the draft in place of a value: no setting of its own."""


class Step(StrEnum):
    """What the dialogue waits for."""

    ORGANISATION = "organisation"
    SETTING = "setting"
    RED = "red"
    SUMMARY = "summary"


@step
def start(talk: Talk) -> object:
    """/times."""
    begin(talk)
    return _ask_organisation(talk)


@step
def open_times(talk: Talk) -> object:
    """«Times»: of an organisation, or the choice of one."""
    organisation_id = button(talk, Times).organisation_id
    begin(talk)
    return _ask_organisation(talk) if organisation_id is None else _show(talk, organisation_id)


def _ask_organisation(talk: Talk) -> object:
    words, page = looked_for(talk)
    found, total = own_times.organisations(talk.uow, talk.me, words, page)
    talk.show(ask_organisation(Picking(found, total, own_times.PAGE, page, words)))
    return Step.ORGANISATION


def _show(talk: Talk, organisation_id: int) -> object:
    organisation, settings = own_times.shown(talk.uow, talk.me, organisation_id)
    talk.show(times_screen(organisation, settings, talk.me.time_zone))
    return END


@step
def show_trail(talk: Talk) -> object:
    """«Trail»."""
    pressed = button(talk, TimesTrail)
    page = max(pressed.page, 0)
    talk.show(trail_screen(trail(talk.uow, talk.me, pressed.organisation_id, page), page, talk.me.time_zone))
    return END


@step
def set_one(talk: Talk) -> object:
    """One of the times was pressed."""
    pressed = button(talk, SetTime)
    of = choice(talk.uow, talk.me, pressed.organisation_id, key_of(pressed.name))
    begin(talk, organisation=pressed.organisation_id, key=of.now.key, seen=of.seen)
    return _ask_value(talk)


def _choice(talk: Talk) -> Choice:
    """What is being set, as it is now, but from the row that was shown."""
    of = choice(talk.uow, talk.me, talk.draft["organisation"], talk.draft["key"])
    return replace(of, seen=talk.draft["seen"])


def _ask_value(talk: Talk) -> object:
    talk.draft.pop("value", None)
    talk.show(ask_value(_choice(talk), talk.me.time_zone))
    return Step.SETTING


@step
def value(talk: Talk) -> object:
    """A value was typed; at the summary another one takes its place."""
    of = _choice(talk)
    try:
        read = from_text(of.now.key, talk.said, checked_against(talk.uow, of))
    except Unfit as unfit:
        talk.show(wrong_value(ask_value(of, talk.me.time_zone), unfit))
        return Step.SETTING
    talk.draft["value"] = to_row(of.now.key, read)
    return _ask_red(talk, of) if isinstance(read, Quiet) else _summarise(talk, of)


def _ask_red(talk: Talk, of: Choice) -> object:
    talk.draft["asks_red"] = True
    talk.show(ask_red(of, _value(talk, of)))
    return Step.RED


@step
def instead(talk: Talk) -> object:
    """A value was pressed."""
    pressed, of = button(talk, PickInstead), _choice(talk)
    if pressed.name != name_of(of.now.key) or pressed.what in {Instead.RED_PASSES, Instead.RED_WAITS}:
        return _ask_value(talk)
    if pressed.what is Instead.INHERITED:
        talk.draft["value"] = INHERITED
    else:
        try:
            talk.draft["value"] = to_row(of.now.key, none_of(of.now.key))
        except Unfit:
            return _ask_value(talk)
    return _summarise(talk, of)


@step
def red(talk: Talk) -> object:
    """Whether red passes through the quiet hours."""
    pressed, of = button(talk, PickInstead), _choice(talk)
    if pressed.what not in {Instead.RED_PASSES, Instead.RED_WAITS}:
        return _ask_value(talk)
    talk.draft["value"]["red_passes"] = pressed.what is Instead.RED_PASSES
    return _summarise(talk, of)


def _value(talk: Talk, of: Choice) -> Value:
    row = talk.draft["value"]
    return of.inherited.value if row == INHERITED else from_row(of.now.key, row)


def _summarise(talk: Talk, of: Choice) -> object:
    talk.draft["asks_red"] = False
    today = checked_against(talk.uow, of).local_day(talk.now)
    talk.show(summary(of, _value(talk, of), moved(talk.uow, of), today))
    return Step.SUMMARY


@step
def confirm(talk: Talk) -> object:
    """«Set it»; pressed twice, or later, it shows how it is now."""
    pressed = button(talk, KeepTime)
    drawn = (talk.draft.get("organisation"), talk.draft.get("key"))
    if drawn != (pressed.organisation_id, key_of(pressed.name)) or "value" not in talk.draft:
        return _show(talk, pressed.organisation_id)
    of = _choice(talk)
    try:
        with talk.uow.savepoint():
            if talk.draft["value"] == INHERITED:
                take_back(talk.uow, talk.me, of, talk.now)
            else:
                set_own(talk.uow, talk.me, of, _value(talk, of), talk.now)
    except Refused as refused:
        if refused.reason is Reason.NOT_FOUND:
            raise
        talk.refused(refused.reason)
        talk.toast(_("Somebody changed it meanwhile: this is how it is now."), alert=True)
        return _show(talk, of.organisation.id or 0)
    talk.toast(_("It is set."))
    return _show(talk, of.organisation.id or 0)


@step
def back(talk: Talk) -> object:
    """One step back."""
    if "value" in talk.draft:
        return _ask_value(talk)
    if "organisation" in talk.draft:
        return _show(talk, talk.draft["organisation"])
    show_menu(talk)
    return END


@step
def again(talk: Talk) -> object:
    """Something came that is no answer: ask once more."""
    if "organisation" not in talk.draft:
        return _ask_organisation(talk)
    if "value" not in talk.draft:
        return _ask_value(talk)
    return _ask_red(talk, _choice(talk)) if talk.draft["asks_red"] else _summarise(talk, _choice(talk))


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its states."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    words = MessageHandler(MESSAGE & filters.TEXT, value)
    return Dialogue(
        family,
        name="times",
        entry_points=[
            CommandHandler("times", start, filters=private),
            on(Times, open_times),
            on(SetTime, set_one),
            on(TimesTrail, show_trail),
            on(KeepTime, confirm),
        ],
        states={
            Step.ORGANISATION: picking(_ask_organisation, _show),
            Step.SETTING: [words, on(PickInstead, instead)],
            Step.RED: [words, on(PickInstead, red)],
            Step.SUMMARY: [words],
        },
        fallbacks=[
            on(Back, back),
            on(Cancel, cancel),
            on(PickInstead, again),
            inner(again),
            MessageHandler(MESSAGE, again),
        ],
        allow_reentry=True,
    )
