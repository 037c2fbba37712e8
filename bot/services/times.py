"""Which times hold for whom: what an organisation has set, else what the deployment says, else the defaults.

times of statuses   the client, else the deployment
hours, holidays     the client, else who looks after it, else the deployment
time zone of them   the same, else the client's own
days off            the deployment, for everybody
quiet, digest       the organisation, else the deployment; in the time zone of the organisation
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from bot.services.deployment import in_force
from bot.services.public_holidays import holidays_of
from bot.services.time_values import Key, Quiet, Value, from_row, timed_name
from domain.calendars import PLAIN, Calendar
from domain.deadlines import DEFAULT_POLICY, Deadline, Schedule, Times, soon_at
from domain.hours import Week
from domain.rhythm import Rhythm
from storage.database import UnitOfWork
from storage.tables import ObjectRecord, OrganisationRecord

Own = Mapping[str, Value]


def schedule_for(uow: UnitOfWork, client: OrganisationRecord) -> Schedule:
    """The times and the calendar of a client's objects."""
    return uow.recall(("schedule", client.id), lambda: _schedule(uow, client))


def _schedule(uow: UnitOfWork, client: OrganisationRecord) -> Schedule:
    deployment, own = in_force(uow), own_values(uow, client.id)
    changes = {
        name: times
        for key, times in own.items()
        if (name := timed_name(key)) is not None and isinstance(times, Times)
    }
    return Schedule(DEFAULT_POLICY.changed({**deployment.times, **changes}), calendar_for(uow, client))


def calendar_for(uow: UnitOfWork, organisation: OrganisationRecord) -> Calendar:
    """The working time of an organisation."""
    deployment = in_force(uow)
    values = {**own_values(uow, organisation.parent_id), **own_values(uow, organisation.id)}
    zone = values.get(Key.TIME_ZONE, deployment.time_zone)
    hours = values.get(Key.HOURS, deployment.hours)
    holidays = values.get(Key.HOLIDAYS, deployment.holidays)
    return Calendar(
        zone if isinstance(zone, str) else organisation.time_zone,
        _week(hours) or PLAIN.week,
        holidays_of(holidays if isinstance(holidays, str) else None, deployment.days_off),
    )


def rhythm_of(uow: UnitOfWork, organisation: OrganisationRecord) -> Rhythm:
    """The local day of an organisation's people."""
    deployment, own = in_force(uow), own_values(uow, organisation.id)
    digest, quiet = own.get(Key.DIGEST, deployment.digest), own.get(Key.QUIET, deployment.quiet)
    return Rhythm(
        organisation.time_zone,
        digest if isinstance(digest, time) else deployment.digest,
        (quiet.begins, quiet.ends) if isinstance(quiet, Quiet) else None,
        isinstance(quiet, Quiet) and quiet.red_passes,
    )


def claim_length(uow: UnitOfWork) -> timedelta:
    """How long somebody who took an object has it for themselves."""
    return in_force(uow).claim


def own_values(uow: UnitOfWork, organisation_id: int | None) -> Own:
    """What an organisation has set, by key."""
    if organisation_id is None:
        return {}
    found = uow.organisation_settings.of(organisation_id)
    return {key: from_row(key, record.value) for key, record in found.items() if record.value is not None}


def deadline_of(record: ObjectRecord) -> Deadline | None:
    """The stored deadline of an object."""
    if record.main_at is None or record.urgent_at is None:
        return None
    return Deadline(record.main_at, record.urgent_at)


def due_values(deadline: Deadline | None, since: datetime) -> dict[str, Any]:
    """The columns of an object that follow from its deadline."""
    return {
        "main_at": deadline.main_at if deadline else None,
        "urgent_at": deadline.urgent_at if deadline else None,
        "next_at": soon_at(since, deadline) if deadline else None,
    }


def _week(value: Value) -> Week | None:
    return value if isinstance(value, tuple) else None
