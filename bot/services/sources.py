"""Every setting of times that holds for an organisation, and who set it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.services.deployment import DIGEST, Deployment, in_force
from bot.services.public_holidays import NOBODY
from bot.services.time_values import Key, Value, from_row, times_key
from domain.calendars import PLAIN
from domain.deadlines import DEFAULT_POLICY
from domain.roles import OrganisationKind
from storage.database import UnitOfWork
from storage.reminder_tables import OrganisationSettingRecord
from storage.tables import OrganisationRecord

_SHARED = (Key.TIME_ZONE, Key.HOURS, Key.HOLIDAYS)
"""What a client has from whoever looks after it."""


class Source(Enum):
    """Who said so, the nearest first."""

    OWN = auto()
    ABOVE = auto()
    FILE = auto()
    DEFAULT = auto()


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds, and where it comes from; ``by`` and ``at``: who set it in chat, and when."""

    key: str
    value: Value
    source: Source
    organisation: str | None = None
    by: str | None = None
    at: datetime | None = None


def settings_of(uow: UnitOfWork, organisation: OrganisationRecord | None) -> list[Setting]:
    """All that holds for an organisation; None: for whoever has set nothing."""
    return [setting_of(uow, organisation, key) for key in keys_of(organisation)]


def keys_of(organisation: OrganisationRecord | None) -> list[str]:
    """What may be set for an organisation: the times of statuses for clients only."""
    with_objects = organisation is None or organisation.kind is OrganisationKind.CLIENT
    names = DEFAULT_POLICY.named() if with_objects else ()
    return [*(times_key(name) for name in names), *Key]


def setting_of(
    uow: UnitOfWork, organisation: OrganisationRecord | None, key: str, *, inherited: bool = False
) -> Setting:
    """What holds for an organisation, of one key; ``inherited``: what would without its own setting."""
    for source, home, own in _levels(uow, organisation, key):
        if inherited and source is Source.OWN:
            continue
        record = own.get(key)
        if record is not None and record.value is not None:
            person = uow.people.get(record.person_id) if record.person_id is not None else None
            value = from_row(key, record.value)
            return Setting(key, value, source, home.name, person.name if person else None, record.at)
    return _general(in_force(uow), key, organisation)


def _levels(
    uow: UnitOfWork, organisation: OrganisationRecord | None, key: str
) -> Iterator[tuple[Source, OrganisationRecord, Mapping[str, OrganisationSettingRecord]]]:
    if organisation is None:
        return
    yield Source.OWN, organisation, uow.organisation_settings.of(organisation.id or 0)
    above = uow.organisations.get(organisation.parent_id) if organisation.parent_id else None
    if above is not None and key in _SHARED:
        yield Source.ABOVE, above, uow.organisation_settings.of(above.id or 0)


def _general(deployment: Deployment, key: str, organisation: OrganisationRecord | None) -> Setting:
    """What the file says, or what holds when nobody says anything."""
    default: Value
    if key == Key.TIME_ZONE:
        said: Value = deployment.time_zone
        default = organisation.time_zone if organisation else "UTC"
    elif key == Key.HOURS:
        said, default = deployment.hours, PLAIN.week
    elif key == Key.HOLIDAYS:
        said, default = deployment.holidays, NOBODY
    elif key == Key.QUIET:
        said, default = deployment.quiet, None
    elif key == Key.DIGEST:
        said = deployment.digest if deployment.digest != DIGEST else None
        default = DIGEST
    else:
        named = {times_key(name): times for name, times in DEFAULT_POLICY.named().items()}
        said = {times_key(name): times for name, times in deployment.times.items()}.get(key)
        default = named[key]
    return Setting(key, default, Source.DEFAULT) if said is None else Setting(key, said, Source.FILE)
