"""What may be set of times: as rows of the database keep it, as people type it, and as the program uses it.

times:<status>   «3 d / 7 d»        {"times": "3 d / 7 d"}
time_zone        «Europe/Kyiv»      {"zone": "Europe/Kyiv"}
hours            «Mon-Fri 9-18»     {"Mon-Fri": ["09:00-18:00"]}
holidays         «UA», «none»       {"country": "UA"}, {"country": ""}
quiet            «22:00-07:00»      {"from": "22:00", "to": "07:00", "red_passes": false}; {}: none
digest           «09:00»            {"at": "09:00"}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from bot.services.public_holidays import NOBODY, parse_country
from bot.texts.local_words import in_english
from domain.calendars import Calendar
from domain.deadlines import DEFAULT_POLICY, Times, check_order, parse_times
from domain.hours import Week, as_lines, parse_clock, parse_week, read_interval, read_week
from domain.spans import Fault, Unfit

LONGEST_TEXT = 300
"""Characters that somebody may type for a setting."""
_TIMES = "times:"


class Key(StrEnum):
    """What may be set beside the times of statuses."""

    TIME_ZONE = "time_zone"
    HOURS = "hours"
    HOLIDAYS = "holidays"
    QUIET = "quiet"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours, over midnight or not; ``red_passes``: an escalation is said in them, too."""

    begins: time
    ends: time
    red_passes: bool = False

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"


Value = Times | Week | Quiet | time | str | None
"""A value that is used: of quiet hours None says that there are none, and of holidays an empty text."""
Row = Mapping[str, object]


def times_key(name: str) -> str:
    """The key of the times of a status, or of ``REQUEST``."""
    return f"{_TIMES}{name}"


def timed_name(key: str) -> str | None:
    """The name of the status whose times that key is of; None: it is another key."""
    name = key.removeprefix(_TIMES)
    return name if name != key else None


def is_key(key: str) -> bool:
    """Whether something of that key may be set."""
    name = timed_name(key)
    return name in DEFAULT_POLICY.named() if name is not None else key in set(Key)


def from_row(key: str, row: Row) -> Value:
    """What a row says."""
    return _from_row(key, json.dumps(row))


@lru_cache(maxsize=1024)
def _from_row(key: str, text: str) -> Value:
    row: dict[str, Any] = json.loads(text)
    if (name := timed_name(key)) is not None:
        return parse_times(name, row["times"])
    match Key(key):
        case Key.TIME_ZONE:
            return str(row["zone"])
        case Key.HOURS:
            return parse_week(row)
        case Key.HOLIDAYS:
            return str(row["country"])
        case Key.QUIET:
            return Quiet(parse_clock(row["from"]), parse_clock(row["to"]), row["red_passes"]) if row else None
        case Key.DIGEST:
            return parse_clock(row["at"])


def to_row(key: str, value: Value) -> dict[str, object]:
    """The row that says this."""
    match value:
        case Times():
            return {"times": str(value)}
        case Quiet():
            return {
                "from": f"{value.begins:%H:%M}",
                "to": f"{value.ends:%H:%M}",
                "red_passes": value.red_passes,
            }
        case time():
            return {"at": f"{value:%H:%M}"}
        case tuple():
            return {**as_lines(value)}
        case str():
            return {"zone": value} if key == Key.TIME_ZONE else {"country": value}
        case None:
            return {}


def from_text(key: str, text: str, calendar: Calendar) -> Value:
    """What somebody typed; ``Unfit`` says why it cannot be."""
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise Unfit(Fault.TOO_LONG, text)
    if (name := timed_name(key)) is not None:
        return timed(name, in_english(text), calendar)
    match Key(key):
        case Key.TIME_ZONE:
            return parse_zone(text)
        case Key.HOURS:
            return read_week(in_english(text))
        case Key.HOLIDAYS:
            return parse_country(text)
        case Key.QUIET:
            return quiet_hours(*read_interval(text))
        case Key.DIGEST:
            return parse_clock(text)


def none_of(key: str) -> Value:
    """That there is none, where that can be said: no quiet hours, no public holidays; else ``Unfit``."""
    if key == Key.QUIET:
        return None
    if key == Key.HOLIDAYS:
        return NOBODY
    raise Unfit(Fault.NEEDED)


def quiet_hours(begins: time, ends: time) -> Quiet:
    """Quiet hours; ``Unfit`` if they have no length."""
    if begins == ends:
        raise Unfit(Fault.QUIET)
    return Quiet(begins, ends)


def timed(name: str, text: str, calendar: Calendar) -> Times:
    """The times of a status, checked; ``Unfit`` when they cannot be."""
    if name not in DEFAULT_POLICY.named():
        raise Unfit(Fault.NO_DEADLINE, name)
    times = parse_times(name, text)
    check_order(name, times, calendar)
    return times


def parse_zone(text: str) -> str:
    """A time zone's name as the world writes it; ``Unfit`` when there is none."""
    name = _zones().get("_".join(text.split()).lower())
    if name is None:
        raise Unfit(Fault.ZONE, text)
    return name


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
