"""A unit of work that looks ahead: what time would change is kept in memory, and the database stays as it is.

The forecast runs in it what the ticks run. Whatever they ask is answered as the database would after
the same time; whatever they write is known to this unit alone. Each class here takes the place of the
one whose name it has.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.roles import Sight
from storage.absences import Absences
from storage.claims import Claims
from storage.database import UnitOfWork
from storage.notices_ahead import NoticesAhead
from storage.object_terms import ObjectFilter
from storage.objects import Objects, Seen, subject_of
from storage.outbox import Message, Outbox
from storage.reminder_tables import AbsenceRecord, ClaimRecord
from storage.scope import Scope
from storage.tables import OrganisationRecord, PersonRecord
from storage.watch_ahead import WatchAhead

T = TypeVar("T")


class Ahead(UnitOfWork):
    """A unit of work in which time may pass, until ``until``; nothing of it is ever written."""

    def __init__(self, uow: UnitOfWork, now: datetime, until: datetime, scope: Scope) -> None:
        super().__init__(uow.session)
        found = scope.objects(self.session)
        absences = AbsencesAhead(self.session)
        claims = ClaimsAhead(self.session)
        notices = NoticesAhead(self.session, scope, absences)
        outbox = OutboxAhead(self.session)
        watch = WatchAhead(
            self.session,
            now,
            found,
            told=notices.told,
            may_change=lambda key: absences.ends_by(until) or claims.open_of(key) is not None,
        )
        self.objects = ObjectsAhead(self.session, found)
        self.absences, self.claims, self.notices = absences, claims, notices
        self.outbox, self.watch = outbox, watch
        self.take = outbox.take
        self._made: dict[Hashable, Any] = {}
        # A session forgets what nobody holds, and would ask for it again.
        self._held = [
            *self.session.exec(select(OrganisationRecord)),
            *self.session.exec(select(PersonRecord)),
        ]
        self._due = (watch.due_at, notices.due_at, absences.due_at)
        _remember(self.people, "get", "roles", "concerned")
        _remember(self.settings, "get")
        _remember(self.organisation_settings, "of")
        _remember(self.bound_chats, "all", "get")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Nothing is written, so there is nothing to undo."""
        yield

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` made when it was asked first."""
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def due_at(self) -> datetime | None:
        """When there is something to do next; None: never again."""
        return min((at for ask in self._due if (at := ask()) is not None), default=None)


def _remember(repository: object, *questions: str) -> None:
    """Have these questions asked of the database once: meanwhile the answers do not change."""
    for name in questions:
        setattr(repository, name, cache(getattr(repository, name)))


class ObjectsAhead(Objects):
    """Objects with the deadlines that they will have."""

    def __init__(self, session: Session, found: dict[int, Seen]) -> None:
        super().__init__(session)
        self._found = found
        self._verified: defaultdict[int | None, list[Seen]] = defaultdict(list)
        for seen in found.values():
            if seen.object.status == ObjectStatus.VERIFIED:
                self._verified[seen.client.id].append(seen)

    def get(self, object_id: int, sight: Sight) -> Seen | None:
        """An object if it is seen."""
        seen = self._found.get(object_id)
        if seen is None:
            return super().get(object_id, sight)
        return seen if sight.covers(seen.client.id or 0, seen.client.parent_id) else None

    def page(
        self, sight: Sight, wanted: ObjectFilter, now: datetime, *, offset: int = 0, limit: int = 8
    ) -> list[Seen]:
        """What is Verified and waits for a client's answer: nothing else is asked for ahead of time."""
        if wanted != ObjectFilter(status=ObjectStatus.VERIFIED, movable_by=wanted.movable_by) or offset:
            raise NotImplementedError(wanted)
        actor = wanted.movable_by
        found = [
            seen
            for seen in self._verified[sight.own]
            if actor is not None and OBJECT_PROCESS.choices(actor, subject_of(seen.object), now)
        ]
        return found[:limit]


class ClaimsAhead(Claims):
    """Claims that end by themselves."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        found = session.exec(select(ClaimRecord).where(col(ClaimRecord.ended_at).is_(None))).all()
        for record in found:
            session.expunge(record)
        self._open = {record.object_id: record for record in found}

    def open_of(self, object_id: int) -> ClaimRecord | None:
        """The claim that was not ended yet; it may have lapsed."""
        return self._open.get(object_id)

    def end(self, object_id: int, now: datetime) -> None:
        """End the open claim, if there is one."""
        del now
        self._open.pop(object_id, None)


class AbsencesAhead(Absences):
    """Absences that end by themselves."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        query = select(AbsenceRecord).where(col(AbsenceRecord.ended_at).is_(None))
        self._open = list(session.exec(query.order_by(col(AbsenceRecord.id))))
        for record in self._open:
            session.expunge(record)

    def due_at(self) -> datetime | None:
        """When the next of them is over."""
        return min((record.until for record in self._open), default=None)

    def ends_by(self, until: datetime) -> bool:
        """Whether one of them is over by then."""
        return any(record.until <= until for record in self._open)

    def open_of(self, person_id: int, now: datetime) -> AbsenceRecord | None:
        """The absence of a person who is away now."""
        return self.all_open(now).get(person_id)

    def all_open(self, now: datetime) -> dict[int, AbsenceRecord]:
        """Everybody who is away now."""
        return {record.person_id: record for record in self._open if now < record.until}

    def end_overdue(self, now: datetime) -> list[int]:
        """End those whose time is over; whose they were."""
        over = [record.person_id for record in self._open if record.until <= now]
        self._open = [record for record in self._open if now < record.until]
        return over


class OutboxAhead(Outbox):
    """Messages that would be sent."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._messages: list[Message] = []

    def add(self, messages: Iterable[Message], now: datetime) -> None:
        """Keep what would be sent now."""
        del now
        self._messages += messages

    def withdraw(self, kind: str, person_id: int) -> list[Mapping[str, Any]]:
        """Nothing waits: what is added is sent at once."""
        del kind, person_id
        return []

    def take(self) -> list[Message]:
        """What was added since it was asked last."""
        taken, self._messages = self._messages, []
        return taken
