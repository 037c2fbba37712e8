"""The notices of a unit of work that looks ahead: see ``storage.ahead``."""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from domain.reminders import Stage
from storage.absences import Absences
from storage.notices import Ear, Notices
from storage.reminder_tables import NoticeRecord
from storage.scope import Scope
from storage.tables import ObjectRecord
from storage.watch import Watch

_N = NoticeRecord
Key = tuple[int, int, int]
"""Of the notices of one object to one ear: version, stage, line of the history."""


class NoticesAhead(Notices):
    """Notices in memory: by object, by ear, and those that are not told yet by when they are due."""

    def __init__(self, session: Session, scope: Scope, absences: Absences) -> None:
        super().__init__(session)
        self._absences = absences
        self._silent = Watch(session).silent()
        self._of_object: defaultdict[int, dict[tuple[Ear, Key], NoticeRecord]] = defaultdict(dict)
        self._of_ear: defaultdict[Ear, defaultdict[int, dict[Key, NoticeRecord]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        self._due: list[tuple[datetime, int, NoticeRecord]] = []
        self._ripe: defaultdict[Ear, dict[int, NoticeRecord]] = defaultdict(dict)
        self._count = 0
        query = select(_N)
        if terms := scope.terms():
            query = query.join(ObjectRecord, col(ObjectRecord.id) == col(_N.object_id)).where(*terms)
        for record in session.exec(query):
            session.expunge(record)
            self._keep(record)

    def _keep(self, record: NoticeRecord) -> None:
        ear, key = _ear(record), (record.version, record.stage, record.history_id)
        known = self._of_object[record.object_id]
        if (ear, key) in known:
            return
        known[ear, key] = record
        self._of_ear[ear][record.object_id][key] = record
        self._queue(record)

    def _queue(self, record: NoticeRecord) -> None:
        if record.told_at is None:
            self._count += 1
            heapq.heappush(self._due, (record.due_at, self._count, record))

    def _ripen(self, now: datetime) -> None:
        """Move what is due by now to those who are to be told of it."""
        while self._due and self._due[0][0] <= now:
            at, _, record = heapq.heappop(self._due)
            if record.told_at is None and record.due_at == at:
                self._ripe[_ear(record)][id(record)] = record

    def due_at(self) -> datetime | None:
        """When somebody is to be told something next."""
        return self._due[0][0] if self._due else None

    def told(self, person_id: int | None = None) -> Collection[int]:
        """The objects of which a person, None: anybody, was told, or is to be."""
        if person_id is None:
            return self._of_object.keys()
        ears = [ear for ear in self._of_ear if ear[0] == person_id]
        return {object_id for ear in ears for object_id in self._of_ear[ear]}

    def add(self, notices: Iterable[NoticeRecord]) -> None:
        """Keep notices; one that is there already stays as it is."""
        for notice in notices:
            self._keep(notice)

    def ears(self, now: datetime, limit: int) -> list[Ear]:
        """Some of those who have something to be told by now, beside the digest, and are there."""
        self._ripen(now)
        away = self._absences.all_open(now)
        found = (ear for ear in self._ripe if ear[1] or (ear[0] not in away and ear[0] not in self._silent))
        return sorted(ear for ear in found if any(map(_beside_digest, self._ripe[ear].values())))[:limit]

    def most_urgent(self, ear: Ear, now: datetime) -> int | None:
        """The most urgent stage of which somebody has to be told by now."""
        self._ripen(now)
        return max((record.stage for record in self._ripe.get(ear, {}).values()), default=None)

    def take_untold(self, ear: Ear, now: datetime, *, digest: bool = True) -> list[NoticeRecord]:
        """What somebody has to be told by now, the most urgent first; it counts as told from now on.

        ``digest``: also what is said in digests alone.
        """
        self._ripen(now)
        ripe = self._ripe.pop(ear, {})
        found = [record for record in ripe.values() if digest or _beside_digest(record)]
        for record in found:
            record.told_at = now
            del ripe[id(record)]
        if ripe:
            self._ripe[ear] = ripe
        return sorted(found, key=lambda record: (-record.stage, record.object_id, record.history_id))

    def postpone(self, ear: Ear, now: datetime, until: datetime) -> None:
        """What somebody has to be told by now is due later."""
        self._ripen(now)
        for record in self._ripe.pop(ear, {}).values():
            record.due_at = until
            self._queue(record)

    def standing(self, person_id: int, limit: int) -> list[int]:
        """The objects of which somebody was told because time has passed, the most urgent first."""
        highest = [
            (-max(record.stage for record in records.values()), object_id)
            for object_id, records in self._of_ear[person_id, 0].items()
        ]
        found = sorted(one for one in highest if -one[0] >= Stage.SOON.value)
        return [object_id for _, object_id in found[:limit]]

    def get(self, ear: Ear, object_id: int, stage: int, history_id: int = 0) -> NoticeRecord | None:
        """One notice; None: it is not true any more, or never was."""
        records = self._of_ear[ear].get(object_id, {})
        return next((r for r in records.values() if (r.stage, r.history_id) == (stage, history_id)), None)

    def of_object(self, object_id: int) -> Sequence[NoticeRecord]:
        """All that is to be told, or was, of an object as it is."""
        found = self._of_object.get(object_id, {}).values()
        return sorted(found, key=lambda record: (record.stage, record.person_id))

    def again(self, notice: NoticeRecord, due_at: datetime) -> None:
        """Have somebody told once more."""
        key = (notice.version, notice.stage, notice.history_id)
        record = self._of_object.get(notice.object_id, {}).get((_ear(notice), key))
        if record is not None:
            record.due_at, record.told_at = due_at, None
            self._queue(record)


def _beside_digest(record: NoticeRecord) -> bool:
    return record.stage != Stage.HEARD_ONCE.value


def _ear(record: NoticeRecord) -> Ear:
    return record.person_id, record.bound_chat_id
