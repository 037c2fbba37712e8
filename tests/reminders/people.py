"""A company of the ledger's own, beside the stored one."""

from datetime import datetime

from domain.objects import ObjectStatus
from domain.roles import Role
from storage.database import Database, UnitOfWork
from storage.tables import OrganisationRecord, PersonRecord
from tests import builders
from tests.builders import key
from tests.reminders.spec import Company, Home, Machine, Person

R = Role
STAFF = (
    ("group", R.MODERATOR), ("group", R.MODERATOR), ("group", R.ADMINISTRATOR), ("group", R.ADMINISTRATOR),
    ("group", R.SUPPORT | R.MANAGER), ("group", R.INSTALLER), ("group", R.MODERATOR | R.SUPPORT),
    ("partner", R.INSTALLER), ("partner", R.INSTALLER), ("partner", R.SUPPORT), ("partner", R.SUPPORT),
    ("partner", R.MANAGER), ("partner", R.INSTALLER | R.SUPPORT),
    ("client", R.CLIENT), ("client", R.CLIENT), ("other", R.CLIENT),
)  # fmt: skip
KYIV = "Europe/Kyiv"


def found(database: Database, now: datetime) -> Company:
    """A group and a partner, each with staff and a client, and a machine of each client."""
    company = Company()
    with database.write() as unit:
        group = builders.add_group(unit, time_zone="UTC")
        partner = builders.add_partner(unit, time_zone=KYIV)
        homes = {
            "group": group,
            "partner": partner,
            "client": builders.add_client(unit, partner, time_zone=KYIV),
            "other": builders.add_client(unit, group, time_zone=KYIV),
        }
        for home in homes.values():
            company.homes[key(home)] = Home(key(home), home.kind, home.parent_id, home.time_zone)
        for where, roles in STAFF:
            know(company, builders.add_person(unit, homes[where], roles, created_at=now), roles)
        for home in (homes["client"], homes["other"]):
            _machine(unit, company, home, now)
    return company


def know(company: Company, person: PersonRecord, roles: Role) -> Person:
    """Somebody is there."""
    made = Person(key(person), person.organisation_id, roles, person.telegram_id or 0)
    company.people[made.id] = made
    return made


def _machine(unit: UnitOfWork, company: Company, home: OrganisationRecord, now: datetime) -> None:
    record = builders.add_object(unit, home, since=now)
    machine = Machine(key(record), key(home), ObjectStatus.NEW, now, alone=False)
    machine.deadlines = [company.deadline(machine)]
    company.machines[machine.id] = machine
