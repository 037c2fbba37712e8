"""The tables of who has to be told what by when, who took it, and whom one reaches.

    an object is due (``object.next_at``) --> notices for those whom its stage concerns
    a notice that is due (``due_at``) --> one message a person, and ``told_at``

A notice is unique for its object as it is (``version``), its stage and its person: whatever dies in
between, whatever the clock does, nobody is told the same twice.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from storage.columns import sequence, telegram_id


class NoticeRecord(SQLModel, table=True):
    """One person has to be told of one stage of one object; ``told_at``: when the message was queued.

    ``history_id`` is the line of the history that is told of, 0 when it is time that has passed.
    ``bound_chat_id`` is the bound group that is told through that person, 0: the person's own chat.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "notice_untold",
            "due_at",
            "person_id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
        Index("notice_of_person", "person_id", "stage"),
    )

    object_id: int = Field(foreign_key="object.id", primary_key=True)
    version: int = Field(primary_key=True)
    stage: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    history_id: int = Field(default=0, sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    bound_chat_id: int = Field(default=0, primary_key=True)
    role: str = Field(max_length=16)
    because: str = Field(max_length=32)
    instead_of: int | None = Field(default=None, foreign_key="person.id")
    due_at: datetime
    told_at: datetime | None = None


class ClaimRecord(SQLModel, table=True):
    """«I take it»: until then nobody else is reminded of the object as it is. At most one is open."""

    __tablename__ = "claim"
    __table_args__ = (
        Index(
            "claim_open",
            "object_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("until > at", name="claim_ends_after_it_begins"),
    )

    id: int | None = Field(default=None, primary_key=True)
    object_id: int = Field(foreign_key="object.id", index=True)
    version: int
    person_id: int = Field(foreign_key="person.id", index=True)
    at: datetime
    until: datetime
    ended_at: datetime | None = None


class CopyRecord(SQLModel, table=True):
    """A sent alert about one object, which is edited when that is settled or taken by somebody."""

    __tablename__ = "alert_copy"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id", name="alert_copy_is_one_message"),
        Index(
            "alert_copy_open",
            "object_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    object_id: int = Field(foreign_key="object.id")
    version: int
    stage: int
    history_id: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    chat_id: int = Field(sa_column=telegram_id())
    message_id: int
    person_id: int = Field(foreign_key="person.id", index=True)
    bound_chat_id: int = 0
    sent_at: datetime
    closed_at: datetime | None = None


class AbsenceRecord(SQLModel, table=True):
    """Somebody is away until then; the stand-in gets their alerts and tasks."""

    __tablename__ = "absence"
    __table_args__ = (
        Index(
            "absence_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("stand_in_id <> person_id", name="absence_has_somebody_else_stand_in"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    stand_in_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    at: datetime
    until: datetime
    ended_at: datetime | None = None


class BoundChatRecord(SQLModel, table=True):
    """A group, or a topic of one (``thread_id``, 0: the whole group), that gets the moderators' alerts."""

    __tablename__ = "bound_chat"
    __table_args__ = (
        UniqueConstraint("chat_id", "thread_id", name="bound_chat_once"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=telegram_id())
    thread_id: int = 0
    title: str = Field(default="", max_length=255)
    bound_by: int = Field(foreign_key="person.id")
    at: datetime


class OrganisationSettingRecord(SQLModel, table=True):
    """A setting of one organisation, as somebody set it: the latest row of a key holds.

    Append-only: triggers refuse the rest, so the table is its own trail. ``value`` null: what the
    deployment says holds again. ``held``: what held before and since, wherever that came from; null in
    rows of earlier releases.
    """

    __tablename__ = "organisation_setting"
    __table_args__ = (Index("organisation_setting_latest", "organisation_id", "key", "id"),)

    id: int | None = Field(default=None, sa_column=sequence())
    organisation_id: int = Field(foreign_key="organisation.id")
    key: str = Field(max_length=40)
    value: dict[str, object] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    held: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    person_id: int | None = Field(
        default=None,
        sa_column=Column(Integer, ForeignKey("person.id", name="organisation_setting_by_a_person")),
    )
    at: datetime
