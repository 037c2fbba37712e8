"""A company of which every secret is marked: a number, name, comment or place that no one can guess.

A mark such as ZQ000017QZ stands in all that belongs to one client. Whoever is shown a mark that they
neither may see nor have typed themselves was shown what does not exist for them.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from domain.clients import ClientStatus
from domain.objects import ObjectStatus
from domain.process import ClientReason
from domain.roles import Role
from storage.database import UnitOfWork
from storage.tables import ObjectRecord, OrganisationRecord, PersonRecord, PhotoRecord
from tests import builders
from tests.builders import NOW, key

MARK = re.compile(r"zq\d{6}qz")
PEOPLE = {
    "Mona": ("Group", Role.MODERATOR),
    "Adam": ("Group", Role.ADMINISTRATOR),
    "Gina": ("Group", Role.SUPPORT),
    "Gwen": ("Group", Role.MANAGER | Role.INSTALLER),
    "Anna": ("North", Role.INSTALLER),
    "Ivan": ("North", Role.SUPPORT),
    "Olga": ("North", Role.MANAGER),
    "Sara": ("South", Role.MANAGER),
    "Stan": ("South", Role.SUPPORT | Role.INSTALLER),
    "Clara": ("Agro", Role.CLIENT),
    "Tina": ("Terra", Role.CLIENT),
    "Idle": ("North", Role(0)),
}
"""Who is what, and where. North looks after Agro, South after Terra, and the group after Delta."""
FIRST = 700_001
"""Ids from here on look like nothing else on a screen."""
STRANGER, REMOVED = 9_000_000_001, 9_000_000_002
STATUSES = {
    "Agro": (ObjectStatus.NEW, ObjectStatus.VERIFIED, ObjectStatus.ACTIVE, ObjectStatus.SERVICE),
    "Terra": (ObjectStatus.EQUIPPED, ObjectStatus.VERIFIED, ObjectStatus.DIAGNOSTICS, ObjectStatus.BLOCKED),
    "Bravo": (ObjectStatus.EQUIPPED,),
    "Delta": (ObjectStatus.OUT_OF_SERVICE, ObjectStatus.SERVICED),
}


@dataclass
class Secret:
    """Where a mark stands: on which clients' things, on which of their sales cases, and who typed it."""

    clients: set[int] = field(default_factory=set)
    cases: set[int] = field(default_factory=set)
    accounts: set[int] = field(default_factory=set)


class Secrets:
    """All marks, and where they stand."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.marks: dict[str, Secret] = {}

    def mark(self, *, client: int | None = None, case: int | None = None) -> str:
        """A new mark, of a client's thing or of the client as a sales case."""
        mark = f"ZQ{next(self._numbers):06}QZ"
        self.note(mark, client=client, case=case)
        return mark

    def note(
        self, text: str, *, client: int | None = None, case: int | None = None, account: int | None = None
    ) -> None:
        """Remember where the marks of a text stand, or who typed them."""
        for mark in marks_of(text):
            secret = self.marks.setdefault(mark, Secret())
            for places, place in ((secret.clients, client), (secret.cases, case), (secret.accounts, account)):
                if place is not None:
                    places.add(place)


def marks_of(text: str) -> list[str]:
    """The marks of a text, in whatever case."""
    return MARK.findall(text.lower())


@dataclass
class Company:
    """What there is."""

    secrets: Secrets
    organisations: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    objects: dict[str, list[int]] = field(default_factory=dict)
    photos: dict[str, int] = field(default_factory=dict)
    """The client to whom the history line of a photo belongs."""
    pins: dict[tuple[float, float], int] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    """The line of the history that has a photo, by object."""
    case_lines: dict[int, list[int]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST))


def settle(unit: UnitOfWork) -> Company:
    """Fill an empty database."""
    company = Company(Secrets())
    ids = company.ids
    group = builders.add_group(unit, "Group", id=next(ids))
    north, south = (builders.add_partner(unit, name, id=next(ids)) for name in ("North", "South"))
    found = {"Group": group, "North": north, "South": south}
    for name, parent in (("Agro", north), ("Bravo", north), ("Terra", south), ("Delta", group)):
        found[name] = _client(unit, company, name, parent)
    company.organisations = {name: key(one) for name, one in found.items()}
    for name, (organisation, roles) in PEOPLE.items():
        person = builders.add_person(unit, found[organisation], roles, name, id=next(ids))
        company.people[name] = key(person)
        company.accounts[name] = person.telegram_id or 0
    _removed(unit, company, north)
    company.accounts |= {"Stranger": STRANGER, "Rem": REMOVED}
    for name, statuses in STATUSES.items():
        company.objects[name] = [_object(unit, company, found[name], name, one) for one in statuses]
    _count_from(unit, next(ids))
    return company


def _count_from(unit: UnitOfWork, number: int) -> None:
    """Have the database number what comes after what is there, as SQLite does by itself."""
    connection = unit.session.connection()
    if connection.dialect.name == "sqlite":
        return
    for table in ("organisation", "person", "object", "history"):
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :number)"),
            {"table": table, "number": number},
        )


def _client(unit: UnitOfWork, company: Company, name: str, parent: OrganisationRecord) -> OrganisationRecord:
    name = f"{name} {company.secrets.mark()}"
    client = builders.add_client(unit, parent, name, ClientStatus.POTENTIAL, id=next(company.ids))
    company.secrets.note(client.name, client=client.id)
    for status in (ClientStatus.NEW, ClientStatus.POTENTIAL):
        said = f"{company.secrets.mark(case=client.id)} was said"
        line = builders.add_entry(unit, client, status, said, id=next(company.ids))
        company.case_lines.setdefault(key(client), []).append(key(line))
    return client


def _removed(unit: UnitOfWork, company: Company, organisation: OrganisationRecord) -> None:
    person: PersonRecord = builders.add_person(
        unit, organisation, Role.SUPPORT | Role.MANAGER, "Rem", telegram_id=REMOVED, id=next(company.ids)
    )
    unit.people.remove(person, NOW)


def _object(
    unit: UnitOfWork, company: Company, client: OrganisationRecord, name: str, status: ObjectStatus
) -> int:
    number = len(company.pins) + 1

    def mark() -> str:
        return company.secrets.mark(client=client.id)

    request = ClientReason.BREAKDOWN if status is ObjectStatus.OUT_OF_SERVICE else None
    record: ObjectRecord = builders.add_object(
        unit, client, status,
        since=NOW - timedelta(days=3), request=request,
        commissioned=status not in {ObjectStatus.NEW, ObjectStatus.EQUIPPED},
        id=next(company.ids),
        number=f"{name}-{number} {mark()}", name=f"Loader {mark()}", plate=f"AB {mark()}", vin=mark(),
        address=f"Field {mark()}", contact=f"Call {mark()}", terminal=f"86-{mark()}",
        latitude=50 + number / 100, longitude=30 + number / 100,
    )  # fmt: skip
    company.pins[50 + number / 100, 30 + number / 100] = key(client)
    photo = f"photo-{number}"
    company.photos[photo] = key(client)
    said, since = f"{mark()} was done", NOW - timedelta(days=3)
    line = builders.add_entry(unit, record, status, said, at=since, id=next(company.ids))
    unit.session.add(
        PhotoRecord(history_id=line.id or 0, position=0, file_id=photo, file_unique_id=f"{photo}-u")
    )
    unit.session.flush()
    company.lines[key(record)] = key(line)
    return key(record)
