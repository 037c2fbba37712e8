"""The times that the operator sets for all organisations: a TOML file, checked, and what of it is in force.

What is in force stands in the database, so that every unit of work sees the same; a change between two
starts makes all deadlines due to be reckoned anew.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from bot.services.public_holidays import parse_country, parse_days_off
from bot.services.time_values import Quiet, parse_zone, quiet_hours, timed
from bot.settings import WrongSetting
from bot.texts import schedules as words
from domain.calendars import PLAIN, Calendar
from domain.deadlines import DEFAULT_POLICY, Times
from domain.hours import Week, as_lines, parse_clock, parse_week
from domain.objects import ObjectStatus
from domain.spans import Unfit
from storage.database import UnitOfWork

IN_FORCE = "times"
"""The setting that remembers what is in force."""
DIGEST = time(9)
CLAIM = timedelta(hours=4)
LONGEST_CLAIM = 72
_HOUR = timedelta(hours=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is set for all organisations; where nothing is, the defaults hold."""

    times: Mapping[str, Times] = field(default_factory=dict)
    time_zone: str | None = None
    hours: Week | None = None
    holidays: str | None = None
    days_off: tuple[date, ...] = ()
    digest: time = DIGEST
    quiet: Quiet | None = None
    claim: timedelta = CLAIM


class WrongTimes(Exception):  # noqa: N818  # named by what is so
    """A value that cannot be used: where it stands, and one line on what would be right."""

    def __init__(self, key: str, line: str) -> None:
        super().__init__(key, line)
        self.key = key
        self.line = line


def read_file(path: Path | None) -> Deployment:
    """What the operator's file says; ``WrongSetting`` names the first wrong thing in one line."""
    if path is None:
        return Deployment()
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except WrongTimes as wrong:
        raise WrongSetting(words.wrong_file(str(path), wrong.key, wrong.line)) from None
    except OSError as error:
        line = words.no_file(error.strerror or str(error))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = words.no_toml(str(error))
    raise WrongSetting(words.wrong_file(str(path), "", line)) from None


def parse(data: Mapping[str, Any]) -> Deployment:
    """Read and check; ``WrongTimes`` names the first wrong thing."""
    top = _Section("", data, ("times", "calendar", "digest", "quiet", "claims"))
    calendar = top.section("calendar", ("time_zone", "hours", "holidays", "days_off"))
    hours = calendar.lists("hours", parse_week)
    return Deployment(
        times=_times(top, Calendar("UTC", hours or PLAIN.week, PLAIN.is_holiday)),
        time_zone=calendar.text("time_zone", parse_zone),
        hours=hours,
        holidays=calendar.text("holidays", parse_country),
        days_off=calendar.days("days_off") or (),
        digest=top.section("digest", ("at",)).text("at", parse_clock) or DIGEST,
        quiet=_quiet(top.section("quiet", ("from", "to", "red_passes"))),
        claim=top.section("claims", ("hours",)).hours("hours") or CLAIM,
    )


def as_data(deployment: Deployment) -> dict[str, Any]:
    """The same as ``parse`` reads it, without what is as it is by default."""
    quiet = deployment.quiet
    sections: dict[str, dict[str, Any]] = {
        "times": {name: str(times) for name, times in deployment.times.items()},
        "calendar": {
            "time_zone": deployment.time_zone,
            "hours": as_lines(deployment.hours) if deployment.hours else None,
            "holidays": deployment.holidays,
            "days_off": [day.isoformat() for day in deployment.days_off] or None,
        },
        "digest": {"at": f"{deployment.digest:%H:%M}" if deployment.digest != DIGEST else None},
        "quiet": {
            "from": f"{quiet.begins:%H:%M}" if quiet else None,
            "to": f"{quiet.ends:%H:%M}" if quiet else None,
            "red_passes": (quiet.red_passes or None) if quiet else None,
        },
        "claims": {"hours": deployment.claim // _HOUR if deployment.claim != CLAIM else None},
    }
    set_ = {
        name: {key: value for key, value in section.items() if value is not None}
        for name, section in sections.items()
    }
    return {name: section for name, section in set_.items() if section}


def in_force(uow: UnitOfWork) -> Deployment:
    """What is in force for all organisations."""
    return _from_text(uow.settings.get(IN_FORCE) or "{}")


def put_in_force(uow: UnitOfWork, deployment: Deployment, now: datetime) -> int:
    """Have this hold from now on; how many deadlines are due to be reckoned anew by that."""
    before = in_force(uow)
    uow.settings.put(IN_FORCE, json.dumps(as_data(deployment), sort_keys=True))
    if (before.quiet, before.digest) != (deployment.quiet, deployment.digest):
        uow.reckoning.digests_anew(now)
    if _reckons(before) == _reckons(deployment):
        return 0
    return uow.reckoning.everything_anew()


def is_known(uow: UnitOfWork) -> bool:
    """Whether a start has put anything in force."""
    return uow.settings.get(IN_FORCE) is not None


@lru_cache(maxsize=16)
def _from_text(text: str) -> Deployment:
    return parse(json.loads(text))


def _reckons(deployment: Deployment) -> tuple[object, ...]:
    """What deadlines depend on."""
    calendar = deployment.time_zone, deployment.hours, deployment.holidays, deployment.days_off
    return dict(deployment.times), *calendar


def _times(top: "_Section", calendar: Calendar) -> dict[str, Times]:
    section = top.section("times", (*DEFAULT_POLICY.named(), *ObjectStatus))
    found = {}
    for name in section.values:
        times = section.text(name, lambda text, name=name: timed(name, text, calendar))  # type: ignore[misc]  # the lambda binds its name
        if times is not None:
            found[name] = times
    return found


def _quiet(section: "_Section") -> Quiet | None:
    begins, ends = section.text("from", parse_clock), section.text("to", parse_clock)
    red_passes = section.switch("red_passes")
    if begins is None and ends is None:
        return None
    if begins is None or ends is None:
        raise WrongTimes(section.key, words.half_quiet())
    try:
        return replace(quiet_hours(begins, ends), red_passes=red_passes)
    except Unfit as unfit:
        raise WrongTimes(section.key, words.fault(unfit.fault, "")) from None


class _Section:
    """A section of the file; all that is not as it should be is ``WrongTimes``."""

    def __init__(self, key: str, values: object, known: Iterable[str]) -> None:
        self.key = key
        if not isinstance(values, Mapping):
            raise WrongTimes(key, words.no_section())
        self.values: Mapping[str, Any] = values
        known = list(known)
        for name in values:
            if name not in known:
                raise WrongTimes(self._place(name), words.unknown_key(known))

    def section(self, name: str, known: Iterable[str]) -> "_Section":
        """The section inside, empty when it is not there."""
        return _Section(f"[{name}]", self.values.get(name, {}), known)

    def text(self, name: str, read: Callable[[str], T]) -> T | None:
        """A text, read; None when it is not there."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise WrongTimes(self._place(name), words.no_text())
        return None if value is None else self._read(name, read, value)

    def lists(self, name: str, read: Callable[[Mapping[str, Sequence[str]]], T]) -> T | None:
        """A section of lists of texts, read; None when it is not there."""
        if name not in self.values:
            return None
        place = f"[{self.key.strip('[]')}.{name}]"
        inner = _Section(place, self.values[name], self.values[name])
        for key, value in inner.values.items():
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise WrongTimes(f"{place} {key}", words.no_texts())
        return self._read(name, read, inner.values)

    def days(self, name: str) -> tuple[date, ...] | None:
        """A list of days, as TOML has them or as texts; None when it is not there."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) or type(one) is date for one in value):
            raise WrongTimes(self._place(name), words.no_days())
        return self._read(name, parse_days_off, value)

    def switch(self, name: str) -> bool:
        """True or false."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise WrongTimes(self._place(name), words.no_switch())
        return value

    def hours(self, name: str) -> timedelta | None:
        """A number of hours; None when it is not there."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_CLAIM:
            raise WrongTimes(self._place(name), words.no_hours())
        return timedelta(hours=value)

    def _read(self, name: str, read: Callable[[Any], T], value: object) -> T:
        try:
            return read(value)
        except Unfit as unfit:
            raise WrongTimes(self._place(name), words.fault(unfit.fault, unfit.what)) from None

    def _place(self, name: str) -> str:
        return f"{self.key} {name}".strip()
