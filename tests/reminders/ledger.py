"""What comes due, what was paid, and whether each message was true when it was sent."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.objects import ObjectStatus
from domain.reminders import Stage
from tests.reminders.debts import Debt, Debts
from tests.reminders.judge import Fact, Judge
from tests.reminders.spec import DAY, TOO_FAR, Machine, Person


@dataclass
class Ledger(Debts):
    """What should have been told to whom, and what was."""

    @property
    def judge(self) -> Judge:
        """Who says what is true."""
        return Judge(self.company)

    # A tick

    def tick(self, now: datetime) -> None:
        """What comes due at this moment."""
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
        if stage is Stage.SET:  # by a clock that was put back it is not set yet
            due = max(self._home(person).speaks_at(now), machine.since)
        elif stage is Stage.SOON:
            due = self._home(person).next_digest(now)
        self.owe(Debt(person, machine.id, machine.version, stage, base, "time", due), now)

    def _morning(self, person: Person, now: datetime) -> None:
        if person.removed:
            return
        home = self.company.homes[person.home]
        at = self.mornings.get(person.id)
        if at is None or at > now + TOO_FAR:  # by a clock that was wrong
            self.mornings[person.id] = home.next_digest(now)
            self.digested.pop(person.id, None)
            return
        if now < at:
            return
        if home.is_quiet(now):  # who was not there at their time does not hear at night
            self.mornings[person.id] = home.speaks_at(now)
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
        may_speak = passes or not home.is_quiet(queued) or person_id in self.free
        assert may_speak or not home.is_quiet(now), "said in the quiet hours"
        for fact in facts:
            assert self.judge.is_true(person, fact, now), f"not true for {person}: {fact}"
            self.told[person_id, fact] += 1
            most = 1 + self.twice[person_id, fact] + self.again[fact[:3]]
            assert self.told[person_id, fact] <= most, f"told {self.told[person_id, fact]} times: {fact}"
        self._paid(person_id, {fact[0] for fact in facts})

    def one_a_day(self, person_id: int, written: datetime) -> None:
        """Somebody gets a digest that was written then: on a later local day than the last."""
        day = self._home(person_id).day(written)
        last = self.digested.get(person_id, date.min)
        assert day > last or person_id in self.free, f"a digest on {day} after that on {last}"
        self.digested[person_id] = day

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

    def _said(self, debt: Debt, now: datetime) -> datetime:
        """When something can be said that is due: nothing is in the quiet hours."""
        if debt.stage is Stage.HEARD_ONCE:
            return now if debt.person in self.expected else self.mornings.get(debt.person, now)
        return self._home(debt.person).speaks_at(now, red=debt.stage is Stage.RED)
