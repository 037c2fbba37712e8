"""Migrations: up, down and up again, and the tables are those of the models."""

from itertools import pairwise

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import delete, inspect, select, text
from sqlalchemy.event import listen
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from domain.objects import ObjectStatus
from domain.roles import Sight
from storage import migrations
from storage.database import Database
from storage.object_terms import ObjectFilter
from storage.tables import HistoryRecord, PhotoRecord
from tests.builders import NOW, add_company, add_object, key
from tests.conftest import Databases
from tests.storage.filling import fill

S = ObjectStatus


TRIGRAMS = {
    True: "SELECT name FROM sqlite_master WHERE name LIKE 'object_text%'",
    False: "SELECT indexname FROM pg_indexes WHERE indexname = 'object_text'",
}


def tables(database: Database) -> set[str]:
    """All tables but Alembic's own and those behind the index of trigrams."""
    names = inspect(database.engine).get_table_names()
    return {name for name in names if name != "alembic_version" and not name.startswith("object_text")}


def indexed(database: Database, part: str) -> list[int]:
    """The objects of which the index itself says that they have a part in their text."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            sql = "SELECT rowid FROM object_text WHERE object_text MATCH ?"
            return [row[0] for row in connection.exec_driver_sql(sql, (f'"{part}"',))]
        connection.exec_driver_sql("SET enable_seqscan = off; SET enable_indexscan = off")
        sql = "SELECT id FROM object WHERE folded LIKE %s"
        plan = connection.exec_driver_sql("EXPLAIN " + sql, (f"%{part}%",)).scalars().all()
        assert any("Bitmap Index Scan on object_text" in line for line in plan), plan
        return [row[0] for row in connection.exec_driver_sql(sql, (f"%{part}%",))]


def test_up_down_and_up_again(empty_database: Database) -> None:
    assert migrations.current(empty_database) is None
    migrations.upgrade(empty_database)
    assert migrations.current(empty_database) == migrations.newest(empty_database)
    assert tables(empty_database) == set(SQLModel.metadata.tables)
    with empty_database.engine.connect() as connection:
        leftovers = connection.exec_driver_sql(TRIGRAMS[empty_database.is_sqlite]).scalars().all()
    assert leftovers
    migrations.downgrade(empty_database, "base")
    with empty_database.engine.connect() as connection:
        assert not connection.exec_driver_sql(TRIGRAMS[empty_database.is_sqlite]).scalars().all()
    assert migrations.current(empty_database) is None
    assert tables(empty_database) == set()
    migrations.upgrade(empty_database)
    assert tables(empty_database) == set(SQLModel.metadata.tables)


def test_the_migrated_tables_are_the_declared_ones(database: Database) -> None:
    command.check(migrations.config(database))


def test_a_difference_would_be_noticed(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX object_by_urgent_at")
    with pytest.raises(CommandError, match="object_by_urgent_at"):
        command.check(migrations.config(database))


def test_what_was_there_before_is_found_after_going_up_and_down(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    with empty_database.write() as unit:
        client = add_company(unit).client
        made = add_object(
            unit, client, S.SERVICED, number="T-17", name="\u0416\u0443\u043a 50%", terminal="863051"
        )
        other = add_object(unit, client, number="T-18")
    migrations.downgrade(empty_database, "0001")
    assert folded(empty_database) == ["t17\n\u0436yk50%\n\n\n863051", "t18\n\n\n\n"]
    migrations.upgrade(empty_database)
    assert indexed(empty_database, "QJyk50%") == [key(made)]
    assert indexed(empty_database, "863051") == [key(made)]
    assert indexed(empty_database, "\n18") == [key(other)]
    assert folded(empty_database) == [made.folded, other.folded]
    with empty_database.read() as unit:
        found = unit.objects.page(Sight(everything=True), ObjectFilter(query="\u0416\u0423"), NOW)
        assert [(seen.object.number, seen.object.status) for seen in found] == [("T-17", S.SERVICED)]
    command.check(migrations.config(empty_database))


Rows = dict[str, list[dict[str, object]]]
RECKONED = {"object": {"folded"}}
"""Columns that a revision writes anew from the others."""


def rows_of(database: Database) -> Rows:
    """All rows of all tables as they are at this revision."""
    found: Rows = {}
    with database.engine.connect() as connection:
        for name in tables(database):
            rows = connection.execute(select(text("*")).select_from(text(f'"{name}"'))).mappings()
            found[name] = sorted((dict(row) for row in rows), key=repr)
    return found


def kept(rows: Rows, like: Rows) -> Rows:
    """Of these rows what tables and columns of the other revision can hold."""

    def held(name: str, row: dict[str, object]) -> dict[str, object]:
        both = row.keys() & like[name][0].keys() - RECKONED.get(name, set())
        return {column: row[column] for column in sorted(both)}

    return {
        name: sorted((held(name, row) for row in found), key=repr)
        for name, found in rows.items()
        if like.get(name)
    }


def revisions(database: Database) -> list[str]:
    """All revisions, the newest first."""
    script = ScriptDirectory.from_config(migrations.config(database))
    return [one.revision for one in script.walk_revisions()]


def test_each_step_down_and_up_keeps_every_row_that_it_has_a_place_for(database: Database) -> None:
    fill(database)
    whole = rows_of(database)
    assert [name for name in SQLModel.metadata.tables if not whole[name]] == []
    for newer, older in pairwise(revisions(database)):
        before = rows_of(database)
        migrations.downgrade(database, older)
        below = rows_of(database)
        assert kept(below, before) == kept(before, below), f"down to {older}"
        assert all(below.values()), f"a table of {older} is empty"
        migrations.upgrade(database, newer)
        above = rows_of(database)
        assert kept(above, below) == kept(below, above), f"up to {newer}"
        for statement in (delete(HistoryRecord), delete(PhotoRecord)):
            with pytest.raises(DatabaseError, match="append-only"), database.write() as unit:
                unit.session.connection().execute(statement)
        migrations.downgrade(database, older)
        assert rows_of(database)["history"] == whole["history"]
    migrations.upgrade(database)
    after = rows_of(database)
    assert after["history"] == whole["history"]
    for was, now in zip(whole["object"], after["object"], strict=True):
        assert now == was | {"next_at": now["next_at"]}  # «folded» is the same again; this is due at once
        assert now["next_at"]
    command.check(migrations.config(database))


def folded(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT folded FROM object ORDER BY id").scalars())


def test_the_index_keeps_in_step_whoever_writes(database: Database) -> None:
    with database.write() as unit:
        made = key(add_object(unit, add_company(unit).client, number="before"))
        connection = unit.session.connection()
        connection.exec_driver_sql("UPDATE object SET folded = replace(folded, 'before', 'after')")
    assert (indexed(database, "before"), indexed(database, "after")) == ([], [made])
    with database.write() as unit:
        unit.session.connection().exec_driver_sql("UPDATE object SET id = id + 1")
    assert indexed(database, "after") == [made + 1]
    with database.write() as unit:
        unit.session.connection().exec_driver_sql("DELETE FROM object")
    assert indexed(database, "after") == []


def test_without_the_right_to_trigrams_it_is_said_what_to_do(databases: Databases) -> None:
    database = databases.empty("postgresql")
    role = f"{database.engine.url.database}_guest"
    try:
        with database.engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE ROLE {role}")
            connection.exec_driver_sql(f"GRANT ALL ON SCHEMA public TO {role}")
        listen(database.engine, "connect", lambda dbapi, _: dbapi.execute(f"SET ROLE {role}"))
        database.engine.dispose()
        with pytest.raises(RuntimeError, match="CREATE EXTENSION pg_trgm"):
            migrations.upgrade(database)
        assert tables(database) == set()
    finally:
        databases.drop(database)
