"""What the commands share: a clean end, the database, the operator."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum, auto

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from rich.console import Console
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlmodel import SQLModel

from bot.services.deployment import is_known, put_in_force, read_file
from bot.services.people import Me
from bot.settings import Settings
from bot.texts import cli as words
from domain.roles import OPERATOR
from storage import migrations
from storage.database import Database

REFUSED = 1
WRONG = 2

_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
_CLASHES = ("locked", "already exists", "deadlock")
"""What SQLite and PostgreSQL say when two migrate at once."""

OPERATOR_ME = Me(0, "", OPERATOR, "", "UTC", "en")
"""Whoever may run the command line on the server, as the use cases want to know them."""

progress = Console(stderr=True)
"""Where progress goes: stdout is for what the command was asked for."""


class Stop(Exception):  # noqa: N818  # an end, not always an error
    """The command ends with this line on stderr."""

    def __init__(self, line: str, code: int = WRONG) -> None:
        super().__init__(line)
        self.line = line
        self.code = code


class Standing(Enum):
    """How far a database is migrated."""

    EMPTY = auto()
    BEHIND = auto()
    NEWEST = auto()
    NEWER = auto()
    FOREIGN = auto()


def now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def shown(url: str) -> str:
    """The database's address without its password."""
    return make_url(url).render_as_string(hide_password=True)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database, migrated; ``Stop`` with one line when it cannot be used.

    The bot puts the operator's times in force when it starts; before its first start, a command does.
    """
    times = read_file(settings.times)
    database = Database(settings.database_url)
    try:
        bring_up_to_date(database)
        with database.read() as uow:
            known = is_known(uow)
        if not known:
            with database.write() as uow:
                put_in_force(uow, times, now())
        yield database
    except (OperationalError, InterfaceError) as error:
        raise Stop(words.database_unreachable(shown(database.url), reason(error))) from error
    finally:
        database.close()


def bring_up_to_date(database: Database) -> None:
    """Migrate what is empty or older; ``Stop`` for what is newer or somebody else's."""
    for pause in (*_PAUSES, None):
        try:
            _migrate(database)
        except DBAPIError as error:
            why = reason(error)
            # Another command, or the bot, may be migrating it at this very moment.
            if pause is None or not any(clash in str(error.orig) for clash in _CLASHES):
                raise Stop(words.database_unreachable(shown(database.url), why)) from error
            time.sleep(pause)
        else:
            return


def _migrate(database: Database) -> None:
    found = standing(database)
    if found is Standing.NEWER:
        raise Stop(words.database_newer(shown(database.url), str(migrations.current(database))))
    if found is Standing.FOREIGN:
        raise Stop(words.database_foreign(shown(database.url)))
    if found is not Standing.NEWEST:
        migrations.upgrade(database)


def standing(database: Database) -> Standing:
    """How far the database is migrated."""
    revision = migrations.current(database)
    if revision is None:
        tables = inspect(database.engine).get_table_names()
        return Standing.FOREIGN if set(tables) & set(SQLModel.metadata.tables) else Standing.EMPTY
    if revision == migrations.newest(database):
        return Standing.NEWEST
    try:
        ScriptDirectory.from_config(migrations.config(database)).get_revision(revision)
    except CommandError:
        return Standing.NEWER
    return Standing.BEHIND


def reason(error: DBAPIError) -> str:
    """The driver's own words, the first line."""
    return str(error.orig).strip().splitlines()[0]
