"""Databases for all tests: SQLite and PostgreSQL, migrated once a worker and copied for each test."""

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import LiteralString, cast
from urllib.parse import urlsplit

import psycopg
import pytest

from storage import migrations
from storage.database import Database
from tests.builders import NOW
from tests.postgres import Server

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes databases of either kind, empty or migrated, and takes all of them away at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Server | None = None
        self._templates: dict[str, str] = {}
        self._made = 0

    def empty(self, kind: str) -> Database:
        """A database without any table."""
        return Database(self._url(kind, self._name(kind)))

    def fresh(self, kind: str) -> Database:
        """A migrated database: a copy of one that was migrated once."""
        name = self._name(kind, template=self._template(kind))
        return Database(self._url(kind, name))

    def program(self, name: str) -> str:
        """One of PostgreSQL's own programs, of the server that the tests talk to."""
        if os.environ.get("TEST_DATABASE_URL"):
            return shutil.which(name) or pytest.skip(f"{name} is not installed beside TEST_DATABASE_URL")
        if self._server is None:
            self._server = Server()
        return str(self._server.programs / name)

    @property
    def password(self) -> str:
        """What PostgreSQL's programs have to know."""
        return urlsplit(os.environ.get("TEST_DATABASE_URL", "")).password or ""

    def drop_role(self, name: str) -> None:
        """Take a role away that owns nothing any more."""
        self.say(f"DROP ROLE {name}")

    def drop(self, database: Database) -> None:
        """Take a database away."""
        name = str(database.engine.url.database)
        database.close()
        if not database.is_sqlite:
            self.say(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Take away what is left."""
        if "postgresql" in self._templates:
            self.say(f'DROP DATABASE "{self._templates["postgresql"]}" WITH (FORCE)')
        if self._server is not None:
            self._server.stop()

    def _template(self, kind: str) -> str:
        if kind not in self._templates:
            database = self.empty(kind)
            migrations.upgrade(database)
            database.close()
            self._templates[kind] = str(database.engine.url.database)
        return self._templates[kind]

    def _name(self, kind: str, template: str | None = None) -> str:
        self._made += 1
        name = f"greenlight_{os.getpid()}_{self._made}"
        if kind == "sqlite":
            path = str(self._folder / f"{name}.db")
            if template:
                shutil.copyfile(template, path)
            return path
        self.say(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return name

    def _url(self, kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{name}"
        given = os.environ.get("TEST_DATABASE_URL")
        if given:
            before, _, after = given.partition("?")
            return f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{after}" if after else "")
        if self._server is None:
            self._server = Server()
        return self._server.url(name)

    def say(self, sql: str) -> None:
        """Have PostgreSQL's owner say something."""
        url = os.environ.get("TEST_DATABASE_URL") or self._url("postgresql", "postgres")
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(cast("LiteralString", sql))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes databases; PostgreSQL starts with the first that asks for it."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """A migrated database without rows; each test runs on SQLite and on PostgreSQL."""
    made = databases.fresh(request.param)
    yield made
    databases.drop(made)


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """A database without tables; each test runs on SQLite and on PostgreSQL."""
    made = databases.empty(request.param)
    yield made
    databases.drop(made)


@pytest.fixture
def sqlite_database(databases: Databases) -> Iterator[Database]:
    """A migrated SQLite database, for tests to which the kind makes no difference."""
    made = databases.fresh("sqlite")
    yield made
    databases.drop(made)


@pytest.fixture
def now() -> datetime:
    """Monday, 2 March 2026, noon in UTC."""
    return NOW


@pytest.fixture
def free_ports() -> list[int]:
    """Two ports on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        return [int(one.getsockname()[1]), int(two.getsockname()[1])]
