"""``greenlight backup``, and the drill: what is saved while people write is restored elsewhere, and works."""

import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from rich.filesize import decimal
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from bot.texts import backup as words
from demo.seeding import seed
from storage import migrations
from storage.database import Database
from storage.tables import OrganisationRecord, SettingRecord
from tests.bot.commands.conftest import Said, foreign
from tests.builders import add_entry
from tests.conftest import KINDS, Databases
from tests.talk import Stage

Rows = dict[str, list[tuple[Any, ...]]]
BUSY = {"history", "setting"}
"""What is written to while the backup is made."""


def rows_of(database: Database) -> Rows:
    """Every row of every table."""
    with database.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in SQLModel.metadata.tables.items()
        }


@contextmanager
def people_writing(database: Database) -> Iterator[None]:
    """Somebody writes a note and counts it, in one transaction, again and again until the block ends."""
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            with database.write() as unit:
                number += 1
                client = unit.session.exec(select(OrganisationRecord).limit(1)).scalar_one()
                add_entry(unit, client, client_id=client.id, object_id=None, comment=f"drill {number}")
                unit.settings.put("drill", str(number))
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        yield
    finally:
        ended.set()
        writer.join()


class Place:
    """Where a database is saved from, and restored to."""

    def __init__(self, databases: Databases, folder: Path, say: Said, patch: pytest.MonkeyPatch) -> None:
        self.databases, self.folder, self.say, self.patch = databases, folder, say, patch
        self.kind, self.role = "", ""

    def use(self, database: Database) -> None:
        """Have the commands use a database."""
        url = database.engine.url.render_as_string(hide_password=False)
        self.patch.setenv("GREENLIGHT_DATABASE_URL", url.replace("+psycopg", ""))

    def save(self, file: Path) -> None:
        """As the operator is told to."""
        code, out, err = self.say("backup", str(file))
        if self.kind == "sqlite":
            assert code == 0, err
            assert out == words.done(str(file), decimal(file.stat().st_size)) + "\n"
            return
        assert (code, out) == (1, "")
        self.run(*shlex.split(err.partition("PGPASSWORD: ")[2]))

    def restore(self, file: Path) -> Database:
        """As docs/operations.md says; on PostgreSQL by somebody who owns the database and nothing else."""
        made = self.databases.empty(self.kind)
        if self.kind == "sqlite":
            shutil.copyfile(file, str(made.engine.url.database))
            return made
        name = str(made.engine.url.database)
        self.role = f"{name}_owner"
        with made.engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE ROLE {self.role}")
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" OWNER TO {self.role}')
        url = made.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.run(
            "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
            f"--role={self.role}", f"--dbname={url}", str(file),
        )  # fmt: skip
        return made

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL."""
        password = self.databases.password
        environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
        subprocess.run(  # noqa: S603  # what the command itself has said
            [self.databases.program(program), *arguments], check=True, env=environment, cwd=self.folder
        )


@pytest.fixture
def drill(databases: Databases, place: Path, say: Said, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(databases, place, say, monkeypatch)


@pytest.mark.e2e
@pytest.mark.timeout(240)
@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_saved_while_people_write_is_restored_elsewhere_and_works(drill: Place, kind: str) -> None:
    drill.kind = kind
    living = drill.databases.fresh(kind)
    drill.use(living)
    with living.write() as unit:
        seed(unit, datetime.now(UTC))
    before = rows_of(living)
    file = drill.folder / "saved"
    with people_writing(living):
        drill.save(file)
    restored = drill.restore(file)

    # All that was there, row by row; of what was written meanwhile everything up to one moment.
    after, found = rows_of(living), rows_of(restored)
    assert len(before["history"]) > 1000
    assert len(before["photo"]) == len(after["photo"])
    for name in set(SQLModel.metadata.tables) - BUSY:
        assert found[name] == before[name] == after[name], name
    history = found["history"]
    assert history[: len(before["history"])] == before["history"]
    assert history == after["history"][: len(history)]
    drilled = len(history) - len(before["history"])
    assert ("drill", str(drilled)) in found["setting"] if drilled else found["setting"] == before["setting"]

    # The same tables, the same refusals, and everything goes on.
    assert migrations.current(restored) == migrations.newest(restored)
    command.check(migrations.config(restored))
    with pytest.raises(DatabaseError, match="append-only"), restored.write() as unit:
        unit.session.connection().exec_driver_sql("UPDATE history SET comment = 'better'")
    doctored = [drill.say("doctor")]
    drill.use(restored)
    doctored.append(drill.say("doctor"))
    assert _findings(doctored[0][1]) == _findings(doctored[1][1])
    stage = Stage(drill.folder, os.environ["GREENLIGHT_DATABASE_URL"])
    stage.start_bot()
    assert stage.stop_bot() == 0
    assert [event for event in stage.events() if event["level"] in {"error", "critical"}] == []
    stage.close()
    with restored.write() as unit:
        client = unit.session.exec(select(OrganisationRecord).limit(1)).scalar_one()
        line = add_entry(unit, client, client_id=client.id, object_id=None)
    assert (line.id or 0) > history[-1][0]
    for database in (living, restored):
        drill.databases.drop(database)
    if drill.role:
        drill.databases.drop_role(drill.role)


def test_nothing_is_replaced_unasked(say: Said, sqlite_database: Database, drill: Place) -> None:
    drill.use(sqlite_database)
    file = drill.folder / "saved.db"
    assert say("backup", str(file))[0] == 0
    first = file.read_bytes()
    with sqlite_database.write() as unit:
        unit.session.add(SettingRecord(key="colour", value="green"))
    code, out, err = say("backup", str(file))
    assert (code, out) == (1, "")
    assert "--force" in err
    assert file.read_bytes() == first
    assert say("backup", str(file), "--force")[0] == 0
    assert file.read_bytes() != first


def test_the_database_is_not_copied_onto_itself(say: Said, sqlite_database: Database, drill: Place) -> None:
    drill.use(sqlite_database)
    code, _, err = say("backup", str(sqlite_database.engine.url.database), "--force")
    assert code == 2
    assert "is the database itself" in err


def test_an_older_database_is_saved_as_it_is(say: Said, drill: Place) -> None:
    """Before an upgrade, that is: the new program is there, and has not touched the database."""
    old = drill.databases.empty("sqlite")
    migrations.upgrade(old, "0001")
    drill.use(old)
    assert say("backup", "saved.db")[0] == 0
    saved = Database(f"sqlite:///{drill.folder / 'saved.db'}")
    assert migrations.current(saved) == migrations.current(old) == "0001"
    saved.close()
    drill.databases.drop(old)


def test_photos_are_named(say: Said, sqlite_database: Database, drill: Place) -> None:
    drill.use(sqlite_database)
    files = drill.folder / "files"
    (files / "imports").mkdir(parents=True)
    (files / "a.jpg").touch()
    code, out, _ = say("backup", "saved.db")
    assert code == 0
    assert "The 1 file in files belongs to it" in out


@pytest.mark.parametrize("name", ["none.db", "foreign.db", "text.db"])
def test_where_nothing_of_ours_is_nothing_is_written(say: Said, drill: Place, name: str) -> None:
    foreign(drill.folder / "foreign.db")
    (drill.folder / "text.db").write_text("not a database" * 100)
    drill.patch.setenv("GREENLIGHT_DATABASE_URL", f"sqlite:///{drill.folder / name}")
    code, out, err = say("backup", "saved.db")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert not (drill.folder / "saved.db").exists()
    assert not (drill.folder / "none.db").exists()


def test_a_folder_that_is_not_there_is_said(say: Said, sqlite_database: Database, drill: Place) -> None:
    drill.use(sqlite_database)
    code, _, err = say("backup", "nowhere/saved.db")
    assert code == 1
    assert "nowhere/saved.db was not written: " in err


def test_the_password_is_not_in_the_command(say: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_DATABASE_URL", "postgresql://green:s3cret@db.example:5433/light")
    code, _, err = say("backup", "my file")
    assert code == 1
    assert "pg_dump --format=custom '--file=my file' --dbname=postgresql://green@db.example:5433/light" in err
    assert "s3cret" not in err


def _findings(said: str) -> list[str]:
    """What doctor finds in a database, without its address and without the clock's fraction of a second."""
    return [line for line in said.splitlines()[3:] if "clock" not in line]
