"""The inbox: every update is kept before Telegram is told that it arrived.

waiting --handled, in the transaction of its effects--> done
   |
   '--failed three times (or killed the process three times)--> parked

What is done is kept for a while, so that an update that comes once more is known (``forget_old``).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.queues import InboxRecord, InboxState
from storage.retention import forget

TRIES = 3
"""How often an update is tried before it is parked."""

_STORE = text("""
    INSERT INTO inbox (update_id, body, received_at, tries, state)
    VALUES (:update_id, :body, :now, 0, 'waiting') ON CONFLICT (update_id) DO NOTHING
""").bindparams(bindparam("now", type_=UTCDateTime()))


_WAITING = text("""
    SELECT update_id, body FROM inbox
    WHERE state = 'waiting' AND update_id NOT IN :in_hand ORDER BY seq LIMIT :limit
""").bindparams(bindparam("in_hand", expanding=True))


@dataclass(frozen=True, slots=True)
class Stored:
    """An update as it was stored."""

    update_id: int
    body: str


class Inbox:
    """Updates in order of arrival; plain SQL, since each update passes here three times."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def store(self, updates: Mapping[int, str], now: datetime) -> None:
        """Keep raw updates by their id; those that are there already stay as they are."""
        rows = [{"update_id": key, "body": body, "now": now} for key, body in updates.items()]
        if rows:
            self._session.connection().execute(_STORE, rows)

    def waiting(self, limit: int, but: Collection[int] = ()) -> Sequence[Stored]:
        """Updates that are not done, in order of arrival, without those that are ``but`` in hand."""
        rows = self._session.connection().execute(_WAITING, {"in_hand": list(but), "limit": limit})
        return [Stored(*row) for row in rows]

    def waiting_ids(self) -> frozenset[int]:
        """All updates that are not done."""
        rows = self._session.connection().execute(text("SELECT update_id FROM inbox WHERE state = 'waiting'"))
        return frozenset(row[0] for row in rows)

    def count_try(self, update_id: int) -> int:
        """Count a try before it is made, so that an update which kills the process ends too."""
        row = self._session.connection().execute(
            text("UPDATE inbox SET tries = tries + 1 WHERE update_id = :u RETURNING tries"), {"u": update_id}
        ).first()  # fmt: skip
        return row[0] if row else 0

    def done(self, update_id: int) -> bool:
        """Mark as done; False if somebody else did already: then nothing of this unit may stay.

        What the update said is forgotten: it may hold an invitation, and it is in effect now.
        """
        result = self._session.connection().execute(
            text("UPDATE inbox SET state = 'done', body = '' WHERE update_id = :u AND state = 'waiting'"),
            {"u": update_id},
        )
        return result.rowcount == 1

    def park(self, update_id: int, error: str) -> None:
        """Put a waiting update aside that cannot be handled; ``error`` names the kind, never the content."""
        self._session.connection().execute(
            text("UPDATE inbox SET state = 'parked', error = :e WHERE update_id = :u AND state = 'waiting'"),
            {"u": update_id, "e": error[:200]},
        )

    def parked(self) -> Iterable[tuple[int, str]]:
        """Ids and errors of the updates put aside."""
        rows = self._session.connection().execute(
            text("SELECT update_id, error FROM inbox WHERE state = 'parked' ORDER BY seq")
        )
        return [(row[0], row[1]) for row in rows]

    def forget_old(self, done: datetime, parked: datetime, after: int) -> tuple[int | None, int]:
        """Forget a portion of the updates that are done or parked and came before then: see ``forget``."""
        columns = InboxRecord.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
        before = {InboxState.DONE: done, InboxState.PARKED: parked}
        return forget(self._session, columns.seq, columns.received_at, columns.received_at, before, after)
