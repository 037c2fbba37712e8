"""«Why did I get this?»: the rule, the deadline, who else was told, and what ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.alerts import Audience
from bot.services.cases import load
from bot.services.objects import person_name
from bot.services.people import Me
from bot.services.times import deadline_of
from domain.alerts import Because
from domain.deadlines import Deadline
from domain.process import Kind, Reason, Refused
from domain.reminders import Stage
from domain.roles import STAFF, Role
from storage.database import UnitOfWork
from storage.objects import Seen


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
    others = dict.fromkeys(n.person_id for n in told if n.person_id != me.id and not n.bound_chat_id)
    names = [name for other in others if (name := person_name(uow, other))]
    return Why(
        seen,
        Stage(stage),
        Role.from_key(notice.role) if notice else next(iter(me.actor.roles)),
        Because(notice.because) if notice else Because.TURN,
        person_name(uow, notice.instead_of) if notice and notice.instead_of else None,
        deadline_of(seen.object),
        names if me.has(STAFF) else (),
        notice is not None,
    )
