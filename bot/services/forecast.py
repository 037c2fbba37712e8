"""What will be said to whom, when and why, if nothing changes.

    time passes in memory (``storage.ahead``) --> the ticks do what they do --> messages
    --> of each, what will be true when it is sent --> who reads what, and why

It is the code of the ticks that runs here, and the code that writes the messages: nothing is said twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.services.numbers import key_of, spellings
from bot.services.objects import person_name
from bot.services.people import Me, as_me
from bot.services.reminders import STAGES
from bot.services.telling import Item, Teller, Truth, items_of
from bot.services.times import deadline_of
from domain.alerts import Because
from domain.deadlines import Colour, colour
from domain.objects import ObjectStatus
from domain.reminders import Stage
from domain.roles import Role, Sight
from storage.ahead import Ahead
from storage.database import UnitOfWork
from storage.objects import Seen
from storage.outbox import Message
from storage.reminder_tables import BoundChatRecord
from storage.scope import Scope

ALL = Scope()
EVERY = timedelta(seconds=10)
"""How often the ticks ask what is due, unless the settings say otherwise."""
PART = 5_000
"""Objects of which the messages are in memory at once, when all are counted."""
MAY_FORECAST = Role.MODERATOR | Role.ADMINISTRATOR


class Form(StrEnum):
    """How something is said: these are the kinds of the outbox."""

    ALERT = "alert"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class About:
    """One object of a message: how far it will have come, and why the reader hears of it."""

    object_id: int
    number: str
    name: str
    client: str
    status: ObjectStatus
    stage: Stage
    colour: Colour
    because: Because
    role: Role
    instead_of: str | None
    is_new: bool
    """Whether it is said for the first time, and not repeated in a digest."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """One message to a person, or to a bound group through the person who bound it."""

    at: datetime
    form: Form
    reader: Me
    group: BoundChatRecord | None
    about: Sequence[About]


def forecast(
    uow: UnitOfWork, now: datetime, until: datetime, *, scope: Scope = ALL, every: timedelta = EVERY
) -> Iterator[Foretold]:
    """The messages of this time in order; ``every`` is how often the ticks run, the first after that time."""
    ahead = Ahead(uow, now, until, scope)
    writer = _Writer(ahead)
    tick = now + every
    while tick <= until:
        for portion in STAGES:
            while portion(ahead, tick):
                pass
        for message in ahead.take():
            foretold = writer.write(message, tick)
            if foretold is not None:
                yield foretold
        due = ahead.due_at()
        if due is None:
            return
        tick += every * max(1, -((tick - due) // every))


class _Writer:
    """Knows what will be true of a message when it is sent."""

    def __init__(self, ahead: Ahead) -> None:
        self._ahead = ahead
        self._readers: dict[int, Me | None] = {}

    def write(self, message: Message, at: datetime) -> Foretold | None:
        """What is said; None when it is none of these, when nothing of it is true, or nobody reads it."""
        payload = dict(message.payload)
        bound = int(payload.get("bound", 0))
        reader = self._reader(message.person_id or 0, in_group=bool(bound))
        if message.kind not in set(Form) or reader is None:
            return None
        teller = Teller(self._ahead, reader, at, bound)
        form = Form(message.kind)
        truths = (
            _alert(teller, items_of(payload)) if form is Form.ALERT else _digest(teller, items_of(payload))
        )
        if not truths:
            return None
        group = self._ahead.bound_chats.get(bound) if bound else None
        return Foretold(at, form, reader, group, [self._about(truth, at) for truth in truths])

    def _reader(self, person_id: int, *, in_group: bool) -> Me | None:
        if not in_group and person_id in self._ahead.watch.silent():
            return None
        if person_id not in self._readers:
            person = self._ahead.people.get(person_id)
            there = person is not None and person.removed_at is None
            self._readers[person_id] = as_me(self._ahead, person) if person is not None and there else None
        return self._readers[person_id]

    def _about(self, truth: Truth, at: datetime) -> About:
        record = truth.seen.object
        return About(
            record.id or 0,
            record.number,
            record.name,
            truth.seen.client.name,
            record.status,
            truth.item.stage,
            colour(deadline_of(record), at),
            truth.because,
            truth.role,
            person_name(self._ahead, truth.instead_of),
            truth.notice is not None,
        )


def _alert(teller: Teller, items: Iterable[Item]) -> list[Truth]:
    """The objects of an alert, each with the furthest that is told of it."""
    found: dict[int, Truth] = {}
    for truth in teller.truths(items):
        known = found.get(truth.item.object_id)
        if known is None or known.item.stage < truth.item.stage:
            found[truth.item.object_id] = truth
    return _sorted(found.values())


def _digest(teller: Teller, items: Iterable[Item]) -> list[Truth]:
    found, heard = teller.standing(items)
    return _sorted([*found, *heard])


def _sorted(truths: Iterable[Truth]) -> list[Truth]:
    return sorted(
        truths, key=lambda truth: (-truth.item.stage, truth.seen.object.number, truth.item.object_id)
    )


@dataclass(slots=True)
class Day:
    """How much somebody, or a bound group, is told on one of their days."""

    day: date
    reader: Me
    group: BoundChatRecord | None
    digest: int = 0
    """Objects of the digests."""
    alerts: set[datetime] = field(default_factory=set)
    """The moments at which there is one."""
    told: set[int] = field(default_factory=set)
    """The objects of the alerts."""
    red: set[int] = field(default_factory=set)
    """Those of them that are said to be red."""

    def add(self, foretold: Foretold) -> None:
        """Count a message, or a part of one."""
        if foretold.form is Form.DIGEST:
            self.digest += len(foretold.about)
            return
        self.alerts.add(foretold.at)
        self.told.update(about.object_id for about in foretold.about)
        self.red.update(about.object_id for about in foretold.about if about.stage is Stage.RED)


def day_of(foretold: Foretold) -> date:
    """The day on which it is told, where its reader is."""
    return foretold.at.astimezone(ZoneInfo(foretold.reader.time_zone)).date()


def by_day(uow: UnitOfWork, now: datetime, until: datetime, every: timedelta = EVERY) -> Iterator[list[Day]]:
    """All messages counted per day and reader, after each part of the fleet; what came last is all of it.

    What one message says of objects of several parts is counted once, as it comes at one moment.
    """
    days: dict[tuple[date, int, int], Day] = {}
    for scope in Scope.parts(uow.session, PART):
        for one in forecast(uow, now, until, scope=scope, every=every):
            day, group_id = day_of(one), one.group.id or 0 if one.group else 0
            days.setdefault((day, one.reader.id, group_id), Day(day, one.reader, one.group)).add(one)
        yield sorted(
            days.values(), key=lambda one: (one.day, one.reader.name, one.reader.id, bool(one.group))
        )


def named(uow: UnitOfWork, number: str, client_id: int | None) -> list[Seen]:
    """The objects that are meant by a number, as people write it."""
    everything = Sight(everything=True)
    found = {
        object_id: known
        for object_id, known in uow.bulks.by_numbers(everything, list(spellings(number)), client_id)
        if key_of(known) == key_of(number)
    }
    exact = [object_id for object_id, known in found.items() if known == number] or list(found)
    seen = (uow.objects.get(object_id, everything) for object_id in exact)
    return [one for one in seen if one is not None]
