"""Which failures are the database's, and pass: whatever failed by them is done again when it is back."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

_SQLITE: Final = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
})  # fmt: skip
_PRIMARY: Final = 0xFF
"""SQLite's extended codes have the primary one in their lowest byte."""
_POSTGRES: Final = (
    "08",  # the connection
    "25006", "25P03",  # a standby that only reads; idle in a transaction for too long
    "40",  # rolled back for another's sake: serialization, deadlock
    "53",  # no disk, no memory, too many connections
    "55P03",  # a lock was not to be had
    "57P",  # the server is ending or starting
    "58",  # the server's own files
)  # fmt: skip
"""Beginnings of SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def is_outage(error: BaseException | None) -> bool:
    """Whether an error says that the database is away, full or busy, and nothing of who asked."""
    if isinstance(error, NoConnectionFree):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & _PRIMARY in _SQLITE
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_POSTGRES)
    return error.connection_invalidated or type(error.orig).__name__ == "OperationalError"
