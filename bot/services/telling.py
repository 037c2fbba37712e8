"""What an alert or digest says at the moment of sending: only what is true then, to whom it concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.services.alerts import HEARD_IN_GROUPS, audience_of
from bot.services.objects import Line, person_name
from bot.services.people import Me
from bot.services.times import deadline_of
from domain.alerts import Because, Hearer
from domain.claims import may_take
from domain.deadlines import Colour, colour
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Row
from domain.reminders import Stage, stage_of
from domain.roles import Role, sight
from storage.database import UnitOfWork
from storage.history import Entry
from storage.notices import Ear
from storage.object_terms import ObjectFilter
from storage.objects import Seen, subject_of
from storage.reminder_tables import NoticeRecord
from storage.tables import EntryKind

MOST = 1000
"""Objects of which one digest speaks; whoever has more sees that it is so many."""


@dataclass(frozen=True, slots=True)
class Item:
    """What a message was queued for: one stage of an object, or one line of its history."""

    object_id: int
    version: int
    stage: Stage
    history_id: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody has it in hand until then."""

    person_id: int
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Truth:
    """An item that is true for its reader at a moment, and what makes it so."""

    item: Item
    seen: Seen
    stage: Stage
    """The stage of the object at that moment."""
    entry: Entry | None = None
    notice: NoticeRecord | None = None
    taken: Taken | None = None
    hearer: Hearer | None = None
    """The reader, where no notice says why they are told."""

    @property
    def because(self) -> Because:
        """Why the reader is told."""
        return Because(self.notice.because) if self.notice else self._known.because

    @property
    def role(self) -> Role:
        """As what the reader is told."""
        return Role.from_key(self.notice.role) if self.notice else self._known.role

    @property
    def instead_of(self) -> int | None:
        """For whom the reader stands in."""
        return self.notice.instead_of if self.notice else self._known.instead_of

    @property
    def _known(self) -> Hearer:
        return self.hearer or Hearer(0, Role.CLIENT, Because.TURN)


@dataclass(frozen=True, slots=True)
class Fact:
    """An item that is true for its reader at the moment of sending."""

    item: Item
    seen: Seen
    stage: Stage
    entry: Entry | None
    choices: Sequence[Row[ObjectStatus]]
    """What the reader can do."""
    because: Because
    instead_of: str | None
    """For whom the reader stands in."""
    told: int
    """How many people and groups were told of it."""
    earlier: Sequence[str]
    """The names of those who were reminded before it came to this."""
    may_take: bool
    """Whether there is something to take: what has no deadline, nobody is reminded of."""
    taken: Taken | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody in the morning, the most urgent first."""

    lines: Sequence[Line]
    heard: Sequence[Line]
    """Heard once, and nothing to do about: machines that are equipped."""
    over: Sequence[Line]
    """Heard once, and nothing to do about: a client's machines whose 8 days to answer are over."""

    @property
    def red(self) -> int:
        """How many of them are red."""
        return sum(line.colour is Colour.RED for line in self.lines)


def items_of(payload: dict[str, Any]) -> list[Item]:
    """The items of an outbox row."""
    return [
        Item(object_id, version, Stage(stage), history_id)
        for object_id, version, stage, history_id in payload["items"]
    ]


class Teller:
    """Says what is true for one reader, or for a bound group through the person who bound it."""

    def __init__(self, uow: UnitOfWork, me: Me, now: datetime, bound_chat_id: int = 0) -> None:
        self._uow = uow
        self._me = me
        self._now = now
        self._ear: Ear = (me.id, bound_chat_id)
        self._audience = audience_of(uow, now)

    def facts(self, items: Iterable[Item]) -> list[Fact]:
        """Those of the items that are true now."""
        return [self._fact(truth) for truth in self.truths(items)]

    def fact(self, item: Item, *, taken_too: bool = False) -> Fact | None:
        """The item if it is true and concerns the reader.

        ``taken_too``: it was said already, so also if somebody else took it, or it has come further.
        """
        truth = self.truth(item, taken_too=taken_too)
        return self._fact(truth) if truth is not None else None

    def truths(self, items: Iterable[Item]) -> list[Truth]:
        """Those of the items that are true now, with no more than that."""
        return [truth for truth in map(self.truth, items) if truth is not None]

    def truth(self, item: Item, *, taken_too: bool = False) -> Truth | None:
        """The item if it is true and concerns the reader, with no more than that."""
        uow = self._uow
        seen = uow.objects.get(item.object_id, sight(self._me.actor))
        if seen is None:
            return None
        entry = uow.history.get(item.history_id) if item.history_id else None
        is_note = entry is not None and entry.record.kind is not EntryKind.STATUS
        if seen.object.version != item.version and not is_note:
            return None
        stage = self._stage(seen)
        notice = uow.notices.get(self._ear, item.object_id, item.stage.value, item.history_id)
        come = stage >= item.stage if taken_too else stage is item.stage  # of what is further, one hears anew
        if item.stage > Stage.SET and (not come or notice is None):
            return None
        taken = self._taken(item.object_id)
        asks = not is_note and item.stage is not Stage.HEARD_ONCE  # the rest is to know, not to do
        if not taken_too and asks and taken is not None and taken.person_id != self._me.id:
            return None
        if not self._concerns(seen, item.stage, notice, entry):
            return None
        return Truth(item, seen, stage, entry, notice, taken)

    def _fact(self, truth: Truth) -> Fact:
        item = truth.item
        choices = OBJECT_PROCESS.choices(self._me.actor, subject_of(truth.seen.object), self._now)
        told = self._uow.notices.of_object(item.object_id)
        at_once = {(n.person_id, n.bound_chat_id) for n in told if n.stage == item.stage.value}
        before = {n.person_id for n in told if Stage.SOON.value <= n.stage < item.stage.value} - {self._me.id}
        return Fact(
            item,
            truth.seen,
            truth.stage,
            truth.entry,
            choices,
            truth.because,
            person_name(self._uow, truth.instead_of),
            len(at_once),
            [name for person_id in sorted(before) if (name := person_name(self._uow, person_id))],
            deadline_of(truth.seen.object) is not None and may_take(self._me.actor, choices),
            truth.taken,
        )

    def waiting(self, items: Iterable[Item]) -> Waiting:
        """What the digest says: all that has waited for long, and what was held back for the morning."""
        found, heard = self.standing(items)
        over = [truth for truth in found if truth.because is Because.OVER]
        return Waiting(
            _sorted([self._line(truth.seen) for truth in found if truth.because is not Because.OVER]),
            [self._line(truth.seen) for truth in heard],
            _sorted([self._line(truth.seen) for truth in over]),
        )

    def standing(self, items: Iterable[Item]) -> tuple[list[Truth], list[Truth]]:
        """What of this is true: what waits, each object once; and what is only heard once."""
        found: dict[int, Truth] = {}
        heard: dict[int, Truth] = {}
        for truth in self.truths(items):
            into = heard if truth.item.stage is Stage.HEARD_ONCE else found
            into[truth.item.object_id] = truth
        for object_id in self._uow.notices.standing(self._me.id, MOST):
            stands = None if object_id in found else self._stands(object_id)
            if stands is not None:
                found[object_id] = stands
        for seen in self._verified():
            found.setdefault(seen.object.id or 0, self._asked_daily(seen))
        return list(found.values()), [truth for key, truth in heard.items() if key not in found]

    def lines(self, facts: Iterable[Fact]) -> list[Line]:
        """The objects of these facts, each once, the most urgent first."""
        found = {fact.item.object_id: fact.seen for fact in facts}
        return _sorted([self._line(seen) for seen in found.values()])

    def name_of(self, person_id: int) -> str:
        """A person's name."""
        return person_name(self._uow, person_id) or ""

    def _stands(self, object_id: int) -> Truth | None:
        """An object that waits for the reader still: it is late or soon will be, and nobody else has it."""
        seen = self._uow.objects.get(object_id, sight(self._me.actor))
        if seen is None:
            return None
        stage = self._stage(seen)
        taken = self._taken(object_id)
        if stage < Stage.SOON or (taken is not None and taken.person_id != self._me.id):
            return None
        found = self._audience.of(seen, subject_of(seen.object), stage, at=self._now)
        mine = (hearer for hearer in found if hearer.person_id == self._me.id)
        hearer = next((hearer for hearer in mine if hearer.because is not Because.OVER), None)
        item = Item(object_id, seen.object.version, stage)
        return Truth(item, seen, stage, hearer=hearer) if hearer is not None else None

    def _verified(self) -> list[Seen]:
        """A client is asked every day whether what is Verified works, as long as it may answer."""
        if not self._me.has(Role.CLIENT):
            return []
        wanted = ObjectFilter(status=ObjectStatus.VERIFIED, movable_by=self._me.actor)
        return self._uow.objects.page(sight(self._me.actor), wanted, self._now, limit=MOST)

    def _asked_daily(self, seen: Seen) -> Truth:
        return Truth(Item(seen.object.id or 0, seen.object.version, Stage.SET), seen, self._stage(seen))

    def _stage(self, seen: Seen) -> Stage:
        return stage_of(seen.object.status_since, deadline_of(seen.object), self._now)

    def _line(self, seen: Seen) -> Line:
        deadline = deadline_of(seen.object)
        return Line(seen.object, seen.client.name, colour(deadline, self._now), deadline)

    def _concerns(self, seen: Seen, stage: Stage, notice: NoticeRecord | None, entry: Entry | None) -> bool:
        if entry is not None and entry.record.kind is EntryKind.ASSIGNMENT:
            return notice is not None and self._is_named(seen, notice.role)
        found = self._audience.of(seen, subject_of(seen.object), stage, at=self._now)
        if self._ear[1]:
            return any(hearer.role & HEARD_IN_GROUPS for hearer in found)
        return any(hearer.person_id == self._me.id for hearer in found)

    def _is_named(self, seen: Seen, role: str) -> bool:
        """Whether the reader, or somebody for whom they stand in, is the one who is named still."""
        named = seen.client.support_id if role == Role.SUPPORT.key else seen.object.installer_id
        return named is not None and self._audience.reached(named, self._now) == self._me.id

    def _taken(self, object_id: int) -> Taken | None:
        claim = self._uow.claims.held(object_id, self._now)
        if claim is None:
            return None
        return Taken(claim.person_id, person_name(self._uow, claim.person_id) or "", claim.until)


def _sorted(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.colour, line.record.urgent_at or line.record.status_since))
