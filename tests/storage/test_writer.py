"""The one writer: transactions one at a time, each whole, whatever happens to those who wait."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from storage.database import Database, UnitOfWork
from storage.writer import Writer

PATIENCE = 10


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    """A writer on either database."""
    made = Writer(database)
    yield made
    made.close()


def value(database: Database, key: str) -> str | None:
    with database.read() as unit:
        return unit.settings.get(key)


def put(key: str, text: str = "yes") -> "Put":
    return Put(key, text)


class Put:
    """Writes one setting; between ``started`` and ``go`` it stands still, in the middle of its unit."""

    def __init__(self, key: str, text: str) -> None:
        self.key, self.text = key, text
        self.started, self.go = threading.Event(), threading.Event()
        self.go.set()

    def halting(self) -> "Put":
        """The same, but it stands still until ``go`` is set."""
        self.go.clear()
        return self

    def __call__(self, unit: UnitOfWork) -> str:  # noqa: D102  # the class says it
        unit.settings.put(self.key, self.text)
        self.started.set()
        assert self.go.wait(PATIENCE)
        return self.text


async def started(work: Put) -> None:
    assert await asyncio.to_thread(work.started.wait, PATIENCE)


async def test_what_is_written_is_kept_and_given_back(writer: Writer) -> None:
    assert await writer.write(put("colour", "green")) == "green"
    assert value(writer.database, "colour") == "green"


async def test_what_fails_is_undone_and_the_next_goes_on(writer: Writer) -> None:
    def fail(unit: UnitOfWork) -> None:
        unit.settings.put("colour", "green")
        raise LookupError

    with pytest.raises(LookupError):
        await writer.write(fail)
    assert value(writer.database, "colour") is None
    await writer.write(put("size"))
    assert value(writer.database, "size") == "yes"


async def test_writes_go_one_at_a_time(writer: Writer) -> None:
    inside = 0

    def count(unit: UnitOfWork) -> None:
        nonlocal inside
        inside += 1
        assert inside == 1
        unit.settings.put("count", str(int(unit.settings.get("count") or 0) + 1))
        inside -= 1

    await asyncio.gather(*(writer.write(count) for _ in range(50)))
    assert value(writer.database, "count") == "50"


async def test_a_cancelled_write_is_whole_and_keeps_its_turn(writer: Writer) -> None:
    work = put("colour").halting()
    task = asyncio.create_task(writer.write(work))
    await started(work)
    task.cancel()
    following = asyncio.create_task(writer.write(put("size")))
    await asyncio.sleep(0.05)
    assert not task.done()  # it waits for its thread
    assert not following.done()
    work.go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await following
    assert value(writer.database, "colour") == "yes"
    assert value(writer.database, "size") == "yes"


async def test_a_write_cancelled_before_its_turn_does_nothing(writer: Writer) -> None:
    held = await writer.hold()
    task = asyncio.create_task(writer.write(put("colour")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await held.rollback()
    assert value(writer.database, "colour") is None
    assert not writer.turn.locked()


async def test_a_held_unit_is_one_transaction_over_several_calls(writer: Writer) -> None:
    held = await writer.hold()
    await held.run(put("one"))
    await held.run(put("two"))
    assert value(writer.database, "one") is None
    following = asyncio.create_task(writer.write(put("three")))
    await asyncio.sleep(0.05)
    assert not following.done()
    await held.commit()
    await following
    assert [value(writer.database, key) for key in ("one", "two", "three")] == ["yes"] * 3


async def test_a_held_unit_that_is_rolled_back_leaves_nothing(writer: Writer) -> None:
    held = await writer.hold()
    await held.run(put("one"))
    await held.rollback()
    assert value(writer.database, "one") is None
    await writer.write(put("two"))
    assert value(writer.database, "two") == "yes"


async def test_a_held_unit_that_has_ended_refuses_everything(writer: Writer) -> None:
    held = await writer.hold()
    await held.commit()
    following = await writer.hold()
    for use in (lambda: held.run(put("one")), held.commit, held.rollback):
        with pytest.raises(RuntimeError, match="has ended"):
            await use()
    assert writer.turn.locked()  # the next one's turn was not given away
    await following.rollback()


async def test_a_cancelled_call_of_a_held_unit_leaves_the_unit_open(writer: Writer) -> None:
    held = await writer.hold()
    work = put("one").halting()
    task = asyncio.create_task(held.run(work))
    await started(work)
    task.cancel()
    work.go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await held.commit()
    assert value(writer.database, "one") == "yes"


async def test_a_commit_that_fails_gives_the_turn_away(writer: Writer) -> None:
    held = await writer.hold()
    await held.run(put("one"))

    def spoil(unit: UnitOfWork) -> None:
        unit.commit = lambda: 1 / 0  # type: ignore[assignment,method-assign,return-value]

    await held.run(spoil)
    with pytest.raises(ZeroDivisionError):
        await held.commit()
    assert not writer.turn.locked()
    await held._writer.in_thread(held._unit.rollback)
