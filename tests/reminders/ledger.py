"""What is owed to whom, what was paid, and whether each message was true when it was sent."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.objects import ObjectStatus
from domain.reminders import Stage
from tests.reminders.judge import Fact, Judge
from tests.reminders.spec import DAY, Company, Home, Line, Machine, Person


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
class Ledger:
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
    expected: set[int] = field(default_factory=set)
    """Those whose morning it was in this tick."""
    digested: dict[int, set[object]] = field(default_factory=dict)
    """Local days on which somebody got a digest."""
    free: set[int] = field(default_factory=set)
    """Those who have come back, or whose times were changed: a digest more is no trouble."""
    slack: timedelta = timedelta(0)
    """By how much the clock was put back in all."""
    ticked: datetime | None = None

    @property
    def judge(self) -> Judge:
        """Who says what is true."""
        return Judge(self.company)

    # What makes debts

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
        self.expected.add(person.id)
        self.hears_from_now(person)

    def hears_from_now(self, person: Person) -> None:
        """Somebody is concerned who was not before."""
        for machine in self.company.machines.values():
            if self.company.sees(person, machine) and self.company.deadline(machine) is not None:
                self.anew.add(machine.id)

    def times_changed(self, home: Home, now: datetime) -> None:
        """Deadlines, or somebody's day, are other ones."""
        for machine in self.company.machines.values():
            deadline = self.company.deadline(machine)
            if machine.deadlines[-1] != deadline:
                machine.deadlines.append(deadline)
        for person in self.company.people.values():
            if person.home == home.id:
                self.mornings.pop(person.id, None)
                self.digested.pop(person.id, None)
                self.expected.discard(person.id)
                self.free.add(person.id)
        for debt in self.debts:
            if debt.due is not None and self.company.people[debt.person].home == home.id:
                debt.due = max(debt.due, self._due(debt, max(debt.due, now)))

    # A tick

    def tick(self, now: datetime) -> None:
        """What comes due at this moment."""
        self.ticked = now
        for person in self.company.people.values():
            if person.away_until is not None and now >= person.away_until:
                person.away_until = person.stand_in = None
                if not person.removed:
                    self.is_back(person)
        for debt in self.debts:
            if debt.due is None and debt.base <= now:
                debt.due = self._due(debt, now)
        for machine in self.company.machines.values():
            del machine.deadlines[:-1]
            self._look(machine, now)
        self.anew.clear()
        for person in self.company.people.values():
            self._morning(person, now)
        for debt in self.debts:
            if debt.due is not None and debt.due <= now:
                debt.due = self._said(debt, now)
        self.prune(now)

    def _look(self, machine: Machine, now: datetime) -> None:
        claim = self.company.claims.get(machine.id)
        if machine.deadlines[-1] is None or (claim is not None and now < claim[1]):
            return
        stage = self._stage(machine, now)
        lapsed = claim is not None
        key = (machine.id, machine.version)
        before = self.furthest.get(key, Stage.SET)
        self.furthest[key] = max(stage, before)
        if stage is not Stage.SET or (machine.alone and machine.id in self.anew):
            for person in self.company.hear(machine, stage, now):
                self._hears(machine, stage, person, now, fresh=stage > before)
        if lapsed:
            self.freed(machine, 0, now)

    def _hears(self, machine: Machine, stage: Stage, person: int, now: datetime, *, fresh: bool) -> None:
        key = (machine.id, machine.version, stage, person)
        base = now
        if stage is Stage.SET:
            if person in machine.authors or (machine.id, machine.version, person) in self.shown:
                return
            if any(debt.person == person and debt.machine == machine.id for debt in self.debts):
                return
        elif key in self.issued:
            return
        elif not fresh and machine.id not in self.anew:
            if stage is Stage.SOON:
                return
            base = now + DAY + self.slack  # who is concerned is looked at once a day
        self.issued[key] = base
        due = None
        if stage is Stage.SOON:
            due = self._home(person).next_digest(now)
        self.owe(Debt(person, machine.id, machine.version, stage, base, "time", due), now)

    def _morning(self, person: Person, now: datetime) -> None:
        if person.removed:
            return
        home = self.company.homes[person.home]
        at = self.mornings.get(person.id)
        if at is None:
            self.mornings[person.id] = home.next_digest(now)
            return
        if now < at and person.id not in self.expected:
            return
        if home.is_quiet(now):  # who was not there at their time does not hear at night
            self.mornings[person.id] = home.speaks_at(now)
            self.expected.discard(person.id)
            return
        self.mornings[person.id] = home.next_morning(now)
        if person.reachable and not person.is_away(now):
            self.expected.add(person.id)

    def prune(self, now: datetime) -> None:
        """Forget what is not to be told any more."""
        self.debts = [debt for debt in self.debts if self._stands(debt, now)]

    def _stands(self, debt: Debt, now: datetime) -> bool:
        company = self.company
        machine, person = company.machines[debt.machine], company.people[debt.person]
        if machine.version != debt.version or company.taker(person.id, now) != person.id:
            return False
        if debt.named:
            return person.id in company.named(machine, now)
        if debt.note or debt.stage is Stage.HEARD_ONCE:
            return person.id in company.hear(machine, debt.stage, now)
        taken = company.taken(machine, now)
        if taken not in {None, person.id} or (taken is not None and debt.due is None):
            return False
        stage = self._stage(machine, now)
        return stage is debt.stage and person.id in company.hear(machine, stage, now)

    # What was sent

    def alert(self, person_id: int, facts: list[Fact], now: datetime, queued: datetime) -> None:
        """Somebody got an alert."""
        person = self.company.people[person_id]
        home = self.company.homes[person.home]
        assert facts
        passes = home.quiet is not None and home.quiet[2] and any(fact[2] is Stage.RED for fact in facts)
        assert not home.is_quiet(now) or passes or not home.is_quiet(queued), "said in the quiet hours"
        for fact in facts:
            assert self.judge.is_true(person, fact, now), f"not true for {person}: {fact}"
            self.told[person_id, fact] += 1
            most = 1 + self.twice[person_id, fact] + self.again[fact[:3]]
            assert self.told[person_id, fact] <= most, f"told {self.told[person_id, fact]} times: {fact}"
        self._paid(person_id, {fact[0] for fact in facts})

    def one_a_day(self, person_id: int, written: datetime) -> None:
        """Somebody gets a digest that was written then: the only one of that local day."""
        day = self._home(person_id).day(written)
        days = self.digested.setdefault(person_id, set())
        assert day not in days or person_id in self.free, f"a second digest on {day}"
        days.add(day)

    def digest(
        self, person_id: int, lines: set[int], heard: set[int], facts: list[Fact], now: datetime
    ) -> None:
        """Somebody got a digest of these machines, and heard of those that they are equipped."""
        company = self.company
        person = company.people[person_id]
        home = company.homes[person.home]
        assert not home.is_quiet(now) or person_id in self.free, "a digest in the quiet hours"
        assert not person.removed
        assert not person.is_away(now)
        true = {fact[0] for fact in facts if self.judge.is_true(person, fact, now, exact=False)}
        for one in heard:
            assert one in true, f"not true for {person}: {one} is equipped"
            assert company.machines[one].status is ObjectStatus.EQUIPPED
        for one in lines:
            machine = company.machines[one]
            assert company.sees(person, machine)
            assert one in true or self.judge.waits(person, machine, now), f"{one} does not wait for {person}"
        self._paid(person_id, lines | heard)

    def check_digest(self, person_id: int, lines: set[int], now: datetime) -> None:
        """All that waits for somebody is in their digest."""
        missing = self.daily(person_id, now) - lines
        assert not missing, f"not in the digest of {person_id}: {missing}"

    def daily(self, person_id: int, now: datetime) -> set[int]:
        """What somebody is reminded of every day."""
        person = self.company.people[person_id]
        found = set()
        for machine in self.company.machines.values():
            if self.judge.client_may_answer(person, machine, now):
                if self.company.taken(machine, now) is None:
                    found.add(machine.id)
            elif self.judge.waits(person, machine, now) and any(
                self.issued.get((machine.id, machine.version, stage, person_id), now + DAY) <= now
                for stage in (Stage.SOON, Stage.YELLOW, Stage.RED)
            ):
                found.add(machine.id)
        return found

    def _paid(self, person_id: int, machines: set[int]) -> None:
        for machine_id in machines:
            self.shown.add((machine_id, self.company.machines[machine_id].version, person_id))
        self.debts = [d for d in self.debts if d.person != person_id or d.machine not in machines]

    # What is left

    def check(self, now: datetime, blocked: set[int]) -> None:
        """Everybody who must have been told has been told."""
        self.prune(now)
        for debt in self.debts:
            if debt.due is not None and debt.due <= now:
                person = self.company.people[debt.person]
                machine = self.company.machines[debt.machine]
                assert person.account in blocked, f"{now}: not told: {debt}, {person}, {machine}"

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

    def _said(self, debt: Debt, now: datetime) -> datetime:
        """When something can be said that is due: nothing is in the quiet hours."""
        if debt.stage is Stage.HEARD_ONCE:
            return now if debt.person in self.expected else self.mornings.get(debt.person, now)
        return self._home(debt.person).speaks_at(now, red=debt.stage is Stage.RED)

    def _home(self, person_id: int) -> Home:
        return self.company.homes[self.company.people[person_id].home]

    def _stage(self, machine: Machine, now: datetime) -> Stage:
        return self.company.stage(machine, machine.deadlines[-1], now)
