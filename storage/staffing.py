"""Who looks after whom, and whose answer is waited for: what ``greenlight doctor`` asks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from domain.objects import ObjectStatus
from storage.reminder_tables import NoticeRecord
from storage.tables import ObjectRecord, OrganisationRecord, PersonRecord

_X, _O, _P, _N = ObjectRecord, OrganisationRecord, PersonRecord, NoticeRecord


class Staffing:
    """Questions about whether anybody is there to be told, and is."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def looking_after(self) -> Sequence[OrganisationRecord]:
        """The organisations that look after clients, by name."""
        client = aliased(_O)
        theirs = select(client.parent_id).where(client.status.is_not(None))  # type: ignore[union-attr]  # an alias's attributes are columns
        return self._session.exec(select(_O).where(col(_O.id).in_(theirs)).order_by(_O.name)).all()

    def answering(self, statuses: Sequence[ObjectStatus]) -> Sequence[tuple[OrganisationRecord, int]]:
        """The clients that have objects in these statuses, by name, and how many."""
        counts = (
            select(col(_X.client_id).label("client_id"), func.count().label("number"))
            .where(col(_X.status).in_(statuses))
            .group_by(col(_X.client_id))
            .subquery()
        )
        query = select(_O, counts.c.number).join(counts, counts.c.client_id == col(_O.id)).order_by(_O.name)
        return [(client, number) for client, number in self._session.exec(query)]

    def overdue(self, since: datetime) -> int:
        """How many objects have been due to be looked at since then or longer."""
        query = select(func.count()).select_from(_X).where(col(_X.next_at) <= since)
        return self._session.exec(query).one()

    def untold_since(self, now: datetime) -> datetime | None:
        """Since when somebody should have been told something and was not; None: nobody."""
        query = select(func.min(_N.due_at)).where(col(_N.told_at).is_(None), col(_N.due_at) <= now)
        return self._session.exec(query).one()

    def silent(self) -> Sequence[PersonRecord]:
        """The people to whom the bot cannot write, by name."""
        query = select(_P).where(col(_P.reachable).is_(False), col(_P.removed_at).is_(None))
        return self._session.exec(query.order_by(_P.name)).all()
