"""The forecast of one day, as moderators and administrators see it in chat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.forecast import MAY_FORECAST, About, Foretold, Form, forecast
from bot.services.people import Me
from domain.process import Reason, Refused
from domain.roles import sight
from storage.database import UnitOfWork
from storage.organisations import ClientFilter
from storage.scope import Scope
from storage.tables import OrganisationRecord

DAYS = 14
"""Days of which one may ask, today included."""
MOST = 2_000
"""Objects that are reckoned with for one screen: about three seconds for the last of the days."""
PAGE = 8


@dataclass(frozen=True, slots=True)
class Ear:
    """Somebody, or a bound group, who is told; in a digest of how many objects."""

    name: str
    is_group: bool
    objects: int


@dataclass(frozen=True, slots=True)
class Line:
    """What is said at a moment: that an object has come to a stage, or the digests."""

    at: datetime
    about: About | None
    ears: list[Ear] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DayAhead:
    """All that is said on a day. ``client``: of one client's objects only."""

    number: int
    day: date
    lines: Sequence[Line]
    client: OrganisationRecord | None


def may_forecast(me: Me) -> None:
    """For whoever may not look ahead there is no such thing."""
    if not me.has(MAY_FORECAST):
        raise Refused(Reason.NOT_FOUND)


def scope_of(uow: UnitOfWork, me: Me, client_id: int | None) -> tuple[Scope, OrganisationRecord | None]:
    """Of which objects is asked; ``Refused`` when there is no such client."""
    may_forecast(me)
    if client_id is None:
        return Scope(), None
    client = uow.organisations.client(client_id, sight(me.actor))
    if client is None:
        raise Refused(Reason.NOT_FOUND)
    return Scope(client_ids=(client_id,)), client


def is_too_much(uow: UnitOfWork, scope: Scope) -> bool:
    """Whether these are more objects than one screen is reckoned for."""
    return scope.size(uow.session, MOST + 1) > MOST


def clients(uow: UnitOfWork, me: Me, words: str, page: int) -> tuple[Sequence[OrganisationRecord], int]:
    """A page of the clients that have the words in their names, and how many there are."""
    may_forecast(me)
    wanted = ClientFilter(query=words)
    found = uow.organisations.clients(sight(me.actor), wanted, offset=max(page, 0) * PAGE, limit=PAGE)
    return found, uow.organisations.count_clients(sight(me.actor), wanted)


def day_ahead(uow: UnitOfWork, me: Me, number: int, client_id: int | None, now: datetime) -> DayAhead:
    """What is said on a day, so many days from the reader's today, if nothing changes."""
    scope, client = scope_of(uow, me, client_id)
    number = min(max(number, 0), DAYS - 1)
    zone = ZoneInfo(me.time_zone)
    day = now.astimezone(zone).date() + timedelta(days=number)
    begins, ends = (datetime.combine(day + timedelta(days=n), time(), zone) for n in (0, 1))
    said = (one for one in forecast(uow, now, ends, scope=scope) if begins <= one.at < ends)
    return DayAhead(number, day, _lines(said), client)


def _lines(messages: Iterable[Foretold]) -> list[Line]:
    lines: dict[tuple[datetime, int, int], Line] = {}
    for one in messages:
        ear = Ear(one.group.title if one.group else one.reader.name, one.group is not None, len(one.about))
        if one.form is Form.DIGEST:
            lines.setdefault((one.at, 0, 0), Line(one.at, None)).ears.append(ear)
        for about in one.about:
            if about.is_new:
                key = (one.at, -about.stage - 1, about.object_id)
                lines.setdefault(key, Line(one.at, about)).ears.append(ear)
    return [lines[key] for key in sorted(lines)]
