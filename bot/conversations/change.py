"""The change of a status, of an object and of a client alike.

    card / window / list -> next statuses -> [sure?] -> [terminal] -> [reason] -> [rating]
        -> comment, photos -> summary -> «Change status to …» -> the card as it is now

A step stands in the draft as soon as it is answered; «Back» takes the last answer away. If somebody
else sets a status meanwhile, the next press says so and offers to keep the comment as a note.
"""

from enum import StrEnum
from typing import Any

from telegram.ext import MessageHandler, filters

from bot.buttons import (
    Back,
    Cancel,
    ChangeStatus,
    Confirm,
    KeepAsNote,
    KeepTerminal,
    PickReason,
    PickStatus,
    Rate,
    Rewrite,
    SayAgain,
    Sure,
)  # fmt: skip
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import MESSAGE, add_photo, inner, on, photos_of
from bot.conversations.ways import cancel, show_case
from bot.screens import Screen
from bot.screens.answers import people_told
from bot.screens.change import (
    Plan,
    ask_comment,
    ask_rating,
    ask_reason,
    ask_sure,
    ask_terminal,
    choose_status,
    said_problem,
    summary,
    too_late,
)  # fmt: skip
from bot.screens.histories import window
from bot.services.cases import Case, Wish, change_status, choices, free_terminal, load, preview_hearers
from bot.services.objects import add_note, checked_terminal
from bot.texts import gettext as _
from bot.texts.words import status_name
from domain.objects import ASKS_TERMINAL, ObjectStatus
from domain.process import (
    ClientReason,
    Condition,
    Kind,
    Reason,
    Refused,
    Request,
    Row,
    checked_comment,
    obstacle,
)
from domain.roles import Role


class Step(StrEnum):
    """What the dialogue waits for."""

    SURE = "sure"
    TERMINAL = "terminal"
    REASON = "reason"
    RATING = "rating"
    COMMENT = "comment"
    SUMMARY = "summary"
    TOO_LATE = "too_late"


@step
def offer(talk: Talk) -> object:
    """The next statuses; a single one is taken at once."""
    pressed = button(talk, ChangeStatus)
    case = load(talk.uow, talk.me, pressed.kind, pressed.id)
    found = choices(case, talk.me.actor, talk.now)
    if len(found) == 1:
        return _begin(talk, case, found[0])
    return _offer(talk, case, found)


def _offer(talk: Talk, case: Case, found: list[Row[Any]]) -> object:
    if not found:
        talk.toast(_("You cannot change the status now. «Why no other?» says who can."))
    talk.show(choose_status(case, talk.me, found))
    return END


@step
def pick(talk: Talk) -> object:
    """One of the next statuses was pressed."""
    pressed = button(talk, PickStatus)
    case = load(talk.uow, talk.me, pressed.kind, pressed.id)
    if case.version != pressed.version:
        return _too_late(talk, case, None)
    row = case.row(pressed.row)
    problem = obstacle(row, talk.me.actor, case.subject, talk.now)
    if problem is not None:
        raise Refused(problem)
    return _begin(talk, case, row)


def _begin(talk: Talk, case: Case, row: Row[Any]) -> object:
    talk.draft.clear()
    talk.draft.update(kind=case.kind, id=case.id, version=case.version, row=row.no, answered=[])
    return _ask(talk, case, row)


def _steps(case: Case, row: Row[Any]) -> list[Step]:
    """The questions of a row, in their order."""
    asked = {
        Step.SURE: row.asks(Condition.CONFIRM_TWICE),
        Step.TERMINAL: case.kind is Kind.OBJECT and row.target in ASKS_TERMINAL,
        Step.REASON: row.asks(Condition.REASON),
        Step.RATING: row.asks(Condition.RATING),
        Step.COMMENT: True,
    }
    return [question for question, wanted in asked.items() if wanted]


def _ask(
    talk: Talk, case: Case, row: Row[Any], *, problem: Reason | None = None, quiet: bool = False
) -> object:
    """Ask the first question that is not answered; after the last, show the summary."""
    answered = talk.draft["answered"]
    waiting = next((question for question in _steps(case, row) if question not in answered), Step.SUMMARY)
    screen = _screen(talk, _plan(talk, case, row), waiting)
    talk.show(said_problem(screen, problem) if problem else screen, quiet=quiet)
    return waiting


def _screen(talk: Talk, plan: Plan, question: Step) -> Screen:
    if question is Step.COMMENT:
        above = ""
        if plan.case.kind is Kind.CLIENT:
            above = window(plan.case, talk.uow.history.of_client(plan.case.id), talk.me.time_zone)
        return ask_comment(plan, _suggestions(talk, plan), client=talk.me.has(Role.CLIENT), window=above)
    screens = {
        Step.SURE: ask_sure, Step.TERMINAL: ask_terminal, Step.REASON: ask_reason, Step.RATING: ask_rating,
        Step.SUMMARY: summary,
    }  # fmt: skip
    return screens[question](plan)


def _suggestions(talk: Talk, plan: Plan) -> list[str]:
    """One's own latest comments on such a change; a client who is satisfied gets one to begin with."""
    found = talk.uow.history.recent_comments(talk.me.id, plan.row.target)
    if talk.me.has(Role.CLIENT) and plan.row.target is ObjectStatus.ACTIVE and not found:
        found = [_("All works")]
    talk.draft["suggestions"] = found
    return found


def _plan(talk: Talk, case: Case, row: Row[Any]) -> Plan:
    draft = talk.draft
    return Plan(
        case,
        row,
        comment=draft.get("comment", ""),
        photos=len(draft.get("photos", [])),
        terminal=draft.get("terminal"),
        reason=ClientReason(draft["reason"]) if draft.get("reason") else None,
        rating=draft.get("rating"),
        hearers=preview_hearers(talk.uow, talk.me, case, row.target, talk.now)
        if draft.get("comment")
        else (),
    )


def _resume(talk: Talk) -> tuple[Case, Row[Any]]:
    """The case and row of the draft; ``Refused`` when somebody has set another status meanwhile."""
    case = load(talk.uow, talk.me, Kind(talk.draft["kind"]), talk.draft["id"])
    if case.version != talk.draft["version"]:
        raise Refused(Reason.SOMEBODY_WAS_FASTER)
    return case, case.row(talk.draft["row"])


def _answer(talk: Talk, question: Step, **values: Any) -> object:  # noqa: ANN401  # JSON
    """Keep an answer and ask the next question."""
    try:
        case, row = _resume(talk)
    except Refused as refused:
        return _give_up(talk, refused)
    talk.draft.update(values)
    if question not in talk.draft["answered"]:
        talk.draft["answered"].append(question)
    return _ask(talk, case, row)


def _again(talk: Talk, problem: Reason | None = None, *, quiet: bool = False) -> object:
    """Ask the same question once more."""
    try:
        case, row = _resume(talk)
    except Refused as refused:
        return _give_up(talk, refused)
    return _ask(talk, case, row, problem=problem, quiet=quiet)


def _give_up(talk: Talk, refused: Refused) -> object:
    if refused.reason is not Reason.SOMEBODY_WAS_FASTER:
        raise refused
    case = load(talk.uow, talk.me, Kind(talk.draft["kind"]), talk.draft["id"])
    row = next((row for row in case.process.rows if row.no == talk.draft["row"]), None)
    return _too_late(talk, case, row)


def _too_late(talk: Talk, case: Case, row: Row[Any] | None) -> object:
    """Somebody was faster: say who and what; a comment that was written can be kept as a note."""
    owner = {"object_id": case.id} if case.kind is Kind.OBJECT else {"client_id": case.id}
    entry = talk.uow.history.last_change(**owner)
    kept = bool(talk.draft.get("comment")) and case.kind is Kind.OBJECT and row is not None
    wanted = status_name(row.target) if row is not None else _("your choice")
    talk.show(too_late(case, entry, talk.me.time_zone, talk.now, wanted=wanted, kept=kept))
    return Step.TOO_LATE if kept else END


@step
def sure(talk: Talk) -> object:
    """The first of the two confirmations."""
    return _answer(talk, Step.SURE, sure=True)


@step
def keep_terminal(talk: Talk) -> object:
    """The terminal stays as it is."""
    return _answer(talk, Step.TERMINAL, terminal=None)


@step
def type_terminal(talk: Talk) -> object:
    """A terminal's number was typed."""
    try:
        terminal = checked_terminal(talk.said)
        record = load(talk.uow, talk.me, Kind.OBJECT, talk.draft["id"]).seen.object
        if terminal != record.terminal:
            free_terminal(talk.uow, terminal)
    except Refused as refused:
        return _again(talk, refused.reason)
    return _answer(talk, Step.TERMINAL, terminal=terminal)


@step
def give_reason(talk: Talk) -> object:
    """The client's reason."""
    return _answer(talk, Step.REASON, reason=button(talk, PickReason).reason)


@step
def rate(talk: Talk) -> object:
    """The client's rating."""
    return _answer(talk, Step.RATING, rating=button(talk, Rate).stars)


@step
def comment(talk: Talk) -> object:
    """A comment, a photo, or both; at the summary a text takes the place of the comment."""
    quiet = add_photo(talk)
    if quiet is not None and not talk.said.strip():
        return _again(talk, quiet=quiet)
    try:
        words = checked_comment(talk.said)
    except Refused as refused:
        return _again(talk, refused.reason)
    return _answer(talk, Step.COMMENT, comment=words)


@step
def say_again(talk: Talk) -> object:
    """One of the suggested comments."""
    offered = talk.draft.get("suggestions", [])
    position = button(talk, SayAgain).position
    if not 0 <= position < len(offered):
        return _again(talk)
    return _answer(talk, Step.COMMENT, comment=offered[position])


@step
def rewrite(talk: Talk) -> object:
    """Change the comment."""
    talk.draft["answered"] = [one for one in talk.draft["answered"] if one != Step.COMMENT]
    return _again(talk)


@step
def back(talk: Talk) -> object:
    """Take the last answer away; before the first, show the next statuses again."""
    if talk.draft["answered"]:
        talk.draft["answered"].pop()
        return _again(talk)
    case = load(talk.uow, talk.me, Kind(talk.draft["kind"]), talk.draft["id"])
    found = choices(case, talk.me.actor, talk.now)
    if len(found) > 1:
        return _offer(talk, case, found)
    show_case(talk, case.kind, case.id)
    return END


@step
def again(talk: Talk) -> object:
    """Something came that does not answer the question: ask it once more."""
    return _again(talk)


@step
def confirm(talk: Talk) -> object:
    """«Change status to …»."""
    draft = talk.draft
    try:
        case, row = _resume(talk)
        request = Request(
            row.target,
            draft.get("comment", ""),
            rating=draft.get("rating"),
            reason=ClientReason(draft["reason"]) if draft.get("reason") else None,
            confirmed_twice=bool(draft.get("sure")),
        )
        wish = Wish(request, draft["version"], terminal=draft.get("terminal"), photos=photos_of(talk))
        with talk.uow.savepoint():
            changed = change_status(talk.uow, talk.me, case, wish, talk.now)
    except Refused as refused:
        return _give_up(talk, refused)
    done = _("{title} is {status}.").format(title=case.title, status=status_name(row.target))
    talk.toast(people_told(done, changed.told))
    show_case(talk, case.kind, case.id)
    return END


@step
def keep_as_note(talk: Talk) -> object:
    """Somebody was faster: the comment becomes a note."""
    add_note(talk.uow, talk.me, talk.draft["id"], talk.draft["comment"], photos_of(talk), talk.now)
    talk.toast(_("Your comment is kept as a note."))
    show_case(talk, Kind.OBJECT, talk.draft["id"])
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its states."""
    words = MessageHandler(MESSAGE & (filters.TEXT | filters.PHOTO), comment)
    return Dialogue(
        family,
        name="change",
        entry_points=[on(ChangeStatus, offer), on(PickStatus, pick)],
        states={
            Step.SURE: [on(Sure, sure)],
            Step.TERMINAL: [
                on(KeepTerminal, keep_terminal),
                MessageHandler(MESSAGE & filters.TEXT, type_terminal),
            ],
            Step.REASON: [on(PickReason, give_reason)],
            Step.RATING: [on(Rate, rate)],
            Step.COMMENT: [words, on(SayAgain, say_again)],
            Step.SUMMARY: [on(Confirm, confirm), on(Rewrite, rewrite), words],
            Step.TOO_LATE: [on(KeepAsNote, keep_as_note)],
        },
        fallbacks=[on(Back, back), on(Cancel, cancel), inner(again), MessageHandler(MESSAGE, again)],
        allow_reentry=True,
    )
