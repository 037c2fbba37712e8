"""What is old in the queues is forgotten, a portion at a time, and nothing else is."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from sqlmodel import select
from telegram.ext import ApplicationBuilder

from bot.jobs import DAILY, SOON, TROUBLE_STAYS, Forgetting
from storage import retention
from storage.database import Database, UnitOfWork
from storage.outbox import Message, Outcome
from storage.queues import InboxRecord, OutboxRecord, OutboxState
from storage.tables import HistoryRecord
from storage.writer import Writer
from tests.builders import NOW, add_company, add_entry

T = TypeVar("T")
DAY = timedelta(days=1)
KEEP = 30 * DAY
S = OutboxState


@pytest.fixture
def writer(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writer]:
    """A writer on either database; a portion is three rows."""
    monkeypatch.setattr(retention, "PORTION", 3)
    made = Writer(database)
    yield made
    made.close()


def came(unit: UnitOfWork, update_id: int, at: datetime, state: str) -> None:
    unit.inbox.store({update_id: "{}"}, at)
    if state == "done":
        unit.inbox.done(update_id)
    if state == "parked":
        unit.inbox.park(update_id, "KeyError")


def queued(unit: UnitOfWork, key: str, at: datetime, state: OutboxState, ended: datetime) -> None:
    unit.outbox.add([Message("alert", 5, {}, dedup_key=key)], at)
    if state is not S.WAITING:
        (last,) = [row for row in unit.outbox.waiting() if row.dedup_key == key]
        unit.outbox.settle([Outcome(last.id or 0, state)], ended)


def updates(unit: UnitOfWork) -> list[int]:
    return list(unit.session.exec(select(InboxRecord.update_id).order_by("seq")))


def messages(unit: UnitOfWork) -> list[str | None]:
    return list(unit.session.exec(select(OutboxRecord.dedup_key).order_by("id")))


async def test_updates_that_are_done_go_when_they_are_old(writer: Writer) -> None:
    young, old, ancient = NOW - KEEP, NOW - KEEP - DAY, NOW - TROUBLE_STAYS - DAY
    with writer.database.write() as unit:
        for number, (at, state) in enumerate(
            [
                (ancient, "done"), (ancient, "parked"), (ancient, "waiting"), (ancient, "done"),
                (old, "done"), (old, "parked"), (old, "done"), (old, "waiting"), (old, "done"),
                (young, "done"), (young, "waiting"), (NOW, "done"), (NOW, "parked"), (NOW, "done"),
            ]
        ):  # fmt: skip
            came(unit, number, at, state)
    forgetting = Forgetting(writer, lambda: NOW, KEEP)
    assert await forgetting.forget() == (6, 0)
    with writer.database.read() as unit:
        assert updates(unit) == [2, 5, 7, 9, 10, 11, 12, 13]
        assert [number for number, _ in unit.inbox.parked()] == [5, 12]
        assert unit.inbox.waiting_ids() == {2, 7, 10}
    assert await forgetting.forget() == (0, 0)
    # Telegram brings what it has for 24 hours: it is known still.
    with writer.database.write() as unit:
        unit.inbox.store({9: "{}", 11: "{}"}, NOW)
        assert unit.inbox.waiting_ids() == {2, 7, 10}


async def test_messages_go_by_when_they_ended(writer: Writer) -> None:
    old, ancient = NOW - KEEP - DAY, NOW - TROUBLE_STAYS - DAY
    with writer.database.write() as unit:
        for key, at, state, ended in [
            ("sent", old, S.SENT, old), ("dropped", old, S.DROPPED, old), ("late", old, S.SENT, NOW),
            ("waiting", ancient, S.WAITING, NOW), ("dead", old, S.DEAD, old),
            ("long dead", ancient, S.DEAD, ancient), ("new", NOW, S.SENT, NOW),
        ]:  # fmt: skip
            queued(unit, key, at, state, ended)
    assert await Forgetting(writer, lambda: NOW, KEEP).forget() == (0, 3)
    with writer.database.read() as unit:
        assert messages(unit) == ["late", "waiting", "dead", "new"]
        assert unit.outbox.counts() == {S.SENT: 2, S.WAITING: 1, S.DEAD: 1}


async def test_whoever_keeps_for_longer_keeps_trouble_as_long(writer: Writer) -> None:
    with writer.database.write() as unit:
        came(unit, 1, NOW - 300 * DAY, "parked")
        queued(unit, "dead", NOW - 300 * DAY, S.DEAD, NOW - 300 * DAY)
    assert await Forgetting(writer, lambda: NOW, 365 * DAY).forget() == (0, 0)
    assert await Forgetting(writer, lambda: NOW, 299 * DAY).forget() == (1, 1)


class Looking(Writer):
    """Says beforehand to each transaction how many updates there are."""

    def __init__(self, database: Database, look: Callable[[int], None]) -> None:
        super().__init__(database)
        self._look = look

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:  # noqa: D102  # as the other
        with self.database.read() as unit:
            self._look(len(updates(unit)))
        return await super().write(work)


async def test_each_portion_is_a_transaction_of_its_own_and_the_last_when_it_is_to_end(
    writer: Writer,
) -> None:
    with writer.database.write() as unit:
        for number in range(10):
            came(unit, number, NOW - KEEP - DAY, "done")
    left: list[int] = []

    def look(count: int) -> None:
        left.append(count)
        if count <= 7:
            forgetting.stop()

    looking = Looking(writer.database, look)
    forgetting = Forgetting(looking, lambda: NOW, KEEP)
    assert await forgetting.forget() == (6, 0)
    assert left == [10, 7]
    looking.close()
    assert await Forgetting(writer, lambda: NOW, KEEP).forget() == (4, 0)


async def test_the_history_stays_whatever_its_age(writer: Writer) -> None:
    with writer.database.write() as unit:
        add_entry(unit, add_company(unit).client, at=NOW - 3000 * DAY)
        came(unit, 1, NOW - 3000 * DAY, "done")
    assert await Forgetting(writer, lambda: NOW, 2 * DAY).forget() == (1, 0)
    with writer.database.read() as unit:
        assert len(unit.session.exec(select(HistoryRecord)).all()) == 1


async def test_it_is_done_every_day_and_survives_a_failure(
    writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    application = ApplicationBuilder().token("1:a").build()
    queue = application.job_queue
    assert queue is not None
    forgetting = Forgetting(writer, lambda: NOW, KEEP)
    forgetting.start(application)
    queue.scheduler.start(paused=True)
    (job,) = queue.jobs()
    assert job.job.trigger.interval == DAILY
    assert job.next_t is not None
    assert abs(job.next_t - datetime.now(UTC) - SOON) < SOON
    writer.close()
    await job.run(application)
    assert [record.msg for record in caplog.records if record.name == "bot.jobs"] == [
        "what is old cannot be forgotten; again tomorrow"
    ]
    queue.scheduler.shutdown()
