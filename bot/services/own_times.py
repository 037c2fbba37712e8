"""What an administrator sets for one organisation: its times, working hours, quiet hours. Nobody else does.

A change is a row that stays; the deadlines that it moves are due to be reckoned anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.people import Me
from bot.services.sources import Setting, Source, keys_of, setting_of, settings_of
from bot.services.time_values import Key, Value, from_row, timed_name, to_row
from bot.services.times import calendar_for
from domain.calendars import Calendar
from domain.deadlines import REQUEST
from domain.objects import ObjectStatus
from domain.process import Reason, Refused
from domain.roles import OrganisationKind, Role
from storage.database import UnitOfWork
from storage.organisation_settings import SettingChange
from storage.reminder_tables import OrganisationSettingRecord
from storage.tables import OrganisationRecord

PAGE = 8
MAY_SET = Role.ADMINISTRATOR
_CALENDAR = (Key.TIME_ZONE, Key.HOURS, Key.HOLIDAYS)
_RHYTHM = (Key.TIME_ZONE, Key.QUIET, Key.DIGEST)


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting of one organisation, as it is now; ``seen``: the row that it was drawn from."""

    organisation: OrganisationRecord
    now: Setting
    inherited: Setting
    seen: int | None


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of the changes, and how many there are."""

    organisation: OrganisationRecord
    lines: Sequence[SettingChange]
    total: int


def organisations(uow: UnitOfWork, me: Me, words: str, page: int) -> tuple[Sequence[OrganisationRecord], int]:
    """A page of all organisations that have the words in their names, and how many there are."""
    _check(me)
    kinds = list(OrganisationKind)
    found = uow.organisations.of_kinds(kinds, words, offset=max(page, 0) * PAGE, limit=PAGE)
    return found, uow.organisations.count_of_kinds(kinds, words)


def shown(uow: UnitOfWork, me: Me, organisation_id: int) -> tuple[OrganisationRecord, list[Setting]]:
    """All that holds for an organisation."""
    organisation = _organisation(uow, me, organisation_id)
    return organisation, settings_of(uow, organisation)


def choice(uow: UnitOfWork, me: Me, organisation_id: int, key: str) -> Choice:
    """One setting; ``Refused`` when that organisation has none of the kind."""
    organisation = _organisation(uow, me, organisation_id)
    if key not in keys_of(organisation):
        raise Refused(Reason.NOT_FOUND)
    latest = uow.organisation_settings.latest(organisation_id, key)
    return Choice(
        organisation,
        setting_of(uow, organisation, key),
        setting_of(uow, organisation, key, inherited=True),
        latest.id if latest else None,
    )


def checked_against(uow: UnitOfWork, of: Choice) -> Calendar:
    """The calendar by which typed times are checked."""
    return calendar_for(uow, of.organisation)


def moved(uow: UnitOfWork, of: Choice) -> int:
    """How many deadlines such a change would move."""
    name = timed_name(of.now.key)
    if name is not None:
        return uow.reckoning.count(of.organisation.id or 0, _status(name))
    return uow.reckoning.count(of.organisation.id or 0) if of.now.key in _CALENDAR else 0


def set_own(uow: UnitOfWork, me: Me, of: Choice, value: Value, now: datetime) -> None:
    """Set it for this organisation."""
    row = to_row(of.now.key, value)
    if of.now.key == Key.TIME_ZONE:
        row["was"] = of.organisation.time_zone
    _write(uow, me, of, row, now)
    if of.now.key == Key.TIME_ZONE and isinstance(value, str):
        of.organisation.time_zone = value  # messages to its people go by it, too


def take_back(uow: UnitOfWork, me: Me, of: Choice, now: datetime) -> None:
    """Have what the organisation would have without a setting of its own."""
    if not may_take_back(of):
        raise Refused(Reason.BAD_VALUE)
    _write(uow, me, of, None, now)


def may_take_back(of: Choice) -> bool:
    """Whether there is a setting of its own to take back; a time zone everybody has."""
    return of.now.source is Source.OWN and of.now.key != Key.TIME_ZONE


def trail(uow: UnitOfWork, me: Me, organisation_id: int, page: int) -> Trail:
    """Who changed what, and when, the latest first."""
    organisation = _organisation(uow, me, organisation_id)
    lines = uow.organisation_settings.trail(organisation_id, offset=max(page, 0) * PAGE, limit=PAGE)
    return Trail(organisation, lines, uow.organisation_settings.count_trail(organisation_id))


def trail_values(line: SettingChange) -> tuple[Value | Source, Value | Source]:
    """What was, and what is since; ``Source.DEFAULT`` stands for no setting of its own, in old rows."""
    if (held := line.record.held) is not None:
        return from_row(line.record.key, held["before"]), from_row(line.record.key, held["after"])
    row = line.record.value or {}
    was = {"zone": row["was"]} if line.before is None and "was" in row else line.before
    before, after = (
        Source.DEFAULT if one is None else from_row(line.record.key, one) for one in (was, line.record.value)
    )
    return before, after


def _write(uow: UnitOfWork, me: Me, of: Choice, row: dict[str, object] | None, now: datetime) -> None:
    _check(me)
    organisation_id, key = of.organisation.id or 0, of.now.key
    latest = uow.organisation_settings.latest(organisation_id, key)
    if (latest.id if latest else None) != of.seen:
        raise Refused(Reason.SOMEBODY_WAS_FASTER)
    uow.organisation_settings.add(
        OrganisationSettingRecord(
            organisation_id=organisation_id,
            key=key,
            value=row,
            held={
                "before": to_row(key, of.now.value),
                "after": to_row(key, of.inherited.value) if row is None else row,
            },
            person_id=me.actor.person_id,
            at=now,
        )
    )
    name = timed_name(key)
    if name is not None:
        uow.reckoning.anew(organisation_id, now, _status(name))
    elif key in _CALENDAR:
        uow.reckoning.anew(organisation_id, now)
    if key in _RHYTHM:
        uow.reckoning.digests_anew(now, organisation_id)


def _status(name: str) -> ObjectStatus:
    return ObjectStatus.OUT_OF_SERVICE if name == REQUEST else ObjectStatus(name)


def _organisation(uow: UnitOfWork, me: Me, organisation_id: int) -> OrganisationRecord:
    _check(me)
    organisation = uow.organisations.get(organisation_id)
    if organisation is None:
        raise Refused(Reason.NOT_FOUND)
    return organisation


def _check(me: Me) -> None:
    """For everybody else this does not exist."""
    if not me.has(MAY_SET):
        raise Refused(Reason.NOT_FOUND)
