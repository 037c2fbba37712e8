"""What is counted, to the last one: pressed, refused, put aside, put off, sent and not sent, ticked."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import jobs
from bot.conversations import last
from bot.metrics import Metrics
from bot.unit import wall_clock
from domain.objects import ObjectStatus
from domain.process import Reason
from storage.outbox import Message
from tests.bot.conftest import Running
from tests.bot.monitoring import Figures, Tools
from tests.bot.test_updates import Failing
from tests.builders import add_object

pytestmark = pytest.mark.filterwarnings("ignore:.*per_message", "ignore:.*PTB_TIMEDELTA")
S = ObjectStatus
COMMENT = "Grey zebra in the field"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """On both databases."""
    return str(request.param)


@pytest.fixture
def monitor(free_ports: list[int]) -> str:
    """Where the figures are."""
    return f"127.0.0.1:{free_ports[1]}"


def counted(figures: Figures, name: str) -> Figures:
    """What has been counted under a name, without what has not happened."""
    begin = f"greenlight_{name}_total{{"
    return {
        key.removeprefix(begin).rstrip("}"): value
        for key, value in figures.items()
        if key.startswith(begin) and value
    }


async def settled(running: Running) -> None:
    """Wait until nothing waits."""
    await running.until(lambda unit: not unit.inbox.waiting_ids() and not unit.outbox.waiting())


async def test_everything_is_counted_once(running: Running, tools: Tools) -> None:
    with running.database.write() as unit:
        machine = add_object(unit, running.company.client, S.NEW)
    running.start()
    support = running.company.support.telegram_id
    await running.forges(support, f"pick:o:{machine.id}:1:2")
    await running.says(support, "\N{BRAILLE PATTERN BLANK}")
    await running.says(support, COMMENT)
    await running.texts(support, 3)
    await running.forges(support, f"do:o:{machine.id}")
    await running.forges(support, "pick:o:999999:1:2")
    await running.says(running.company.installer.telegram_id, f"/start {'A' * 43}")
    await settled(running)
    figures = await tools.until(lambda found: counted(found, "updates") == {"outcome=done": 6})
    assert counted(figures, "changes") == {"kind=status": 1}
    assert counted(figures, "refusals") == {
        "reason=comment_missing": 1, "reason=not_found": 1, "reason=invitation_invalid": 1,
    }  # fmt: skip
    assert counted(figures, "send_errors") == {}
    assert figures["greenlight_update_seconds_count"] == 6


async def test_a_poisoned_update_and_one_that_nobody_can_read_are_parked(
    running: Running, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last, "listing", Failing(last.listing, 99, "poison"))
    running.start()
    anna = running.company.installer.telegram_id or 0
    await running.says(anna, "poison")
    running.sandbox.world.updates.add(anna, "message", {"date": "yesterday"})
    await running.says(anna, "/menu")
    await settled(running)
    figures = await tools.until(lambda found: "outcome=done" in counted(found, "updates"))
    assert counted(figures, "updates") == {"outcome=done": 1, "outcome=parked": 2}
    assert figures["greenlight_inbox_parked"] == 2
    assert figures["greenlight_inbox_waiting"] == 0


async def test_what_waits_for_the_database_is_put_off_and_then_done(
    running: Running, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(Failing):
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().__call__(*args, **kwargs)
            except RuntimeError:
                full = sqlite3.OperationalError("database or disk is full")
                full.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise OperationalError("INSERT", {}, full) from None

    monkeypatch.setattr(last, "listing", Full(last.listing, 1, "anything"))
    running.start()
    await running.says(running.company.installer.telegram_id, "anything")
    await settled(running)
    figures = await tools.until(lambda found: "outcome=done" in counted(found, "updates"))
    assert counted(figures, "updates") == {"outcome=done": 1, "outcome=put_off": 1}
    assert figures["greenlight_update_seconds_count"] == 1


async def test_what_becomes_of_messages_is_counted_by_kind_and_failures_by_theirs(
    running: Running, tools: Tools
) -> None:
    anna, ivan = running.company.installer.telegram_id, running.company.support.telegram_id
    await running.post("faults", kind="429", method="sendMessage", chat_id=str(anna), retry_after=1)
    await running.post("faults", kind="500", method="sendMessage", chat_id=str(anna))
    running.start()
    await running.says(anna, "/menu")
    await running.says(ivan, "/menu")
    await running.texts(ivan, 1)
    await running.post(f"people/{ivan}/block")
    with running.database.write() as unit:
        unit.outbox.add([Message("text", ivan or 0, {"text": "Too late"})], wall_clock())
    await running.says(anna, "/help")
    await settled(running)
    figures = await tools.until(lambda found: len(counted(found, "sends")) >= 2)
    assert counted(figures, "sends") == {"kind=screen,outcome=sent": 3, "kind=text,outcome=dropped": 1}
    assert counted(figures, "send_errors") == {
        "error=retry_after": 1, "error=network": 1, "error=forbidden": 1,
    }  # fmt: skip


@pytest.mark.parametrize("outcome", ["done", "failed"])
async def test_each_tick_is_counted_and_when_all_was_done_last(
    running: Running, tools: Tools, monkeypatch: pytest.MonkeyPatch, outcome: str
) -> None:
    ticks = 0

    def count(*_: object) -> bool:
        nonlocal ticks
        ticks += 1
        if outcome == "failed":
            raise RuntimeError
        return False

    monkeypatch.setattr(jobs, "STAGES", (count, *jobs.STAGES))
    running.settings.tick_seconds = 0.1
    running.start()
    await tools.ready("working")
    figures = await tools.until(lambda found: found["greenlight_tick_seconds_count"] == ticks > 1)
    assert counted(figures, "ticks").keys() == {f"outcome={outcome}"}
    assert counted(figures, "ticks")[f"outcome={outcome}"] == figures["greenlight_tick_seconds_count"]
    last_one = figures["greenlight_last_tick_timestamp_seconds"]
    assert (last_one == 0) if outcome == "failed" else (last_one > wall_clock().timestamp() - 600)


async def test_nothing_of_people_is_in_it_and_there_is_a_series_for_each_kind_alone(
    running: Running, tools: Tools
) -> None:
    with running.database.write() as unit:
        machine = add_object(unit, running.company.client, S.NEW, number="ZEBRA-1")
    running.start()
    support = running.company.support
    await running.says(support.telegram_id, machine.number)
    await running.forges(support.telegram_id, f"pick:o:{machine.id}:1:2")
    await running.says(support.telegram_id, COMMENT)
    await settled(running)
    status, text = await tools.get("/metrics")
    assert status == 200
    secrets = [COMMENT, "zebra", machine.number, support.name, str(support.telegram_id), running.sandbox.url]
    secrets += [running.settings.token, running.company.client.name, running.settings.database_url]
    assert [secret for secret in secrets if secret.lower() in text.lower()] == []
    lines = [line for line in text.splitlines() if line.startswith("greenlight_")]
    assert len(lines) < 130
    assert len([line for line in lines if "refusals" in line]) == len(Reason)


def test_the_figures_are_as_prometheus_would_have_them() -> None:
    text, form = Metrics().text("")
    assert form.startswith("text/plain; version=0.0.4")
    assert b"_created" not in text
    assert Metrics().text("application/openmetrics-text; version=1.0.0")[0].endswith(b"# EOF\n")
    for line in text.decode().splitlines():
        if line.startswith("# TYPE greenlight_"):
            name, of = line.split()[2:]
            assert name.endswith("_total") == (of == "counter"), line
