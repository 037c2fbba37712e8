"""What a change of a status asks next, and what it does when somebody was faster.

The draft holds the case, the version it was drawn from, the row, and the answers so far.
"""

from enum import StrEnum
from typing import Any

from bot.context import END, Talk
from bot.screens import Screen
from bot.screens.change import (
    Plan,
    ask_comment,
    ask_rating,
    ask_reason,
    ask_sure,
    ask_terminal,
    said_problem,
    summary,
    too_late,
)  # fmt: skip
from bot.screens.histories import window
from bot.services.cases import Case, load, preview_hearers
from bot.services.follow_ups import step_of
from bot.texts import gettext as _
from bot.texts.words import status_name
from domain.objects import ASKS_TERMINAL, ObjectStatus
from domain.process import (
    ClientReason,
    Condition,
    Kind,
    Reason,
    Refused,
    Row,
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


def begin(talk: Talk, case: Case, row: Row[Any], *, follow_up: bool = False) -> object:
    """Start on a row, with an empty draft: its first question.

    ``follow_up``: the row is the second of the two that answer a client's request.
    """
    talk.draft.clear()
    talk.draft.update(kind=case.kind, id=case.id, version=case.version, row=row.no, answered=[])
    talk.draft.update(follow_up=follow_up)
    return _ask(talk, case, row)


def _steps(case: Case, row: Row[Any]) -> list[Step]:
    """The questions of a row, in their order."""
    asked = {
        Step.SURE: row.asks(Condition.CONFIRM_TWICE),
        # A client who is not satisfied sends it back to Equipped, and knows nothing of terminals.
        Step.TERMINAL: case.kind is Kind.OBJECT and row.target in ASKS_TERMINAL and row.roles != Role.CLIENT,
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
    draft, via, asked = talk.draft, None, ""
    if draft.get("follow_up"):
        entry = talk.uow.history.last_change(object_id=case.id)
        via, asked = ObjectStatus.ACTIVE, entry.record.comment if entry else ""
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
        via=via,
        asked=asked,
    )


def resume(talk: Talk) -> tuple[Case, Row[Any]]:
    """The case and row of the draft; ``Refused`` when somebody has set another status meanwhile."""
    case = load(talk.uow, talk.me, Kind(talk.draft["kind"]), talk.draft["id"])
    if case.version != talk.draft["version"]:
        raise Refused(Reason.SOMEBODY_WAS_FASTER)
    if talk.draft.get("follow_up"):
        return case, step_of(case, talk.me.actor, talk.now)[1]
    return case, case.row(talk.draft["row"])


def answer(talk: Talk, question: Step, **values: Any) -> object:  # noqa: ANN401  # JSON
    """Keep an answer and ask the next question."""
    talk.draft.update(values)  # also when it comes too late: a comment can become a note
    try:
        case, row = resume(talk)
    except Refused as refused:
        return give_up(talk, refused)
    if question not in talk.draft["answered"]:
        talk.draft["answered"].append(question)
    return _ask(talk, case, row)


def ask_again(talk: Talk, problem: Reason | None = None, *, quiet: bool = False) -> object:
    """Ask the same question once more."""
    try:
        case, row = resume(talk)
    except Refused as refused:
        return give_up(talk, refused)
    return _ask(talk, case, row, problem=problem, quiet=quiet)


def give_up(talk: Talk, refused: Refused) -> object:
    """Somebody was faster, or another refusal, which goes on as it is."""
    if refused.reason is not Reason.SOMEBODY_WAS_FASTER:
        raise refused
    talk.refused(refused.reason)
    case = load(talk.uow, talk.me, Kind(talk.draft["kind"]), talk.draft["id"])
    row = next((row for row in case.process.rows if row.no == talk.draft["row"]), None)
    return show_too_late(talk, case, row)


def show_too_late(talk: Talk, case: Case, row: Row[Any] | None) -> object:
    """Somebody was faster: say who and what; a comment that was written can be kept as a note."""
    owner = {"object_id": case.id} if case.kind is Kind.OBJECT else {"client_id": case.id}
    entry = talk.uow.history.last_change(**owner)
    kept = bool(talk.draft.get("comment")) and case.kind is Kind.OBJECT and row is not None
    wanted = status_name(row.target) if row is not None else _("your choice")
    talk.show(too_late(case, entry, talk.me.time_zone, talk.now, wanted=wanted, kept=kept))
    return Step.TOO_LATE if kept else END
