"""Many at once, the second half: the change itself, in steps.

    start -> a row ``bulk-step`` -> so many objects, each in a savepoint, and the next row -> … -> finish

A step is one transaction: the outcomes, their effects and the row of the next step are kept together or
not at all. A row names the count of outcomes that it goes on from, so one that comes twice does nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError

from bot.logs import logger_of
from bot.services.alerts import Audience
from bot.services.assignments import assign_quietly, naming
from bot.services.cases import Wish, change_quietly, load
from bot.services.objects import person_name
from bot.services.people import Me, as_me
from domain.alerts import without_author
from domain.objects import ObjectStatus
from domain.process import ClientReason, Kind, Reason, Refused, Request, Subject
from domain.roles import NOBODY
from storage.bulk_tables import BulkItemRecord, BulkKind, BulkRecord, BulkState, Outcome
from storage.bulks import Settled
from storage.columns import reread
from storage.database import UnitOfWork
from storage.objects import Seen
from storage.outbox import Message
from storage.tables import ObjectRecord

STEP = 25
"""Objects of one transaction: other chats wait no longer than these take."""
LANE = -1
"""The outbox chat in which the steps are taken: no person waits behind them, and bulk changes take turns."""
SHOW_EVERY = timedelta(seconds=3)
FAILED = "FAILED"
"""The reason of an outcome that no rule foresaw."""

logger = logger_of(__name__)


@dataclass(frozen=True, slots=True)
class BulkWish:
    """What is asked for all of them: what a row may demand, once."""

    target: ObjectStatus
    comment: str
    rating: int | None = None
    reason: ClientReason | None = None
    sure: bool = False
    photos: tuple[tuple[str, str], ...] = ()


def start_change(uow: UnitOfWork, bulk: BulkRecord, wish: BulkWish, now: datetime) -> bool:
    """Begin to set a status; False when it was begun already."""
    return _start(
        uow,
        bulk,
        {
            "kind": BulkKind.STATUS,
            "target": wish.target,
            "comment": wish.comment,
            "rating": wish.rating,
            "reason": wish.reason,
            "sure": wish.sure,
            "photos": [list(photo) for photo in wish.photos],
        },
        now,
    )


def start_assignment(uow: UnitOfWork, bulk: BulkRecord, person_id: int | None, now: datetime) -> bool:
    """Begin to name an installer, None: nobody; False when it was begun already."""
    return _start(uow, bulk, {"kind": BulkKind.ASSIGN, "installer_id": person_id}, now)


def _start(uow: UnitOfWork, bulk: BulkRecord, values: Mapping[str, Any], now: datetime) -> bool:
    if not uow.bulks.start(bulk.id or 0, {**values, "shown_at": now}):
        return False
    _queue_step(uow, bulk.id or 0, 0, now)
    return True


def take_step(uow: UnitOfWork, bulk_id: int, done: int, now: datetime) -> None:
    """Do the next objects of a bulk change, unless this step was taken before."""
    bulk = uow.bulks.get(bulk_id)
    if bulk is None or bulk.state is not BulkState.RUNNING or bulk.done != done:
        return
    work = Work(uow, _author(uow, bulk), bulk, now)
    items = uow.bulks.waiting(bulk_id, STEP)
    uow.bulks.settle([work.do(item) for item in items])
    bulk.done += len(items)
    bulk.hearers = sorted({*bulk.hearers, *work.heard})
    if len(items) < STEP:
        bulk.state, bulk.finished_at = BulkState.DONE, now
        _tell(uow, bulk, now)
    else:
        _queue_step(uow, bulk_id, bulk.done, now)
        if bulk.shown_at is None or now - bulk.shown_at >= SHOW_EVERY:
            bulk.shown_at = now
            _show(uow, bulk, now)
    uow.session.add(bulk)
    uow.session.flush()


@dataclass(slots=True)
class Work:
    """One step: does an object at a time, and gathers who has to be told."""

    uow: UnitOfWork
    me: Me
    bulk: BulkRecord
    now: datetime
    heard: set[int] = field(default_factory=set)
    _audience: Audience | None = None

    def do(self, item: BulkItemRecord) -> Settled:
        """One object, whatever becomes of it: its outcome is kept, and the others go on."""
        # Plain values: what a savepoint undoes, it also reads anew.
        item_id, object_id = item.id or 0, item.object_id or 0
        deed = self._change if self.bulk.kind is BulkKind.STATUS else self._assign
        try:
            with self.uow.savepoint():
                return deed(item_id, object_id, item)
        except Refused as refused:
            self.uow.happened[refused.reason] += 1
            return self._refused(item_id, object_id, refused.reason.name)
        except OperationalError:
            raise  # the database itself is in trouble: the step is taken again as a whole
        except Exception:
            logger.exception("an item of a bulk change failed", item=item_id, bulk=self.bulk.id)
            return self._refused(item_id, object_id, FAILED)

    def _change(self, item_id: int, object_id: int, item: BulkItemRecord) -> Settled:
        bulk = self.bulk
        if bulk.target is None:
            raise Refused(Reason.NOT_ALLOWED)
        case = load(self.uow, self.me, Kind.OBJECT, object_id)
        before, commissioned = str(case.status), case.subject.commissioned
        request = Request(bulk.target, bulk.comment, bulk.rating, bulk.reason, confirmed_twice=bulk.sure)
        photos = [(file, unique) for file, unique in bulk.photos]
        change_quietly(self.uow, self.me, case, Wish(request, item.version, photos=photos), self.now)
        after = Subject(
            bulk.target,
            since=self.now,
            commissioned=commissioned or bulk.target is ObjectStatus.ACTIVE,
        )
        self.heard.update(self._hearers(case.seen, after))
        return Settled(item_id, Outcome.CHANGED, before=before, after=bulk.target)

    def _assign(self, item_id: int, object_id: int, item: BulkItemRecord) -> Settled:
        found = naming(self.uow, self.me, object_id, support=False)
        if found.named_id != item.installer_id:
            raise Refused(Reason.SOMEBODY_WAS_FASTER)
        person_id = self.bulk.installer_id
        after = next((person.name for person in found.people if person.id == person_id), None)
        if assign_quietly(self.uow, self.me, found, person_id, self.now) is None:
            return Settled(item_id, Outcome.SAME, before=found.named, after=after)
        if person_id is not None and person_id != self.me.actor.person_id:
            self.heard.add(person_id)
        return Settled(item_id, Outcome.CHANGED, before=found.named, after=after)

    def _hearers(self, seen: Seen, after: Subject[ObjectStatus]) -> Iterable[int]:
        if self._audience is None:
            self._audience = Audience(self.uow, self.now)
        found = without_author(self._audience.of(seen, after), self.me.actor.person_id)
        return [hearer.person_id for hearer in found]

    def _refused(self, item_id: int, object_id: int, reason: str) -> Settled:
        # What was read inside of the savepoint may be what has been undone with it.
        reread(self.uow.session, ObjectRecord, object_id)
        return Settled(item_id, Outcome.REFUSED, reason, before=self._now(object_id))

    def _now(self, object_id: int) -> str | None:
        """How an object is now; None when it is not the author's to see."""
        try:
            case = load(self.uow, self.me, Kind.OBJECT, object_id)
        except Refused:
            return None
        if self.bulk.kind is BulkKind.STATUS:
            return str(case.status)
        return person_name(self.uow, case.seen.object.installer_id)


def _author(uow: UnitOfWork, bulk: BulkRecord) -> Me:
    """Whose change it is, as of this moment; somebody who was removed may do nothing more."""
    person = uow.people.get(bulk.person_id)
    if person is None:
        raise RuntimeError("people are never deleted")
    me = as_me(uow, person)
    if person.removed_at is None:
        return me
    return replace(me, actor=replace(me.actor, roles=NOBODY))


def _queue_step(uow: UnitOfWork, bulk_id: int, done: int, now: datetime) -> None:
    row = {"bulk_id": bulk_id, "done": done}
    uow.outbox.add([Message("bulk-step", LANE, row, dedup_key=f"bulk-step:{bulk_id}:{done}")], now)


def _show(uow: UnitOfWork, bulk: BulkRecord, now: datetime) -> None:
    """Have the author's screen brought up to date, if it still shows this."""
    person = uow.people.get(bulk.person_id)
    if person is not None and person.telegram_id is not None:
        row = {"bulk_id": bulk.id}
        uow.outbox.add([Message("bulk-shown", person.telegram_id, row, person_id=person.id)], now)


def _tell(uow: UnitOfWork, bulk: BulkRecord, now: datetime) -> None:
    """One message a person: the author sees the results, everybody else that there is something to do."""
    _show(uow, bulk, now)
    audience = Audience(uow, now)
    people = [uow.people.get(person_id) for person_id in bulk.hearers]
    uow.outbox.add(
        [
            Message(
                "bulk",
                person.telegram_id,
                {"bulk_id": bulk.id},
                person_id=person.id,
                dedup_key=f"bulk:{bulk.id}:{person.id}",
                due_at=audience.rhythm(person.id or 0).speaks_at(now),
            )
            for person in people
            if person is not None and person.telegram_id is not None and person.id != bulk.person_id
        ],
        now,
    )
