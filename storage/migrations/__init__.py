"""Alembic migrations, run from the program itself: there is no ini file to keep in step."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database


def config(database: Database) -> Config:
    """Alembic's configuration for this database."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.attributes["engine"] = database.engine
    return settings


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to a revision, the newest by default."""
    command.upgrade(config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the database back to a revision; ``base`` is empty."""
    command.downgrade(config(database), revision)


def current(database: Database) -> str | None:
    """The revision that the database is at; None if it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest(database: Database) -> str | None:
    """The newest revision that this program knows."""
    return ScriptDirectory.from_config(config(database)).get_current_head()
