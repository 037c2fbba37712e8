"""Which times hold for whom: what an organisation has set, else what the deployment says, else the defaults.

status times   the client
time zone      the client, else who looks after it, else the deployment, else the client's own
hours          the client, else who looks after it, else the deployment
holidays       the same
quiet, digest  the organisation, else the deployment
"""

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from bot.services.deployment import in_force
from bot.services.public_holidays import holidays_of
from domain.calendars import PLAIN, Calendar
from domain.deadlines import DEFAULT_POLICY, Deadline, Schedule, Times, parse_times, soon_at
from domain.hours import Week, parse_clock, parse_week
from domain.rhythm import Rhythm
from storage.database import UnitOfWork
from storage.organisation_settings import Value
from storage.reminder_tables import OrganisationSettingRecord
from storage.tables import OrganisationRecord

Own = Mapping[str, OrganisationSettingRecord]


class Key(StrEnum):
    """What an organisation may set beside the times of statuses, and the value of its rows."""

    TIME_ZONE = "time_zone"  # {"zone": "Europe/Kyiv"}
    HOURS = "hours"  # {"Mon-Fri": ["09:00-18:00"]}
    HOLIDAYS = "holidays"  # {"country": "UA"}; "": none
    QUIET = "quiet"  # {"from": "22:00", "to": "07:00", "red_passes": false}; {}: none
    DIGEST = "digest"  # {"at": "09:00"}


_TIMES = "times:"


def times_key(name: str) -> str:
    """The key of the times of a status, or of ``REQUEST``: {"times": "3 d / 7 d"}."""
    return f"{_TIMES}{name}"


def schedule_for(uow: UnitOfWork, client: OrganisationRecord) -> Schedule:
    """The times and the calendar of a client's objects."""
    deployment = in_force(uow)
    own = uow.organisation_settings.of(client.id or 0)
    above: Own = uow.organisation_settings.of(client.parent_id) if client.parent_id else {}
    zone = _first(Key.TIME_ZONE, own, above)
    hours = _first(Key.HOURS, own, above)
    holidays = _first(Key.HOLIDAYS, own, above)
    calendar = Calendar(
        str(zone["zone"]) if zone else deployment.time_zone or client.time_zone,
        _week(json.dumps(hours)) if hours else deployment.hours or PLAIN.week,
        holidays_of(str(holidays["country"]) if holidays else deployment.holidays),
    )
    return Schedule(DEFAULT_POLICY.changed({**deployment.times, **own_times(own)}), calendar)


def rhythm_of(uow: UnitOfWork, organisation: OrganisationRecord) -> Rhythm:
    """The local day of an organisation's people."""
    deployment = in_force(uow)
    own = uow.organisation_settings.of(organisation.id or 0)
    digest, quiet = _first(Key.DIGEST, own), _first(Key.QUIET, own)
    if quiet is None:
        span, red_passes = deployment.quiet, deployment.red_passes
    else:
        span, red_passes = quiet_of(quiet), bool(quiet.get("red_passes"))
    return Rhythm(
        organisation.time_zone,
        parse_clock(str(digest["at"])) if digest else deployment.digest,
        span,
        red_passes,
    )


def claim_length(uow: UnitOfWork) -> timedelta:
    """How long somebody who took an object has it for themselves."""
    return in_force(uow).claim


def due_values(deadline: Deadline | None, since: datetime) -> dict[str, Any]:
    """The columns of an object that follow from its deadline."""
    return {
        "main_at": deadline.main_at if deadline else None,
        "urgent_at": deadline.urgent_at if deadline else None,
        "next_at": soon_at(since, deadline) if deadline else None,
    }


def own_times(own: Own) -> dict[str, Times]:
    """The times that an organisation has set, by the name of the status."""
    return {
        name: parse_times(name, str(record.value["times"]))
        for key, record in own.items()
        if record.value is not None and (name := key.removeprefix(_TIMES)) != key
    }


def quiet_of(value: Value) -> tuple[time, time] | None:
    """The quiet hours that an organisation has set; None: none at all."""
    return (parse_clock(str(value["from"])), parse_clock(str(value["to"]))) if value else None


def _first(key: Key, *levels: Own) -> Value | None:
    """The value of the first that has set one."""
    return next((record.value for own in levels if (record := own.get(key))), None)


@lru_cache(maxsize=256)
def _week(text: str) -> Week:
    return parse_week(json.loads(text))
