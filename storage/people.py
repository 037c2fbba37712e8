"""People, their roles, and whom an object's changes may concern."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from domain.roles import NOBODY, Actor, OrganisationKind, Role
from storage.tables import OrganisationRecord, PersonRecord, PersonRoleRecord

_P = PersonRecord
_O = OrganisationRecord


class People:
    """Questions about people. Those who were removed are found by nobody but the history."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: PersonRecord, roles: Role) -> PersonRecord:
        """Keep a new person with their roles."""
        self._session.add(record)
        self._session.flush()
        self.grant(_id(record), roles)
        return record

    def get(self, person_id: int) -> PersonRecord | None:
        """A person, removed or not."""
        return self._session.get(_P, person_id)

    def by_telegram_id(self, telegram_id: int) -> PersonRecord | None:
        """Who uses this Telegram account."""
        return self._session.exec(
            select(_P).where(_P.telegram_id == telegram_id, col(_P.removed_at).is_(None))
        ).first()

    def roles(self, person_id: int) -> Role:
        """The roles of a person."""
        found = NOBODY
        for key in self._session.exec(
            select(PersonRoleRecord.role).where(PersonRoleRecord.person_id == person_id)
        ):
            found |= Role.from_key(key)
        return found

    def grant(self, person_id: int, roles: Role) -> None:
        """Give roles; those that the person has already stay."""
        for role in roles & ~self.roles(person_id):
            self._session.add(PersonRoleRecord(person_id=person_id, role=role.key))
        self._session.flush()

    def revoke(self, person_id: int, roles: Role) -> None:
        """Take roles away."""
        self._session.connection().execute(
            delete(PersonRoleRecord).where(
                col(PersonRoleRecord.person_id) == person_id,
                col(PersonRoleRecord.role).in_([role.key for role in roles]),
            )
        )

    def remove(self, person: PersonRecord, now: datetime) -> None:
        """Take a person out: the Telegram account is free again, the name stays in the history."""
        person.removed_at = now
        person.telegram_id = None
        self._session.add(person)
        self._session.flush()

    def set_reachable(self, telegram_id: int, *, reachable: bool) -> None:
        """Remember whether the bot may write to this account."""
        person = self.by_telegram_id(telegram_id)
        if person is not None and person.reachable != reachable:
            person.reachable = reachable
            self._session.add(person)
            self._session.flush()

    def actor(self, person: PersonRecord) -> Actor:
        """The person as the rules see one."""
        organisation = self._session.get_one(_O, person.organisation_id)
        return Actor(person.id, person.organisation_id, organisation.kind, self.roles(_id(person)))

    def of_organisation(self, organisation_id: int) -> Sequence[PersonRecord]:
        """The people of an organisation, by name."""
        return self._session.exec(
            select(_P)
            .where(_P.organisation_id == organisation_id, col(_P.removed_at).is_(None))
            .order_by(_P.name)
        ).all()

    def reached(self, organisation_id: int) -> list[tuple[PersonRecord, Role]]:
        """The people of an organisation whom the bot talks with, with their roles, by name."""
        found = self._session.exec(
            select(_P, PersonRoleRecord.role)
            .join(PersonRoleRecord, col(PersonRoleRecord.person_id) == col(_P.id))
            .where(
                _P.organisation_id == organisation_id,
                col(_P.removed_at).is_(None),
                col(_P.telegram_id).is_not(None),
            )
            .order_by(_P.name, col(_P.id))
        )
        people: dict[int, tuple[PersonRecord, Role]] = {}
        for person, key in found:
            roles = people[_id(person)][1] if _id(person) in people else NOBODY
            people[_id(person)] = (person, roles | Role.from_key(key))
        return list(people.values())

    def all(self) -> Sequence[PersonRecord]:
        """Everybody who was not removed, by name."""
        return self._session.exec(select(_P).where(col(_P.removed_at).is_(None)).order_by(_P.name)).all()

    def with_role(self, role: Role, organisation_id: int | None = None) -> Sequence[PersonRecord]:
        """Those who have a role, by name; in one organisation if it is given."""
        query = (
            select(_P)
            .join(PersonRoleRecord, col(PersonRoleRecord.person_id) == col(_P.id))
            .where(PersonRoleRecord.role == role.key, col(_P.removed_at).is_(None))
            .order_by(_P.name)
        )
        if organisation_id is not None:
            query = query.where(_P.organisation_id == organisation_id)
        return self._session.exec(query).all()

    def concerned(self, client_id: int, parent_id: int | None) -> list[Actor]:
        """Everybody whom changes of a client's objects may concern, with their roles."""
        query = (
            select(_P.id, _P.organisation_id, _O.kind, PersonRoleRecord.role)
            .join(_O, col(_P.organisation_id) == col(_O.id))
            .join(PersonRoleRecord, col(PersonRoleRecord.person_id) == col(_P.id))
            .where(
                col(_P.removed_at).is_(None),
                col(_P.telegram_id).is_not(None),
                or_(
                    col(_O.id) == client_id,
                    col(_O.id) == parent_id,
                    col(_O.kind) == OrganisationKind.ADMINISTRATIVE_GROUP,
                ),
            )
            .order_by(col(_P.id))
        )
        found: dict[int, Actor] = {}
        for person_id, organisation_id, kind, key in self._session.exec(query):
            known = found.get(person_id or 0)
            roles = Role.from_key(key) | (known.roles if known else NOBODY)
            found[person_id or 0] = Actor(person_id, organisation_id, OrganisationKind(kind), roles)
        return list(found.values())


def _id(person: PersonRecord) -> int:
    if person.id is None:
        raise RuntimeError("the person is not stored yet")
    return person.id
