"""Migrations: up, down and up again, and the tables are those of the models."""

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import inspect
from sqlmodel import SQLModel

from storage import migrations
from storage.database import Database


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(empty_database: Database) -> None:
    assert migrations.current(empty_database) is None
    migrations.upgrade(empty_database)
    assert migrations.current(empty_database) == migrations.newest(empty_database)
    assert tables(empty_database) == set(SQLModel.metadata.tables)
    migrations.downgrade(empty_database, "base")
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
