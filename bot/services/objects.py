"""Objects: cards, lists, creation, notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.services.alerts import tell, who_hears
from bot.services.cases import Case, choices, free_terminal, keep_photos, load, object_case
from bot.services.follow_ups import answer_to
from bot.services.people import Me
from bot.services.times import deadline_of, due_values, schedule_for
from domain.deadlines import Colour, Deadline, colour
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Kind, Reason, Refused, Request, Route, Row, Subject, checked_comment, is_readable
from domain.roles import Actor, Role, sight
from storage.database import UnitOfWork
from storage.history import Entry
from storage.object_terms import ObjectFilter
from storage.tables import (
    EntryKind,
    HistoryRecord,
    ObjectRecord,
    OrganisationRecord,
    PhotoRecord,
)

PAGE = 8
MAY_CORRECT = Role.SUPPORT | Role.MODERATOR
MAY_ASSIGN = Role.SUPPORT | Role.MANAGER | Role.MODERATOR
MAY_CREATE = OBJECT_PROCESS.rows[0].roles

LENGTHS = {"number": 40, "name": 80, "plate": 20, "vin": 20, "address": 200, "contact": 120}
"""The fields that people type, with the characters that each may have."""
_TERMINAL = re.compile(r"[0-9A-Z][0-9A-Z-]{3,31}")


@dataclass(frozen=True, slots=True)
class Card:
    """An object as one person sees it now."""

    case: Case
    colour: Colour
    deadline: Deadline | None
    last: Entry | None
    installer: str | None
    support: str | None
    choices: Sequence[Row[Any]]
    answer: Row[ObjectStatus] | None
    """To the status that the client's open request asks for, if this person may answer it."""
    may_assign: bool
    may_correct: bool

    @property
    def record(self) -> ObjectRecord:
        """The stored object."""
        return self.case.seen.object


@dataclass(frozen=True, slots=True)
class Line:
    """An object in a list."""

    record: ObjectRecord
    client: str
    colour: Colour
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list, and how long the list is."""

    lines: Sequence[Line]
    total: int


def card(uow: UnitOfWork, me: Me, object_id: int, now: datetime) -> Card:
    """The object's card; ``Refused`` when the person does not see it."""
    case = load(uow, me, Kind.OBJECT, object_id)
    record, client = case.seen.object, case.client
    deadline = deadline_of(record)
    return Card(
        case,
        colour(deadline, now),
        deadline,
        uow.history.last_change(object_id=object_id),
        person_name(uow, record.installer_id),
        person_name(uow, client.support_id),
        choices(case, me.actor, now),
        answer_to(record, me.actor, now),
        may_assign=me.has(MAY_ASSIGN),
        may_correct=me.has(MAY_CORRECT),
    )


def listing(uow: UnitOfWork, me: Me, wanted: ObjectFilter, page: int, now: datetime) -> Listing:
    """A page of the objects that the person sees."""
    view = sight(me.actor)
    found = uow.objects.find(view, wanted, now, offset=max(page, 0) * PAGE, limit=PAGE)
    lines = [
        Line(s.object, s.client.name, colour(deadline_of(s.object), now), deadline_of(s.object))
        for s in found.seen
    ]
    return Listing(lines, found.total)


def add_object(
    uow: UnitOfWork,
    me: Me,
    client: OrganisationRecord,
    values: dict[str, Any],
    comment: str,
    now: datetime,
    *,
    route: Route = Route.CHAT,
) -> ObjectRecord:
    """Create an object (row 1), tell who can install it; ``Refused`` when it is there already."""
    if not sight(me.actor).covers(client.id or 0, client.parent_id):
        raise Refused(Reason.NOT_FOUND)
    nothing: Subject[ObjectStatus] = Subject(None)
    decision = OBJECT_PROCESS.decide(me.actor, nothing, Request(ObjectStatus.NEW, comment), now, route)
    clean: dict[str, Any] = {
        field: checked_field(field, str(value)) for field, value in values.items() if field in LENGTHS
    }
    terminal = values.get("terminal")
    if uow.objects.by_number(client.id or 0, clean["number"]) is not None:
        raise Refused(Reason.ALREADY_EXISTS)
    if terminal:
        terminal = checked_terminal(terminal)
        free_terminal(uow, terminal)
    deadline = schedule_for(uow, client).deadline(ObjectStatus.NEW, now)
    record = uow.objects.add(
        ObjectRecord(
            client_id=client.id or 0,
            **clean,
            terminal=terminal or None,
            latitude=values.get("latitude"),
            longitude=values.get("longitude"),
            status=ObjectStatus.NEW,
            status_since=now,
            **due_values(deadline, now),
            created_at=now,
        )
    )
    entry = uow.history.add(
        HistoryRecord(
            object_id=record.id,
            kind=EntryKind.STATUS,
            at=now,
            after=ObjectStatus.NEW,
            row=decision.row.no,
            person_id=me.actor.person_id,
            role=decision.role.key,
            comment=decision.comment,
            terminal=record.terminal,
            route=route,
        )
    )
    case = object_case(record, client)
    tell(uow, case.seen, case.subject, entry, now)
    return record


def add_note(
    uow: UnitOfWork, me: Me, object_id: int, comment: str, photos: Sequence[tuple[str, str]], now: datetime
) -> int:
    """Leave a comment without a change of status; how many are told."""
    case = load(uow, me, Kind.OBJECT, object_id)
    entry = uow.history.add(
        history_line(me, object_id, EntryKind.NOTE, checked_comment(comment), now),
        [PhotoRecord(history_id=0, position=0, file_id=f, file_unique_id=u) for f, u in photos],
    )
    keep_photos(uow, photos, now)
    return tell(uow, case.seen, case.subject, entry, now)


def creates(me: Me) -> bool:
    """Whether the person may create objects."""
    return me.has(MAY_CREATE)


def may_create(me: Me) -> None:
    """``Refused`` if the person may not create objects."""
    if not creates(me):
        raise Refused(Reason.WRONG_ROLE)


def client_for_object(uow: UnitOfWork, me: Me, client_id: int) -> OrganisationRecord:
    """The client for whom the person creates an object; ``Refused`` if they may not, or do not see it."""
    may_create(me)
    client = uow.organisations.client(client_id, sight(me.actor))
    if client is None:
        raise Refused(Reason.NOT_FOUND)
    return client


def told_of(uow: UnitOfWork, me: Me, case: Case, now: datetime) -> list[str]:
    """The names of those who hear what the person writes on an object as it is."""
    return [person.name for person in who_hears(uow, case.seen, case.subject, me.actor.person_id, now)]


def told_of_new(uow: UnitOfWork, me: Me, client: OrganisationRecord, now: datetime) -> list[str]:
    """The names of those who will hear of a new object of this client."""
    record = ObjectRecord(
        client_id=client.id or 0, number="", status=ObjectStatus.NEW, status_since=now, created_at=now
    )
    return told_of(uow, me, object_case(record, client), now)


def checked_field(field: str, value: str) -> str:
    """A typed value without needless white space; ``Refused`` when too long, or empty for the number."""
    clean = " ".join(value.split())
    if len(clean) > LENGTHS[field] or (field == "number" and not clean) or (clean and not is_readable(clean)):
        raise Refused(Reason.BAD_VALUE)
    return clean


def checked_terminal(value: str) -> str:
    """A terminal's number (IMEI or serial) as it is kept: capitals, no spaces; ``Refused`` if it is none."""
    clean = "".join(value.split()).upper()
    if not _TERMINAL.fullmatch(clean):
        raise Refused(Reason.BAD_VALUE)
    return clean


def person_name(uow: UnitOfWork, person_id: int | None) -> str | None:
    """A person's name, removed or not."""
    person = uow.people.get(person_id) if person_id is not None else None
    return person.name if person else None


def history_line(me: Me, object_id: int, kind: EntryKind, comment: str, now: datetime) -> HistoryRecord:
    """A line of the history that changes no status."""
    return HistoryRecord(
        object_id=object_id,
        kind=kind,
        at=now,
        person_id=me.actor.person_id,
        role=next(iter(me.actor.roles)).key if me.actor.roles else None,
        comment=comment,
        route=Route.CHAT,
    )


def waiting(uow: UnitOfWork, me: Me, now: datetime) -> tuple[int, int]:
    """How many tasks a person has, and how many of them are red."""
    counts = uow.objects.counts_by_colour(sight(me.actor), tasks_of(me.actor), now)
    return sum(counts.values()), counts.get(Colour.RED, 0)


def tasks_of(actor: Actor, *, named_for: tuple[int, ...] = ()) -> ObjectFilter:
    """What somebody can move on now; of what is named for these people, if there are any."""
    return ObjectFilter(movable_by=actor, named_for=named_for)
