"""Where the sandbox's state lies between two runs: rows of JSON and bytes in one SQLite file.

Every change is written as it happens, so an answered call is never forgotten and an id never given
twice, even when the process is killed. ``synchronous`` is off: only a power cut could lose rows,
which is fair for a sandbox and four times as fast.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (key TEXT PRIMARY KEY, content BLOB NOT NULL);
"""


class Store:
    """A small key-value file; without a path rows are not kept at all, and bytes in memory."""

    def __init__(self, path: Path | None) -> None:
        self._keeps_rows = path is not None
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(_SCHEMA)

    def put(self, kind: str, key: object, body: object) -> None:
        """Keep ``body`` (anything JSON can say) under its kind and key."""
        if not self._keeps_rows:
            return
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        self._db.execute("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", (kind, str(key), text))

    def delete(self, kind: str, key: object) -> None:
        """Forget one row."""
        if not self._keeps_rows:
            return
        self._db.execute("DELETE FROM rows WHERE kind = ? AND key = ?", (kind, str(key)))

    def rows(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Every row of a kind, as key and body."""
        for key, body in self._db.execute("SELECT key, body FROM rows WHERE kind = ?", (kind,)):
            yield key, json.loads(body)

    def put_blob(self, key: str, content: bytes) -> None:
        """Keep the bytes of a file."""
        self._db.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?)", (key, content))

    def blob(self, key: str) -> bytes | None:
        """The bytes of a file, or None when there is no such file."""
        row = self._db.execute("SELECT content FROM blobs WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    def clear(self) -> None:
        """Forget everything."""
        self._db.executescript("DELETE FROM rows; DELETE FROM blobs;")

    def close(self) -> None:
        """Write everything into the one file and let go of it."""
        self._db.close()
