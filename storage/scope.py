"""Of which objects the forecast tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from storage.objects import Seen
from storage.tables import ObjectRecord, OrganisationRecord

_X, _O = ObjectRecord, OrganisationRecord


@dataclass(frozen=True, slots=True)
class Scope:
    """One object, the objects of some clients, or all."""

    object_id: int | None = None
    client_ids: tuple[int, ...] | None = None

    def terms(self) -> list[ColumnElement[bool]]:
        """The same as conditions on objects."""
        terms = []
        if self.object_id is not None:
            terms.append(col(_X.id) == self.object_id)
        if self.client_ids is not None:
            terms.append(col(_X.client_id).in_(self.client_ids))
        return terms

    def objects(self, session: Session) -> dict[int, Seen]:
        """Those that will be looked at, apart from the session: what is done to them is kept nowhere."""
        query = (
            select(_X, _O)
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(col(_X.next_at).is_not(None), *self.terms())
            .order_by(col(_X.id))
        )
        found = {}
        for record, client in session.exec(query):
            session.expunge(record)
            found[record.id or 0] = Seen(record, client)
        return found

    @classmethod
    def parts(cls, session: Session, size: int) -> Iterator[Self]:
        """All objects that will be looked at, so many at a time, by clients: a client's stay together."""
        query = select(_X.client_id, func.count()).where(col(_X.next_at).is_not(None))
        part: list[int] = []
        total = 0
        for client_id, count in session.exec(query.group_by(col(_X.client_id))).all():
            if part and total + count > size:
                yield cls(client_ids=tuple(part))
                part, total = [], 0
            part.append(client_id)
            total += count
        if part:
            yield cls(client_ids=tuple(part))

    def size(self, session: Session, limit: int) -> int:
        """How many they are; ``limit`` stands for that many or more."""
        some = select(col(_X.id)).where(col(_X.next_at).is_not(None), *self.terms()).limit(limit)
        return len(session.exec(some).all())
