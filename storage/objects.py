"""Objects: who sees which, what is next for whom, and the compare-and-set of their status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, update
from sqlmodel import Session, col, select

from domain.deadlines import Colour
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import CLIENT_RIGHT, Condition, Row
from domain.roles import Actor, Role, Sight
from domain.search import fold
from storage.columns import reread
from storage.organisations import visible_clients
from storage.tables import ObjectRecord, OrganisationRecord

_X = ObjectRecord
_O = OrganisationRecord


@dataclass(frozen=True, slots=True)
class ObjectFilter:
    """Which objects a list shows. ``movable_by`` keeps those that this person can move on now."""

    colour: Colour | None = None
    status: ObjectStatus | None = None
    client_id: int | None = None
    query: str = ""
    movable_by: Actor | None = None
    named_for: int | None = None
    """Keep those that are this person's own: assigned to them, or of a client they are responsible for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An object with its client."""

    object: ObjectRecord
    client: OrganisationRecord


class Objects:
    """Questions about objects."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: ObjectRecord) -> ObjectRecord:
        """Keep a new object."""
        self.save(record)
        return record

    def save(self, record: ObjectRecord) -> None:
        """Keep the corrected fields of an object. The status goes through ``set_status`` alone."""
        parts = (record.number, record.name, record.plate, record.vin, record.terminal or "")
        record.folded = "\n".join(fold(part) for part in parts)
        self._session.add(record)
        self._session.flush()

    def get(self, object_id: int, sight: Sight) -> Seen | None:
        """An object if it is seen; an unknown and an unseen one are alike."""
        found = self._session.exec(
            select(_X, _O)
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(_X.id == object_id, visible_clients(sight))
        ).first()
        return Seen(*found) if found else None

    def by_number(self, client_id: int, number: str) -> ObjectRecord | None:
        """The client's object of that number."""
        return self._session.exec(select(_X).where(_X.client_id == client_id, _X.number == number)).first()

    def by_terminal(self, terminal: str) -> ObjectRecord | None:
        """The object that carries this terminal, whoever asks."""
        return self._session.exec(select(_X).where(_X.terminal == terminal)).first()

    def page(
        self, sight: Sight, wanted: ObjectFilter, now: datetime, *, offset: int = 0, limit: int = 8
    ) -> list[Seen]:
        """A page of the objects that are seen, reddest first, then those longest in their status."""
        found = self._session.exec(
            select(_X, _O)
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(*self._conditions(sight, wanted, now))
            .order_by(_colour(now).desc(), col(_X.status_since), col(_X.id))
            .offset(offset)
            .limit(limit)
        ).all()
        return [Seen(*pair) for pair in found]

    def count(self, sight: Sight, wanted: ObjectFilter, now: datetime) -> int:
        """How many objects the list has."""
        return self._session.exec(
            select(func.count())
            .select_from(_X)
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(*self._conditions(sight, wanted, now))
        ).one()

    def counts_by_colour(self, sight: Sight, wanted: ObjectFilter, now: datetime) -> dict[Colour, int]:
        """How many objects the list has of each colour."""
        # Grouped by its name: PostgreSQL takes the same expression with other parameters for another.
        found = self._session.exec(
            select(_colour(now).label("colour"), func.count())
            .select_from(_X)
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(*self._conditions(sight, wanted, now))
            .group_by("colour")
        ).all()
        return {Colour(number): count for number, count in found}

    def set_status(self, object_id: int, version: int, values: Mapping[str, Any]) -> bool:
        """Compare and set the status with all that hangs on it: False when somebody was faster."""
        result = self._session.connection().execute(
            update(_X)
            .where(col(_X.id) == object_id, col(_X.version) == version)
            .values(**values, version=version + 1)
        )
        reread(self._session, _X, object_id)
        return result.rowcount == 1

    def unassign(self, person_id: int) -> None:
        """Take a person off all objects."""
        self._session.exec(update(_X).where(col(_X.installer_id) == person_id).values(installer_id=None))

    def _conditions(self, sight: Sight, wanted: ObjectFilter, now: datetime) -> list[ColumnElement[bool]]:
        conditions = [visible_clients(sight)]
        if wanted.colour is not None:
            conditions.append(_colour(now) == wanted.colour.value)
        if wanted.status:
            conditions.append(col(_X.status) == wanted.status)
        if wanted.client_id is not None:
            conditions.append(col(_X.client_id) == wanted.client_id)
        if wanted.query:
            conditions.append(col(_X.folded).contains(fold(wanted.query), autoescape=True))
        if wanted.named_for is not None:
            conditions.append(
                or_(col(_X.installer_id) == wanted.named_for, col(_O.support_id) == wanted.named_for)
            )
        if wanted.movable_by is not None:
            conditions += [movable(wanted.movable_by, now), col(_X.main_at).is_not(None)]
        return conditions


def movable(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The condition that the actor can move an object on now: the process table said in SQL."""
    terms = [_takeable(row, actor, now) for row in OBJECT_PROCESS.rows if row.source is not None]
    return or_(false(), *terms)


def _takeable(row: Row[ObjectStatus], actor: Actor, now: datetime) -> ColumnElement[bool]:
    if not actor.roles & (row.roles | row.late) or Role.SYSTEM in actor.roles:
        return false()
    conditions = [col(_X.status) == row.source]
    if not actor.roles & row.roles:
        conditions.append(col(_X.main_at) <= now)
    if row.asks(Condition.WITHIN_8_DAYS):
        conditions.append(col(_X.status_since) > now - CLIENT_RIGHT)
    if row.asks(Condition.NEVER_ACTIVE):
        conditions.append(col(_X.commissioned).is_(False))
    if row.asks(Condition.WAS_ACTIVE):
        conditions.append(col(_X.commissioned).is_(True))
    return and_(*conditions)


def _colour(now: datetime) -> ColumnElement[int]:
    return case(
        (col(_X.main_at).is_(None), Colour.GREEN.value),
        (col(_X.urgent_at) <= now, Colour.RED.value),
        (col(_X.main_at) <= now, Colour.YELLOW.value),
        else_=Colour.BLUE.value,
    )
