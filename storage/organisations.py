"""Organisations, and among them the clients as sales cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, true, update
from sqlmodel import Session, col, select

from domain.clients import ClientStatus
from domain.roles import OrganisationKind, Sight
from domain.search import fold
from storage.columns import reread
from storage.tables import OrganisationRecord, PersonRecord

_O = OrganisationRecord


def visible_clients(sight: Sight) -> ColumnElement[bool]:
    """The condition that a client organisation is seen."""
    if sight.everything:
        return true()
    if sight.looked_after_by is not None:
        return col(_O.parent_id) == sight.looked_after_by
    return col(_O.id) == sight.own


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """Which clients a list shows."""

    status: ClientStatus | None = None
    query: str = ""


class Organisations:
    """Questions about organisations."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: OrganisationRecord) -> OrganisationRecord:
        """Keep a new organisation and give it its id."""
        record.folded = fold(record.name)[:240]  # casefolding may write one letter as three
        self._session.add(record)
        self._session.flush()
        return record

    def get(self, organisation_id: int) -> OrganisationRecord | None:
        """One organisation of any kind, whoever asks."""
        return self._session.get(_O, organisation_id)

    def by_name(self, name: str) -> OrganisationRecord | None:
        """The organisation of exactly this name."""
        return self._session.exec(select(_O).where(_O.name == name)).first()

    def of_kind(self, kind: OrganisationKind) -> Sequence[OrganisationRecord]:
        """All organisations of a kind, by name."""
        return self._session.exec(select(_O).where(_O.kind == kind).order_by(_O.name)).all()

    def of_kinds(
        self, kinds: Sequence[OrganisationKind], query: str = "", *, offset: int = 0, limit: int = 50
    ) -> Sequence[OrganisationRecord]:
        """A page of the organisations of these kinds that have the words in their name."""
        return self._session.exec(
            select(_O).where(*_named(kinds, query)).order_by(_rank(), _O.name).offset(offset).limit(limit)
        ).all()

    def count_of_kinds(self, kinds: Sequence[OrganisationKind], query: str = "") -> int:
        """How many such organisations there are."""
        return self._session.exec(select(func.count()).select_from(_O).where(*_named(kinds, query))).one()

    def with_people(self, *, offset: int = 0, limit: int = 50) -> list[tuple[OrganisationRecord, int]]:
        """A page of the organisations that have people, and how many they have; the group first."""
        found = self._session.exec(
            select(_O, func.count(col(PersonRecord.id)))
            .join(PersonRecord, col(PersonRecord.organisation_id) == col(_O.id))
            .where(col(PersonRecord.removed_at).is_(None))
            .group_by(col(_O.id))
            .order_by(_rank(), _O.name)
            .offset(offset)
            .limit(limit)
        ).all()
        return [(organisation, count) for organisation, count in found]

    def count_with_people(self) -> int:
        """How many organisations have people."""
        staffed = select(PersonRecord.organisation_id).where(col(PersonRecord.removed_at).is_(None))
        return self._session.exec(select(func.count()).select_from(_O).where(col(_O.id).in_(staffed))).one()

    def release(self, person_id: int) -> None:
        """Clients for whom this person was responsible have nobody responsible any more."""
        self._session.exec(update(_O).where(col(_O.support_id) == person_id).values(support_id=None))

    def client(self, client_id: int, sight: Sight) -> OrganisationRecord | None:
        """A client organisation if it is seen; an unknown and an unseen one are alike."""
        return self._session.exec(
            select(_O).where(_O.id == client_id, _O.kind == OrganisationKind.CLIENT, visible_clients(sight))
        ).first()

    def clients(
        self, sight: Sight, wanted: ClientFilter, *, offset: int = 0, limit: int = 50
    ) -> Sequence[OrganisationRecord]:
        """A page of the clients that are seen, by name."""
        return self._session.exec(
            select(_O).where(*self._conditions(sight, wanted)).order_by(_O.name).offset(offset).limit(limit)
        ).all()

    def count_clients(self, sight: Sight, wanted: ClientFilter) -> int:
        """How many clients the list has."""
        return self._session.exec(
            select(func.count()).select_from(_O).where(*self._conditions(sight, wanted))
        ).one()

    def set_status(self, client_id: int, version: int, status: ClientStatus, since: datetime) -> bool:
        """Compare and set: False when somebody was faster."""
        result = self._session.connection().execute(
            update(_O)
            .where(col(_O.id) == client_id, col(_O.version) == version)
            .values(status=status, status_since=since, version=version + 1)
        )
        reread(self._session, _O, client_id)
        return result.rowcount == 1

    @staticmethod
    def _conditions(sight: Sight, wanted: ClientFilter) -> list[ColumnElement[bool]]:
        conditions = [col(_O.kind) == OrganisationKind.CLIENT, visible_clients(sight)]
        if wanted.status:
            conditions.append(col(_O.status) == wanted.status)
        if wanted.query:
            conditions.append(col(_O.folded).contains(fold(wanted.query), autoescape=True))
        return conditions


def _named(kinds: Sequence[OrganisationKind], query: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(_O.kind).in_(kinds)]
    if query:
        conditions.append(col(_O.folded).contains(fold(query), autoescape=True))
    return conditions


def _rank() -> ColumnElement[int]:
    """The order of the kinds: the group, partners, clients."""
    return case(
        (col(_O.kind) == OrganisationKind.ADMINISTRATIVE_GROUP, 0),
        (col(_O.kind) == OrganisationKind.PARTNER, 1),
        else_=2,
    )
