"""The notifier on both databases, which fail, and a Telegram that answers as it is told."""

import asyncio
import errno
import gc
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlmodel import select
from telegram import Bot
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot import notifier as sending
from bot import recorder
from bot.delivery import Delivered, Delivery
from bot.failures import Fate, fate_of
from bot.files import Files
from bot.lanes import Sort
from bot.notifier import Notifier
from bot.services.cases import FILES_LANE
from bot.transport import AiohttpRequest, NetworkInTransaction
from storage.database import Database, UnitOfWork
from storage.lease import LeaseLost
from storage.outbox import Message
from storage.queues import OutboxRecord, OutboxState
from storage.writer import Writer
from tests.bot.conftest import TOKEN
from tests.builders import NOW

pytestmark = pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA")
BOUND = 20
DAY = timedelta(hours=24)
WAITING, SENT, DROPPED, DEAD = OutboxState
HTML = b"<html>Access denied by the proxy</html>"
Answers = Callable[[OutboxRecord], Delivered | None]


class Desk:
    """A notifier whose messages of the kinds «line» and «text» go where the test says."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.now = NOW
        self.read_only = False
        self.said: list[str] = []
        self.answers: Answers = lambda _record: Delivered(1)
        self.writer = Writer(database)
        self.delivery = Delivery(self.writer, Files(folder))
        self.delivery.also({"line": self._send, "text": self._send, "keep": self._send})
        self.notifier = Notifier(self.writer, self.delivery, lambda: self.now, 1000)
        self.notifier._pace._jitter = lambda _low, _high: 0  # the tests of the pace know how long a rest is
        event.listen(database.engine, "begin", self._begin)

    def _begin(self, connection: Connection) -> None:
        if self.database.is_sqlite:
            connection.exec_driver_sql(f"PRAGMA query_only = {int(self.read_only)}")
        elif self.read_only:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    async def _send(self, record: OutboxRecord, _now: datetime) -> Delivered | None:
        answer = self.answers(record)
        self.said.append(str(record.payload["text"]))
        await asyncio.sleep(0)
        return answer

    async def writes(self, *lines: tuple[int, str], kind: str = "line", **more: Any) -> None:
        """Commit rows and ring."""
        messages = [Message(kind, chat, {"text": text}, **more) for chat, text in lines]
        await self.writer.write(lambda unit: unit.outbox.add(messages, self.now))
        self.notifier.wake()

    def states(self) -> dict[str, OutboxState]:
        """What became of each line."""
        with self.database.read() as unit:
            rows = unit.session.exec(select(OutboxRecord)).all()
            return {str(row.payload["text"]): row.state for row in rows}

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, ringing all the while, as the ticks do."""
        async with asyncio.timeout(BOUND):
            while not holds():
                self.notifier.wake()
                await asyncio.sleep(0.005)

    async def settled(self) -> dict[str, OutboxState]:
        """What became of each line, as soon as none waits."""
        await self.until(lambda: WAITING not in self.states().values())
        return self.states()


@pytest.fixture
async def desk(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(recorder, "AGAIN_AFTER", 0.01)
    monkeypatch.setattr(sending, "LOOK_AGAIN", 0.01)
    made = Desk(database, tmp_path)
    await made.notifier.start(Bot(TOKEN))
    yield made
    await made.notifier.stop()
    made.writer.close()


def failing(*errors: Exception) -> Answers:
    """Fail so many times, then succeed."""
    left = list(errors)

    def answer(_record: OutboxRecord) -> Delivered:
        if left:
            raise left.pop(0)
        return Delivered(1)

    return answer


# Who goes first.


async def test_a_reply_goes_before_all_that_waits_for_its_chat(desk: Desk) -> None:
    begun, arrives = asyncio.Event(), asyncio.Event()

    async def slow(record: OutboxRecord, now: datetime) -> Delivered | None:
        begun.set()
        await arrives.wait()
        return await desk._send(record, now)

    desk.delivery.also({"line": slow})
    await desk.writes(*[(11, f"alert {n}") for n in range(5)])
    await begun.wait()
    await desk.writes((11, "reply"), (11, "and another"), kind="text")
    await desk.until(lambda: Sort.REPLY in desk.notifier._pace._lanes[11].waiting)
    arrives.set()
    await desk.settled()
    assert desk.said == ["alert 0", "reply", "and another", *[f"alert {n}" for n in range(1, 5)]]


async def test_of_screens_that_take_each_others_place_the_last_is_sent(desk: Desk) -> None:
    begun, arrives = asyncio.Event(), asyncio.Event()

    async def slow(record: OutboxRecord, now: datetime) -> Delivered | None:
        begun.set()
        await arrives.wait()
        return await desk._send(record, now)

    desk.delivery.also({"text": slow, "screen": desk._send})
    await desk.writes((11, "in hand"), kind="text")
    await begun.wait()
    rows = [("a", 5), ("b", 5), ("c", 5), ("d", 6), ("e", None), ("f", None)]
    screens = [Message("screen", 11, {"text": text, "edit": edit}) for text, edit in rows]
    await desk.writer.write(lambda unit: unit.outbox.add(screens, NOW))
    arrives.set()
    states = await desk.settled()
    assert desk.said == ["in hand", "c", "d", "e", "f"]
    assert (states["a"], states["b"]) == (DROPPED, DROPPED)


async def test_what_is_not_due_yet_is_held_and_holds_up_nobody(desk: Desk) -> None:
    await desk.writes((11, "tomorrow"), due_at=NOW + DAY)
    await desk.writes((11, "now"))
    await desk.until(lambda: desk.states()["now"] is SENT)
    assert desk.states()["tomorrow"] is WAITING
    desk.now += DAY
    assert set((await desk.settled()).values()) == {SENT}


async def test_a_row_that_is_committed_after_a_later_one_is_found(desk: Desk) -> None:
    if desk.database.is_sqlite:
        pytest.skip("SQLite commits in the order of the ids")
    with desk.database.write() as early:
        early.outbox.add([Message("line", 11, {"text": "early"})], NOW)
        await desk.writes((11, "late"))
        await desk.until(lambda: desk.states() == {"late": SENT})
    assert await desk.settled() == {"late": SENT, "early": SENT}


# What does not arrive.


def read_only(unit: UnitOfWork) -> None:
    unit.outbox.add([Message("line", 9, {"text": "never"})], NOW)


async def test_a_database_that_is_away_while_a_message_is_written_delays_it(desk: Desk) -> None:
    tries: list[str] = []

    async def fact(record: OutboxRecord, _now: datetime) -> Delivered:
        tries.append(str(record.payload["text"]))
        desk.read_only = len(tries) < 3
        if desk.read_only:
            await desk.writer.write(read_only)
        return Delivered(1)

    desk.delivery.also({"line": fact})
    await desk.writes((11, "fact"))
    assert await desk.settled() == {"fact": SENT}
    assert tries == ["fact"] * 3


async def test_a_full_disk_delays_a_message(desk: Desk) -> None:
    desk.answers = failing(OSError(errno.ENOSPC, "No space left on device"))
    await desk.writes((11, "photo"))
    assert await desk.settled() == {"photo": SENT}


async def test_a_mistake_in_the_program_stops_one_message_and_not_the_rest(desk: Desk) -> None:
    desk.answers = failing(KeyError("fact"))
    await desk.writes((11, "broken"), (11, "fine"))
    assert await desk.settled() == {"broken": DEAD, "fine": SENT}
    with desk.database.read() as unit:
        assert [row.error for row in unit.outbox.dead()] == ["KeyError"]


@pytest.mark.parametrize("error", [NetworkError("Bad Gateway"), TimedOut(), OSError(errno.ENOSPC, "full")])
async def test_after_a_day_of_trouble_a_message_is_given_up(desk: Desk, error: Exception) -> None:
    tries = 0

    def answer(_record: OutboxRecord) -> Delivered:
        nonlocal tries
        tries += 1
        raise error

    desk.answers = answer
    await desk.writes((11, "old"))
    await desk.until(lambda: tries > 3)
    desk.now += DAY
    await desk.until(lambda: tries > 6)
    assert desk.states() == {"old": WAITING}
    desk.now += timedelta(seconds=1)
    assert await desk.settled() == {"old": DEAD}
    with desk.database.read() as unit:
        assert [row.payload["text"] for row in unit.outbox.dead()] == ["old"]


@pytest.mark.parametrize("error", [InvalidToken("Unauthorized"), Conflict("other"), LeaseLost()])
async def test_what_somebody_has_to_mend_is_waited_out_and_said_once(
    desk: Desk, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answers = failing(*[error] * 8)
    desk.now += DAY * 3
    await desk.writer.write(
        lambda unit: unit.outbox.add([Message("line", n, {"text": f"{n}"}) for n in range(11, 15)], NOW)
    )
    assert set((await desk.settled()).values()) == {SENT}
    said = [line for line in caplog.records if line.name == "bot.notifier" and line.levelno > logging.INFO]
    assert len(said) == 1
    assert (said[0].levelno == logging.ERROR) == isinstance(error, InvalidToken)


async def test_a_file_that_fails_steps_aside_until_later(desk: Desk) -> None:
    desk.answers = failing(NetworkError("Bad Gateway"))
    await desk.writes((FILES_LANE, "first"), (FILES_LANE, "second"), kind="keep")
    await desk.until(lambda: desk.states()["second"] is SENT)
    assert desk.states()["first"] is WAITING
    desk.now += timedelta(seconds=1)
    assert await desk.settled() == {"first": SENT, "second": SENT}


# What has arrived, and cannot be recorded.


async def test_while_nothing_can_be_recorded_no_chat_gets_a_second_message_and_none_twice(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(_record: OutboxRecord) -> Delivered:
        desk.read_only = True
        return Delivered(1)

    desk.answers = answer
    await desk.writes((11, "first"), (11, "second"))
    await desk.until(lambda: sum("cannot be recorded" in line.message for line in caplog.records) >= 3)
    assert desk.said == ["first"]
    assert desk.states() == {"first": WAITING, "second": WAITING}
    desk.answers = failing()
    desk.read_only = False
    assert await desk.settled() == {"first": SENT, "second": SENT}
    assert desk.said == ["first", "second"]


async def test_what_follows_from_one_message_cannot_stop_the_recording_of_others(desk: Desk) -> None:
    def then(_unit: UnitOfWork, _now: datetime) -> bool:
        raise LookupError("nothing of this kind")

    followed = []

    def answer(record: OutboxRecord) -> Delivered:
        if record.chat_id == 13:
            return Delivered(1, then=then)
        return Delivered(1, then=lambda _unit, _now: followed.append(record.chat_id) or False)  # type: ignore[func-returns-value]  # nothing, so it is False

    desk.answers = answer
    await desk.writes(*[(chat, f"{chat}") for chat in range(11, 17)])
    assert set((await desk.settled()).values()) == {SENT}
    assert sorted(set(followed)) == [11, 12, 14, 15, 16]
    assert Counter(desk.said) == Counter(map(str, range(11, 17)))


# How much is in memory, and how it ends.


def kept_in_memory() -> int:
    return sum(isinstance(one, OutboxRecord) for one in gc.get_objects())


async def test_however_much_waits_little_is_in_memory_and_no_chat_starves(desk: Desk) -> None:
    def answer(record: OutboxRecord) -> Delivered:
        if record.chat_id == 11:
            raise RetryAfter(3600)
        arrived.append(record.chat_id)
        if len(arrived) % 40 == 0:
            seen.append((kept_in_memory(), len(desk.notifier._in_hand)))
        return Delivered(1)

    arrived: list[int] = []
    seen: list[tuple[int, int]] = []
    desk.answers = answer
    many = [(11, f"stuck {n}") for n in range(20_000)]
    await desk.writes(*many, *[(chat, f"chat {chat}") for chat in range(12, 210)])
    await desk.until(lambda: len(arrived) == 198)
    assert max(records for records, _ in seen) < 300
    assert max(tasks for _, tasks in seen) <= 60


async def test_the_end_waits_for_what_is_on_its_way_and_records_it(desk: Desk) -> None:
    arrives = asyncio.Event()
    begun = asyncio.Event()

    async def slow(_record: OutboxRecord, _now: datetime) -> Delivered:
        begun.set()
        await arrives.wait()
        return Delivered(1)

    desk.delivery.also({"line": slow})
    await desk.writes((11, "on its way"), (11, "not begun"))
    await begun.wait()
    ending = asyncio.create_task(desk.notifier.stop())
    await asyncio.sleep(0)
    arrives.set()
    await ending
    assert desk.states() == {"on its way": SENT, "not begun": WAITING}


async def test_the_end_comes_whatever_hangs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LAST_WORDS", 0.05)
    monkeypatch.setattr(recorder, "LAST_WORDS", 0.05)
    begun = asyncio.Event()

    async def hang(record: OutboxRecord, _now: datetime) -> Delivered:
        if record.chat_id == 11:
            begun.set()
            await asyncio.Event().wait()
        desk.read_only = True
        return Delivered(1)

    desk.delivery.also({"line": hang})
    await desk.writes((11, "hangs"))
    await begun.wait()
    await desk.writes((12, "cannot be recorded"))
    await desk.until(lambda: bool(desk.notifier._recorder._entries))
    async with asyncio.timeout(BOUND):
        await desk.notifier.stop()
    assert set(desk.states().values()) == {WAITING}


# What a failure means.


class Says(AiohttpRequest):
    """The network, which answers every request in the same way."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__()
        self._answer = status, body

    async def do_request(self, *_args: Any, **_kwargs: Any) -> tuple[int, bytes]:
        """Answer."""
        return self._answer


def said(status: int, words: str, **parameters: Any) -> tuple[int, bytes]:
    """An answer of Telegram's."""
    body = {"ok": False, "error_code": status, "description": words, "parameters": parameters}
    return status, json.dumps(body).encode()


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (said(400, "Bad Request: chat not found"), Fate.REFUSED),
        (said(400, "Bad Request: group upgraded", migrate_to_chat_id=-1001), Fate.REFUSED),
        (said(403, "Forbidden: bot was blocked by the user"), Fate.UNREACHABLE),
        (said(401, "Unauthorized"), Fate.PATIENCE),
        (said(404, "Not Found"), Fate.PATIENCE),
        (said(409, "Conflict: terminated by other getUpdates request"), Fate.PATIENCE),
        (said(500, "Internal Server Error"), Fate.AGAIN),
        (said(502, "Bad Gateway"), Fate.AGAIN),
        ((200, HTML), Fate.AGAIN), ((400, HTML), Fate.AGAIN), ((403, HTML), Fate.AGAIN),
        ((404, HTML), Fate.AGAIN), ((502, HTML), Fate.AGAIN), ((504, b""), Fate.AGAIN),
    ],
)  # fmt: skip
async def test_only_telegram_itself_refuses(answer: tuple[int, bytes], fate: Fate) -> None:
    bot = Bot(TOKEN, request=Says(*answer))
    with pytest.raises(Exception) as caught:  # noqa: PT011  # it is looked at
        await bot.send_message(11, "text")
    assert fate_of(caught.value) is fate  # type: ignore[arg-type]  # one that was just raised


def test_what_is_nobodys_fault_passes() -> None:
    assert fate_of(NetworkInTransaction()) is Fate.PATIENCE
    assert fate_of(LeaseLost()) is Fate.PATIENCE
    assert fate_of(TimeoutError()) is Fate.AGAIN
    assert fate_of(ValueError()) is Fate.BROKEN
    assert fate_of(Forbidden("Forbidden: user is deactivated")) is Fate.UNREACHABLE
    assert fate_of(BadRequest("Message is too long")) is Fate.REFUSED
