"""Who hears of a change, and what an alert says when it is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.people import Me
from domain.alerts import Place, told_on_set
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Row, Subject
from domain.roles import Actor, sight
from storage.database import UnitOfWork
from storage.history import Entry
from storage.objects import Seen
from storage.outbox import Message
from storage.tables import HistoryRecord, ObjectRecord, PersonRecord


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """A line of the history and the object as it is at the moment of sending."""

    entry: Entry
    seen: Seen
    version: int
    choices: Sequence[Row[ObjectStatus]]
    """What the reader can do at the moment of sending."""


def who_hears(
    uow: UnitOfWork, seen: Seen, subject: Subject[ObjectStatus], author_id: int | None, now: datetime
) -> list[PersonRecord]:
    """Those who would be told if the object were in this state."""
    ids = Audience(uow, author_id, now).of(seen, subject)
    return [person for person in map(uow.people.get, ids) if person is not None]


class Audience:
    """Who hears of changes to objects; objects that are alike are asked about once."""

    def __init__(self, uow: UnitOfWork, author_id: int | None, now: datetime) -> None:
        self._uow = uow
        self._author_id = author_id
        self._now = now
        self._people: dict[tuple[int, int | None], list[Actor]] = {}
        self._known: dict[tuple[Place, Subject[ObjectStatus]], list[int]] = {}

    def of(self, seen: Seen, subject: Subject[ObjectStatus]) -> list[int]:
        """The ids of those who are told when this object is in this state."""
        client = seen.client
        place = Place(client.id or 0, client.parent_id, seen.object.installer_id, client.support_id)
        key = (place, subject)
        if key not in self._known:
            scope = (place.client_id, place.parent_id)
            if scope not in self._people:
                self._people[scope] = self._uow.people.concerned(*scope)
            self._known[key] = told_on_set(self._people[scope], place, subject, self._author_id, self._now)
        return self._known[key]


def tell(
    uow: UnitOfWork, seen: Seen, subject: Subject[ObjectStatus], entry: HistoryRecord, now: datetime
) -> int:
    """Queue an alert on a line of the history for everybody who can move the object on; how many."""
    people = who_hears(uow, seen, subject, entry.person_id, now)
    tell_people(uow, people, entry, now)
    return len(people)


def tell_people(uow: UnitOfWork, people: Iterable[PersonRecord], entry: HistoryRecord, now: datetime) -> None:
    """Queue an alert on a line of the history for these people."""
    uow.outbox.add(
        [
            Message(
                "alert",
                person.telegram_id or 0,
                {"history_id": entry.id},
                person_id=person.id,
                dedup_key=f"alert:{entry.id}:{person.id}",
            )
            for person in people
        ],
        now,
    )


def alert_facts(uow: UnitOfWork, me: Me, history_id: int, now: datetime) -> AlertFacts | None:
    """What an alert tells its reader; None when there is nothing that they may see any more."""
    entry = uow.history.get(history_id)
    if entry is None or entry.record.object_id is None:
        return None
    seen = uow.objects.get(entry.record.object_id, sight(me.actor))
    if seen is None:
        return None
    subject = subject_of(seen.object)
    return AlertFacts(entry, seen, seen.object.version, OBJECT_PROCESS.choices(me.actor, subject, now))


def subject_of(record: ObjectRecord) -> Subject[ObjectStatus]:
    """A stored object as the rules see it."""
    return Subject(
        record.status,
        record.status_since,
        late_from=record.main_at,
        commissioned=record.commissioned,
        open_request=record.open_request is not None,
    )
