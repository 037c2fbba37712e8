"""What a change of many objects asks next: each screen of the dialogue, and where it is.

The draft holds the selection, the list from which is picked, where one is, and the answers so far.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.buttons import ObjectList
from bot.context import Talk
from bot.conversations.parts import keep_answer, waiting
from bot.conversations.ways import Asked, asked_for
from bot.screens import Screen
from bot.screens.bulk import (
    Plan,
    ask_comment,
    ask_rating,
    ask_reason,
    ask_sure,
    choose_installer,
    statuses,
    summary,
    what_to_do,
)  # fmt: skip
from bot.screens.bulk_picking import picking
from bot.screens.change import said_problem
from bot.services import bulk
from bot.services.objects import MAY_ASSIGN
from bot.services.people import Me
from domain.many import Fit
from domain.objects import ObjectStatus
from domain.process import ClientReason, Condition, Reason
from storage.bulk_tables import BulkKind
from storage.database import UnitOfWork


class Step(StrEnum):
    """What the dialogue waits for."""

    PICKING = "picking"
    WHAT = "what"
    STATUS = "status"
    INSTALLER = "installer"
    SURE = "sure"
    REASON = "reason"
    RATING = "rating"
    COMMENT = "comment"
    SUMMARY = "summary"
    RUNNING = "running"


EARLY = frozenset({Step.PICKING, Step.WHAT, Step.STATUS, Step.INSTALLER})
"""The steps before it is said what is to be done."""


def selection(talk: Talk) -> int:
    """The person's selection; ``Refused`` if it is started, or another device began a new one."""
    return bulk.picking(talk.uow, talk.me, talk.draft.get("bulk")).id or 0


def at(talk: Talk) -> Asked:
    """The list from which is picked."""
    return _asked(talk.uow, talk.me, talk.chat_id, talk.draft, talk.now)


def _asked(uow: UnitOfWork, me: Me, chat_id: int, draft: dict[str, Any], now: datetime) -> Asked:
    return asked_for(uow, me, chat_id, ObjectList.unpack(str(draft.get("view"))) or ObjectList(), now)


def _show(talk: Talk, where: Step, screen: Screen, *, quiet: bool = False) -> Step:
    talk.draft["at"] = where
    if where in EARLY:
        talk.draft["action"] = None
    talk.show(screen, quiet=quiet)
    return where


def show_picking(talk: Talk, note: str = "") -> Step:
    """The list with its ticks."""
    selection(talk)
    screen = picking_screen(talk.uow, talk.me, talk.chat_id, talk.draft, talk.now, note)
    return _show(talk, Step.PICKING, screen)


def picking_screen(
    uow: UnitOfWork, me: Me, chat_id: int, draft: dict[str, Any], now: datetime, note: str = ""
) -> Screen:
    """The list with its ticks as it is now."""
    asked = _asked(uow, me, chat_id, draft, now)
    page = draft.get("page", 0)
    found = bulk.picking_page(uow, me, draft["bulk"], asked.wanted, page, now)
    return picking(found, replace(asked.view, page=page), asked.words, asked.client, now, note)


def show_what(talk: Talk) -> Step:
    """What is to be done to all?"""
    count = talk.uow.bulks.count(selection(talk))
    return _show(talk, Step.WHAT, what_to_do(count, assign=talk.me.has(MAY_ASSIGN)))


def show_statuses(talk: Talk) -> Step:
    """The statuses for all, drawn from how the objects are now."""
    found = bulk.options(talk.uow, talk.me, selection(talk), talk.now, draw=True)
    return _show(talk, Step.STATUS, statuses(found))


def show_installers(talk: Talk, *, draw: bool = False) -> Step:
    """The installers for all."""
    found = bulk.installers(talk.uow, talk.me, selection(talk), draw=draw)
    return _show(talk, Step.INSTALLER, choose_installer(found, talk.draft.get("people_page", 0)))


def reply(talk: Talk, **values: Any) -> Step:  # noqa: ANN401  # JSON
    """Keep what was chosen and ask the first question."""
    talk.draft.update(values)
    return repaint(talk)


def answer(talk: Talk, question: Step, **values: Any) -> Step:  # noqa: ANN401  # JSON
    """Keep an answer and ask the next question."""
    keep_answer(talk, question, **values)
    return repaint(talk)


def repaint(talk: Talk, *, problem: Reason | None = None, quiet: bool = False) -> Step:
    """Where the dialogue stands, shown once more; after the last answer, the summary."""
    early = {
        Step.PICKING: show_picking, Step.WHAT: show_what, Step.STATUS: show_statuses,
        Step.INSTALLER: show_installers,
    }  # fmt: skip
    if not talk.draft.get("action"):
        return early[Step(talk.draft["at"])](talk)
    bulk_id = selection(talk)
    question = waiting(talk, [Step(one) for one in talk.draft["questions"]], Step.SUMMARY)
    screen = _screen(talk, _plan(talk, bulk_id), question)
    return _show(talk, question, said_problem(screen, problem) if problem else screen, quiet=quiet)


def questions_of(fit: Fit) -> list[Step]:
    """What the rows of a status ask, once for all: looked up when it is chosen, not at each step."""
    asked = {
        Step.SURE: fit.asks(Condition.CONFIRM_TWICE),
        Step.REASON: fit.asks(Condition.REASON),
        Step.RATING: fit.asks(Condition.RATING),
        Step.COMMENT: True,
    }
    return [question for question, wanted in asked.items() if wanted]


def _plan(talk: Talk, bulk_id: int) -> Plan:
    draft = talk.draft
    count = talk.uow.bulks.count(bulk_id)
    if draft["action"] != BulkKind.STATUS:
        named = [draft["name"]] if draft.get("name") and draft.get("person") != talk.me.id else []
        return Plan(count, installer=draft.get("name"), hearers=named)
    target = ObjectStatus(draft["target"])
    return Plan(
        count,
        target,
        comment=draft.get("comment", ""),
        photos=len(draft.get("photos", [])),
        reason=ClientReason(draft["reason"]) if draft.get("reason") else None,
        rating=draft.get("rating"),
        hearers=bulk.hearers(talk.uow, talk.me, bulk_id, target, talk.now) if draft.get("comment") else (),
    )


def _screen(talk: Talk, plan: Plan, question: Step) -> Screen:
    if question is Step.COMMENT:
        talk.draft["suggestions"] = talk.uow.history.recent_comments(talk.me.id, plan.target)
        return ask_comment(plan, talk.draft["suggestions"])
    screens = {
        Step.SURE: ask_sure, Step.REASON: ask_reason, Step.RATING: ask_rating, Step.SUMMARY: summary,
    }  # fmt: skip
    return screens[question](plan)
