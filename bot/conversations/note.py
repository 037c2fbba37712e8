"""A note on an object: a comment without a change of status, told to those whose turn it is.

    card -> words, photos -> summary -> «Leave this note» -> the card

At the summary further photos are added and another text takes the place of the first.
"""

from enum import StrEnum

from telegram.ext import MessageHandler, filters

from bot.buttons import Back, Cancel, Confirm, Rewrite, WriteNote
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import (
    MESSAGE,
    add_photo,
    begin,
    inner,
    keep_answer,
    on,
    photos_of,
    take_back,
    waiting,
)
from bot.conversations.ways import cancel, show_case
from bot.screens.answers import people_told
from bot.screens.change import said_problem
from bot.screens.notes import ask_note, note_summary
from bot.services.cases import Case, load
from bot.services.objects import add_note, told_of
from bot.texts import gettext as _
from domain.process import Kind, Reason, Refused, checked_comment
from domain.roles import Role


class Step(StrEnum):
    """What the dialogue waits for."""

    WORDS = "words"
    SUMMARY = "summary"


@step
def start(talk: Talk) -> object:
    """«Note» on a card."""
    pressed = button(talk, WriteNote)
    if pressed.kind is not Kind.OBJECT:
        raise Refused(Reason.NOT_FOUND)
    case = load(talk.uow, talk.me, pressed.kind, pressed.id)
    begin(talk, kind=case.kind, id=case.id)
    return _ask(talk)


def _case(talk: Talk) -> Case:
    return load(talk.uow, talk.me, Kind.OBJECT, talk.draft["id"])


def _ask(talk: Talk, *, problem: Reason | None = None, quiet: bool = False) -> object:
    case, photos = _case(talk), len(photos_of(talk))
    question = waiting(talk, [Step.WORDS], Step.SUMMARY)
    if question is Step.WORDS:
        screen = ask_note(case, photos, client=talk.me.has(Role.CLIENT))
    else:
        hearers = told_of(talk.uow, talk.me, case, talk.now)
        screen = note_summary(case, talk.draft["comment"], photos, hearers)
    talk.show(said_problem(screen, problem) if problem else screen, quiet=quiet)
    return question


@step
def write(talk: Talk) -> object:
    """Words, a photo, or both."""
    quiet = add_photo(talk)
    if quiet is not None and not talk.said.strip():
        return _ask(talk, quiet=quiet)
    try:
        comment = checked_comment(talk.said)
    except Refused as refused:
        return _ask(talk, problem=talk.refused(refused.reason))
    keep_answer(talk, Step.WORDS, comment=comment)
    return _ask(talk, quiet=bool(quiet))


@step
def back(talk: Talk) -> object:
    """From the summary to the words, from the words to the card."""
    if take_back(talk):
        return _ask(talk)
    show_case(talk, Kind.OBJECT, talk.draft["id"])
    return END


@step
def again(talk: Talk) -> object:
    """Something came that is no answer: show the same once more."""
    return _ask(talk)


@step
def leave(talk: Talk) -> object:
    """«Leave this note»."""
    object_id = talk.draft["id"]
    told = add_note(talk.uow, talk.me, object_id, talk.draft["comment"], photos_of(talk), talk.now)
    talk.toast(people_told(_("Your note stands in the history."), told))
    show_case(talk, Kind.OBJECT, object_id)
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its states."""
    words = MessageHandler(MESSAGE & (filters.TEXT | filters.PHOTO), write)
    return Dialogue(
        family,
        name="note",
        entry_points=[on(WriteNote, start)],
        states={Step.WORDS: [words], Step.SUMMARY: [words, on(Confirm, leave), on(Rewrite, back)]},
        fallbacks=[on(Back, back), on(Cancel, cancel), inner(again), MessageHandler(MESSAGE, again)],
        allow_reentry=True,
    )
