"""Objects and clients alike: what has a status, what may be chosen next, and the change itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.services.alerts import tell, tell_once, who_hears
from bot.services.people import Me
from bot.services.reminders import moved_on
from bot.services.times import due_values, schedule_for
from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.deadlines import Schedule
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Decision, Kind, Process, Reason, Refused, Request, Route, Row, Subject
from domain.roles import STAFF, Actor, sight
from storage.database import UnitOfWork
from storage.objects import Seen, subject_of
from storage.outbox import Message
from storage.tables import EntryKind, HistoryRecord, ObjectRecord, OrganisationRecord, PhotoRecord

PHOTO_LIMIT = 10
FILES_LANE = 0
"""The outbox chat in which photos are fetched: no person waits behind them."""


@dataclass(frozen=True, slots=True)
class Case:
    """Something with a status, as the rules see it now. ``object`` is None for a client."""

    kind: Kind
    id: int
    version: int
    title: str
    subject: Subject[Any]
    client: OrganisationRecord
    object: ObjectRecord | None = None

    @property
    def status(self) -> ObjectStatus | ClientStatus:
        """The status now."""
        status = self.subject.status
        if not isinstance(status, ObjectStatus | ClientStatus):
            raise TypeError("a case has a status")
        return status

    @property
    def seen(self) -> Seen:
        """The object with its client; ``TypeError`` for a client."""
        if self.object is None:
            raise TypeError("a client is no object")
        return Seen(self.object, self.client)

    @property
    def process(self) -> Process[Any]:
        """The rows that hold for it."""
        return OBJECT_PROCESS if self.kind is Kind.OBJECT else CLIENT_PROCESS

    def row(self, number: int) -> Row[Any]:
        """The row of that number; ``Refused`` if it does not leave the status."""
        for row in self.process.leaving(self.subject.status):
            if row.no == number:
                return row
        raise Refused(Reason.NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class Wish:
    """A change that somebody asks for, drawn from ``version``."""

    request: Request[Any]
    version: int
    terminal: str | None = None  # a new one; None keeps what is there
    photos: Sequence[tuple[str, str]] = ()  # file ids and unique ids


@dataclass(frozen=True, slots=True)
class Changed:
    """A change that was made: its line of the history, and how many people are told."""

    entry: HistoryRecord
    told: int


def load(uow: UnitOfWork, me: Me, kind: Kind, case_id: int) -> Case:
    """An object or client that the person sees; unknown and unseen ones are ``Refused`` alike."""
    if kind is Kind.OBJECT:
        seen = uow.objects.get(case_id, sight(me.actor))
        if seen is None:
            raise Refused(Reason.NOT_FOUND)
        return object_case(seen.object, seen.client)
    client = uow.organisations.client(case_id, sight(me.actor)) if me.has(STAFF) else None
    if client is None:
        raise Refused(Reason.NOT_FOUND)
    return client_case(client)


def object_case(record: ObjectRecord, client: OrganisationRecord) -> Case:
    """An object as a case."""
    subject = subject_of(record)
    title = f"{record.number} · {record.name}" if record.name else record.number
    return Case(Kind.OBJECT, record.id or 0, record.version, title, subject, client, record)


def client_case(client: OrganisationRecord) -> Case:
    """A client as a sales case."""
    subject = Subject(client.status, client.status_since)
    return Case(Kind.CLIENT, client.id or 0, client.version, client.name, subject, client)


def choices(case: Case, actor: Actor, now: datetime) -> list[Row[Any]]:
    """The rows that the person may take now."""
    return case.process.choices(actor, case.subject, now)


def change_status(
    uow: UnitOfWork, me: Me, case: Case, wish: Wish, now: datetime, route: Route = Route.CHAT
) -> Changed:
    """Set a status and queue whom to tell."""
    entry = change_quietly(uow, me, case, wish, now, route)
    told = 0
    if case.object is not None:
        after = load(uow, me, case.kind, case.id)
        told = tell(uow, after.seen, after.subject, entry, now)
    return Changed(entry, told)


def change_quietly(
    uow: UnitOfWork, me: Me, case: Case, wish: Wish, now: datetime, route: Route = Route.CHAT
) -> HistoryRecord:
    """Set a status: decide, compare and set, append to the history. The caller says whom to tell."""
    if wish.version != case.version:
        raise Refused(Reason.SOMEBODY_WAS_FASTER)
    decision = case.process.decide(me.actor, case.subject, wish.request, now, route)
    _set(uow, case, decision, wish, now)
    entry = uow.history.add(
        _entry(me, case, decision, wish, now, route),
        [PhotoRecord(history_id=0, position=0, file_id=f, file_unique_id=u) for f, u in wish.photos],
    )
    keep_photos(uow, wish.photos, now)
    if case.object is not None:
        moved_on(uow, case.id, now)
        after = load(uow, me, case.kind, case.id)
        tell_once(uow, after.seen, after.subject, entry, now)
    return entry


def preview_hearers(uow: UnitOfWork, me: Me, case: Case, target: StrEnum, now: datetime) -> list[str]:
    """The names of those who would be told if the status were set now."""
    if not isinstance(target, ObjectStatus) or case.object is None:
        return []
    commissioned = case.subject.commissioned or target is ObjectStatus.ACTIVE
    ahead = Subject(target, since=now, commissioned=commissioned)
    return [person.name for person in who_hears(uow, case.seen, ahead, me.actor.person_id, now)]


def keep_photos(uow: UnitOfWork, photos: Sequence[tuple[str, str]], now: datetime) -> None:
    """Have the photos fetched and kept."""
    uow.outbox.add(
        [
            Message(
                "keep", FILES_LANE, {"file_id": file, "file_unique_id": unique}, dedup_key=f"keep:{unique}"
            )
            for file, unique in photos
        ],
        now,
    )


def _set(uow: UnitOfWork, case: Case, decision: Decision[Any], wish: Wish, now: datetime) -> None:
    target = decision.row.target
    if case.object is None:
        done = uow.organisations.set_status(case.id, case.version, target, now)
    else:
        values = status_values(schedule_for(uow, case.client), case.object, decision, now)
        if wish.terminal and wish.terminal != case.object.terminal:
            free_terminal(uow, wish.terminal)
            values["terminal"] = wish.terminal
        done = uow.objects.set_status(case.id, case.version, values)
        if done and "terminal" in values:
            uow.objects.save(uow.session.get_one(ObjectRecord, case.id))
    if not done:
        raise Refused(Reason.SOMEBODY_WAS_FASTER)


def status_values(
    schedule: Schedule, record: ObjectRecord, decision: Decision[Any], now: datetime
) -> dict[str, Any]:
    """All that hangs on a status: deadline, commissioning, an open request."""
    target = ObjectStatus(decision.row.target)
    request = decision.reason if decision.reason and decision.reason.is_request else None
    deadline = schedule.deadline(target, now, open_request=request is not None)
    return {
        "status": target,
        "status_since": now,
        "commissioned": record.commissioned or target is ObjectStatus.ACTIVE,
        "open_request": request,
        **due_values(deadline, now),
    }


def free_terminal(uow: UnitOfWork, terminal: str) -> None:
    """``Refused`` if an object carries this terminal already."""
    if uow.objects.by_terminal(terminal) is not None:
        raise Refused(Reason.TERMINAL_IN_USE)


def _entry(
    me: Me, case: Case, decision: Decision[Any], wish: Wish, now: datetime, route: Route
) -> HistoryRecord:
    is_object = case.object is not None
    return HistoryRecord(
        object_id=case.id if is_object else None,
        client_id=None if is_object else case.id,
        kind=EntryKind.STATUS,
        at=now,
        before=case.status,
        after=decision.row.target,
        row=decision.row.no,
        person_id=me.actor.person_id,
        role=decision.role.key,
        comment=decision.comment,
        reason=decision.reason,
        rating=decision.rating,
        terminal=(wish.terminal or case.object.terminal) if case.object is not None else None,
        route=route,
    )
