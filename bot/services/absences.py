"""Being away: until when, who stands in, and what comes to whoever stands in.

A stand-in gets what comes for somebody else. What they may do with it depends on their own roles alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.services.objects import person_name, tasks_of
from bot.services.people import Me, as_me
from bot.services.reminders import is_back, leaves
from domain.process import Reason, Refused
from domain.roles import Role, sight
from domain.search import fold
from domain.standing_in import checked_until, stand_in_for, stood_in_by
from storage.database import UnitOfWork
from storage.outbox import Message
from storage.reminder_tables import AbsenceRecord

STAND_IN = "stand_in"
"""The kind of outbox row that tells somebody about an absence."""


class Event(StrEnum):
    """What somebody is told of an absence."""

    BEGINS = "begins"
    BACK = "back"
    RELIEVED = "relieved"
    ALONE = "alone"  # whoever stood in is gone


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody who is away, seen by whoever stands in."""

    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Whether somebody is away, and for whom they stand in.

    ``named`` is whom they have named; ``taker`` who really gets what comes for them: whoever is named
    may be away as well.
    """

    until: datetime | None = None
    named: str | None = None
    taker: str | None = None
    covers: tuple[Cover, ...] = ()


HERE = Whereabouts()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may stand in; ``away`` until then themselves."""

    id: int
    name: str
    roles: Role
    reachable: bool
    away: datetime | None


@dataclass(frozen=True, slots=True)
class Handover:
    """What one leaves behind: one's tasks, and how much the stand-in can move on of what is named for one."""

    stand_in: Colleague | None
    tasks: int
    movable: int
    taker: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told of an absence, as it is at the moment of sending."""

    event: Event
    absent: str
    until: datetime
    stand_in: str | None
    is_named: bool  # whether the reader was named, or takes it for somebody who was
    tasks: int
    more: tuple[str, ...]  # for whom the absent person stands in, which comes to the reader too


def whereabouts(uow: UnitOfWork, person_id: int, now: datetime) -> Whereabouts:
    """Whether somebody is away, and for whom they stand in."""
    away = uow.absences.all_open(now)
    named = {person: record.stand_in_id for person, record in away.items()}
    covers = tuple(
        Cover(person_name(uow, one) or "", away[one].until) for one in stood_in_by(person_id, named)
    )
    own = away.get(person_id)
    if own is None:
        return Whereabouts(covers=covers)
    taker = stand_in_for(person_id, named)
    return Whereabouts(own.until, person_name(uow, own.stand_in_id), person_name(uow, taker), covers)


def covered(uow: UnitOfWork, person_id: int, now: datetime) -> tuple[int, ...]:
    """The person, and those whose things come to them now."""
    named = {person: record.stand_in_id for person, record in uow.absences.all_open(now).items()}
    return (person_id, *stood_in_by(person_id, named))


def colleagues(uow: UnitOfWork, me: Me, now: datetime, words: str = "") -> list[Colleague]:
    """Those of one's own organisation who may stand in, by name; those whose name has the words."""
    away = uow.absences.all_open(now)
    return [
        Colleague(
            person.id or 0,
            person.name,
            roles,
            person.reachable,
            away[person.id].until if person.id in away else None,
        )
        for person, roles in uow.people.reached(me.actor.organisation_id or 0)
        if person.id != me.id and fold(words) in fold(person.name)
    ]


def handover(uow: UnitOfWork, me: Me, stand_in_id: int | None, now: datetime) -> Handover:
    """What it means when this person stands in; ``Refused`` when they cannot."""
    tasks = _count(uow, me, me.id, now)
    stand_in = _colleague(uow, me, stand_in_id, now)
    if stand_in is None:
        return Handover(None, tasks, 0, None)
    named = {person: record.stand_in_id for person, record in uow.absences.all_open(now).items()}
    taker = stand_in_for(me.id, {**named, me.id: stand_in.id})
    movable = _count(uow, _me(uow, taker), me.id, now) if taker is not None else 0
    return Handover(stand_in, tasks, movable, person_name(uow, taker))


def go_away(uow: UnitOfWork, me: Me, stand_in_id: int | None, until: datetime, now: datetime) -> None:
    """Be away from now on; the stand-in hears of it, and whoever was it before and is not any more."""
    checked_until(until, now)
    _colleague(uow, me, stand_in_id, now)
    before, old = uow.absences.open_of(me.id, now), _takers(uow, me.id, now)
    record = uow.absences.start(me.id, stand_in_id, now, until)
    new = _takers(uow, me.id, now)
    if before is not None:
        _tell(uow, old - new, before, Event.RELIEVED, now)
    _tell(uow, new, record, Event.BEGINS, now)
    leaves(uow, me.id, now)


def come_back(uow: UnitOfWork, me: Me, now: datetime) -> bool:
    """Be back; whoever stood in hears of it. False when one was not away."""
    record, takers = uow.absences.open_of(me.id, now), _takers(uow, me.id, now)
    if record is None:
        return False
    uow.absences.end(me.id, now)
    _tell(uow, takers, record, Event.BACK, now)
    is_back(uow, me.id, now)
    return True


def leave(uow: UnitOfWork, person_id: int, now: datetime) -> None:
    """Somebody is taken out: they are away no more, and stand in for nobody."""
    own, takers = uow.absences.open_of(person_id, now), _takers(uow, person_id, now)
    for record in uow.absences.end_with(person_id, now):
        _tell(uow, {record.person_id}, record, Event.ALONE, now)
    if own is not None:
        _tell(uow, takers, own, Event.RELIEVED, now)


def notice(uow: UnitOfWork, reader: Me, absence_id: int, event: Event, now: datetime) -> Notice | None:
    """What a message about an absence says now; None when it is not true any more."""
    record = uow.absences.get(absence_id)
    if record is None or (event is Event.BEGINS and (record.ended_at is not None or record.until <= now)):
        return None
    named = {person: one.stand_in_id for person, one in uow.absences.all_open(now).items()}
    more = [one for one in stood_in_by(reader.id, named) if record.person_id in _chain(one, named)]
    return Notice(
        event,
        person_name(uow, record.person_id) or "",
        record.until,
        person_name(uow, record.stand_in_id),
        record.stand_in_id == reader.id,
        _count(uow, reader, record.person_id, now),
        tuple(person_name(uow, one) or "" for one in more),
    )


def _chain(person_id: int, named: dict[int, int | None]) -> set[int]:
    """Those to whom somebody's things go on their way, without the person."""
    met: set[int] = set()
    one = named.get(person_id)
    while one is not None and one not in met:
        met.add(one)
        one = named.get(one)
    return met


def _takers(uow: UnitOfWork, person_id: int, now: datetime) -> set[int]:
    """Whom somebody who is away has named, and who really gets what comes for them."""
    named = {person: record.stand_in_id for person, record in uow.absences.all_open(now).items()}
    if person_id not in named:
        return set()
    return {one for one in (named[person_id], stand_in_for(person_id, named)) if one is not None}


def _colleague(uow: UnitOfWork, me: Me, person_id: int | None, now: datetime) -> Colleague | None:
    if person_id is None:
        return None
    found = next((one for one in colleagues(uow, me, now) if one.id == person_id), None)
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found


def _count(uow: UnitOfWork, me: Me, person_id: int, now: datetime) -> int:
    """How much of what is named for somebody this person can move on."""
    return uow.objects.count(sight(me.actor), tasks_of(me.actor, named_for=(person_id,)), now)


def _me(uow: UnitOfWork, person_id: int) -> Me:
    person = uow.people.get(person_id)
    return as_me(uow, person) if person is not None else Me.stranger()


def _tell(uow: UnitOfWork, people: Iterable[int], record: AbsenceRecord, event: Event, now: datetime) -> None:
    found = [uow.people.get(one) for one in sorted(people)]
    payload = {"absence_id": record.id, "event": event}
    messages = [
        Message(STAND_IN, person.telegram_id, payload, person_id=person.id)
        for person in found
        if person is not None and person.telegram_id is not None
    ]
    uow.outbox.add(messages, now)
