"""A copy of a living SQLite database is whole, of one moment, and replaces nothing before it is checked."""

import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import backup
from storage.database import Database
from tests.builders import add_company, add_entry


def path_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def filled(sqlite_database: Database) -> Database:
    with sqlite_database.write() as unit:
        client = add_company(unit).client
        for number in range(2000):
            add_entry(unit, client, comment=f"{number} " + "x" * 200)
    return sqlite_database


def test_it_is_of_one_moment_however_much_is_written_meanwhile(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PAGES", 5)
    seen: list[tuple[int, int]] = []
    numbers = itertools.count()

    def write(done: int, pages: int) -> None:
        seen.append((done, pages))
        with filled.write() as unit:
            unit.settings.put("written", str(next(numbers)))
            unit.session.connection().exec_driver_sql("UPDATE organisation SET version = version + 1")

    target = tmp_path / "copy.db"
    backup.copy(path_of(filled), target, write)
    done, pages = zip(*seen, strict=True)
    assert list(done) == sorted(set(done))  # never begun anew
    assert done[-1] == pages[0] == pages[-1] > 100
    assert rows(target, "SELECT count(*) FROM history") == [(2000,)]
    assert rows(target, "SELECT value FROM setting WHERE key = 'written'") == []
    assert rows(target, "SELECT max(version) FROM organisation") == [(0,)]
    with filled.read() as unit:
        assert unit.settings.get("written") == str(len(seen) - 1)
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db"] == []
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_damaged_database_is_not_copied_over_a_good_copy(filled: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    backup.copy(path_of(filled), target)
    good = target.read_bytes()
    filled.close()
    with path_of(filled).open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xff" * 4096 * 40)
    with pytest.raises(backup.Damaged):
        backup.copy(path_of(filled), target)
    assert target.read_bytes() == good
    assert list(tmp_path.glob(".*")) == []


def test_what_cannot_be_written_leaves_nothing(filled: Database, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        backup.copy(path_of(filled), tmp_path / "no folder" / "copy.db")
    with pytest.raises(sqlite3.OperationalError):
        backup.copy(tmp_path / "no database", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_ends_half_way_leaves_the_old_one(filled: Database, tmp_path: Path) -> None:
    class Stopped(Exception):  # noqa: N818  # not an error
        """Somebody ends it."""

    def stop(_done: int, _pages: int) -> None:
        raise Stopped

    target = tmp_path / "copy.db"
    target.write_text("the old one")
    with pytest.raises(Stopped):
        backup.copy(path_of(filled), target, stop)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["the old one"]
