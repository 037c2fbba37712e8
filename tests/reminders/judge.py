"""Whether something is true, and concerns its reader, at a moment."""

from dataclasses import dataclass
from datetime import datetime

from domain.objects import ObjectStatus
from domain.reminders import Stage
from domain.roles import OrganisationKind, Role
from tests.reminders.spec import RIGHT, Company, Machine, Person

Fact = tuple[int, int, Stage, int]
"""Of which machine, its version, its stage, and the line of its history that is told, 0: time has passed."""


@dataclass
class Judge:
    """Judges what is said."""

    company: Company

    def is_true(self, person: Person, fact: Fact, now: datetime, *, exact: bool = True) -> bool:
        """Whether that is so, and concerns the person. ``exact``: it is at that stage, not further."""
        machine_id, _version, stage, line_id = fact
        machine = self.company.machines[machine_id]
        line = self.company.lines.get(line_id)
        if person.removed or not self.company.sees(person, machine):
            return False
        if line is not None and line.author == person.id:
            return False
        if line is not None and line.kind == "assignment":
            return person.id in self.company.named(machine, now, line.named)
        return self._is_as_it_was(person, fact, now) and self._has_come(person, machine, stage, now, exact)

    def _is_as_it_was(self, person: Person, fact: Fact, now: datetime) -> bool:
        """It has not moved, and nobody else has it in hand; a note stays true."""
        machine_id, version, stage, line_id = fact
        machine = self.company.machines[machine_id]
        line = self.company.lines.get(line_id)
        if line is not None and line.kind == "note":
            return True
        if stage is not Stage.HEARD_ONCE and self.company.taken(machine, now) not in {None, person.id}:
            return False
        return version == machine.version

    def _has_come(self, person: Person, machine: Machine, stage: Stage, now: datetime, exact: bool) -> bool:
        """It is at that stage, of which the person hears."""
        stages = self.company.stages(machine, now)
        if stage > Stage.SET and not (stage in stages if exact else any(stage <= one for one in stages)):
            return False
        late = [one >= Stage.YELLOW for one in stages]
        return any(person.id in self.company.hear(machine, stage, now, late=one) for one in late)

    def waits(self, person: Person, machine: Machine, now: datetime) -> bool:
        """Whether a machine waits for somebody: soon or late, and it is their turn."""
        if self.client_may_answer(person, machine, now):
            return True
        if self.company.taken(machine, now) not in {None, person.id}:
            return False
        home = self.company.homes[person.home]
        if machine.status is ObjectStatus.VERIFIED and home.kind is OrganisationKind.CLIENT:
            return False
        return any(
            stage >= Stage.SOON and person.id in self.company.hear(machine, stage, now)
            for stage in self.company.stages(machine, now)
        )

    @staticmethod
    def client_may_answer(person: Person, machine: Machine, now: datetime) -> bool:
        """Whether a client is asked for its answer."""
        return (
            machine.status is ObjectStatus.VERIFIED
            and Role.CLIENT in person.roles
            and person.home == machine.client
            and now < machine.since + RIGHT
        )
