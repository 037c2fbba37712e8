"""Lengths of time as people set them: «5 d», «36 h», «3 working days»."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

MOST_DAYS = 366
MOST_HOURS = 500


class Fault(Enum):
    """What is wrong with a setting of times; the words stand in the text catalogue."""

    SPAN = auto()
    SPAN_TOO_LONG = auto()
    PAIR = auto()
    NOT_LATER = auto()
    CLIENT_RIGHT = auto()
    NO_DEADLINE = auto()
    WEEK = auto()
    DAY_TWICE = auto()
    OVER_MIDNIGHT = auto()
    OVERLAP = auto()
    WEEK_TOO_SHORT = auto()
    CLOCK = auto()
    QUIET = auto()
    NEEDED = auto()
    TOO_LONG = auto()
    ZONE = auto()
    COUNTRY = auto()
    SUBDIVISION = auto()
    DAY_OFF = auto()
    DAYS_OFF = auto()


class Unfit(Exception):  # noqa: N818  # named by what is so
    """A setting of times that cannot be used, and which part of it."""

    def __init__(self, fault: Fault, what: str = "") -> None:
        super().__init__(fault.name, what)
        self.fault = fault
        self.what = what


_SPAN = re.compile(
    r"([0-9]{1,5}) ?(working )?(?:(d|days?)(?: ([0-9]{1,5}) ?(working )?(?:h|hours?))?|(?:h|hours?))"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: plain time, or ``working`` time, which a calendar counts."""

    days: int = 0
    hours: int = 0
    working: bool = False

    @property
    def plain(self) -> timedelta:
        """The length in plain time, a day being 24 hours."""
        return timedelta(days=self.days, hours=self.hours)

    def __str__(self) -> str:
        if not self.working:
            parts = [f"{self.days} d"] * bool(self.days) + [f"{self.hours} h"] * bool(self.hours)
            return " ".join(parts)
        if not self.days:
            return f"{self.hours} working h"
        days = f"{self.days} working {'day' if self.days == 1 else 'days'}"
        return f"{days} {self.hours} h" if self.hours else days


def parse_span(text: str) -> Span:
    """What ``str(span)`` says, or nearly; ``Unfit`` if it is no length of time, or a needlessly long one."""
    found = _SPAN.fullmatch(" ".join(text.lower().split()))
    if found is None:
        raise Unfit(Fault.SPAN, text)
    first, working, day, hours, also = found.groups()
    if also and not working:  # a mixture of both kinds has no meaning
        raise Unfit(Fault.SPAN, text)
    span = Span(int(first) if day else 0, int(hours or 0) if day else int(first), working is not None)
    if span.plain <= timedelta():
        raise Unfit(Fault.SPAN, text)
    if span.days > MOST_DAYS or span.hours > MOST_HOURS:
        raise Unfit(Fault.SPAN_TOO_LONG, text)
    return span
