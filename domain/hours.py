"""A week of working hours: read, checked and written down again.

    {"Mon-Fri": ["09:00-13:00", "14:00-18:00"], "Sat": ["10:00-14:00"]}

An interval ends on the day on which it begins, at 24:00 at the latest: work at night is two intervals.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from domain.spans import Fault, Unfit

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = 24 * 60
SHORTEST_WEEK = 5 * 60
"""Minutes that a week has to have: with fewer, working time would take years to pass."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Working hours of a day, in minutes since its midnight."""

    begins: int
    ends: int

    def __str__(self) -> str:
        return f"{_clock(self.begins)}-{_clock(self.ends)}"


Week = tuple[tuple[Interval, ...], ...]
"""The working hours of each day, Monday first."""

_CLOCK = r"([0-9]{1,2})(?::([0-9]{2}))?"
_INTERVAL = re.compile(rf"{_CLOCK} ?[-–] ?{_CLOCK}")
_ANOTHER = re.compile(r"[;\n]|(?<=[0-9]) *, *(?=[a-z])")
_LINE = re.compile(r"([a-z][a-z ,–-]*?) ?:? ?([0-9].*)")


def parse_week(lines: Mapping[str, Sequence[str]]) -> Week:
    """The week that is meant; ``Unfit`` names what is wrong."""
    week: list[tuple[Interval, ...]] = [()] * len(WEEKDAYS)
    for days, intervals in lines.items():
        parsed = _checked([_interval(one) for one in intervals])
        for day in _days(days):
            if week[day]:
                raise Unfit(Fault.DAY_TWICE, WEEKDAYS[day])
            week[day] = parsed
    if sum(one.ends - one.begins for day in week for one in day) < SHORTEST_WEEK:
        raise Unfit(Fault.WEEK_TOO_SHORT)
    return tuple(week)


def read_week(text: str) -> Week:
    """The same from a text such as «Mon-Fri 09:00-13:00 14:00-18:00; Sat 10:00-14:00»."""
    lines: dict[str, Sequence[str]] = {}
    for part in _ANOTHER.split(text.lower()):
        line = " ".join(part.split())
        if not line:
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise Unfit(Fault.WEEK, part.strip())
        if found[1] in lines:
            raise Unfit(Fault.DAY_TWICE, found[1])
        lines[found[1]] = _separate(found[2])
    if not lines:
        raise Unfit(Fault.WEEK, text.strip())
    return parse_week(lines)


def as_lines(week: Week) -> dict[str, list[str]]:
    """The week as ``parse_week`` reads it: days in a row that are alike share a line."""
    lines: dict[str, list[str]] = {}
    first = 0
    for day in range(1, len(week) + 1):
        if day < len(week) and week[day] == week[first]:
            continue
        if week[first]:
            name = WEEKDAYS[first] if day - first == 1 else f"{WEEKDAYS[first]}-{WEEKDAYS[day - 1]}"
            lines[name] = [str(one) for one in week[first]]
        first = day
    return lines


def parse_clock(text: str) -> time:
    """A time of the day such as 09:00; ``Unfit`` if it is none."""
    found = re.fullmatch(_CLOCK, text.strip())
    minutes = _minutes(found[1], found[2]) if found else None
    if minutes is None or minutes == DAY:
        raise Unfit(Fault.CLOCK, text)
    return time(minutes // 60, minutes % 60)


def read_interval(text: str) -> tuple[time, time]:
    """Two times of the day such as 22:00-07:00, over midnight or not; ``Unfit`` if they are none."""
    first, dash, last = text.replace("–", "-").partition("-")
    if not dash:
        raise Unfit(Fault.QUIET, text)
    return parse_clock(first), parse_clock(last)


def _separate(text: str) -> list[str]:
    """The intervals of a line, whatever stands between them."""
    found = [match[0] for match in _INTERVAL.finditer(text)]
    if _INTERVAL.sub("", text).replace(",", "").strip():
        raise Unfit(Fault.WEEK, text)
    return found


def _interval(text: str) -> Interval:
    found = _INTERVAL.fullmatch(text.strip())
    if found is None:
        raise Unfit(Fault.WEEK, text)
    begins, ends = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    if begins is None or ends is None:
        raise Unfit(Fault.CLOCK, text)
    if ends <= begins:
        raise Unfit(Fault.OVER_MIDNIGHT, text)
    return Interval(begins, ends)


def _checked(intervals: list[Interval]) -> tuple[Interval, ...]:
    ordered = sorted(intervals)
    for earlier, later in pairwise(ordered):
        if later.begins < earlier.ends:
            raise Unfit(Fault.OVERLAP, f"{earlier}, {later}")
    return tuple(ordered)


def _days(text: str) -> list[int]:
    """The days of «Mon-Wed, Fri»; a week may begin with any day: «Sun-Thu»."""
    found: list[int] = []
    for part in text.replace("–", "-").split(","):
        first, dash, last = part.partition("-")
        begin = _day(first, text)
        end = _day(last, text) if dash else begin
        found += [(begin + number) % 7 for number in range((end - begin) % 7 + 1)]
    return found


def _day(word: str, text: str) -> int:
    fitting = [at for at, name in enumerate(_NAMES) if name.startswith(word.strip().lower())]
    if len(word.strip()) < len(WEEKDAYS[0]) or not fitting:
        raise Unfit(Fault.WEEK, text)
    return fitting[0]


def _minutes(hour: str, minute: str | None) -> int | None:
    total = int(hour) * 60 + int(minute or 0)
    return total if int(minute or 0) < 60 and total <= DAY else None  # noqa: PLR2004  # minutes of an hour


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


OFFICE_WEEK = parse_week({"Mon-Fri": ["09:00-18:00"]})
