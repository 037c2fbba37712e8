"""The lease: of several processes on one PostgreSQL, the one that works.

    nobody's --take--> held until a moment, renewed while its holder lives --run out--> taken by the next

All moments are the database's own clock's, so the clocks of the machines do not matter. Each taking
raises the epoch. Whoever works commits under the epoch that was taken (``require``): when somebody
else has taken the lease since, nothing of the old one's is kept, however late it wakes up.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import URL, BigInteger, Column, Connection, create_engine, text
from sqlmodel import Field, SQLModel

PATIENCE = 2
"""Seconds that the database has to answer a question about the lease."""

_TAKE = text("""
    INSERT INTO lease (name, holder, epoch, until)
    VALUES ('work', :holder, 1, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = lease.epoch + 1, until = excluded.until
    WHERE lease.until < clock_timestamp()
    RETURNING epoch
""")
_RENEW = text("""
    UPDATE lease SET until = clock_timestamp() + make_interval(secs => :seconds)
    WHERE name = 'work' AND epoch = :epoch
""")
# The lock makes a taking wait for a commit that is under way, and a commit see a taking that came first.
_REQUIRE = text("SELECT 1 FROM lease WHERE name = 'work' AND epoch = :epoch FOR SHARE")


class LeaseLost(Exception):  # noqa: N818  # named by what is the case
    """Somebody else works now: nothing of this transaction may be kept."""


class LeaseRecord(SQLModel, table=True):
    """Who works, by which right, and until when. One row; SQLite, which one process uses, has none."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, max_length=16)
    holder: str = Field(max_length=120)
    epoch: int = Field(sa_column=Column(BigInteger, nullable=False))
    until: datetime


def require(connection: Connection, epoch: int) -> None:
    """Go on only as the one who works; ``LeaseLost`` otherwise. Asked right before the commit."""
    if connection.execute(_REQUIRE, {"epoch": epoch}).first() is None:
        raise LeaseLost


class Leases:
    """Takes, renews and gives back, on a connection of its own: each call is one small transaction."""

    def __init__(self, url: URL, options: Mapping[str, Any]) -> None:
        own = {**options, "options": f"-c statement_timeout={PATIENCE}s -c lock_timeout={PATIENCE}s"}
        self._engine = create_engine(
            url, isolation_level="AUTOCOMMIT", pool_size=1, pool_pre_ping=True, connect_args=own
        )

    def take(self, holder: str, seconds: float) -> int | None:
        """The epoch under which ``holder`` works from now on; None while it is somebody else's."""
        with self._engine.connect() as connection:
            row = connection.execute(_TAKE, {"holder": holder, "seconds": seconds}).first()
        return row[0] if row else None

    def renew(self, epoch: int, seconds: float) -> bool:
        """Hold on for so many seconds more; False when somebody else has taken it."""
        with self._engine.connect() as connection:
            return connection.execute(_RENEW, {"epoch": epoch, "seconds": seconds}).rowcount == 1

    def give_back(self, epoch: int) -> None:
        """Let the next one work at once."""
        self.renew(epoch, 0)

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.dispose()
