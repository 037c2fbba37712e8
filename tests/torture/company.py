"""A company of any size: who is what and where, and the machines that each of them will walk."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice
from typing import Any

from sqlmodel import update

from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Condition, Row
from domain.roles import Role
from storage.database import Database, UnitOfWork
from storage.tables import ObjectRecord, OrganisationRecord
from tests import builders
from tests.builders import key
from tests.e2e.walking import MAIN_TIMES, expected_hearers

S = ObjectStatus
HEAD = (Role.MODERATOR, Role.ADMINISTRATOR, Role.INSTALLER, Role.SUPPORT, Role.MANAGER, Role.CLIENT)
CREW = (Role.INSTALLER, Role.SUPPORT, Role.MANAGER, Role.CLIENT, Role.INSTALLER, Role.SUPPORT, Role.CLIENT)
"""Who works in the administrative group, and in each partner, with the users of its client."""
SMALLEST = 4
"""An installer, support, a manager and a user of the client."""
MANY = 3
"""Machines that are changed together."""
OBJECT_ROWS = [row for row in OBJECT_PROCESS.rows if row.source is not None]
CLIENT_ROWS = [row for row in CLIENT_PROCESS.rows if row.source is not None]


@dataclass(frozen=True)
class Machine:
    """An object that waits for one row, or for a note."""

    id: int
    number: str
    client: str
    status: ObjectStatus
    commissioned: bool
    late: bool


@dataclass(frozen=True)
class Errand:
    """What somebody is going to do: a row with one machine or several, a step of a case, a note."""

    what: str
    row: Row[Any] | None = None
    machines: tuple[Machine, ...] = ()
    case: str = ""


@dataclass
class Member:
    """Somebody of the company, and what is on their list."""

    name: str
    organisation: str
    role: Role
    account: int
    errands: list[Errand] = field(default_factory=list)


class Company:
    """The organisations, the people, and a stock of machines, all made before anybody does anything."""

    def __init__(self, database: Database, people: int, errands: int, chance: random.Random) -> None:
        self.members: list[Member] = []
        self.parents: dict[str, str] = {}
        self._chance = chance
        self._organisations: dict[str, OrganisationRecord] = {}
        self._numbers = count(1)
        with database.write() as unit:
            head, *crews = _sizes(people)
            self._found(unit, "Group", "Delta", islice(cycle(HEAD), head))
            for number, size in enumerate(crews, 1):
                self._found(unit, f"Partner {number}", f"Client {number}", islice(cycle(CREW), size))
            for _ in range(errands):
                for member in self.members:
                    member.errands.append(self._errand(unit, member))

    @property
    def people(self) -> dict[str, tuple[str, Role]]:
        """Who is what, and where."""
        return {member.name: (member.organisation, member.role) for member in self.members}

    def hearers(self, machine: Machine, status: ObjectStatus, author: str) -> set[str]:
        """Who has to be told, said from the roles alone."""
        return expected_hearers(
            machine.client,
            status,
            author,
            commissioned=machine.commissioned,
            late=machine.late and status is machine.status,
            people=self.people,
            parents=self.parents,
        )

    def _found(self, unit: UnitOfWork, name: str, client: str, roles: Iterable[Role]) -> None:
        """An organisation with its people and its client."""
        add = builders.add_group if name == "Group" else builders.add_partner
        parent = self._organisations[name] = add(unit, name)
        self._organisations[client] = builders.add_client(unit, parent, client)
        self.parents[client] = name
        for role in roles:
            where = client if role is Role.CLIENT else name
            called = f"{role.key.capitalize()} {len(self.members) + 1:02}"
            record = builders.add_person(unit, self._organisations[where], role, called)
            self.members.append(Member(called, where, role, record.telegram_id or 0))

    def _errand(self, unit: UnitOfWork, member: Member) -> Errand:
        kind = self._chance.choices(("row", "note", "case", "many"), (12, 3, 2, 2))[0]
        if kind == "case" and member.role is not Role.CLIENT:
            return self._case(unit, member)
        if kind == "many" and member.role in {Role.INSTALLER, Role.SUPPORT}:
            row = _row(S.SERVICE, S.SERVICED)
            machines = tuple(self._machine(unit, member, row) for _ in range(MANY))
            return Errand("many", row, machines)
        rows = [row for row in OBJECT_ROWS if member.role & (row.roles | row.late)]
        row = self._chance.choice(rows)
        machine = self._machine(unit, member, row)
        return Errand("note", None, (machine,)) if kind == "note" else Errand("row", row, (machine,))

    def _case(self, unit: UnitOfWork, member: Member) -> Errand:
        """A client as a sales case."""
        row = self._chance.choice(CLIENT_ROWS)
        name = f"Case {next(self._numbers):05}"
        status = ClientStatus(row.source)
        builders.add_client(unit, self._organisations[member.organisation], name, status)
        return Errand("case", row, case=name)

    def _machine(self, unit: UnitOfWork, member: Member, row: Row[Any]) -> Machine:
        """An object that is where the row begins, seen by the one who walks it."""
        client = self._chance.choice(
            [c for c, parent in self.parents.items() if self._sees(member, c, parent)]
        )
        late = not member.role & row.roles
        commissioned = row.asks(Condition.WAS_ACTIVE) or row.source in {S.ACTIVE, S.OUT_OF_SERVICE}
        ago = MAIN_TIMES[row.source] + timedelta(hours=1) if late else timedelta(minutes=5)
        record = self._object(unit, client, row.source, ago, commissioned=commissioned, next_at=None)
        return Machine(key(record), record.number, client, row.source, commissioned, late)

    @staticmethod
    def _sees(member: Member, client: str, parent: str) -> bool:
        central = member.role in {Role.MODERATOR, Role.ADMINISTRATOR}
        return central or member.organisation in {client, parent}

    def _object(
        self, unit: UnitOfWork, client: str, status: ObjectStatus, ago: timedelta, **fields: Any
    ) -> ObjectRecord:
        since = datetime.now(UTC) - ago
        number = f"M{next(self._numbers):05}"
        return builders.add_object(
            unit, self._organisations[client], status, since=since, number=number, name="Loader", **fields
        )

    def grow_late(self, unit: UnitOfWork, every: timedelta, how_many: int) -> None:
        """Machines of which the ticks tell, one after another: somebody will take them."""
        clients, now = list(self.parents), datetime.now(UTC)
        for number in range(how_many):
            ago, client = timedelta(days=4), clients[number % len(clients)]
            self._object(unit, client, S.SERVICE, ago, next_at=now + every * number)

    @staticmethod
    def grow_no_more(unit: UnitOfWork) -> None:
        """The ticks find nothing more: what they tell in the bot's last moment waits for the next."""
        unit.session.exec(update(ObjectRecord).values(next_at=None))


def _sizes(people: int) -> list[int]:
    """How many work in the group and in each partner. Everywhere is somebody of each role that has a turn."""
    if people < len(HEAD) + SMALLEST:
        return [people]
    partners, more = divmod(people - len(HEAD), len(CREW))
    crews = [len(CREW)] * partners
    if more >= SMALLEST:
        crews.append(more)
    else:
        crews[-1] += more
    return [len(HEAD), *crews]


def _row(source: ObjectStatus, target: ObjectStatus) -> Row[Any]:
    return next(row for row in OBJECT_ROWS if (row.source, row.target) == (source, target))
