"""How deep the queues are, and since when the oldest in them waits: asked often, so it must cost little.

Each part is answered by an index of the rows that it counts, and counts no further than ``MOST``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, text
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

MOST: Final = 100_000
"""More than that is counted as that: as alarming, and still cheap."""


def _count(table: str, which: str) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {which} LIMIT {MOST}) AS counted)"  # noqa: S608  # our own words


_QUESTION = (
    text(f"""
        SELECT
            {_count("inbox", "state = 'waiting'")} AS inbox_waiting,
            (SELECT received_at FROM inbox WHERE state = 'waiting' ORDER BY seq LIMIT 1) AS inbox_since,
            {_count("inbox", "state = 'parked'")} AS inbox_parked,
            {_count("outbox", "state = 'waiting' AND due_at <= :now")} AS outbox_due,
            {_count("outbox", "state = 'waiting' AND due_at > :now")} AS outbox_later,
            (SELECT min(due_at) FROM outbox WHERE state = 'waiting') AS outbox_since,
            {_count("outbox", "state = 'dead'")} AS outbox_dead
    """)  # noqa: S608  # our own words
    .bindparams(bindparam("now", type_=UTCDateTime()))
    .columns(inbox_since=UTCDateTime(), outbox_since=UTCDateTime())
)


@dataclass(frozen=True, slots=True)
class Depths:
    """Counts, and since when the oldest update waits and the first message is due; None: none is there."""

    inbox_waiting: int
    inbox_since: datetime | None
    inbox_parked: int
    outbox_due: int
    outbox_later: int
    outbox_since: datetime | None
    outbox_dead: int


def measure(session: Session, now: datetime) -> Depths:
    """How deep they are at this moment."""
    return Depths(*session.connection().execute(_QUESTION, {"now": now}).one())
