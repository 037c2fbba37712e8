"""Which deadlines have to be reckoned anew: their objects become due at once, and the ticks do the rest."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, true, update
from sqlmodel import Session, col, select

from domain.objects import ObjectStatus
from storage.tables import ObjectRecord, OrganisationRecord, PersonRecord

_X = ObjectRecord
_O = OrganisationRecord
_P = PersonRecord


class Reckoning:
    """Objects that have a deadline, told apart by whose they are and by their status."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def everything_anew(self) -> int:
        """All objects with a deadline are due; how many."""
        return self._due(col(_X.status_since), col(_X.main_at).is_not(None))

    def anew(self, organisation_id: int, now: datetime, status: ObjectStatus | None = None) -> int:
        """The objects of a client, or of all whom a partner or group looks after, are due; how many."""
        return self._due(now, *_of(organisation_id, status))

    def count(self, organisation_id: int, status: ObjectStatus | None = None) -> int:
        """How many objects that would be."""
        query = select(func.count()).select_from(_X).where(*_of(organisation_id, status))
        return self._session.exec(query).one()

    def digests_anew(self, now: datetime, organisation_id: int | None = None) -> None:
        """The next digest of an organisation's people, None: of everybody, is reckoned anew.

        One that is due already still comes.
        """
        theirs = col(_P.organisation_id) == organisation_id if organisation_id is not None else true()
        self._session.connection().execute(
            update(_P)
            .where(theirs, col(_P.digest_at) > now)
            .values(digest_at=None)
            .execution_options(synchronize_session=False)
        )

    def _due(self, at: object, *where: ColumnElement[bool]) -> int:
        changed = self._session.connection().execute(
            update(_X).where(*where).values(next_at=at).execution_options(synchronize_session=False)
        )
        return changed.rowcount


def _of(organisation_id: int, status: ObjectStatus | None) -> list[ColumnElement[bool]]:
    theirs = select(col(_O.id)).where(
        or_(col(_O.id) == organisation_id, col(_O.parent_id) == organisation_id)
    )
    conditions: list[ColumnElement[bool]] = [col(_X.main_at).is_not(None), col(_X.client_id).in_(theirs)]
    if status is not None:
        conditions.append(col(_X.status) == status)
    return conditions
