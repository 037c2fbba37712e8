"""By when an object should move on, and the colour that says how urgent that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from types import MappingProxyType

from domain.objects import ObjectStatus
from domain.process import CLIENT_RIGHT


class Colour(IntEnum):
    """How urgent an object is; a larger number is more urgent."""

    GREEN = 0  # checked, and permanent for the object
    BLUE = 1  # within the main time
    YELLOW = 2  # the main time has expired
    RED = 3  # the urgent time has expired too


@dataclass(frozen=True, slots=True)
class Times:
    """The main and the urgent time of a status, from the moment it is set."""

    main: timedelta
    urgent: timedelta


@dataclass(frozen=True, slots=True)
class Deadline:
    """The two moments at which an object turns yellow and red."""

    main_at: datetime
    urgent_at: datetime


def _days(main: float, urgent: float) -> Times:
    return Times(timedelta(days=main), timedelta(days=urgent))


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

    def deadline(
        self, status: ObjectStatus, since: datetime, *, open_request: bool = False
    ) -> Deadline | None:
        """When an object in this status since then turns yellow and red; None: it stays green."""
        times = self.times_of(status, open_request=open_request)
        return Deadline(since + times.main, since + times.urgent) if times else None


DEFAULT_POLICY = Policy(
    times=MappingProxyType({
        ObjectStatus.NEW: _days(5, 10),
        ObjectStatus.EQUIPPED: _days(1, 3),
        ObjectStatus.VERIFIED: Times(timedelta(days=5), CLIENT_RIGHT),
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
