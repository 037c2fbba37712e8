"""What is stored between two steps, read without the queries of the product."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from domain.roles import NOBODY, OrganisationKind, Role
from storage.database import Database, UnitOfWork
from storage.reminder_tables import (
    AbsenceRecord,
    BoundChatRecord,
    ClaimRecord,
    OrganisationSettingRecord,
)
from storage.tables import HistoryRecord, InvitationRecord, ObjectRecord, OrganisationRecord, PersonRecord

Columns = dict[str, Any]
WATCHED = {
    "person", "person_role", "organisation", "object", "invitation", "history", "photo", "dialogue",
    "absence", "bound_chat", "claim", "organisation_setting",
}  # fmt: skip
"""The tables that every step is looked at for."""
WATCHED_ELSEWHERE = {
    "inbox": "nothing stays undone, which the watch asks for",
    "outbox": "what is shown of it is looked at",
    "notice": "the model of who must have been told",
    "alert_copy": "where alerts stand, and nothing of what they say",
    "chat": "which message a dialogue lives in",
    "lease": "which process leads",
    "setting": "what the program remembers of itself",
    "bulk": "each change is a line of the history",
    "bulk_item": "the same",
    "import": "the storm of lists",
    "import_row": "the same",
}


@dataclass(frozen=True)
class Person:
    """Somebody with their roles."""

    id: int
    account: int | None
    organisation_id: int
    kind: OrganisationKind
    roles: Role

    def sees(self, client_id: int, parent_id: int | None) -> bool:
        """Whether things of this client exist for them, said a second time."""
        if not self.roles:
            return False
        return {
            OrganisationKind.ADMINISTRATIVE_GROUP: True,
            OrganisationKind.PARTNER: parent_id == self.organisation_id,
            OrganisationKind.CLIENT: client_id == self.organisation_id,
        }[self.kind]

    @property
    def is_staff(self) -> bool:
        """Whether sales cases exist for them."""
        return self.kind is not OrganisationKind.CLIENT


@dataclass(frozen=True)
class Facts:
    """Everything that only certain people may change."""

    people: dict[int, Person]
    people_rows: dict[int, Columns]
    organisations: dict[int, Columns]
    objects: dict[int, Columns]
    invitations: dict[int, Columns]
    absences: dict[int, Columns]
    bound: dict[int, Columns]
    claims: dict[int, Columns]
    settings: dict[int, Columns]
    dialogues: Sequence[tuple[int, int, str, str, str]]
    last_line: int

    def of_account(self, account: int) -> Person | None:
        """Who uses an account."""
        return next((one for one in self.people.values() if one.account == account), None)

    def parent_of(self, client_id: int) -> int | None:
        """Who looks after a client."""
        parent: int | None = self.organisations[client_id]["parent_id"]
        return parent

    def sees(self, person: Person | None, client_id: int) -> bool:
        """Whether somebody sees a client's things."""
        known = client_id in self.organisations
        return known and person is not None and person.sees(client_id, self.parent_of(client_id))


def read(database: Database) -> Facts:
    """Read all of it."""
    with database.read() as unit:
        session = unit.session
        organisations, rows = _rows(unit, OrganisationRecord), _rows(unit, PersonRecord)
        roles: dict[int, Role] = {}
        for person_id, role in session.connection().execute(text("SELECT person_id, role FROM person_role")):
            roles[person_id] = roles.get(person_id, NOBODY) | Role.from_key(role)
        people = {
            key: Person(
                key,
                row["telegram_id"],
                row["organisation_id"],
                OrganisationKind(organisations[row["organisation_id"]]["kind"]),
                roles.get(key, NOBODY),
            )
            for key, row in rows.items()
            if row["removed_at"] is None
        }
        dialogues = session.connection().execute(
            text("SELECT chat_id, user_id, name, state, CAST(draft AS TEXT) FROM dialogue")
        )
        last = session.connection().execute(text("SELECT coalesce(max(id), 0) FROM history")).scalar_one()
        return Facts(
            people,
            rows,
            organisations,
            _rows(unit, ObjectRecord),
            _rows(unit, InvitationRecord),
            _rows(unit, AbsenceRecord),
            _rows(unit, BoundChatRecord),
            _rows(unit, ClaimRecord),
            _rows(unit, OrganisationSettingRecord),
            [tuple(row) for row in dialogues],
            last,
        )


def _rows(unit: UnitOfWork, kind: Any) -> dict[int, Columns]:
    found = unit.session.connection().execute(kind.__table__.select()).mappings()
    return {row["id"]: dict(row) for row in found}


def lines_after(database: Database, last: int) -> list[HistoryRecord]:
    """The lines of the history that came since."""
    with database.read() as unit:
        query = select(HistoryRecord).where(col(HistoryRecord.id) > last).order_by(col(HistoryRecord.id))
        found = list(unit.session.exec(query))
        unit.session.expunge_all()
        return found


def last_statuses(database: Database) -> tuple[dict[int, str], dict[int, str]]:
    """The last status in the history of each object and of each client."""
    found: list[dict[int, str]] = []
    with database.read() as unit:
        for owner in ("object_id", "client_id"):
            rows = unit.session.connection().execute(
                text(
                    f"SELECT {owner}, after FROM history"  # noqa: S608  # a name of ours
                    f" WHERE kind = 'status' AND {owner} IS NOT NULL ORDER BY id"
                )
            )
            found.append(dict(tuple(row) for row in rows))
    return found[0], found[1]


def photos_of(database: Database, line: int) -> list[str]:
    """The photos of a line of the history."""
    with database.read() as unit:
        return [photo.file_id for photo in unit.history.photos(line)]
