"""Of which objects the forecast tells."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from storage.objects import Seen
from storage.tables import ObjectRecord, OrganisationRecord

_X, _O = ObjectRecord, OrganisationRecord


@dataclass(frozen=True, slots=True)
class Scope:
    """One object, the objects of one client, or all."""

    object_id: int | None = None
    client_id: int | None = None

    def terms(self) -> list[ColumnElement[bool]]:
        """The same as conditions on objects."""
        terms = []
        if self.object_id is not None:
            terms.append(col(_X.id) == self.object_id)
        if self.client_id is not None:
            terms.append(col(_X.client_id) == self.client_id)
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

    def size(self, session: Session, limit: int) -> int:
        """How many they are; ``limit`` stands for that many or more."""
        some = select(col(_X.id)).where(col(_X.next_at).is_not(None), *self.terms()).limit(limit)
        return len(session.exec(some).all())
