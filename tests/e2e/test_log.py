"""With the bot at DEBUG and the database refusing: what people wrote is nowhere in the log.

All the other conversations here are looked at in the same way, by the fixture ``world``.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.objects import ObjectStatus
from storage.database import Database
from tests.conftest import KINDS, Databases
from tests.e2e.world import World

S = ObjectStatus
COMMENT = 'Grey zebra "in" the field, кабіна'
REFUSED = [("history", "INSERT", "comment", "zebra"), ("chat", "UPDATE", "words", "horse")]


def refuse(database: Database) -> None:
    """Have the database take no comment about a zebra, and no search for a horse."""
    with database.engine.begin() as connection:
        for table, event, column, word in REFUSED:
            refusal = f"CHECK ({column} NOT LIKE '%{word}%')"
            statement = f"ALTER TABLE {table} ADD CONSTRAINT {table}_refuses {refusal}"
            if database.is_sqlite:
                when = f"BEFORE {event} ON {table} WHEN NEW.{column} LIKE '%{word}%'"
                statement = f"CREATE TRIGGER {table}_refuses {when} BEGIN SELECT RAISE(ABORT, 'refused'); END"
            connection.execute(text(statement))


@pytest.fixture(params=KINDS)
def refusing(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[World]:
    """A company whose database refuses what some people write."""
    database = databases.fresh(request.param)
    world = World(tmp_path, database.engine.url.render_as_string(hide_password=False))
    refuse(database)
    yield world
    world.close()
    databases.drop(database)


def test_what_fails_is_told_without_what_was_written(refusing: World) -> None:
    world = refusing
    machine, many = world.machine(S.EQUIPPED), world.machine(S.SERVICE)
    world.open(world.ivan, machine)
    world.ivan.press("Note")
    world.ivan.says(COMMENT)
    world.ivan.press("Leave this note")
    world.ivan.shows("That did not work, and it is our fault")
    world.open(world.clara, machine)
    world.clara.says("/objects")
    world.clara.says("white horse, кобила")
    world.clara.shows("That did not work, and it is our fault")
    anna = world.anna
    anna.says("/objects")
    anna.press("Select…")
    anna.says(many.number)
    anna.press("Go on with 1 object")
    anna.press("Serviced")
    anna.says(COMMENT)
    anna.press("Change 1 object to Serviced")
    anna.shows("1 refused")
    world.stranger().starts("Qf3-secret_of_an_invitation_that_is_none_")
    events = world.stage.events()  # where nothing of all that may be
    assert "zebra" not in world.stage.bot_log
    assert "horse" not in world.stage.bot_log
    failed = [event for event in events if event["level"] == "error"]
    assert [event["event"] for event in failed] == [
        *["an update failed"] * 3, "an update is parked", *["an update failed"] * 3, "an update is parked",
        "an item of a bulk change failed",
    ]  # fmt: skip
    assert {event["chat"] for event in failed[:4]} == {world.ivan.account}
    for event in failed:
        assert "IntegrityError" in event["error" if "parked" in event["event"] else "exception"]
    assert world.history(machine) == world.history(many) == []
