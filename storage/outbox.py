"""The outbox: what has to be sent, written in the transaction of the change that caused it.

    waiting --sent--> sent
       |  '--no longer true, overtaken by the next screen, or the person is gone--> dropped
       |'--failed for a while--> waiting
       '--Telegram refuses this message, or it failed for a day--> dead (``greenlight doctor`` lists it)

The guarantee: every committed change is kept; every message is sent; a message may arrive twice only
if it was on its way when the process died, or if its answer never arrived. Messages of one chat are
sent one at a time, the next when it is recorded what became of the last: replies to what its person has
just done first, then the others, both in the order of their ids. ``dedup_key`` is unique: one fact is
told once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, bindparam, func, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.queues import OutboxRecord, OutboxState
from storage.retention import forget

REPLIES = frozenset({"screen", "text", "pin", "album", "group", "forecast", "bulk-file"})
"""The kinds that are written by what somebody does, for whoever does it: they are there and wait."""

_WAITING = text("outbox.state = 'waiting'")
"""Said in the words of the indexes, so that SQLite takes them."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be sent to a chat."""

    kind: str
    chat_id: int
    payload: Mapping[str, Any]
    person_id: int | None = None
    dedup_key: str | None = None
    due_at: datetime | None = None  # not before then


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message."""

    id: int
    state: OutboxState
    message_id: int | None = None
    error: str | None = None
    living: bool = False  # the message is the chat's living one from now on
    due_at: datetime | None = None  # when to try again


@dataclass(frozen=True, slots=True)
class Ended:
    """A message of this kind has come to this; for whoever counts."""

    kind: str
    state: OutboxState


class Outbox:
    """Messages in the order in which they were written."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, messages: Iterable[Message], now: datetime) -> None:
        """Queue messages; one whose ``dedup_key`` is there already is not queued again."""
        rows = [
            {
                "kind": m.kind,
                "chat_id": m.chat_id,
                "payload": dict(m.payload),
                "person_id": m.person_id,
                "dedup_key": m.dedup_key,
                "state": OutboxState.WAITING,
                "created_at": now,
                "due_at": m.due_at or now,
                "reply": m.kind in REPLIES,
                "tries": 0,
            }
            for m in messages
        ]
        if not rows:
            return
        dialect = self._session.connection().dialect.name
        statement = (postgresql if dialect == "postgresql" else sqlite).insert(OutboxRecord)
        self._session.connection().execute(
            statement.on_conflict_do_nothing(index_elements=["dedup_key"]), rows
        )

    def waiting(self, after: int = 0, limit: int = 500) -> Sequence[OutboxRecord]:
        """Unsent messages with an id above ``after``, in order."""
        return self._first(limit, _WAITING, col(OutboxRecord.id) > after)

    def lanes(self, *, reply: bool, now: datetime) -> Mapping[int, int]:
        """The chats for which a reply, or something else, is due; of each the highest id."""
        query = (
            select(OutboxRecord.chat_id, func.max(OutboxRecord.id))
            .where(_WAITING, col(OutboxRecord.reply) == reply, col(OutboxRecord.due_at) <= now)
            .group_by(col(OutboxRecord.chat_id))
        )
        return {chat_id: newest or 0 for chat_id, newest in self._session.exec(query)}

    def of_lane(self, chat_id: int, *, reply: bool, now: datetime, limit: int = 2) -> Sequence[OutboxRecord]:
        """The first replies, or the first others, that are due for a chat."""
        return self._first(
            limit,
            _WAITING,
            col(OutboxRecord.reply) == reply,
            col(OutboxRecord.chat_id) == chat_id,
            col(OutboxRecord.due_at) <= now,
        )

    def _first(self, limit: int, *where: ColumnElement[bool] | TextClause) -> Sequence[OutboxRecord]:
        """The first messages of which this is true, in order; nothing that becomes of them is written."""
        found = self._session.exec(
            select(OutboxRecord).where(*where).order_by(col(OutboxRecord.id)).limit(limit)
        ).all()
        for record in found:
            self._session.expunge(record)
        return found

    def withdraw(self, kind: str, person_id: int) -> list[Mapping[str, Any]]:
        """Send no messages of a kind that wait for a person still; what they would have said."""
        table = OutboxRecord.__table__  # type: ignore[attr-defined]  # SQLModel adds it
        theirs = (
            table.c.state == OutboxState.WAITING,
            table.c.kind == kind,
            table.c.person_id == person_id,
        )
        connection = self._session.connection()
        found = connection.execute(select(table.c.payload).where(*theirs).order_by(table.c.id)).all()
        if found:
            connection.execute(update(table).where(*theirs).values(state=OutboxState.DROPPED))
        return [payload for (payload,) in found]

    def is_waiting(self, message_id: int) -> bool:
        """Whether a message is to be sent still."""
        query = select(OutboxRecord.state).where(OutboxRecord.id == message_id)
        return self._session.exec(query).first() == OutboxState.WAITING

    def settle(self, outcomes: Iterable[Outcome], now: datetime) -> None:
        """Record what became of messages, many at once."""
        rows = [
            {
                "key": o.id,
                "new_state": o.state,
                "new_message_id": o.message_id,
                "new_error": (o.error or "")[:200] or None,
                "new_sent_at": now if o.state is OutboxState.SENT else None,
                "new_due_at": o.due_at or now,
            }
            for o in outcomes
        ]
        if not rows:
            return
        table = OutboxRecord.__table__  # type: ignore[attr-defined]  # SQLModel adds it
        self._session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("key"))
            .values(
                state=bindparam("new_state"),
                message_id=bindparam("new_message_id"),
                error=bindparam("new_error"),
                sent_at=bindparam("new_sent_at"),
                due_at=bindparam("new_due_at"),
                tries=table.c.tries + 1,
            ),
            rows,
        )

    def forget(self, message_id: int) -> None:
        """Keep nothing of what a message said."""
        self._session.exec(update(OutboxRecord).where(col(OutboxRecord.id) == message_id).values(payload={}))

    def counts(self) -> dict[OutboxState, int]:
        """How many messages are in each state."""
        found = self._session.exec(
            select(OutboxRecord.state, func.count()).group_by(col(OutboxRecord.state))
        ).all()
        return {OutboxState(state): count for state, count in found}

    def newest_at(self) -> datetime | None:
        """When the newest message was written."""
        return self._session.exec(select(func.max(OutboxRecord.created_at))).one()

    def dead(self, limit: int = 20) -> Sequence[OutboxRecord]:
        """Messages that Telegram refused, the latest first."""
        return self._session.exec(
            select(OutboxRecord)
            .where(col(OutboxRecord.state) == OutboxState.DEAD)
            .order_by(col(OutboxRecord.id).desc())
            .limit(limit)
        ).all()

    def forget_old(self, sent: datetime, dead: datetime, after: int) -> tuple[int | None, int]:
        """Forget a portion of the messages that ended before then: see ``forget``.

        Whoever is told a fact by its ``dedup_key`` has the key with a row that changes in the same
        transaction, so nothing is told again when this one is gone.
        """
        columns = OutboxRecord.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
        before = {OutboxState.SENT: sent, OutboxState.DROPPED: sent, OutboxState.DEAD: dead}
        return forget(self._session, columns.id, columns.created_at, columns.due_at, before, after)
