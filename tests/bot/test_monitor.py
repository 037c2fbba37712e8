"""Whether the process lives, and whether it does its part: in each state, and when things are away."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

import storage.database
from bot.app import Greenlight
from bot.intake import Polling
from bot.pace import Pace
from bot.recorder import Recorder
from bot.updates import Feed
from bot.web import monitor as monitoring
from bot.web.listener import NotToBeHad
from storage.database import REACH, Database
from tests.bot.conftest import Running
from tests.bot.monitoring import Tools
from tests.conftest import Databases

pytestmark = pytest.mark.filterwarnings("ignore:.*per_message", "ignore:.*PTB_TIMEDELTA")
AWAY = "the database does not answer"
DOUBT = "the right to work is in doubt"


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """SQLite, unless the test asks for the other."""
    return str(getattr(request, "param", "sqlite"))


on_both = pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
on_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)


@pytest.fixture
def monitor(free_ports: list[int]) -> str:
    """Where it is answered how the bot is."""
    return f"127.0.0.1:{free_ports[1]}"


@contextmanager
def away(databases: Databases, database: Database) -> Iterator[None]:
    """A database that is away: PostgreSQL puts everybody out, SQLite's file is somewhere else."""
    name = str(database.engine.url.database)
    if database.is_sqlite:
        elsewhere = Path(name).rename(f"{name}-away")
        yield
        assert not Path(name).exists()  # whoever looked for it has made no other
        elsewhere.rename(name)
    else:
        databases.say(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        databases.say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608  # our own
        yield
        databases.say(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@on_both
async def test_one_that_works_is_well(running: Running, tools: Tools) -> None:
    running.start()
    await tools.ready("working")
    assert await tools.says("/healthz") == (200, "working", [])


@on_both
async def test_with_the_database_away_it_is_not_ready_but_lives_and_comes_back(
    running: Running, tools: Tools, databases: Databases
) -> None:
    running.start()
    await tools.ready("working")
    with away(databases, running.database):
        await tools.ready("working", AWAY, *([] if running.database.is_sqlite else [DOUBT]))
        assert await tools.says("/healthz") == (200, "working", [])
        figures = await tools.figures()
        assert figures["greenlight_database_up"] == 0
        assert figures["greenlight_works"] == (1 if running.database.is_sqlite else 0)
    await tools.ready("working")
    assert (await tools.figures())["greenlight_database_up"] == 1


@on_postgresql
async def test_a_database_that_hangs_is_waited_for_no_longer_than_a_second(
    running: Running, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.database, "_ASIDE", REACH)  # not even the server ends the question
    running.start()
    await tools.ready("working")
    with running.database.engine.begin() as holding:
        holding.execute(text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
        monkeypatch.setattr(monitoring, "PATIENCE", 0.01)
        assert await tools.says("/readyz") == (503, "working", [AWAY])
        assert (await tools.figures())["greenlight_database_up"] == 0
        monkeypatch.undo()
    await tools.ready("working")


@on_postgresql
async def test_one_that_stands_by_is_ready_for_that(
    running: Running, tools: Tools, databases: Databases
) -> None:
    other = running.database.leases()
    assert other.take("another", 3600)
    running.start()
    await tools.ready("standing by")
    assert await tools.says("/healthz") == (200, "standing by", [])
    figures = await tools.figures()
    assert (figures["greenlight_works"], figures["greenlight_epoch"]) == (0, 0)
    with away(databases, running.database):
        await tools.ready("standing by", AWAY)
        assert await tools.says("/healthz") == (200, "standing by", [])
    await tools.ready("standing by")
    other.give_back(1)
    other.close()
    await tools.ready("working")
    figures = await tools.figures()
    assert (figures["greenlight_works"], figures["greenlight_epoch"]) == (1, 2)


async def test_one_that_cannot_reach_telegram_lives_but_is_not_ready(running: Running, tools: Tools) -> None:
    await running.post("faults", kind="500", method="getMe", times=1)
    running.start()
    assert await tools.ready("reaching Telegram", "reaching Telegram") == ["reaching Telegram"]
    assert await tools.says("/healthz") == (200, "reaching Telegram", [])
    assert (await tools.figures())["greenlight_works"] == 1
    await tools.ready("working")


async def test_with_telegram_away_later_on_it_is_well(running: Running, tools: Tools) -> None:
    running.start()
    await tools.ready("working")
    await running.post("faults", kind="reset", times=10**6)
    await running.says(running.company.installer.telegram_id, "/menu")
    await running.sent(lambda calls: any(call.get("fault") for call in calls))
    assert await tools.says("/healthz") == (200, "working", [])
    assert await tools.says("/readyz") == (200, "working", [])


async def test_one_that_ends_is_not_ready_but_lives(running: Running, tools: Tools) -> None:
    running.start()
    await tools.ready("working")
    anna = running.company.installer.telegram_id
    await running.post("faults", kind="slow", method="sendMessage", seconds=1)
    await running.says(anna, "/menu")
    await running.until(lambda unit: not unit.inbox.waiting_ids() and bool(unit.outbox.waiting()))
    running.stopped.set()
    assert await tools.says("/readyz") == (503, "ending", ["ending"])
    assert await tools.says("/healthz") == (200, "ending", [])


@pytest.mark.parametrize(
    ("part", "name", "said"),
    [
        (Polling, "_run", "polling"),
        (Feed, "_look_for_ever", "the inbox's feed"),
        (Pace, "turn", "sending"),
        (Recorder, "_record_for_ever", "sending"),
    ],
)
async def test_one_of_which_a_part_has_ended_for_ever_does_not_live(
    running: Running, tools: Tools, monkeypatch: pytest.MonkeyPatch, part: type, name: str, said: str
) -> None:
    async def broken(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(part, name, broken)
    running.start()
    await tools.ready("working")
    assert await tools.says("/healthz") == (503, "working", [f"{said} has ended"])


@on_both
async def test_a_transaction_without_an_end_is_fatal_but_not_while_the_database_is_away(
    running: Running, tools: Tools, monkeypatch: pytest.MonkeyPatch, databases: Databases
) -> None:
    greenlight: Greenlight = running.start()
    await tools.ready("working")
    monkeypatch.setattr(monitoring, "HUNG", 0.0)
    held = await greenlight._writer.hold()
    stuck = (503, "working", ["a transaction does not end, although the database answers"])
    assert await tools.says("/healthz") == stuck
    monkeypatch.setattr(monitoring, "HUNG", 60.0)
    assert await tools.says("/healthz") == (200, "working", [])
    monkeypatch.setattr(monitoring, "HUNG", 0.0)
    with away(databases, running.database):
        await tools.ready("working", AWAY)
        assert await tools.says("/healthz") == (200, "working", [])
    await tools.ready("working")
    assert await tools.says("/healthz") == stuck
    await held.rollback()
    monkeypatch.undo()
    assert await tools.says("/healthz") == (200, "working", [])


@pytest.mark.parametrize("path", ["/", "/healthz/", "/metrics/x", "/METRICS", "/hook", "/favicon.ico"])
async def test_nothing_else_is_answered(running: Running, tools: Tools, path: str) -> None:
    running.start()
    await tools.ready("working")
    assert (await tools.get(path))[0] == 404
    async with tools.http.post("/metrics") as answer:
        assert answer.status == 405


async def test_an_address_that_is_taken_is_one_line(running: Running, free_ports: list[int]) -> None:
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", free_ports[1]):
        greenlight = Greenlight(running.settings)
        with pytest.raises(NotToBeHad, match=r"^GREENLIGHT_MONITOR 127.0.0.1:\d+: Address already in use$"):
            await greenlight.run(asyncio.Event())
