"""What is due: objects at which one has to look, and people whose digest it is time for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from domain.roles import Sight
from storage.objects import Seen
from storage.organisations import visible_clients
from storage.reminder_tables import NoticeRecord
from storage.tables import ObjectRecord, OrganisationRecord, PersonRecord

_X, _O, _P, _N = ObjectRecord, OrganisationRecord, PersonRecord, NoticeRecord
TOO_FAR = timedelta(hours=50)
"""A digest that is due later than this was reckoned by a clock that was wrong: two local days end sooner,
even one of 25 hours."""


class Watch:
    """Questions about what is due."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def objects(self, now: datetime, limit: int) -> list[Seen]:
        """Objects about which something is due, the longest due first."""
        found = self._session.exec(
            select(_X, _O)
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(col(_X.next_at) <= now)
            .order_by(col(_X.next_at), col(_X.id))
            .limit(limit)
        )
        return [Seen(record, client) for record, client in found]

    def plan(self, object_id: int, values: Mapping[str, Any]) -> None:
        """Keep the deadline of an object and when to look at it next."""
        self._session.connection().execute(update(_X).where(col(_X.id) == object_id).values(**values))

    def version(self, object_id: int) -> int | None:
        """The version that an object has at this moment, whatever was read before."""
        return self._session.exec(select(_X.version).where(_X.id == object_id)).first()

    def look_soon(
        self,
        now: datetime,
        *,
        object_id: int | None = None,
        told: int | None = None,
        seen_by: Sight | None = None,
        client_id: int | None = None,
    ) -> None:
        """Have an object looked at, or those of a client, or all of which ``told`` was told.

        ``seen_by``: all that one sees and of which anybody was told.
        """
        conditions: list[ColumnElement[bool]] = [col(_X.main_at).is_not(None)]
        if object_id is not None:
            conditions.append(col(_X.id) == object_id)
        if client_id is not None:
            conditions.append(col(_X.client_id) == client_id)
        if told is not None:
            conditions.append(col(_X.id).in_(select(_N.object_id).where(_N.person_id == told)))
        if seen_by is not None:
            clients = select(_O.id).where(visible_clients(seen_by))
            conditions += [col(_X.client_id).in_(clients), col(_X.id).in_(select(_N.object_id))]
        self._session.connection().execute(update(_X).where(*conditions).values(next_at=now))

    def digests(self, now: datetime, limit: int) -> Sequence[PersonRecord]:
        """People whose digest is due, or was never reckoned, or wrongly."""
        return self._session.exec(
            select(_P)
            .where(
                col(_P.removed_at).is_(None),
                col(_P.telegram_id).is_not(None),
                or_(
                    col(_P.digest_at) <= now,
                    col(_P.digest_at) > now + TOO_FAR,
                    col(_P.digest_at).is_(None),
                ),
            )
            .order_by(col(_P.id))
            .limit(limit)
        ).all()

    def digest_soon(self, person: PersonRecord, now: datetime) -> None:
        """Have somebody get a digest before their morning."""
        self.digest_at(person, now)

    def digest_at(self, person: PersonRecord, at: datetime) -> None:
        """Keep when somebody's next digest is due."""
        person.digest_at = at
        self._session.add(person)
        self._session.flush()

    def silent(self) -> frozenset[int]:
        """The people to whom the bot cannot write."""
        found = self._session.exec(select(_P.id).where(col(_P.reachable).is_(False)))
        return frozenset(person_id for person_id in found if person_id is not None)
