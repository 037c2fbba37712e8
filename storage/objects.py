"""Objects: who sees which, what is next for whom, and the compare-and-set of their status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, true, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.board import Window
from domain.deadlines import Colour
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import CLIENT_RIGHT, Condition, Row, Subject
from domain.roles import Actor, Role, Sight
from storage.columns import reread
from storage.organisations import visible_clients
from storage.search import Search, searchable, searching, walking
from storage.tables import ObjectRecord, OrganisationRecord
from storage.windows import mark_of, within

MANY = 1_000
"""No list counts further: 1,000 objects are that many or more, and shown as «1000+»."""

_DENSE = 300
"""So many objects of one colour are met soon enough from the oldest object on; fewer are better sorted."""

Terms = list[ColumnElement[bool]]

_X = ObjectRecord
_O = OrganisationRecord
_OLDEST_FIRST = (col(_X.status_since), col(_X.id))


@dataclass(frozen=True, slots=True)
class ObjectFilter:
    """Which objects a list shows. ``movable_by`` keeps those that this person can move on now."""

    colour: Colour | None = None
    status: ObjectStatus | None = None
    client_id: int | None = None
    query: str = ""
    movable_by: Actor | None = None
    named_for: tuple[int, ...] = ()
    """Keep those that are these people's own: assigned to them, or of a client they are responsible for."""
    due: Window | None = None
    """Keep those that turn, or have turned, within it; they are listed in the order in which they do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An object with its client."""

    object: ObjectRecord
    client: OrganisationRecord


def subject_of(record: ObjectRecord) -> Subject[ObjectStatus]:
    """A stored object as the rules see it."""
    return Subject(
        record.status,
        record.status_since,
        late_from=record.main_at,
        commissioned=record.commissioned,
        open_request=record.open_request is not None,
    )


class Objects:
    """Questions about objects."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._searches: dict[str, Search] = {}

    def add(self, record: ObjectRecord) -> ObjectRecord:
        """Keep a new object."""
        self.save(record)
        return record

    def save(self, record: ObjectRecord) -> None:
        """Keep the corrected fields of an object. The status goes through ``set_status`` alone."""
        record.folded = searchable(record.number, record.name, record.plate, record.vin, record.terminal)
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
        """A page of the objects that are seen, reddest first, then those longest in their status.

        Whoever wants what comes after ``MANY`` objects has to ask more precisely: there is no such page.
        """
        if offset >= MANY:
            return []
        return self._seen(self.ids(sight, wanted, now, offset + limit)[offset:])

    def ids(self, sight: Sight, wanted: ObjectFilter, now: datetime, limit: int) -> list[int]:
        """The ids of the first objects of a list, in its order."""
        search = self._search(wanted.query)
        terms = [*conditions(sight, wanted, now), search.condition]
        if wanted.due is not None:
            soonest = select(col(_X.id)).where(*terms).order_by(mark_of(wanted.due), col(_X.id))
            return self._ids(soonest.limit(limit))
        if search.narrow:
            return self._sorted(terms, now, limit)
        return self._reddest(terms, wanted, now, limit)

    def count(self, sight: Sight, wanted: ObjectFilter, now: datetime) -> int:
        """How many objects the list has; ``MANY`` stands for that many or more."""
        return min(MANY, sum(self.counts_by_colour(sight, wanted, now).values()))

    def counts_by_colour(self, sight: Sight, wanted: ObjectFilter, now: datetime) -> dict[Colour, int]:
        """How many objects the list has of each colour: the reddest ``MANY`` of a longer one are counted."""
        search = self._search(wanted.query)
        terms = [*conditions(sight, wanted, now), search.condition]
        exact = self._all_counts(terms, now) if search.narrow else None
        counts: dict[Colour, int] = {}
        left = MANY
        for colour in _colours(wanted):
            number = self._count(terms, colour, now, left) if exact is None else exact.get(colour, 0)
            counts[colour] = min(number, left)
            left -= counts[colour]
        return {colour: number for colour, number in counts.items() if number}

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

    def _search(self, query: str) -> Search:
        """How to look for the query; a page and its counts find that out once."""
        if query not in self._searches:
            self._searches[query] = searching(self._session, query)
        return self._searches[query]

    def _sorted(self, terms: Terms, now: datetime, limit: int) -> list[int]:
        """The first of a list that is short."""
        query = select(col(_X.id)).where(*terms).order_by(_colour(now).desc(), *_OLDEST_FIRST).limit(limit)
        return self._ids(query)

    def _reddest(self, terms: Terms, wanted: ObjectFilter, now: datetime, limit: int) -> list[int]:
        """The first of a list that may be long: colour after colour, until there are enough."""
        ids: list[int] = []
        for colour in _colours(wanted):
            missing = limit - len(ids)
            if missing <= 0:
                break
            few = self._count(terms, colour, now, _DENSE) < _DENSE
            query = select(col(_X.id)).order_by(*_OLDEST_FIRST).limit(missing)
            if few:
                ids += self._ids(query.where(*terms, _is(colour, now)))
            else:
                with walking(self._session):
                    ids += self._ids(query.where(*_met_by_age(terms, colour, now)))
        return ids

    def _ids(self, query: SelectOfScalar[int | None]) -> list[int]:
        return [key for key in self._session.exec(query) if key is not None]

    def _count(self, terms: Terms, colour: Colour, now: datetime, limit: int) -> int:
        if not limit:
            return 0
        some = select(col(_X.id)).where(*terms, _is(colour, now)).limit(limit).subquery()
        return self._session.exec(select(func.count()).select_from(some)).one()

    def _all_counts(self, terms: Terms, now: datetime) -> dict[Colour, int]:
        # Grouped by its name: PostgreSQL takes the same expression with other parameters for another.
        found = self._session.exec(
            select(_colour(now).label("colour"), func.count()).where(*terms).group_by("colour")
        ).all()
        return {Colour(number): count for number, count in found}

    def _seen(self, ids: Sequence[int]) -> list[Seen]:
        by_id: dict[int | None, Seen] = {}
        query = select(_X, _O).join(_O, col(_X.client_id) == col(_O.id))
        for start in range(0, len(ids), MANY):  # a statement takes so many values, not any number
            found = self._session.exec(query.where(col(_X.id).in_(ids[start : start + MANY])))
            by_id |= {record.id: Seen(record, client) for record, client in found}
        return [by_id[object_id] for object_id in ids]


def conditions(sight: Sight, wanted: ObjectFilter, now: datetime) -> Terms:
    """What an object of the list has to be, but for the words that are looked for."""
    terms = [_visible(sight)]
    if wanted.colour is not None:
        terms.append(_is(wanted.colour, now))
    if wanted.status:
        terms.append(col(_X.status) == wanted.status)
    if wanted.client_id is not None:
        terms.append(col(_X.client_id) == wanted.client_id)
    if wanted.named_for:
        theirs = select(col(_O.id)).where(col(_O.support_id).in_(wanted.named_for))
        terms.append(or_(col(_X.installer_id).in_(wanted.named_for), col(_X.client_id).in_(theirs)))
    if wanted.due is not None:
        terms += within(wanted.due)
    if wanted.movable_by is not None:
        terms += [_unindexed(movable(wanted.movable_by, now)), col(_X.main_at).is_not(None)]
        if sight.everything:  # for all others the clients are the better way in
            terms.append(col(_X.status).in_({row.source for row in _rows_of(wanted.movable_by)}))
    return terms


def _visible(sight: Sight) -> ColumnElement[bool]:
    if sight.everything:
        return true()
    if sight.looked_after_by is None:
        return col(_X.client_id) == sight.own if sight.own is not None else false()
    return col(_X.client_id).in_(select(col(_O.id)).where(visible_clients(sight)))


def _colours(wanted: ObjectFilter) -> list[Colour]:
    possible = wanted.due.colours if wanted.due else sorted(Colour, reverse=True)
    return [colour for colour in possible if wanted.colour in {None, colour}]


def _is(colour: Colour, now: datetime) -> ColumnElement[bool]:
    """The condition of a colour in words of which an index can look up a range."""
    main, urgent = col(_X.main_at), col(_X.urgent_at)
    return {
        Colour.RED: urgent <= now,
        Colour.YELLOW: and_(urgent > now, main <= now),
        Colour.BLUE: and_(urgent > now, main > now),
        Colour.GREEN: and_(urgent.is_(None), main.is_(None)),
    }[colour]


def _met_by_age(terms: Terms, colour: Colour, now: datetime) -> Terms:
    """The same conditions in words that no index knows: the database has to walk from the oldest object on.

    There are many that meet them, so the first are found soon; sorting all of them would take long.
    """
    group = col(_X.main_at).is_(None) if colour is Colour.GREEN else col(_X.main_at).is_not(None)
    return [group, _colour(now) == colour.value, _unindexed(*terms)]


def _unindexed(*terms: ColumnElement[bool]) -> ColumnElement[bool]:
    """The conditions in words for which no index is asked."""
    return case((and_(*terms), 1), else_=0) == 1


def movable(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The condition that the actor can move an object on now: the process table said in SQL."""
    return or_(false(), *(_takeable(row, actor, now) for row in _rows_of(actor)))


def _rows_of(actor: Actor) -> list[Row[ObjectStatus]]:
    """The rows from a status on that the actor may take now or when it is late."""
    if Role.SYSTEM in actor.roles:
        return []
    return [row for row in OBJECT_PROCESS.rows if row.source and actor.roles & (row.roles | row.late)]


def _takeable(row: Row[ObjectStatus], actor: Actor, now: datetime) -> ColumnElement[bool]:
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
