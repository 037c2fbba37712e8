"""A copy of a living SQLite database: whole, of one moment, checked, or not there at all."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

PAGES = 2048
"""Pages that are copied between two reports, about 8 MB."""

BROKEN = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}

Progress = Callable[[int, int], None]
"""Told the pages that are copied, and all there are."""


class Damaged(Exception):  # noqa: N818  # named by what is the case
    """The copy is no database, so the original is none either; the text is SQLite's first finding."""


def copy(source: Path, target: Path, progress: Progress = lambda _done, _all: None) -> None:
    """Copy a database while others write to it; ``target`` is replaced when the copy is whole and checked.

    Raises:
        Damaged: the copy does not pass SQLite's own check; ``target`` is as it was.
        sqlite3.Error, OSError: it cannot be read, or not be written; the same.
    """
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # whoever has it has everything
        _copy(source, part, progress)
        _on_disk(part)
        part.replace(target)
        _on_disk(target.parent)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname in BROKEN:
            raise Damaged(str(error)) from None
        raise
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Path, part: Path, progress: Progress) -> None:
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, isolation_level=None)) as living,
        closing(sqlite3.connect(part, isolation_level=None)) as made,
    ):
        # A reading transaction stays at one moment; else each write of others would begin the copy anew.
        living.execute("BEGIN")
        living.execute("SELECT count(*) FROM sqlite_master").fetchone()
        living.backup(made, pages=PAGES, progress=lambda _code, left, pages: progress(pages - left, pages))
        living.execute("ROLLBACK")
        made.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        found = made.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise Damaged(found)


def _on_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
