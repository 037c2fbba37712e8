"""Many objects at once: what may be chosen for all of them, and why the rest may not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Condition, Reason, Row, Subject, is_late, obstacle, right_ends
from domain.roles import Actor

Miss = tuple[ObjectStatus, Reason]
"""A status from which the target is not reached, and why not."""


@dataclass(slots=True)
class Fit:
    """A next status: how many objects may take it, by which rows, and what keeps the others from it."""

    target: ObjectStatus
    fits: int = 0
    rows: list[Row[ObjectStatus]] = field(default_factory=list)
    misses: Counter[Miss] = field(default_factory=Counter)

    def asks(self, condition: Condition) -> bool:
        """Whether one of the rows demands this."""
        return any(row.asks(condition) for row in self.rows)

    @property
    def for_all(self) -> bool:
        """Whether every object may take it."""
        return bool(self.fits) and not self.misses


def fits(actor: Actor, subjects: Iterable[Subject[ObjectStatus]], now: datetime) -> list[Fit]:
    """Every status that the actor may set on one object at least, in the order of the table."""
    alike: dict[tuple[object, ...], tuple[Subject[ObjectStatus], int]] = {}
    for subject in subjects:
        key = _class(subject, now)
        alike[key] = (subject, alike[key][1] + 1 if key in alike else 1)
    found = {row.target: Fit(row.target) for row in OBJECT_PROCESS.rows if row.source is not None}
    for subject, count in alike.values():
        allowed = {row.target: row for row in OBJECT_PROCESS.choices(actor, subject, now)}
        for target, fit in found.items():
            if target in allowed:
                fit.fits += count
                if allowed[target] not in fit.rows:
                    fit.rows.append(allowed[target])
            else:
                fit.misses[_miss(actor, subject, target, now)] += count
    return [fit for fit in found.values() if fit.fits]


def may_take(actor: Actor, subject: Subject[ObjectStatus], target: ObjectStatus, now: datetime) -> bool:
    """Whether the actor may set this status on this object."""
    return any(row.target is target for row in OBJECT_PROCESS.choices(actor, subject, now))


def _class(subject: Subject[ObjectStatus], now: datetime) -> tuple[object, ...]:
    """Subjects of one class have the same choices: all that the rules look at."""
    in_time = subject.since is not None and now < right_ends(subject.since)
    return subject.status, subject.commissioned, subject.open_request, is_late(subject, now), in_time


def _miss(actor: Actor, subject: Subject[ObjectStatus], target: ObjectStatus, now: datetime) -> Miss:
    """The reason closest to being allowed, as for a single object."""
    rows = [row for row in OBJECT_PROCESS.leaving(subject.status) if row.target is target]
    problems = [obstacle(row, actor, subject, now) for row in rows]
    nearest = next((p for p in problems if p and p is not Reason.WRONG_ROLE), None)
    otherwise = Reason.WRONG_ROLE if rows else Reason.NOT_ALLOWED
    return subject.status or ObjectStatus.NEW, nearest or otherwise
