"""«Why did I get this?»: the rule, the deadline, who else was told, and what ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.alerts import Audience, audience_of
from bot.services.cases import load
from bot.services.objects import person_name
from bot.services.people import Me
from bot.services.times import deadline_of
from domain.alerts import Because
from domain.deadlines import Deadline
from domain.process import Kind, Reason, Refused
from domain.reminders import Stage, stage_of
from domain.roles import STAFF, Role
from storage.database import UnitOfWork
from storage.history import Entry
from storage.objects import Seen, subject_of
from storage.reminder_tables import NoticeRecord


@dataclass(frozen=True, slots=True)
class Why:
    """All that led to an alert."""

    seen: Seen
    stage: Stage
    role: Role
    because: Because
    instead_of: str | None
    deadline: Deadline | None
    others: Sequence[str]
    """Who else was told of the same; a client is told no names of those who look after it."""
    is_current: bool
    """Whether the object is still as it was then."""
    entry: Entry | None = None
    """The change or note that was told."""


def next_digest(uow: UnitOfWork, me: Me, now: datetime) -> datetime:
    """When the reader's next digest comes."""
    return Audience(uow, now).rhythm(me.id).next_digest(now)


def why(uow: UnitOfWork, me: Me, object_id: int, stage: int, history_id: int) -> Why:
    """Why the reader was told; ``Refused`` when there is no such alert of theirs, or no such object."""
    seen = load(uow, me, Kind.OBJECT, object_id).seen
    if stage not in set(Stage):
        raise Refused(Reason.NOT_FOUND)
    notice = uow.notices.get((me.id, 0), object_id, stage, history_id)
    told = [n for n in uow.notices.of_object(object_id) if (n.stage, n.history_id) == (stage, history_id)]
    entry = uow.history.get(history_id) if history_id else None
    return Why(
        seen,
        Stage(stage),
        Role.from_key(notice.role) if notice else next(iter(me.actor.roles)),
        Because(notice.because) if notice else Because.TURN,
        person_name(uow, notice.instead_of) if notice and notice.instead_of else None,
        deadline_of(seen.object),
        _names(uow, me, told),
        notice is not None,
        entry if entry is not None and entry.record.object_id == object_id else None,
    )


def why_now(uow: UnitOfWork, me: Me, object_id: int, now: datetime) -> Why:
    """Why the reader is told of an object among others: as it is now; ``Refused`` if there is none."""
    seen = load(uow, me, Kind.OBJECT, object_id).seen
    deadline = deadline_of(seen.object)
    stage = stage_of(seen.object.status_since, deadline, now)
    told = [n for n in uow.notices.of_object(object_id) if n.stage == stage.value]
    found = audience_of(uow, now).of(seen, subject_of(seen.object), stage, at=now)
    hearer = next((one for one in found if one.person_id == me.id), None)
    return Why(
        seen,
        stage,
        hearer.role if hearer else next(iter(me.actor.roles)),
        hearer.because if hearer else Because.TURN,
        person_name(uow, hearer.instead_of) if hearer and hearer.instead_of else None,
        deadline,
        _names(uow, me, told),
        hearer is not None,
        uow.history.last_change(object_id=object_id) if stage <= Stage.SET else None,
    )


def _names(uow: UnitOfWork, me: Me, told: Sequence[NoticeRecord]) -> Sequence[str]:
    """Who else was told; a client is told no names of those who look after it."""
    others = dict.fromkeys(n.person_id for n in told if n.person_id != me.id and not n.bound_chat_id)
    return [name for other in others if (name := person_name(uow, other))] if me.has(STAFF) else ()
