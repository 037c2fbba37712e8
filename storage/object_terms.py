"""What makes an object one of a list, said in SQL: who sees it, its colour, who can move it on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, false, or_, true
from sqlmodel import col, select

from domain.board import Window
from domain.deadlines import Colour
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import CLIENT_RIGHT, Condition, Row
from domain.roles import Actor, Role, Sight
from storage.columns import unindexed
from storage.organisations import visible_clients
from storage.tables import ObjectRecord, OrganisationRecord
from storage.windows import within

Terms = list[ColumnElement[bool]]

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
    named_for: tuple[int, ...] = ()
    """Keep those that are these people's own: assigned to them, or of a client they are responsible for."""
    due: Window | None = None
    """Keep those that turn, or have turned, within it; they are listed in the order in which they do."""


def conditions(sight: Sight, wanted: ObjectFilter, now: datetime) -> Terms:
    """What an object of the list has to be, but for the words that are looked for."""
    terms = [_visible(sight)]
    if wanted.colour is not None:
        terms.append(is_colour(wanted.colour, now))
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
        terms += [unindexed(movable(wanted.movable_by, now)), col(_X.main_at).is_not(None)]
        if sight.everything:  # for all others the clients are the better way in
            terms.append(col(_X.status).in_({row.source for row in _rows_of(wanted.movable_by)}))
    return terms


def _visible(sight: Sight) -> ColumnElement[bool]:
    if sight.everything:
        return true()
    if sight.looked_after_by is None:
        return col(_X.client_id) == sight.own if sight.own is not None else false()
    return col(_X.client_id).in_(select(col(_O.id)).where(visible_clients(sight)))


def colours_of(wanted: ObjectFilter) -> list[Colour]:
    """The colours that a list may have, reddest first."""
    possible = wanted.due.colours if wanted.due else sorted(Colour, reverse=True)
    return [colour for colour in possible if wanted.colour in {None, colour}]


def is_colour(colour: Colour, now: datetime) -> ColumnElement[bool]:
    """The condition of a colour in words of which an index can look up a range."""
    main, urgent = col(_X.main_at), col(_X.urgent_at)
    return {
        Colour.RED: urgent <= now,
        Colour.YELLOW: and_(urgent > now, main <= now),
        Colour.BLUE: and_(urgent > now, main > now),
        Colour.GREEN: and_(urgent.is_(None), main.is_(None)),
    }[colour]


def met_by_age(terms: Terms, colour: Colour, now: datetime) -> Terms:
    """The same conditions in words that no index looks up: the database walks from the oldest object on.

    There are many that meet them, so the first are found soon; sorting all of them would take long.
    """
    if colour is Colour.GREEN:
        return [col(_X.main_at).is_(None), unindexed(*terms)]
    return [col(_X.main_at).is_not(None), unindexed(is_colour(colour, now), *terms)]


def movable(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The condition that the actor can move an object on now: the process table said in SQL."""
    return or_(false(), *(_takeable(row, actor, now) for row in _rows_of(actor)))


def _rows_of(actor: Actor) -> list[Row[ObjectStatus]]:
    """The rows from a status on that the actor may take now or when it is late."""
    if Role.SYSTEM in actor.roles:
        return []
    return [row for row in OBJECT_PROCESS.rows if row.source and actor.roles & (row.roles | row.late)]


def _takeable(row: Row[ObjectStatus], actor: Actor, now: datetime) -> ColumnElement[bool]:
    terms = [col(_X.status) == row.source]
    if not actor.roles & row.roles:
        terms.append(col(_X.main_at) <= now)
    if row.asks(Condition.WITHIN_8_DAYS):
        terms.append(col(_X.status_since) > now - CLIENT_RIGHT)
    if row.asks(Condition.NEVER_ACTIVE):
        terms.append(col(_X.commissioned).is_(False))
    if row.asks(Condition.WAS_ACTIVE):
        terms.append(col(_X.commissioned).is_(True))
    return and_(*terms)


def colour_at(now: datetime) -> ColumnElement[int]:
    """The colour, as a number that sorts."""
    return case(
        (col(_X.main_at).is_(None), Colour.GREEN.value),
        (col(_X.urgent_at) <= now, Colour.RED.value),
        (col(_X.main_at) <= now, Colour.YELLOW.value),
        else_=Colour.BLUE.value,
    )
