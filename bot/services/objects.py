"""Objects: cards, lists, creation, correction, assignment, notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.services.alerts import tell
from bot.services.cases import Case, choices, deadline_of, free_terminal, keep_photos, load, object_case
from bot.services.people import Me
from domain.deadlines import DEFAULT_POLICY, Colour, Deadline, colour
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Kind, Reason, Refused, Request, Route, Row, Subject, checked_comment
from domain.roles import Actor, Role, sight
from storage.database import UnitOfWork
from storage.history import Entry
from storage.objects import ObjectFilter
from storage.tables import (
    EntryKind,
    HistoryRecord,
    ObjectRecord,
    OrganisationRecord,
    PersonRecord,
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
    red: int


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
        _name(uow, record.installer_id),
        _name(uow, client.support_id),
        choices(case, me.actor, now),
        may_assign=me.has(MAY_ASSIGN),
        may_correct=me.has(MAY_CORRECT),
    )


def listing(uow: UnitOfWork, me: Me, wanted: ObjectFilter, page: int, now: datetime) -> Listing:
    """A page of the objects that the person sees."""
    view = sight(me.actor)
    counts = uow.objects.counts_by_colour(view, wanted, now)
    found = uow.objects.page(view, wanted, now, offset=max(page, 0) * PAGE, limit=PAGE)
    lines = [
        Line(s.object, s.client.name, colour(deadline_of(s.object), now), deadline_of(s.object))
        for s in found
    ]
    return Listing(lines, sum(counts.values()), counts.get(Colour.RED, 0))


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
    deadline = DEFAULT_POLICY.deadline(ObjectStatus.NEW, now)
    record = uow.objects.add(
        ObjectRecord(
            client_id=client.id or 0,
            **clean,
            terminal=terminal or None,
            latitude=values.get("latitude"),
            longitude=values.get("longitude"),
            status=ObjectStatus.NEW,
            status_since=now,
            main_at=deadline.main_at if deadline else None,
            urgent_at=deadline.urgent_at if deadline else None,
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
        _line(me, object_id, EntryKind.NOTE, checked_comment(comment), now),
        [PhotoRecord(history_id=0, position=0, file_id=f, file_unique_id=u) for f, u in photos],
    )
    keep_photos(uow, photos, now)
    return tell(uow, case.seen, case.subject, entry, now)


def correct(uow: UnitOfWork, me: Me, object_id: int, field: str, value: str, now: datetime) -> None:
    """Correct a field, with a trail in the history; ``Refused`` if it does not fit or may not be."""
    record = load(uow, me, Kind.OBJECT, object_id).seen.object
    if not me.has(MAY_CORRECT):
        raise Refused(Reason.WRONG_ROLE)
    if field == "terminal":
        new = checked_terminal(value) if value.strip() else ""
        if new and new != record.terminal:
            free_terminal(uow, new)
    elif field in LENGTHS:
        new = checked_field(field, value)
        if field == "number" and new != record.number and uow.objects.by_number(record.client_id, new):
            raise Refused(Reason.ALREADY_EXISTS)
    else:
        raise Refused(Reason.BAD_VALUE)
    old = getattr(record, field) or ""
    if new == old:
        return
    setattr(record, field, new or (None if field == "terminal" else ""))
    uow.objects.save(record)
    uow.history.add(_line(me, object_id, EntryKind.CORRECTION, f"{field}: {old or '–'} → {new or '–'}", now))


def place(uow: UnitOfWork, me: Me, object_id: int, latitude: float, longitude: float, now: datetime) -> None:
    """Correct the object's position."""
    record = load(uow, me, Kind.OBJECT, object_id).seen.object
    if not me.has(MAY_CORRECT):
        raise Refused(Reason.WRONG_ROLE)
    before = "–" if record.latitude is None else f"{record.latitude:.5f}, {record.longitude:.5f}"
    record.latitude, record.longitude = latitude, longitude
    uow.objects.save(record)
    text = f"position: {before} → {latitude:.5f}, {longitude:.5f}"
    uow.history.add(_line(me, object_id, EntryKind.CORRECTION, text, now))


def assignable(uow: UnitOfWork, me: Me, object_id: int, *, support: bool) -> Sequence[PersonRecord]:
    """Who may be assigned: people with the role in the organisation that looks after the client."""
    client = load(uow, me, Kind.OBJECT, object_id).client
    if not me.has(MAY_ASSIGN):
        raise Refused(Reason.WRONG_ROLE)
    return uow.people.with_role(Role.SUPPORT if support else Role.INSTALLER, client.parent_id)


def assign(
    uow: UnitOfWork, me: Me, object_id: int, person_id: int | None, now: datetime, *, support: bool = False
) -> None:
    """Name the object's installer, or the client's responsible support employee; None: nobody."""
    people = {person.id: person for person in assignable(uow, me, object_id, support=support)}
    if person_id is not None and person_id not in people:
        raise Refused(Reason.NOT_FOUND)
    case = load(uow, me, Kind.OBJECT, object_id)
    record, client = case.seen.object, case.client
    before = _name(uow, client.support_id if support else record.installer_id)
    after = people[person_id].name if person_id is not None else None
    if before == after:
        return
    if support:
        client.support_id = person_id
        uow.session.add(client)
    else:
        record.installer_id = person_id
        uow.session.add(record)
    uow.session.flush()
    what = "support" if support else "installer"
    entry = uow.history.add(
        _line(me, object_id, EntryKind.ASSIGNMENT, f"{what}: {before or '–'} → {after or '–'}", now)
    )
    tell(uow, case.seen, case.subject, entry, now)


def checked_field(field: str, value: str) -> str:
    """A typed value without needless white space; ``Refused`` when too long, or empty for the number."""
    clean = " ".join(value.split())
    if len(clean) > LENGTHS[field] or (field == "number" and not clean):
        raise Refused(Reason.BAD_VALUE)
    return clean


def checked_terminal(value: str) -> str:
    """A terminal's number (IMEI or serial) as it is kept: capitals, no spaces; ``Refused`` if it is none."""
    clean = "".join(value.split()).upper()
    if not _TERMINAL.fullmatch(clean):
        raise Refused(Reason.BAD_VALUE)
    return clean


def _name(uow: UnitOfWork, person_id: int | None) -> str | None:
    person = uow.people.get(person_id) if person_id is not None else None
    return person.name if person else None


def _line(me: Me, object_id: int, kind: EntryKind, comment: str, now: datetime) -> HistoryRecord:
    return HistoryRecord(
        object_id=object_id,
        kind=kind,
        at=now,
        person_id=me.actor.person_id,
        role=next(iter(me.actor.roles)).key if me.actor.roles else None,
        comment=comment,
        route=Route.CHAT,
    )


def tasks_of(actor: Actor, *, mine: bool = False) -> ObjectFilter:
    """What somebody can move on now."""
    return ObjectFilter(movable_by=actor, named_for=actor.person_id if mine else None)
