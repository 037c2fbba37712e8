"""What is due in a unit of work that looks ahead: see ``storage.ahead``."""

import heapq
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from domain.roles import Sight
from storage.objects import Seen
from storage.tables import PersonRecord
from storage.watch import TOO_FAR, Watch

_P = PersonRecord


class Due:
    """What is due when: of each thing the moment that was set last."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int]] = []
        self._at: dict[int, datetime | None] = {}

    def put(self, key: int, at: datetime | None) -> None:
        """From now on it is due then; None: never."""
        self._at[key] = at
        if at is not None:
            heapq.heappush(self._heap, (at, key))

    def first(self) -> datetime | None:
        """When the first of them is due."""
        while self._heap and self._at[self._heap[0][1]] != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take(self, now: datetime, limit: int) -> list[int]:
        """Some that are due by now, the longest due first; each has to be put back."""
        found: list[int] = []
        while len(found) < limit and (at := self.first()) is not None and at <= now:
            found.append(heapq.heappop(self._heap)[1])
            self._at[found[-1]] = None
        return found


class WatchAhead(Watch):
    """Which objects and whose digests will be due.

    ``told``: the objects of which a person, None: anybody, was told. ``may_change``: whether others
    than now may have to be told of an object, although it stays as it is.
    """

    def __init__(
        self,
        session: Session,
        now: datetime,
        found: Mapping[int, Seen],
        told: Callable[[int | None], Collection[int]],
        may_change: Callable[[int], bool],
    ) -> None:
        super().__init__(session)
        self._found = found
        self._told = told
        self._may_change = may_change
        self._looked_at = now
        self._silent = super().silent()
        self._objects, self._digests = Due(), Due()
        for key, seen in found.items():
            self._objects.put(key, seen.object.next_at)
        self._people = _people(session)
        for key, person in self._people.items():
            reckoned = person.digest_at is not None and person.digest_at <= now + TOO_FAR
            self._digests.put(key, person.digest_at if reckoned else now)

    def due_at(self) -> datetime | None:
        """When an object or a digest is due next."""
        return min((at for due in (self._objects, self._digests) if (at := due.first())), default=None)

    def objects(self, now: datetime, limit: int) -> list[Seen]:
        """Objects about which something is due, the longest due first."""
        self._looked_at = now
        return [self._found[key] for key in self._objects.take(now, limit)]

    def plan(self, object_id: int, values: Mapping[str, Any]) -> None:
        """Keep the deadline of an object and when to look at it next."""
        record = self._found[object_id].object
        for name, value in values.items():
            setattr(record, name, value)
        at, late = record.next_at, record.main_at is not None and record.main_at <= self._looked_at
        if at is not None and late and not self._may_change(object_id):
            # Looking again every day would find what was found just now, until it is red.
            at = record.urgent_at if record.urgent_at and record.urgent_at > self._looked_at else None
        self._objects.put(object_id, at)

    def look_soon(
        self,
        now: datetime,
        *,
        object_id: int | None = None,
        told: int | None = None,
        seen_by: Sight | None = None,
        client_id: int | None = None,
    ) -> None:
        """Have an object looked at, or those of a client, or all of which ``told`` was told.

        ``seen_by``: all that one sees and of which anybody was told.
        """
        keys = set(self._found) if object_id is None else {object_id} & set(self._found)
        if client_id is not None:
            keys = {key for key in keys if self._found[key].client.id == client_id}
        if told is not None:
            keys &= set(self._told(told))
        if seen_by is not None:
            keys &= set(self._told(None))
            keys = {key for key in keys if _sees(seen_by, self._found[key])}
        for key in keys:
            if self._found[key].object.main_at is not None:
                self._objects.put(key, now)

    def digests(self, now: datetime, limit: int) -> Sequence[PersonRecord]:
        """People whose digest is due, or was never reckoned, or wrongly."""
        return [self._people[key] for key in self._digests.take(now, limit)]

    def digest_at(self, person: PersonRecord, at: datetime) -> None:
        """Keep when somebody's next digest is due."""
        known = self._people.get(person.id or 0)
        if known is not None:
            known.digest_at = at
            self._digests.put(known.id or 0, at)

    def silent(self) -> frozenset[int]:
        """The people to whom the bot cannot write."""
        return self._silent


def _people(session: Session) -> dict[int, PersonRecord]:
    """Those who get digests, apart from the session: what is done to them is kept nowhere."""
    found = session.exec(select(_P).where(col(_P.removed_at).is_(None), col(_P.telegram_id).is_not(None)))
    return {record.id or 0: PersonRecord(**record.model_dump()) for record in found}


def _sees(sight: Sight, seen: Seen) -> bool:
    return sight.covers(seen.client.id or 0, seen.client.parent_id)
