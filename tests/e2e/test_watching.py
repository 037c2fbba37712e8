"""What an operator sees of the real process: its figures are what the database says, and its health."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import func, select

from domain.objects import ObjectStatus
from storage.queues import InboxRecord, InboxState, OutboxRecord, OutboxState
from storage.tables import HistoryRecord
from tests.bot.monitoring import Figures, read_figures
from tests.conftest import Databases
from tests.e2e.fleet import Fleet
from tests.e2e.test_log import COMMENT, refuse
from tests.e2e.world import World
from tests.talk import BOUND, TOKEN

S = ObjectStatus
Said = tuple[int, str, list[str]]


def get(port: int, path: str) -> tuple[int, str]:
    """A status and a text; 0 when nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=BOUND) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except urllib.error.URLError:
        return 0, ""


def says(port: int, path: str) -> Said:
    """The status, what the process does, and what is wrong with that."""
    status, text = get(port, path)
    said = json.loads(text) if text else {"standing": "", "why": []}
    return status, said["standing"], said["why"]


def until_ready(world: World, port: int, standing: str) -> None:
    """Wait until a process stands so, and nothing is wrong with that."""
    for _ in range(int(BOUND / 0.05)):
        if (said := says(port, "/readyz")) == (200, standing, []):
            return
        world.stage.pass_time(0.05)
    raise AssertionError(said)


@pytest.fixture
def watched(tmp_path: Path, databases: Databases, free_ports: list[int]) -> Iterator[World]:
    """A company whose database refuses some comments, and whose bot is watched."""
    database = databases.fresh("sqlite")
    world = World(tmp_path, database.url, {"GREENLIGHT_MONITOR": f"127.0.0.1:{free_ports[0]}"})
    refuse(database)
    yield world
    world.close()
    databases.drop(database)


def by_state(world: World) -> Figures:
    """How many updates, lines and messages there are, by the names under which they are counted."""
    inbox, outbox, kind = InboxRecord.state, OutboxRecord.state, HistoryRecord.kind

    def ask(unit: object) -> Figures:
        session = unit.session  # type: ignore[attr-defined]  # a unit of work
        updates = session.exec(select(inbox, func.count()).group_by(inbox).where(inbox != InboxState.WAITING))
        lines = session.exec(select(kind, func.count()).group_by(kind))
        messages = session.exec(
            select(OutboxRecord.kind, outbox, func.count())
            .group_by(OutboxRecord.kind, outbox)
            .where(outbox != OutboxState.WAITING)
        )
        return {
            **{f"greenlight_updates_total{{outcome={state}}}": count for state, count in updates},
            **{f"greenlight_changes_total{{kind={kind}}}": count for kind, count in lines},
            **{
                f"greenlight_sends_total{{kind={kind},outcome={state}}}": count
                for kind, state, count in messages
            },
        }

    return world.read(ask)


def test_the_figures_are_what_the_database_says(watched: World, free_ports: list[int]) -> None:
    world, port = watched, free_ports[0]
    until_ready(world, port, "working")
    machine = world.machine(S.NEW)
    world.open(world.mona, machine)
    world.mona.press("Change status")
    world.mona.press(f" {S.CANCELED}")
    world.mona.says("Not needed any more")
    world.mona.press(f"Change status to {S.CANCELED}")
    world.quiet()  # the others have their alerts
    world.open(world.ivan, machine)
    world.ivan.press("Note")
    world.ivan.says(COMMENT)
    world.ivan.press("Leave this note")
    world.ivan.shows("That did not work, and it is our fault")
    world.ivan.forge("open:o:999999")
    world.stan.starts(f"o{machine.id}")  # not his to see
    world.quiet()
    text = get(port, "/metrics")[1]
    figures = read_figures(text)
    expected = by_state(world)
    assert expected["greenlight_updates_total{outcome=parked}"] == 1
    assert expected["greenlight_changes_total{kind=status}"] == 1
    counted = ("greenlight_updates_total", "greenlight_changes_total", "greenlight_sends_total")
    assert {k: v for k, v in figures.items() if k.startswith(counted) and v} == expected
    assert figures["greenlight_refusals_total{reason=not_found}"] == 2
    assert figures["greenlight_works"] == 1
    assert figures["greenlight_inbox_parked"] == 1
    assert figures["greenlight_ticks_total{outcome=failed}"] == 0
    people = [person.name for person in world.people.values()]
    for secret in (COMMENT, "zebra", "Not needed any more", machine.number, TOKEN, *people):
        assert secret not in text
    assert says(port, "/healthz") == (200, "working", [])
    assert get(port, "/")[0] == get(port, "/hook")[0] == 404
    assert world.stage.stop_bot() == 0
    assert get(port, "/healthz") == (0, "")


def test_one_that_stands_by_is_watched_too_and_an_address_is_one_process_s(
    tmp_path: Path, databases: Databases, free_ports: list[int]
) -> None:
    database = databases.fresh("postgresql")
    world = World(tmp_path, database.url, started=False)
    fleet, (one, two) = Fleet(world), free_ports
    try:
        fleet.start("first", GREENLIGHT_MONITOR=f"127.0.0.1:{one}")
        fleet.start("second", GREENLIGHT_MONITOR=f"127.0.0.1:{two}")
        until_ready(world, one, "working")
        until_ready(world, two, "standing by")
        works = [read_figures(get(port, "/metrics")[1])["greenlight_works"] for port in free_ports]
        assert works == [1, 0]
        told = len(world.stage.bot_log)
        fleet.launch("third", GREENLIGHT_MONITOR=f"127.0.0.1:{two}")
        assert fleet.ended("third") == 2
        line = f"greenlight: GREENLIGHT_MONITOR 127.0.0.1:{two}: Address already in use\n"
        assert line in world.stage.bot_log[told:]
        fleet.kill("first")
        until_ready(world, two, "working")
        assert read_figures(get(two, "/metrics")[1])["greenlight_epoch"] == 2
    finally:
        fleet.close()
        world.close()
        databases.drop(database)
