"""Several processes on one PostgreSQL: one works, and whatever happens to it, another takes over."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.objects import ObjectStatus
from tests.conftest import Databases
from tests.e2e.fleet import Fleet, Wire
from tests.e2e.world import World
from tests.talk import Talk

S = ObjectStatus
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def fleet(tmp_path: Path, databases: Databases) -> Iterator[Fleet]:
    """A company on a database that processes share; none of them is started."""
    database = databases.fresh("postgresql")
    world = World(tmp_path, database.url, started=False)
    made = Fleet(world)
    yield made
    made.close()
    world.stage.assert_well_spoken()
    world.close()
    databases.drop(database)


def changes(fleet: Fleet, who: Talk, comment: str) -> None:
    """Somebody changes the status of a machine; the change is there once, and each hearer hears once."""
    world = fleet.world
    machine = world.machine(S.NEW)
    before = world.stage.last_call
    world.open(who, machine)
    who.press("Change status")
    if who.offers("Why no other?"):
        who.press(f" {S.CANCELED}")
    who.says(comment)
    who.press(f"Change status to {S.CANCELED}")
    world.quiet()
    [line] = world.history(machine)
    assert (line.record.after, line.record.comment) == (S.CANCELED, comment)
    sent = [c["chat_id"] for c in world.stage.calls(before) if c["ok"] and comment in _quoted(c)]
    sent = [account for account in sent if account != who.account]  # the preview
    told = world.told(line.record.id or 0)
    assert sorted(sent) == sorted(world.talks[name].account for name in told)
    assert told


def _quoted(call: dict[str, object]) -> str:
    params = call["params"]
    assert isinstance(params, dict)
    return str(params.get("text", "")).partition("<blockquote>")[2] if call["method"] == "sendMessage" else ""


def test_one_works_and_the_other_stands_by_until_it_is_killed(fleet: Fleet) -> None:
    fleet.start("first")
    fleet.start("second")
    assert fleet.worker == fleet.pid("first")
    changes(fleet, fleet.world.mona, "While both live")
    fleet.kill("first")
    changes(fleet, fleet.world.mona, "After the kill")
    assert fleet.worker == fleet.pid("second")


def test_who_is_asked_to_end_lets_the_next_one_work_at_once(fleet: Fleet) -> None:
    fleet.start("first")
    fleet.start("second")
    assert fleet.stop("first") == 0
    changes(fleet, fleet.world.mona, "After the end")
    assert fleet.worker == fleet.pid("second")
    assert fleet.stop("second") == 0


def test_who_wakes_up_after_its_time_does_no_harm_and_stands_by(fleet: Fleet) -> None:
    world = fleet.world
    fleet.start("first")
    fleet.start("second")
    machine = world.machine(S.NEW)
    world.open(world.mona, machine)
    world.mona.press("Change status")
    world.mona.press(f" {S.CANCELED}")
    world.mona.says("In the middle", wait=False)
    fleet.freeze("first")
    world.mona.settled()
    world.mona.press(f"Change status to {S.CANCELED}")
    assert fleet.worker == fleet.pid("second")
    fleet.thaw("first")
    world.quiet()
    [line] = world.history(machine)
    assert line.record.comment == "In the middle"
    changes(fleet, world.mona, "With the second")
    fleet.kill("second")
    changes(fleet, world.mona, "With the first again")
    assert fleet.worker == fleet.pid("first")


def test_who_is_cut_off_gives_way(fleet: Fleet) -> None:
    world = fleet.world
    folder = parse_qs(urlsplit(world.database.url).query)["host"][0]
    wire = Wire(Path(folder) / ".s.PGSQL.5432")
    name = urlsplit(world.database.url).path
    try:
        fleet.start("first", GREENLIGHT_DATABASE_URL=f"postgresql://postgres@127.0.0.1:{wire.port}{name}")
        fleet.start("second")
        assert fleet.worker == fleet.pid("first")
        wire.cut()
        changes(fleet, world.mona, "Cut off")
        assert fleet.worker == fleet.pid("second")
        fleet.until_log_says("starting over")  # and there is no database for it
        changes(fleet, world.mona, "And still")
        told = len(world.stage.bot_log)
        wire.mend()
        fleet.until_log_says("standing by", after=told)
        fleet.kill("second")
        changes(fleet, world.mona, "With the first again")
        assert fleet.worker == fleet.pid("first")
        wire.cut()
        assert fleet.stop("first") == 0
    finally:
        wire.close()


def test_all_take_updates_that_are_brought_and_one_works_them(fleet: Fleet, free_ports: list[int]) -> None:
    world, (one, two) = fleet.world, free_ports
    hook = {"GREENLIGHT_WEBHOOK_URL": f"http://127.0.0.1:{two}/hook"}  # Telegram is led to the second
    fleet.start("first", GREENLIGHT_LISTEN=f"127.0.0.1:{one}", **hook)
    fleet.start("second", GREENLIGHT_LISTEN=f"127.0.0.1:{two}", **hook)
    changes(fleet, world.mona, "Brought to the one that stands by")
    assert fleet.worker == fleet.pid("first")
    fleet.kill("first")
    changes(fleet, world.mona, "Brought to the one that works")
    assert fleet.worker == fleet.pid("second")
