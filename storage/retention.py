"""Forgetting rows that nobody asks for any more, a portion at a time, from the oldest on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, delete, select
from sqlmodel import Session

PORTION = 500
"""Rows that are looked at in one transaction: nobody waits longer than for those."""


def forget(
    session: Session,
    key: "Column[int]",
    came: "Column[datetime]",
    settled: "Column[datetime]",
    before: Mapping[Any, datetime],
    after: int,
) -> tuple[int | None, int]:
    """Look at the rows whose ``key`` follows ``after``, and forget those that are old in their state.

    Args:
        session: where it is done.
        key: grows from row to row.
        came: when the row was written; with the first that is too young for all, it is over.
        settled: what its age is reckoned from.
        before: for each state that ends, the moment before which its rows go. Others stay.
        after: where the last portion ended; 0 at first.

    Returns:
        Where this portion ended, None: there is no more to be looked at; and how many rows went.
    """
    state = key.table.c.state
    connection = session.connection()
    rows = connection.execute(
        select(key, came, settled, state).where(key > after).order_by(key).limit(PORTION)
    ).all()
    old = [row[0] for row in rows if row[2] < before.get(row[3], row[2])]
    if old:
        connection.execute(delete(key.table).where(key.in_(old)))
    over = not rows or rows[-1][1] >= max(before.values())
    return None if over else rows[-1][0], len(old)
