"""The tables of what is done to many objects at once.

    picking --started--> running --each item has its outcome--> done

An item without an outcome waits. Outcome and effect are written in one transaction, so an item is done
once, whatever dies in between; ``done`` counts the outcomes, and a step names the count that it goes on
from. What was given and leads to no object is an item too: nothing is left out without a word.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from domain.objects import ObjectStatus
from domain.process import ClientReason
from storage.columns import choice, sequence
from storage.tables import ObjectRecord


class BulkState(StrEnum):
    """The life of a bulk change."""

    PICKING = "picking"
    RUNNING = "running"
    DONE = "done"


class BulkKind(StrEnum):
    """What is done to every object."""

    STATUS = "status"
    ASSIGN = "assign"


class Outcome(StrEnum):
    """What became of one object."""

    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


class BulkRecord(SQLModel, table=True):
    """One person's wish for many objects. ``hearers`` are the people to be told when it is done."""

    __tablename__ = "bulk"
    __table_args__ = (
        CheckConstraint("(state = 'picking') = (kind IS NULL)", name="bulk_that_runs_has_a_kind"),
        CheckConstraint("kind <> 'status' OR target IS NOT NULL", name="bulk_names_its_status"),
        {"sqlite_autoincrement": True},  # a button of an older selection must not find a newer one
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    state: BulkState = Field(default=BulkState.PICKING, sa_column=choice(BulkState))
    kind: BulkKind | None = Field(default=None, sa_column=choice(BulkKind, nullable=True))
    target: ObjectStatus | None = Field(default=None, sa_column=choice(ObjectStatus, nullable=True))
    installer_id: int | None = Field(default=None, foreign_key="person.id")
    comment: str = ""
    rating: int | None = None
    reason: ClientReason | None = Field(default=None, sa_column=choice(ClientReason, nullable=True))
    sure: bool = False
    photos: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    hearers: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    done: int = 0
    created_at: datetime
    shown_at: datetime | None = None
    finished_at: datetime | None = None


class BulkItemRecord(SQLModel, table=True):
    """One object of a bulk change; ``version`` and ``installer_id`` are as they were shown.

    ``given`` is the number by which it was asked for, if it was; without an object it led nowhere.
    """

    __tablename__ = "bulk_item"
    __table_args__ = (
        UniqueConstraint("bulk_id", "object_id", name="bulk_has_an_object_once"),
        CheckConstraint(
            "object_id IS NOT NULL OR outcome = 'refused'", name="bulk_item_of_nothing_is_refused"
        ),
        Index("bulk_item_in_order", "bulk_id", "id"),
    )

    id: int | None = Field(default=None, sa_column=sequence())
    bulk_id: int = Field(foreign_key="bulk.id")
    object_id: int | None = Field(default=None, foreign_key="object.id", index=True)
    given: str = Field(default="", max_length=40)
    version: int = 0
    installer_id: int | None = None
    outcome: Outcome | None = Field(default=None, sa_column=choice(Outcome, nullable=True))
    reason: str | None = Field(default=None, max_length=40)
    before: str | None = Field(default=None, max_length=120)
    after: str | None = Field(default=None, max_length=120)


Index("object_by_number", ObjectRecord.__table__.c.number)  # type: ignore[attr-defined]  # SQLModel adds it
# Thousands of numbers are looked up at once, whoever the client is.
