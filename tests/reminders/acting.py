"""What people do with machines, in the program and in the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from bot.services import assignments, bulk, bulk_run, claims
from bot.services.cases import Wish, change_status, choices, load
from bot.services.importing import imports
from bot.services.objects import MAY_ASSIGN, MAY_CREATE, add_note
from bot.services.people import Me, as_me
from domain.claims import may_take
from domain.objects import ObjectStatus
from domain.process import ClientReason, Condition, Kind, Request, Row
from domain.reminders import Stage
from domain.roles import Role
from storage.database import UnitOfWork
from storage.import_tables import ImportRecord, ImportState
from storage.queues import OutboxRecord
from storage.tables import HistoryRecord, ObjectRecord
from tests.reminders.spec import Machine, Person
from tests.reminders.world import World, seen

MOST = 9
"""Machines: a message shows ten lines."""
REASONS = tuple(ClientReason)


class Acting:
    """People at work on machines. A number picks one of those who are fit for it, none: nothing happens."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ledger = world.ledger
        self.company = world.ledger.company

    @property
    def now(self) -> datetime:
        """The time."""
        return self.world.now

    def there(self) -> list[Person]:
        """Everybody who may press something."""
        return [one for one in self.company.people.values() if not one.removed and one.roles]

    def machine(self, number: int) -> Machine:
        """One of the machines."""
        machines = list(self.company.machines.values())
        return machines[number % len(machines)]

    def me(self, unit: UnitOfWork, person: Person) -> Me:
        """A person as the program knows them."""
        record = unit.people.get(person.id)
        assert record is not None
        return as_me(unit, record)

    def changes(self, number: int, who: int, which: int, reason: int) -> None:
        """Somebody who may sets a status."""
        machine = self.machine(number)
        with self.world.database.write() as unit:
            able = [
                (person, row)
                for person in self.there()
                if self.company.sees(person, machine)
                for row in self._rows(unit, person, machine)
            ]
            if not able:
                return
            people = sorted({person.id for person, _row in able})
            author = people[who % len(people)]
            rows = [row for person, row in able if person.id == author]
            row = rows[which % len(rows)]
            me = self.me(unit, self.company.people[author])
            case = load(unit, me, Kind.OBJECT, machine.id)
            asked = REASONS[reason % len(REASONS)] if row.asks(Condition.REASON) else None
            wish = Wish(_request(row, asked), machine.version)
            changed = change_status(unit, me, case, wish, self.now)
            self._moved(machine, ObjectStatus(row.target), asked)
            self.ledger.changed(machine, author, changed.entry.id or 0, self.now)
        seen["changes"] += 1
        seen[f"status {machine.status}"] += 1

    def _rows(self, unit: UnitOfWork, person: Person, machine: Machine) -> list[Row[Any]]:
        """What somebody may choose; what ends a machine is left out, since nothing follows it."""
        me = self.me(unit, person)
        found = choices(load(unit, me, Kind.OBJECT, machine.id), me.actor, self.now)
        ends = {ObjectStatus.DECOMMISSIONED, ObjectStatus.CANCELED}
        return [row for row in found if row.target not in ends]

    def _moved(self, machine: Machine, target: ObjectStatus, asked: ClientReason | None) -> None:
        machine.status, machine.since = target, self.now
        machine.version += 1
        machine.commissioned |= target is ObjectStatus.ACTIVE
        machine.request = asked is not None and asked.is_request

    def changes_many(self, numbers: Sequence[int], who: int) -> None:
        """Somebody sets a status of many at once: one message a person."""
        machines = list({one.id: one for one in map(self.machine, numbers)}.values())
        with self.world.database.write() as unit:
            able = [(p, r) for p in self.there() if self.company.sees(p, machines[0])
                    for r in self._rows(unit, p, machines[0]) if not r.asks(Condition.REASON)]  # fmt: skip
            if not able:
                return
            person, row = able[who % len(able)]
            me = self.me(unit, person)
            bulk_id = bulk.begin(unit, me, self.now)
            for machine in machines:
                if self.company.sees(person, machine):
                    bulk.tick(unit, me, bulk_id, machine.id, on=True)
            unit.bulks.draw(bulk_id)
            wish = bulk_run.BulkWish(row.target, "Many", rating=5, sure=True)
            bulk_run.start_change(unit, bulk.picking(unit, me, bulk_id), wish, self.now)
        before = self._last_line()
        with self.world.database.write() as unit:
            bulk_run.take_step(unit, bulk_id, 0, self.now)
        heard: set[int] = set()
        for machine, line in self._changed_since(before, machines):
            self._moved(machine, ObjectStatus(row.target), None)
            self.ledger.changed(machine, person.id, line, self.now, alone=False)
            heard |= self.company.hear(machine, Stage.SET, self.now) - {person.id}
        assert self._told("bulk", {"bulk_id": bulk_id}) == heard
        seen["changes of many"] += 1

    def _last_line(self) -> int:
        with self.world.database.read() as unit:
            last = unit.session.exec(select(HistoryRecord.id).order_by(col(HistoryRecord.id).desc())).first()
            return last or 0

    def _changed_since(self, line: int, machines: Sequence[Machine]) -> list[tuple[Machine, int]]:
        with self.world.database.read() as unit:
            found = unit.session.exec(
                select(HistoryRecord).where(col(HistoryRecord.id) > line, HistoryRecord.kind == "status")
            ).all()
            lines = {one.object_id: one.id or 0 for one in found}
        return [(machine, lines[machine.id]) for machine in machines if machine.id in lines]

    def _told(self, kind: str, payload: dict[str, int]) -> set[int]:
        """Those for whom there is a message of that kind, each once."""
        with self.world.database.read() as unit:
            rows = unit.session.exec(select(OutboxRecord).where(OutboxRecord.kind == kind)).all()
            found = [row.person_id or 0 for row in rows if row.payload == payload]
        assert len(found) == len(set(found))
        return set(found)

    def notes(self, number: int, who: int) -> None:
        """Somebody leaves a note."""
        machine = self.machine(number)
        people = [one for one in self.there() if self.company.sees(one, machine)]
        person = people[who % len(people)]
        before = self._last_line()
        with self.world.database.write() as unit:
            add_note(unit, self.me(unit, person), machine.id, "A note", (), self.now)
        line = self._last_line()
        assert line == before + 1
        self.ledger.noted(machine, person.id, line, self.now)
        seen["notes"] += 1

    def imports(self, count: int, who: int) -> None:
        """Somebody imports machines: one message a person."""
        able = [
            (person, home)
            for person in self.there()
            if person.roles & MAY_CREATE
            for home in self.company.homes.values()
            if home.kind == "client"
            and (person.roles & Role.MODERATOR or home.parent == person.home or self._is_group(person))
        ]
        if len(self.company.machines) + count > MOST or not able:
            return
        person, home = able[who % len(able)]
        with self.world.database.write() as unit:
            me = self.me(unit, person)
            record = unit.imports.add(
                ImportRecord(
                    person_id=person.id, client_id=home.id, file_name="list.xlsx",
                    state=ImportState.WRITING, created_at=self.now,
                )
            )  # fmt: skip
            import_id = record.id or 0
            number = len(self.company.machines)
            unit.imports.stage(
                [
                    {"import_id": import_id, "line": line, "number": f"I-{number + line}", "folded": ""}
                    for line in range(count)
                ]
            )
            imports.take_over(unit, me, import_id, self.now)
            known = [one.id for one in self.company.machines.values()]
            made = unit.session.exec(select(ObjectRecord.id).where(col(ObjectRecord.id).not_in(known))).all()
        for object_id in made:
            machine = Machine(object_id or 0, home.id, ObjectStatus.NEW, self.now)
            self.company.machines[machine.id] = machine
            line = self._line_of(machine)
            self.ledger.changed(machine, person.id, line, self.now, alone=False)
            hear = self.company.hear(machine, Stage.SET, self.now) - {person.id}
            assert self._told("import", {"import_id": import_id}) == hear
        seen["imports"] += 1

    def _is_group(self, person: Person) -> bool:
        return self.company.homes[person.home].kind == "administrative-group"

    def _line_of(self, machine: Machine) -> int:
        with self.world.database.read() as unit:
            return unit.session.exec(
                select(HistoryRecord.id).where(HistoryRecord.object_id == machine.id)
            ).first() or 0  # fmt: skip

    def assigns(self, number: int, who: int, whom: int, *, support: bool) -> None:
        """Somebody is named for a machine, or for its client; or nobody is any more."""
        machine = self.machine(number)
        client = self.company.homes[machine.client]
        role = Role.SUPPORT if support else Role.INSTALLER
        able = [p for p in self.there() if p.roles & MAY_ASSIGN and self.company.sees(p, machine)]
        fit: list[Person | None] = [p for p in self.there() if role in p.roles and p.home == client.parent]
        if not able:
            return
        author, named = able[who % len(able)], [*fit, None][whom % (len(fit) + 1)]
        named_id = named.id if named is not None else None
        if named_id == (client.support if support else machine.installer):
            return
        with self.world.database.write() as unit:
            me = self.me(unit, author)
            assignments.assign(unit, me, machine.id, named_id, self.now, support=support)
        if support:
            client.support = named_id
            self.ledger.anew |= {one.id for one in self.company.machines.values() if one.client == client.id}
        else:
            machine.installer = named_id
        self.ledger.named(machine, author.id, named_id, self._last_line(), self.now)
        seen["assignments"] += 1

    def takes(self, number: int, who: int) -> None:
        """Somebody presses «I take it»."""
        machine = self.machine(number)
        if self.company.taken(machine, self.now) is not None or self.company.deadline(machine) is None:
            return
        if machine.id in self.company.claims:
            return  # it lapsed, and no tick came yet
        with self.world.database.write() as unit:
            able = []
            for person in self.there():
                if self.company.sees(person, machine):
                    me = self.me(unit, person)
                    if may_take(
                        me.actor, choices(load(unit, me, Kind.OBJECT, machine.id), me.actor, self.now)
                    ):
                        able.append((person, me))
            if not able:
                return
            person, me = able[who % len(able)]
            claim = claims.take(unit, me, machine.id, machine.version, self.now)
            self.company.claims[machine.id] = (person.id, claim.until)
        seen["claims"] += 1

    def gives_up(self, number: int) -> None:
        """Whoever has it gives it up."""
        held = [one for one in self.company.machines.values() if self.company.taken(one, self.now)]
        if not held:
            return
        machine = held[number % len(held)]
        person = self.company.people[self.company.taken(machine, self.now) or 0]
        if person.removed or not self.company.sees(person, machine) or not person.roles:
            return
        with self.world.database.write() as unit:
            claims.give_up(unit, self.me(unit, person), machine.id, self.now)
        self.ledger.freed(machine, person.id, self.now)
        seen["given up"] += 1


def _request(row: Row[Any], reason: ClientReason | None) -> Request[Any]:
    return Request(row.target, "Done", rating=5, reason=reason, confirmed_twice=True)
