"""Time passes: look at what is due, and tell everybody once what concerns them.

    ``look``   an object is due -> its deadline, its stage, whom that concerns: notices -> when to look next
    ``gather`` somebody has notices that are due -> one message, however many they are
    ``digest`` it is somebody's morning -> one message of all that waits for them

Each is done in portions, a transaction each. A notice is unique, so nobody is told twice; a message
says what is true when it is sent. The forecast asks ``Watcher.plan`` too: it is the same code.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError

from bot.logs import logger_of
from bot.services.alerts import audience_of, in_groups, notice_for, queue_alert
from bot.services.people import catch_up
from bot.services.times import schedule_for
from domain.alerts import Because, Hearer, without_author
from domain.deadlines import Deadline
from domain.objects import ObjectStatus
from domain.process import Subject
from domain.reminders import Stage, next_look, stage_of
from domain.rhythm import Rhythm
from storage.database import UnitOfWork
from storage.objects import Seen
from storage.outbox import Message
from storage.reminder_tables import ClaimRecord, NoticeRecord
from storage.tables import ObjectRecord, PersonRecord

PORTION = 100
"""Objects or people of one transaction: other chats wait no longer than these take."""
AFTER_TROUBLE = timedelta(hours=1)

logger = logger_of(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do about an object at a moment, and when it is to be looked at next."""

    deadline: Deadline | None
    stage: Stage
    notices: Sequence[NoticeRecord]
    next_at: datetime | None


class Watcher:
    """Says what there is to do about objects; changes nothing."""

    def __init__(self, uow: UnitOfWork, now: datetime) -> None:
        self._uow = uow
        self._audience = audience_of(uow, now)

    def plan(self, seen: Seen, claim: ClaimRecord | None, now: datetime) -> Plan:
        """What is due about an object at this moment. ``claim``: the open one, lapsed or not."""
        record = seen.object
        deadline = schedule_for(self._uow, seen.client).deadline(
            record.status, record.status_since, open_request=record.open_request is not None
        )
        stage = stage_of(record.status_since, deadline, now)
        if deadline is None:
            return Plan(None, stage, (), None)
        if claim is not None and now < claim.until:
            return Plan(deadline, stage, (), claim.until)
        history_id = self._told_one_by_one(record) if stage is Stage.SET else 0
        notices: Sequence[NoticeRecord] = ()
        if stage is not Stage.SET or history_id:
            subject = Subject(
                record.status,
                record.status_since,
                late_from=deadline.main_at,
                commissioned=record.commissioned,
                open_request=record.open_request is not None,
            )
            found = self._audience.of(seen, subject, stage, at=now)
            if history_id:
                found = without_author(found, self._author_of(history_id))
            notices = self._notices(record, stage, found, history_id, now)
        return Plan(deadline, stage, notices, next_look(record.status_since, deadline, now))

    def _notices(
        self, record: ObjectRecord, stage: Stage, found: list[Hearer], history_id: int, now: datetime
    ) -> list[NoticeRecord]:
        notices = [
            notice_for(record, stage, hearer, history_id, self.due(hearer.person_id, stage, now))
            for hearer in found
        ]
        if stage is Stage.SOON:  # digests are people's own
            return notices
        return notices + [
            notice_for(record, stage, hearer, history_id, self.due(chat.bound_by, stage, now), chat)
            for hearer, chat in in_groups(self._audience, found)
        ]

    def due(self, person_id: int, stage: Stage, now: datetime) -> datetime:
        """When somebody is told of a stage to which an object comes now."""
        rhythm = self._audience.rhythm(person_id)
        if stage is Stage.SOON:
            return rhythm.next_digest(now)
        return rhythm.speaks_at(now, red=stage is Stage.RED)

    def _author_of(self, history_id: int) -> int | None:
        line = self._uow.history.get(history_id)
        return line.record.person_id if line is not None else None

    def _told_one_by_one(self, record: ObjectRecord) -> int:
        """The change of which people were told by a message each; 0: it came with many others."""
        told = self._uow.notices.of_object(record.id or 0)
        return max((n.history_id for n in told if n.stage == Stage.SET.value and _is_for_all(n)), default=0)


def look(uow: UnitOfWork, now: datetime) -> int:
    """Look at a portion of the objects that are due; how many there were."""
    due = uow.watch.objects(now, PORTION)
    watcher = Watcher(uow, now)
    for seen in due:
        object_id = seen.object.id or 0
        with _alone(uow, "object", object_id) as went:
            _look_at(uow, watcher, seen, now)
        if not went:
            uow.watch.plan(object_id, {"next_at": now + AFTER_TROUBLE})
    return len(due)


def _look_at(uow: UnitOfWork, watcher: Watcher, seen: Seen, now: datetime) -> None:
    record = seen.object
    object_id = record.id or 0
    claim = uow.claims.open_of(object_id)
    plan = watcher.plan(seen, claim, now)
    ends = plan.stage is Stage.RED and _can_be_answered(uow, record)
    uow.notices.add(plan.notices)
    uow.watch.plan(
        object_id,
        {
            "main_at": plan.deadline.main_at if plan.deadline else None,
            "urgent_at": plan.deadline.urgent_at if plan.deadline else None,
            "next_at": plan.next_at,
        },
    )
    if ends:
        redraw(uow, object_id, now)
    if claim is not None and claim.until <= now:
        uow.claims.end(object_id, now)
        come_back(uow, watcher, record, plan.stage, now)


def _can_be_answered(uow: UnitOfWork, record: ObjectRecord) -> bool:
    """Whether alerts stand in chats that let the client answer: until it is red for the first time."""
    red = any(notice.stage == Stage.RED.value for notice in uow.notices.of_object(record.id or 0))
    return record.status is ObjectStatus.VERIFIED and not red


def come_back(
    uow: UnitOfWork, watcher: Watcher, record: ObjectRecord, stage: Stage, now: datetime, *, but: int = 0
) -> None:
    """Nobody has it any more: everybody but one is told of its stage again, and of it alone."""
    told = uow.notices.of_object(record.id or 0)
    current = [n for n in told if n.stage == stage.value and _is_for_all(n)]
    newest = max((n.history_id for n in current), default=0)
    spoken = Stage.YELLOW if stage is Stage.SOON else stage  # what comes back does not wait for the digest
    for notice in current:
        if notice.history_id == newest and notice.person_id != but:
            uow.notices.again(notice, watcher.due(notice.person_id, spoken, now))
    redraw(uow, record.id or 0, now)


def _is_for_all(notice: NoticeRecord) -> bool:
    """Whether others hear of it, too: that somebody was named, nobody else does."""
    return not notice.history_id or notice.because != Because.ASSIGNED


def redraw(uow: UnitOfWork, object_id: int, now: datetime) -> None:
    """Have every alert about an object say how things are now."""
    uow.outbox.add(
        [
            Message("redraw", copy.chat_id, {"copy_id": copy.id}, person_id=copy.person_id)
            for copy in uow.copies.open_of(object_id)
        ],
        now,
    )


def moved_on(uow: UnitOfWork, object_id: int, now: datetime) -> None:
    """An object has a new status: nothing that was to be told of the old one is true any more."""
    uow.notices.forget(object_id)
    uow.claims.end(object_id, now)
    redraw(uow, object_id, now)


def are_back(uow: UnitOfWork, now: datetime) -> int:
    """Whose absence is over gets one digest of what they missed; how many they were."""
    found = uow.absences.end_overdue(now)
    for person_id in found:
        is_back(uow, person_id, now)
    return len(found)


def is_back(uow: UnitOfWork, person_id: int, now: datetime) -> None:
    """Somebody was away and is not any more."""
    person = uow.people.get(person_id)
    if person is not None and person.removed_at is None:
        catch_up(uow, person, now)


def leaves(uow: UnitOfWork, person_id: int, now: datetime) -> None:
    """Somebody is away, or out of reach: what they were told is looked at again, for others to hear."""
    uow.watch.look_soon(now, told=person_id)


def gather(uow: UnitOfWork, now: datetime) -> int:
    """Queue one message for each of a portion of those who have to be told something; how many."""
    ears = uow.notices.ears(now, PORTION)
    audience = audience_of(uow, now)
    for ear in ears:
        with _alone(uow, "person", ear[0]) as went:
            red = uow.notices.most_urgent(ear, now) == Stage.RED
            speaks_at = audience.rhythm(ear[0]).speaks_at(now, red=red)
            if speaks_at > now:  # it was due before the quiet hours, or they are new
                uow.notices.postpone(ear, now, speaks_at)
            else:
                queue_alert(uow, uow.notices.take_untold(ear, now, digest=False), now)
        if not went:
            uow.notices.postpone(ear, now, now + AFTER_TROUBLE)
    return len(ears)


def digest(uow: UnitOfWork, now: datetime) -> int:
    """Queue the digest of a portion of those whose morning it is; how many there were."""
    due = uow.watch.digests(now, PORTION)
    audience = audience_of(uow, now)
    for person in due:
        with _alone(uow, "person", person.id) as went:
            uow.watch.digest_at(person, _digest_of(uow, person, audience.rhythm(person.id or 0), now))
        if not went:
            uow.watch.digest_at(person, now + AFTER_TROUBLE)
    return len(due)


@contextmanager
def _alone(uow: UnitOfWork, what: str, key: int | None) -> Iterator[list[bool]]:
    """What fails here stops nobody else. The list that one gets is empty afterwards if it failed."""
    went = [True]
    try:
        with uow.savepoint():
            yield went
    except OperationalError:
        raise  # the database itself is in trouble: the portion is taken again as a whole
    except Exception:
        logger.exception("has to wait for an hour", **{what: key})
        went.clear()


def begin_quietly(uow: UnitOfWork, now: datetime) -> None:
    """Have nobody told of how things are now: what is late counts as told, digests begin tomorrow."""
    while look(uow, now):
        pass
    uow.notices.count_as_told(now)
    while digest(uow, now):
        pass


def _digest_of(uow: UnitOfWork, person: PersonRecord, rhythm: Rhythm, now: datetime) -> datetime:
    """Queue somebody's digest if it is due; when the next one is."""
    if person.digest_at is None or person.digest_at > now:
        return rhythm.next_digest(now)  # it was not reckoned yet, or wrongly
    if rhythm.is_quiet(now):
        return rhythm.speaks_at(now)
    _queue_digest(uow, person, now)
    return rhythm.next_morning(now)


def _queue_digest(uow: UnitOfWork, person: PersonRecord, now: datetime) -> None:
    """What has to be told by now goes into the digest; somebody who is away gets it when they are back."""
    person_id, chat_id = person.id or 0, person.telegram_id
    if chat_id is None or not person.reachable or uow.absences.open_of(person_id, now) is not None:
        return
    untold = uow.notices.take_untold((person_id, 0), now)
    unsent: list[Any] = [
        item for payload in uow.outbox.withdraw("digest", person_id) for item in payload["items"]
    ]
    payload = {"items": [*unsent, *([n.object_id, n.version, n.stage, n.history_id] for n in untold)]}
    uow.outbox.add([Message("digest", chat_id, payload, person_id=person_id)], now)


Portion = Callable[[UnitOfWork, datetime], int]
"""Does a portion in a transaction; how much there was."""
STAGES: tuple[Portion, ...] = (are_back, look, digest, gather)
"""In this order: who is back, what is due, whose morning it is, who is to be told what is left."""
