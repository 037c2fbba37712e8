"""Saying that one is away, and being back.

    /away [until Fri] -> until when -> who stands in -> summary -> «I am away» -> the menu
                  '-- away already: it is shown --> «Change», «I am back»

An absence ends by itself when its time is over.
"""

from datetime import datetime
from enum import StrEnum

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.buttons import Away, Back, Cancel, Confirm, ImBack, Skip, StandIn, StandInPage, UntilWhen
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import (
    MESSAGE,
    begin,
    inner,
    keep_answer,
    look_for,
    looked_for,
    on,
    take_back,
    waiting,
)
from bot.conversations.ways import cancel, show_menu
from bot.screens.absences import (
    Choice,
    ask_stand_in,
    ask_until,
    away_screen,
    moment_of,
    summary,
)
from bot.screens.change import said_problem
from bot.services.absences import colleagues, come_back, go_away, handover, whereabouts
from bot.texts import gettext as _
from bot.texts.date_words import Unreadable, read_moment
from domain.process import Reason, Refused
from domain.standing_in import checked_until


class Step(StrEnum):
    """What the dialogue waits for."""

    UNTIL = "until"
    WHO = "who"
    SUMMARY = "summary"


@step
def start(talk: Talk) -> object:
    """/away, with or without words."""
    words = talk.said.partition(" ")[2].strip()
    if words:
        begin(talk)
        return _until(talk, words)
    return _begin(talk, change=False)


@step
def open_away(talk: Talk) -> object:
    """«I am away», «Change»."""
    return _begin(talk, change=button(talk, Away).change)


def _begin(talk: Talk, *, change: bool) -> object:
    where = whereabouts(talk.uow, talk.me.id, talk.now)
    if where.until is not None and not change:
        talk.show(away_screen(where, talk.me.time_zone))
        return END
    begin(talk)
    return _ask(talk)


def _ask(talk: Talk, problem: Reason | None = None) -> object:
    """Ask the first question that is not answered; after the last, show the summary."""
    question = waiting(talk, _questions(talk), Step.SUMMARY)
    if question is Step.UNTIL:
        screen = ask_until(talk.now, talk.me.time_zone)
    elif question is Step.WHO:
        words, page = looked_for(talk)
        people = colleagues(talk.uow, talk.me, talk.now, words)
        screen = ask_stand_in(_moment(talk), Choice(people, page, words), talk.me.time_zone)
    else:
        try:
            found = handover(talk.uow, talk.me, talk.draft.get("stand_in"), talk.now)
        except Refused as refused:  # they are gone by now, or never were there
            take_back(talk, Step.WHO)
            talk.draft["stand_in"] = None
            return _ask(talk, talk.refused(refused.reason))
        screen = summary(_moment(talk), found, talk.me.time_zone)
    talk.show(said_problem(screen, problem) if problem else screen)
    return question


def _questions(talk: Talk) -> list[Step]:
    """Whoever has no colleagues is not asked who stands in."""
    return [Step.UNTIL, Step.WHO] if colleagues(talk.uow, talk.me, talk.now) else [Step.UNTIL]


def _moment(talk: Talk) -> datetime:
    return datetime.fromisoformat(talk.draft["until"])


@step
def say_until(talk: Talk) -> object:
    """A moment was typed."""
    return _until(talk, talk.said)


def _until(talk: Talk, words: str) -> object:
    try:
        return _take_until(talk, read_moment(words, talk.now, talk.me.time_zone))
    except Unreadable:
        return _ask(talk, talk.refused(Reason.NO_MOMENT))


def _take_until(talk: Talk, until: datetime) -> object:
    try:
        checked_until(until, talk.now)
    except Refused as refused:
        return _ask(talk, talk.refused(refused.reason))
    keep_answer(talk, Step.UNTIL, until=until.isoformat())
    return _ask(talk)


@step
def press_until(talk: Talk) -> object:
    """A moment was pressed."""
    pressed = button(talk, UntilWhen)
    try:
        return _take_until(talk, moment_of(pressed.minutes))
    except OverflowError:
        return _ask(talk, talk.refused(Reason.NO_MOMENT))


@step
def pick(talk: Talk) -> object:
    """Who stands in."""
    return _take_stand_in(talk, button(talk, StandIn).person_id)


def _take_stand_in(talk: Talk, person_id: int | None) -> object:
    keep_answer(talk, Step.WHO, stand_in=person_id)
    return _ask(talk)


@step
def look(talk: Talk) -> object:
    """A part of a name was typed; whoever is found alone stands in."""
    look_for(talk, talk.said)
    found = colleagues(talk.uow, talk.me, talk.now, looked_for(talk)[0])
    return _take_stand_in(talk, found[0].id) if len(found) == 1 else _ask(talk)


@step
def show_all(talk: Talk) -> object:
    """«Show all»."""
    look_for(talk, "")
    return _ask(talk)


@step
def turn(talk: Talk) -> object:
    """A page of those who may stand in."""
    talk.draft["page"] = max(button(talk, StandInPage).page, 0)
    return _ask(talk)


@step
def back(talk: Talk) -> object:
    """One question back."""
    if take_back(talk):
        return _ask(talk)
    return _begin(talk, change=False)


@step
def again(talk: Talk) -> object:
    """Something came that is no answer: show the same once more."""
    return _ask(talk)


@step
def confirm(talk: Talk) -> object:
    """«I am away»; what is not true any more is asked again."""
    try:
        with talk.uow.savepoint():
            go_away(talk.uow, talk.me, talk.draft.get("stand_in"), _moment(talk), talk.now)
    except Refused as refused:
        take_back(talk, Step.WHO if refused.reason is Reason.NOT_FOUND else Step.UNTIL)
        return _ask(talk, talk.refused(refused.reason))
    talk.toast(_("You are away. Press «I am back» whenever you are."))
    show_menu(talk)
    return END


@step
def im_back(talk: Talk) -> object:
    """«I am back»."""
    was_away = come_back(talk.uow, talk.me, talk.now)
    talk.toast(_("Welcome back!") if was_away else _("You were not away any more."))
    show_menu(talk)
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its states."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Dialogue(
        family,
        name="away",
        entry_points=[
            CommandHandler("away", start, filters=private), on(Away, open_away), on(ImBack, im_back),
        ],
        states={
            Step.UNTIL: [on(UntilWhen, press_until), MessageHandler(MESSAGE & filters.TEXT, say_until)],
            Step.WHO: [
                on(StandIn, pick), on(StandInPage, turn), on(Skip, show_all),
                MessageHandler(MESSAGE & filters.TEXT, look),
            ],
            Step.SUMMARY: [on(Confirm, confirm)],
        },
        fallbacks=[on(Back, back), on(Cancel, cancel), inner(again), MessageHandler(MESSAGE, again)],
        allow_reentry=True,
    )  # fmt: skip
