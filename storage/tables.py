"""The tables of people, objects and their history: columns and constraints only."""

from datetime import datetime
from enum import StrEnum

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

from domain.clients import ClientStatus
from domain.objects import ObjectStatus
from domain.process import ClientReason, Route
from domain.roles import OrganisationKind
from storage.columns import choice, sequence, telegram_id

_ASKED = ("client_id", "folded")
"""What an index holds besides, so that whoever walks along it knows whom an object is for, and its words."""


def _by_age(name: str, *columns: str, where: str) -> Index:
    """An index from the object that is longest in its status on, over a part of the objects."""
    return Index(name, "status_since", "id", *columns, sqlite_where=text(where), postgresql_where=text(where))


class OrganisationRecord(SQLModel, table=True):
    """An administrative group, a partner or a client; a client has a status as a sales case."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'client') = (status IS NOT NULL)", name="organisation_only_clients_have_status"
        ),
        CheckConstraint(
            "kind <> 'client' OR parent_id IS NOT NULL", name="organisation_client_is_looked_after"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=120)
    kind: OrganisationKind = Field(sa_column=choice(OrganisationKind))
    parent_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    time_zone: str = Field(default="UTC", max_length=64)
    support_id: int | None = Field(
        default=None,
        # A person belongs to an organisation: the circle is closed after both tables are there.
        sa_column=Column(
            Integer,
            ForeignKey("person.id", name="organisation_support_is_a_person", use_alter=True),
            index=True,
        ),
    )
    folded: str = Field(default="", max_length=240)
    status: ClientStatus | None = Field(
        default=None, sa_column=choice(ClientStatus, nullable=True, index=True)
    )
    status_since: datetime | None = None
    version: int = 0
    created_at: datetime


class PersonRecord(SQLModel, table=True):
    """Somebody who uses the bot. Removed people stay, so that the history can name them."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    name: str = Field(max_length=120)
    telegram_id: int | None = Field(default=None, sa_column=telegram_id(nullable=True, unique=True))
    language: str = Field(default="en", max_length=16)
    reachable: bool = True
    digest_at: datetime | None = Field(default=None, index=True)
    """When the next digest is due; empty until it was reckoned for the first time."""
    created_at: datetime
    removed_at: datetime | None = None


class PersonRoleRecord(SQLModel, table=True):
    """One role that a person has."""

    __tablename__ = "person_role"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    role: str = Field(primary_key=True, max_length=16)


class InvitationRecord(SQLModel, table=True):
    """A deep link that makes whoever opens it a person; only the hash of its secret is kept."""

    __tablename__ = "invitation"

    id: int | None = Field(default=None, primary_key=True)
    secret_hash: str = Field(unique=True, max_length=64)
    organisation_id: int = Field(foreign_key="organisation.id")
    roles: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, foreign_key="person.id")
    revoked_at: datetime | None = None


class ObjectRecord(SQLModel, table=True):
    """A client's machine. ``version`` grows with each status, so that of two writers one wins."""

    __tablename__ = "object"
    __table_args__ = (
        UniqueConstraint("client_id", "number", name="object_number_is_unique_per_client"),
        CheckConstraint("(main_at IS NULL) = (urgent_at IS NULL)", name="object_deadline_is_whole"),
        Index("object_by_status", "status", "status_since"),
        Index("object_by_client_status_urgent_at", "client_id", "status", "urgent_at", "main_at"),
        Index("object_by_client", "client_id", "urgent_at", "main_at", "folded"),
        Index("object_by_status_urgent_at", "status", "urgent_at", "main_at"),
        Index("object_by_urgent_at", "urgent_at", "main_at"),
        _by_age("object_with_deadline_by_age", "urgent_at", "main_at", *_ASKED, where="main_at IS NOT NULL"),
        _by_age("object_without_deadline_by_age", *_ASKED, where="main_at IS NULL"),
        Index(
            "object_next",
            "next_at",
            "id",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="organisation.id")
    number: str = Field(max_length=40)
    name: str = Field(default="", max_length=80)
    plate: str = Field(default="", max_length=20)
    vin: str = Field(default="", max_length=20)
    address: str = Field(default="", max_length=200)
    latitude: float | None = None
    longitude: float | None = None
    contact: str = Field(default="", max_length=120)
    terminal: str | None = Field(default=None, unique=True, max_length=32)
    installer_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    folded: str = Field(default="", max_length=400)
    status: ObjectStatus = Field(sa_column=choice(ObjectStatus))
    status_since: datetime
    version: int = 1
    commissioned: bool = False
    open_request: ClientReason | None = Field(default=None, sa_column=choice(ClientReason, nullable=True))
    main_at: datetime | None = None
    urgent_at: datetime | None = None
    next_at: datetime | None = None
    """When something about it is due: somebody has to be told, or a claim ends."""
    created_at: datetime


class EntryKind(StrEnum):
    """What a line of the history tells."""

    STATUS = "status"
    NOTE = "note"
    CORRECTION = "correction"
    ASSIGNMENT = "assignment"


class HistoryRecord(SQLModel, table=True):
    """One line of the history of an object or of a client. Append-only: triggers refuse the rest."""

    __tablename__ = "history"
    __table_args__ = (
        CheckConstraint("(object_id IS NULL) <> (client_id IS NULL)", name="history_is_of_one_thing"),
        CheckConstraint("(kind = 'status') = (after IS NOT NULL)", name="history_status_names_status"),
        Index("history_of_object", "object_id", "id"),
        Index("history_of_client", "client_id", "id"),
        Index("history_by_person", "person_id", "id"),
    )

    id: int | None = Field(default=None, sa_column=sequence())
    object_id: int | None = Field(default=None, foreign_key="object.id")
    client_id: int | None = Field(default=None, foreign_key="organisation.id")
    kind: EntryKind = Field(sa_column=choice(EntryKind))
    at: datetime
    before: str | None = Field(default=None, max_length=32)
    after: str | None = Field(default=None, max_length=32)
    row: int | None = None
    person_id: int | None = Field(default=None, foreign_key="person.id")
    role: str | None = Field(default=None, max_length=16)
    comment: str
    reason: ClientReason | None = Field(default=None, sa_column=choice(ClientReason, nullable=True))
    rating: int | None = None
    terminal: str | None = Field(default=None, max_length=32)
    route: Route = Field(sa_column=choice(Route))


class PhotoRecord(SQLModel, table=True):
    """A photo of a history line. ``file_unique_id`` names the kept copy in the folder of files."""

    __tablename__ = "photo"

    history_id: int = Field(sa_column=Column(BigInteger, ForeignKey("history.id"), primary_key=True))
    position: int = Field(primary_key=True)
    file_id: str = Field(max_length=200)
    file_unique_id: str = Field(max_length=64)


class SettingRecord(SQLModel, table=True):
    """A fact that the program itself remembers, such as the bot's own name."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True, max_length=40)
    value: str
