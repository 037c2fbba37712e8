"""``greenlight backup FILE``: the database in one file, while the bot runs.

Exit codes: 0 written · 1 not written · 2 a wrong use, or no database.
"""

import shlex
import sqlite3
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from bot.commands.common import REFUSED, Standing, Stop, progress, reason, shown, standing
from bot.settings import Settings, load
from bot.texts import backup as words
from bot.texts import cli
from storage.backup import Damaged, copy
from storage.database import Database

PAGE = 4096
"""Bytes of a page of SQLite, for the bar."""


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=words.HELP_FILE)],
    force: Annotated[bool, typer.Option("--force", help=words.HELP_FORCE)] = False,
) -> None:
    """Copy the database; nothing is migrated, so that it can be done before an upgrade."""
    settings = load()
    address = make_url(settings.database_url)
    if address.get_backend_name() != "sqlite":
        raise Stop(words.use_pg_dump(pg_dump(address, file)), REFUSED)
    living = _living(settings, address)
    if file.exists() and living.samefile(file):
        raise Stop(words.own_database(str(file)))
    if file.exists() and not force:
        raise Stop(words.there_already(str(file)), REFUSED)
    try:
        _copy(living, file)
    except Damaged as damaged:
        raise Stop(words.damaged(shown(settings.database_url), str(damaged)), REFUSED) from None
    except (OSError, sqlite3.Error) as error:
        raise Stop(words.failed(str(file), str(error)), REFUSED) from None
    typer.echo(words.done(str(file), decimal(file.stat().st_size)))
    if kept := sum(1 for one in settings.files.glob("*") if one.is_file()):
        typer.echo(words.files_too(str(settings.files), kept))


def pg_dump(address: URL, file: Path) -> str:
    """What copies a database of PostgreSQL; without the password, which other users could see."""
    plain = address._replace(drivername="postgresql", password=None).render_as_string()
    return shlex.join(["pg_dump", "--format=custom", f"--file={file}", f"--dbname={plain}"])


def _living(settings: Settings, address: URL) -> Path:
    """The file of the database, which is one of ours."""
    url = shown(settings.database_url)
    path = Path(address.database or "")
    if not path.is_file():
        raise Stop(words.nothing_there(url))
    database = Database(settings.database_url)
    try:
        if standing(database) in {Standing.EMPTY, Standing.FOREIGN}:
            raise Stop(words.nothing_there(url))
    except DBAPIError as error:
        raise Stop(cli.database_unreachable(url, reason(error))) from error
    finally:
        database.close()
    return path


def _copy(living: Path, file: Path) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=progress) as bar:
        task = bar.add_task(words.copying(), total=None)
        copy(
            living,
            file,
            lambda done, pages: bar.update(task, completed=done * PAGE, total=pages * PAGE),
        )
