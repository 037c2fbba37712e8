"""What is owed to whom: whatever happens makes debts, and time makes them due."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from domain.objects import ObjectStatus
from domain.reminders import Stage
from tests.reminders.judge import Fact
from tests.reminders.spec import Company, Home, Line, Machine, Person

AT_ONCE = datetime.min.replace(tzinfo=UTC)
"""A morning that does not wait."""


@dataclass
class Debt:
    """Somebody is to hear of a machine as it is. ``due`` is reckoned by the first tick from ``base`` on."""

    person: int
    machine: int
    version: int
    stage: Stage
    base: datetime
    why: str
    due: datetime | None = None
    note: bool = False
    named: bool = False
    """They are named for it: that concerns them whether or not it is their turn."""


@dataclass
class Debts:
    """What should have been told to whom."""

    company: Company
    debts: list[Debt] = field(default_factory=list)
    issued: dict[tuple[int, int, Stage, int], datetime] = field(default_factory=dict)
    """Machine, version, stage, person: since when they are one of those who hear."""
    shown: set[tuple[int, int, int]] = field(default_factory=set)
    """Machine, version, person: what somebody was told of."""
    furthest: dict[tuple[int, int], Stage] = field(default_factory=dict)
    anew: set[int] = field(default_factory=set)
    """Machines of which somebody was told who cannot be reached any more, or can again."""
    told: Counter[tuple[int, Fact]] = field(default_factory=Counter)
    again: Counter[tuple[int, int, Stage]] = field(default_factory=Counter)
    """Machine, version, stage: how often it came back after somebody had taken it."""
    twice: Counter[tuple[int, Fact]] = field(default_factory=Counter)
    """What was on its way when the process died."""
    mornings: dict[int, datetime] = field(default_factory=dict)
    """When somebody's next digest is due."""
    expected: set[int] = field(default_factory=set)
    """Those whose morning it was, and whose digest is not sent yet."""
    digested: dict[int, date] = field(default_factory=dict)
    """The local day of somebody's last digest."""
    free: set[int] = field(default_factory=set)
    """Those who have come back, or whose times were changed: a digest more is no trouble."""
    slack: timedelta = timedelta(0)
    """By how much the clock was put back in all."""

    def owe(self, debt: Debt, now: datetime) -> None:
        """Somebody is to hear."""
        if debt.base <= now and debt.due is None:
            debt.due = self._due(debt, now)
        self.debts.append(debt)

    def changed(self, machine: Machine, author: int, line: int, now: datetime, *, alone: bool = True) -> None:
        """A machine has a new status; ``alone``: each is told by a message of its own."""
        machine.deadlines = [self.company.deadline(machine)]
        hear = self.company.hear(machine, Stage.SET, now) - {author}
        machine.alone, machine.authors = alone and bool(hear), {author}
        self.company.lines[line] = Line(author, "status")
        self.company.claims.pop(machine.id, None)
        if alone:
            self._owe_all(machine, hear, "set", now)
        if machine.status is ObjectStatus.EQUIPPED:
            for person in self.company.hear(machine, Stage.HEARD_ONCE, now) - {author}:
                self.owe(Debt(person, machine.id, machine.version, Stage.HEARD_ONCE, now, "equipped"), now)

    def noted(self, machine: Machine, author: int, line: int, now: datetime) -> None:
        """Somebody wrote a note."""
        self.company.lines[line] = Line(author, "note")
        machine.authors.add(author)
        self._owe_all(machine, self.company.hear(machine, Stage.SET, now) - {author}, "note", now, note=True)

    def named(self, machine: Machine, author: int, person: int | None, line: int, now: datetime) -> None:
        """Somebody was named for a machine; whoever stands in hears it."""
        self.company.lines[line] = Line(author, "assignment", person)
        if person is None or person == author:
            return
        taker = self.company.taker(person, now)
        if taker is not None and taker != author:
            self.issued.setdefault((machine.id, machine.version, self._stage(machine, now), taker), now)
            debt = Debt(taker, machine.id, machine.version, Stage.SET, now, "named", note=True, named=True)
            self.owe(debt, now)

    def freed(self, machine: Machine, but: int, now: datetime) -> None:
        """Nobody has it any more: it comes back to all but one."""
        self.company.claims.pop(machine.id, None)
        stage = self._stage(machine, now)
        for one in Stage:
            self.again[machine.id, machine.version, one] += 1
        if stage is Stage.SET and not machine.alone:
            return
        hear = self.company.hear(machine, stage, now) - {but}
        if stage is Stage.SET:
            hear -= machine.authors
        for person in hear:
            due = self._home(person).speaks_at(now, red=stage is Stage.RED)
            self.owe(Debt(person, machine.id, machine.version, stage, now, "back", due), now)

    def reach_changed(self, person_id: int) -> None:
        """Somebody cannot be reached any more, or is away: what they were told, others hear."""
        keys = [key for key in self.issued if key[3] == person_id]
        keys += [(machine, version, Stage.SET, person) for machine, version, person in self.shown]
        told = {(machine, version) for machine, version, _stage, person in keys if person == person_id}
        told |= {(debt.machine, debt.version) for debt in self.debts if debt.person == person_id}
        for machine in self.company.machines.values():
            if (machine.id, machine.version) in told:
                self.anew.add(machine.id)

    def is_back(self, person: Person) -> None:
        """Somebody is there again: all that waits for them is looked at, and is one digest."""
        self.free.add(person.id)
        self.mornings[person.id] = AT_ONCE
        self.hears_from_now(person)

    def hears_from_now(self, person: Person) -> None:
        """Somebody is concerned who was not before."""
        for machine in self.company.machines.values():
            if self.company.sees(person, machine) and self.company.deadline(machine) is not None:
                self.anew.add(machine.id)

    def deadlines_changed(self) -> None:
        """Statuses have other times."""
        for machine in self.company.machines.values():
            deadline = self.company.deadline(machine)
            if machine.deadlines[-1] != deadline:
                machine.deadlines.append(deadline)

    def day_changed(self, home: Home, now: datetime) -> None:
        """The day of an organisation's people is another one; a digest that is due still comes."""
        for person in self.company.people.values():
            if person.home == home.id:
                if self.mornings.get(person.id, now) > now:
                    del self.mornings[person.id]
                self.digested.pop(person.id, None)
                self.free.add(person.id)
        for debt in self.debts:
            if debt.due is not None and self.company.people[debt.person].home == home.id:
                debt.due = max(debt.due, self._due(debt, max(debt.due, now)))

    def _owe_all(
        self, machine: Machine, people: set[int], why: str, now: datetime, *, note: bool = False
    ) -> None:
        for person in sorted(people):
            self.owe(Debt(person, machine.id, machine.version, Stage.SET, now, why, note=note), now)

    def _due(self, debt: Debt, now: datetime) -> datetime:
        home = self._home(debt.person)
        if debt.stage is Stage.HEARD_ONCE:
            return max(home.next_digest(now), self.mornings.get(debt.person, now))
        if debt.stage is Stage.SOON and debt.why != "back":
            return home.next_digest(now)
        return home.speaks_at(now, red=debt.stage is Stage.RED)

    def _home(self, person_id: int) -> Home:
        return self.company.homes[self.company.people[person_id].home]

    def _stage(self, machine: Machine, now: datetime) -> Stage:
        return self.company.stage(machine, machine.deadlines[-1], now)
