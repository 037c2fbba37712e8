"""The tables through which updates come in and messages go out, and what each chat shows.

They change with every update, so they are written with plain SQL in ``storage.inbox``,
``storage.outbox`` and ``storage.dialogues``; here stand their columns and invariants.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from storage.columns import choice, sequence, telegram_id


def _of_state(state: str, name: str, *columns: str) -> Index:
    """An index of the few rows that are in a state, beside the many that are done."""
    one = text(f"state = '{state}'")
    return Index(name, *columns, sqlite_where=one, postgresql_where=one)


class InboxState(StrEnum):
    """The life of an update: waiting until it is done, or parked after it failed too often."""

    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"


class InboxRecord(SQLModel, table=True):
    """One update as Telegram sent it. ``seq`` is the order of arrival: update ids may restart."""

    __tablename__ = "inbox"
    __table_args__ = (
        _of_state("waiting", "inbox_waiting", "seq"),
        _of_state("parked", "inbox_parked", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, sa_column=sequence())
    update_id: int = Field(sa_column=telegram_id(unique=True))
    body: str
    received_at: datetime
    tries: int = 0
    state: InboxState = Field(default=InboxState.WAITING, sa_column=choice(InboxState))
    error: str | None = Field(default=None, max_length=200)


class OutboxState(StrEnum):
    """The life of a message: drawn at the top of ``storage.outbox``."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    DEAD = "dead"


class OutboxRecord(SQLModel, table=True):
    """One message to be sent: the fact, not the text, but for a person's own screen.

    ``reply``: it answers somebody who has just pressed or written.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        # the state: SQLite would read the rows for it, although the index is of one state
        _of_state("waiting", "outbox_lane", "reply", "chat_id", "id", "due_at", "state"),
        _of_state("waiting", "outbox_waiting", "id"),
        _of_state("waiting", "outbox_due", "due_at"),
        _of_state("dead", "outbox_dead", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=sequence())
    dedup_key: str | None = Field(default=None, unique=True, max_length=80)
    kind: str = Field(max_length=16)
    chat_id: int = Field(sa_column=telegram_id())
    person_id: int | None = Field(default=None, foreign_key="person.id")
    payload: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    state: OutboxState = Field(default=OutboxState.WAITING, sa_column=choice(OutboxState))
    created_at: datetime
    due_at: datetime
    reply: bool = False
    tries: int = 0
    sent_at: datetime | None = None
    message_id: int | None = None
    error: str | None = Field(default=None, max_length=200)


class DialogueRecord(SQLModel, table=True):
    """The dialogue that a person is in: one at a time, which the primary key holds."""

    __tablename__ = "dialogue"

    chat_id: int = Field(sa_column=telegram_id(primary_key=True, autoincrement=False))
    user_id: int = Field(sa_column=telegram_id(primary_key=True, autoincrement=False))
    name: str = Field(max_length=32)
    state: str = Field(max_length=32)
    draft: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))


class ChatRecord(SQLModel, table=True):
    """The living message of a chat, whose buttons are in force, and its list.

    ``words``: what the list is searched by; ``way``: the button of the list from which a card was opened,
    empty when it was opened from elsewhere.
    """

    __tablename__ = "chat"

    chat_id: int = Field(sa_column=telegram_id(primary_key=True, autoincrement=False))
    message_id: int | None = None
    words: str = Field(default="", max_length=80)
    way: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
