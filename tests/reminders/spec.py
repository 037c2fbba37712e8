"""Who hears of a machine, by when, and what holds meanwhile: docs/processes.md said a second time.

Plain values and loops over them; of the program only the names of roles, statuses and stages are used.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.objects import ObjectStatus
from domain.reminders import Stage
from domain.roles import OrganisationKind, Role
from tests.domain import oracle

S = ObjectStatus
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RIGHT = 8 * DAY
CLAIM = 4 * HOUR
"""What somebody takes is theirs for so long."""
MORNING = 4 * HOUR
"""A digest that follows the end of the quiet hours within this takes up what fell into them."""
TOO_FAR = 50 * HOUR
"""Two local days end sooner: a morning beyond was reckoned by a clock that was wrong."""
REQUEST = "Request"
TIMES = {
    str(status): (main * DAY, urgent * DAY)
    for status, main, urgent in (
        (S.NEW, 5, 10), (S.EQUIPPED, 1, 3), (S.VERIFIED, 5, 8), (S.FAULTY, 7, 14), (S.DIAGNOSTICS, 2, 4),
        (S.SERVICE, 3, 7), (S.DISMANTLING, 2, 5), (S.INSTALLATION, 1, 3), (S.ADDITIONAL_ORDER, 3, 7),
        (S.SERVICED, 1, 3), (S.BLOCKED, 30, 60), (REQUEST, 1, 3),
    )
}  # fmt: skip
LOCAL = (Role.INSTALLER, Role.SUPPORT, Role.MANAGER)
CENTRAL = (Role.MODERATOR, Role.ADMINISTRATOR)
LADDER = (Role.MANAGER, Role.MODERATOR, Role.ADMINISTRATOR)


@dataclass
class Home:
    """An organisation. ``quiet``: from, to, and whether red passes; ``times`` are its own (a client's)."""

    id: int
    kind: OrganisationKind
    parent: int | None
    zone: str
    support: int | None = None
    quiet: tuple[time, time, bool] | None = None
    digest: time = time(9)
    times: dict[str, tuple[timedelta, timedelta]] = field(default_factory=dict)

    def is_quiet(self, now: datetime) -> bool:
        """Whether it is a time at which nobody is disturbed."""
        if self.quiet is None:
            return False
        begins, ends, _passes = self.quiet
        clock = now.astimezone(ZoneInfo(self.zone)).time()
        return begins <= clock < ends if begins < ends else not ends <= clock < begins

    def next_digest(self, now: datetime) -> datetime:
        """The next morning."""
        at = self.digest
        if self.quiet is not None:
            begins, ends, _passes = self.quiet
            if begins <= at < ends if begins < ends else not ends <= at < begins:
                at = ends
        return self._next(at, now)

    def next_morning(self, now: datetime) -> datetime:
        """The first digest of a later day."""
        found = self.next_digest(now)
        while self.day(found) == self.day(now):
            found = self.next_digest(found)
        return found

    def speaks_at(self, now: datetime, *, red: bool = False) -> datetime:
        """When something may be said that is to be said now."""
        if self.quiet is None or not self.is_quiet(now) or (red and self.quiet[2]):
            return now
        ends = self._next(self.quiet[1], now)
        digest = self.next_digest(ends - timedelta(microseconds=1))
        return digest if digest <= ends + MORNING else ends

    def day(self, now: datetime) -> date:
        """The local day."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def _next(self, at: time, after: datetime) -> datetime:
        zone = ZoneInfo(self.zone)
        first = after.astimezone(zone).date() - DAY
        moments = [datetime.combine(first + n * DAY, at, zone).astimezone(UTC) for n in range(4)]
        return next(moment for moment in moments if moment > after)


@dataclass
class Person:
    """Somebody. ``stand_in`` matters while they are away."""

    id: int
    home: int
    roles: Role
    account: int
    reachable: bool = True
    removed: bool = False
    away_until: datetime | None = None
    stand_in: int | None = None

    def is_away(self, now: datetime) -> bool:
        """Whether they are away."""
        return self.away_until is not None and now < self.away_until


@dataclass
class Machine:
    """An object in its status. ``alone``: its change was told by a message each, not with many others.

    ``authors`` wrote what is told of it.
    """

    id: int
    client: int
    status: ObjectStatus
    since: datetime
    version: int = 1
    commissioned: bool = False
    request: bool = False
    installer: int | None = None
    alone: bool = True
    authors: set[int] = field(default_factory=set)
    deadlines: list[tuple[datetime, datetime] | None] = field(default_factory=list)
    """The one in force is the last; the others were, until the next tick has gone through."""


@dataclass
class Line:
    """A line of the history: who wrote it, and whom an assignment names."""

    author: int
    kind: str
    named: int | None = None


@dataclass
class Company:
    """Everybody and everything, as it should be known."""

    homes: dict[int, Home] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    machines: dict[int, Machine] = field(default_factory=dict)
    lines: dict[int, Line] = field(default_factory=dict)
    claims: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    """Who took which machine until when."""

    # Time

    def deadline(self, machine: Machine) -> tuple[datetime, datetime] | None:
        """When it turns yellow and red; None: never."""
        if machine.status is S.OUT_OF_SERVICE:
            name = REQUEST if machine.request else ""
        else:
            name = str(machine.status)
        times = self.homes[machine.client].times.get(name, TIMES.get(name))
        if times is None:
            return None
        main, urgent = (machine.since + length for length in times)
        if machine.status is S.VERIFIED:
            return min(main, machine.since + RIGHT - HOUR), machine.since + RIGHT
        return main, max(urgent, main + HOUR)

    @staticmethod
    def stage(machine: Machine, deadline: tuple[datetime, datetime] | None, now: datetime) -> Stage:
        """How far it has come."""
        if deadline is None:
            return Stage.SET
        main, urgent = deadline
        if now >= urgent:
            return Stage.RED
        if now >= main:
            return Stage.YELLOW
        return Stage.SOON if now >= main - (main - machine.since) / 4 else Stage.SET

    def stages(self, machine: Machine, now: datetime) -> set[Stage]:
        """How far it has come, by any of the deadlines that may be known still."""
        return {self.stage(machine, deadline, now) for deadline in machine.deadlines}

    def taken(self, machine: Machine, now: datetime) -> int | None:
        """Who has it in hand."""
        person, until = self.claims.get(machine.id, (None, now))
        return person if now < until else None

    # Who

    def sees(self, person: Person, machine: Machine) -> bool:
        """Whether the machine exists for that person."""
        home, client = self.homes[person.home], self.homes[machine.client]
        if home.kind is OrganisationKind.ADMINISTRATIVE_GROUP:
            return True
        return person.home in {client.id, client.parent}

    def taker(self, person_id: int, now: datetime) -> int | None:
        """Who gets what is meant for somebody: they, whoever stands in at last, or nobody."""
        met: set[int] = set()
        while self.people[person_id].is_away(now):
            next_one = self.people[person_id].stand_in
            if person_id in met or next_one is None:
                return None
            met.add(person_id)
            person_id = next_one
        person = self.people[person_id]
        return person_id if person.reachable and not person.removed and person.roles else None

    def named(self, machine: Machine, now: datetime, only: int | None = None) -> set[int]:
        """Those who take what is meant for whoever is named for it; ``only``: if it is that one."""
        both = {machine.installer, self.homes[machine.client].support} - {None}
        people = both & {only} if only is not None else both
        return self._takers((one for one in people if one is not None), now)

    def hear(self, machine: Machine, stage: Stage, now: datetime, *, late: bool | None = None) -> set[int]:
        """Those who are to hear that it has come to a stage."""
        if stage is Stage.HEARD_ONCE:
            return self._takers(self._holders(machine, Role.CLIENT), now)
        if late is None:
            late = self.stage(machine, self.deadline(machine), now) >= Stage.YELLOW
        state = oracle.State(
            machine.status,
            late=late,
            in_time=now < machine.since + RIGHT,
            commissioned=machine.commissioned,
            open_request=machine.request,
        )
        by_role: dict[Role, set[int]] = {}
        for role in (*LOCAL, *CENTRAL, Role.CLIENT):
            turn = role is not Role.CLIENT or machine.status in {S.VERIFIED, S.FAULTY}
            if (turn and oracle.targets(role, state)) or (stage is Stage.RED and role in CENTRAL):
                by_role[role] = self._takers(self._meant(machine, role, now), now)
        found = set[int]().union(*by_role.values())
        for role in [role for role, there in by_role.items() if not there]:
            if role is Role.MANAGER and any(by_role.get(one) for one in LOCAL):
                continue
            found |= self._above(machine, role, now)
        if stage is Stage.RED and machine.status is S.VERIFIED:
            found |= self._takers(self._holders(machine, Role.CLIENT), now)
        return found

    def _meant(self, machine: Machine, role: Role, now: datetime) -> list[int]:
        """Whoever is named stands for the others of the role, if they can be reached."""
        holders = self._holders(machine, role)
        client = self.homes[machine.client]
        named = {Role.INSTALLER: machine.installer, Role.SUPPORT: client.support}.get(role)
        if named is not None and named in holders and self.taker(named, now) is not None:
            return [named]
        return holders

    def _above(self, machine: Machine, role: Role, now: datetime) -> set[int]:
        """It goes up to the next who are there."""
        for above in LADDER[LADDER.index(role) + 1 if role in LADDER else 0 :]:
            people = (self.people[one] for one in self._holders(machine, above))
            there = {one.id for one in people if one.reachable and not one.is_away(now)}
            if there:
                return there
        return set()

    def _holders(self, machine: Machine, role: Role) -> list[int]:
        client = self.homes[machine.client]
        return [
            person.id
            for person in self.people.values()
            if role in person.roles
            and not person.removed
            and (
                person.home == client.id
                if role is Role.CLIENT
                else role in CENTRAL or person.home == client.parent
            )
        ]

    def _takers(self, people: Iterable[int], now: datetime) -> set[int]:
        return {taker for one in people if (taker := self.taker(one, now)) is not None}
