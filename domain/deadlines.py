"""By when an object should move on, and the colour that says how urgent that is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from types import MappingProxyType

from domain.calendars import PLAIN, Calendar, no_holidays
from domain.objects import ObjectStatus
from domain.process import CLIENT_RIGHT, right_ends
from domain.spans import Fault, Span, Unfit, parse_span


class Colour(IntEnum):
    """How urgent an object is; a larger number is more urgent."""

    GREEN = 0  # checked, and permanent for the object
    BLUE = 1  # within the main time
    YELLOW = 2  # the main time has expired
    RED = 3  # the urgent time has expired too


@dataclass(frozen=True, slots=True)
class Times:
    """The main and the urgent time of a status, from the moment it is set."""

    main: Span
    urgent: Span

    def __str__(self) -> str:
        return f"{self.main} / {self.urgent}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The two moments at which an object turns yellow and red; red comes later."""

    main_at: datetime
    urgent_at: datetime


REQUEST = "Request"
"""What the times of a client's open request (Out of service) are called, beside the names of statuses."""
MARGIN = timedelta(hours=1)
"""How much later than yellow red is at least, whatever holidays do to working days."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The times of every status with a deadline, and of a client's open request (Out of service)."""

    times: Mapping[ObjectStatus, Times]
    request: Times

    def times_of(self, status: ObjectStatus, *, open_request: bool = False) -> Times | None:
        """The times of a status; None when it is permanent."""
        if status is ObjectStatus.OUT_OF_SERVICE:
            return self.request if open_request else None
        return self.times.get(status)

    def named(self) -> dict[str, Times]:
        """All times by the name of their status, with ``REQUEST``."""
        return {**{str(status): times for status, times in self.times.items()}, REQUEST: self.request}

    def changed(self, changes: Mapping[str, Times]) -> "Policy":
        """The policy with other times for what is named here."""
        named = {**self.named(), **changes}
        times = {status: named[status] for status in self.times}
        return Policy(MappingProxyType(times), named[REQUEST])


@dataclass(frozen=True, slots=True)
class Schedule:
    """The times that hold for an object, and the calendar that counts them."""

    policy: Policy
    calendar: Calendar

    def deadline(
        self, status: ObjectStatus, since: datetime, *, open_request: bool = False
    ) -> Deadline | None:
        """When an object in this status since then turns yellow and red; None: it stays green."""
        times = self.policy.times_of(status, open_request=open_request)
        if times is None:
            return None
        main_at = self.calendar.after(since, times.main)
        if status is ObjectStatus.VERIFIED:  # red when the client's right ends, whatever the settings say
            urgent_at = right_ends(since)
            return Deadline(min(main_at, urgent_at - MARGIN), urgent_at)
        return Deadline(main_at, max(self.calendar.after(since, times.urgent), main_at + MARGIN))


def parse_times(name: str, text: str) -> Times:
    """The times of a status from «3 d / 7 d»; Verified has a main time only. ``Unfit`` if they are none."""
    main, slash, urgent = text.partition("/")
    first = parse_span(main)
    if name == ObjectStatus.VERIFIED:
        if slash and parse_span(urgent) != VERIFIED_URGENT:
            raise Unfit(Fault.CLIENT_RIGHT, text)
        return Times(first, VERIFIED_URGENT)
    if not slash:
        raise Unfit(Fault.PAIR, text)
    return Times(first, parse_span(urgent))


def check_order(name: str, times: Times, calendar: Calendar) -> None:
    """``Unfit`` unless the urgent time ends after the main time, at whatever hour of a week they begin.

    Holidays are left out, so that the answer is the same on every day.
    """
    plain = replace(calendar, is_holiday=no_holidays)
    for hour in range(7 * 24):
        since = _SOME_MONDAY + timedelta(hours=hour)
        if plain.after(since, times.urgent) < plain.after(since, times.main) + MARGIN:
            raise Unfit(Fault.CLIENT_RIGHT if name == ObjectStatus.VERIFIED else Fault.NOT_LATER, str(times))


_SOME_MONDAY = datetime(2023, 1, 2, tzinfo=UTC)
VERIFIED_URGENT = Span(days=CLIENT_RIGHT.days)


def _days(main: int, urgent: int) -> Times:
    return Times(Span(main), Span(urgent))


DEFAULT_POLICY = Policy(
    times=MappingProxyType({
        ObjectStatus.NEW: _days(5, 10),
        ObjectStatus.EQUIPPED: _days(1, 3),
        ObjectStatus.VERIFIED: Times(Span(5), VERIFIED_URGENT),
        ObjectStatus.FAULTY: _days(7, 14),
        ObjectStatus.DIAGNOSTICS: _days(2, 4),
        ObjectStatus.SERVICE: _days(3, 7),
        ObjectStatus.DISMANTLING: _days(2, 5),
        ObjectStatus.INSTALLATION: _days(1, 3),
        ObjectStatus.ADDITIONAL_ORDER: _days(3, 7),
        ObjectStatus.SERVICED: _days(1, 3),
        ObjectStatus.BLOCKED: _days(30, 60),
    }),
    request=_days(1, 3),
)  # fmt: skip
DEFAULT_SCHEDULE = Schedule(DEFAULT_POLICY, PLAIN)


def colour(deadline: Deadline | None, now: datetime) -> Colour:
    """The colour at a moment; a status without a deadline is green."""
    if deadline is None:
        return Colour.GREEN
    if now >= deadline.urgent_at:
        return Colour.RED
    return Colour.YELLOW if now >= deadline.main_at else Colour.BLUE


def time_left(deadline: Deadline, now: datetime) -> timedelta:
    """Time until the object turns yellow; once it is yellow, how long ago that was, negative."""
    return deadline.main_at - now


def soon_at(since: datetime, deadline: Deadline) -> datetime:
    """When a quarter of the main time is left."""
    return deadline.main_at - (deadline.main_at - since) / 4
