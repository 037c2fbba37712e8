"""A lived history: rows taken one after the other through the rules, at times before now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from demo.comments import OF_REASON, OF_ROW, SEEN_AGAIN
from demo.company import TIME_ZONE
from demo.plans import REASONS, Plan
from domain.deadlines import DEFAULT_SCHEDULE, Deadline
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import ClientReason, Decision, Request, Route, Row, Subject
from domain.roles import SYSTEM, Actor, Role

_ROWS = {row.no: row for row in OBJECT_PROCESS.rows}
_KYIV = ZoneInfo(TIME_ZONE)
_OPENS, _CLOSES = 8, 18

_DAYS: dict[ObjectStatus, tuple[float, float]] = {
    ObjectStatus.NEW: (1, 6), ObjectStatus.CANCELED: (5, 40), ObjectStatus.EQUIPPED: (0.1, 1.2),
    ObjectStatus.VERIFIED: (0.3, 5), ObjectStatus.FAULTY: (1, 9), ObjectStatus.ACTIVE: (8, 60),
    ObjectStatus.OUT_OF_SERVICE: (0.3, 9), ObjectStatus.DIAGNOSTICS: (0.3, 1.4),
    ObjectStatus.SERVICE: (0.5, 5), ObjectStatus.DISMANTLING: (0.3, 3),
    ObjectStatus.INSTALLATION: (0.1, 1.5), ObjectStatus.ADDITIONAL_ORDER: (0.5, 4),
    ObjectStatus.SERVICED: (0.1, 1.5), ObjectStatus.BLOCKED: (3, 40),
}  # fmt: skip
"""How many days an object stayed in a status that it has left since."""
_LATE_DAYS = (2.1, 3.6)

_EAGERNESS = {
    Role.INSTALLER: 8, Role.SUPPORT: 5, Role.CLIENT: 4, Role.MANAGER: 2, Role.MODERATOR: 1,
    Role.ADMINISTRATOR: 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """An object as it was after a step."""

    status: ObjectStatus | None = None
    since: datetime | None = None
    commissioned: bool = False
    open_request: ClientReason | None = None

    @property
    def deadline(self) -> Deadline | None:
        """When it turns yellow and red."""
        if self.status is None or self.since is None:
            return None
        return DEFAULT_SCHEDULE.deadline(self.status, self.since, open_request=self.open_request is not None)

    @property
    def subject(self) -> Subject[ObjectStatus]:
        """The object as the rules see it."""
        late_from = self.deadline.main_at if self.deadline else None
        return Subject(self.status, self.since, late_from, self.commissioned, self.open_request is not None)

    def after(self, decision: Decision[ObjectStatus], now: datetime) -> "State":
        """The object once the decision has taken effect."""
        asked = decision.reason if decision.reason and decision.reason.is_request else None
        target = decision.row.target
        return State(target, now, self.commissioned or target is ObjectStatus.ACTIVE, asked)


@dataclass(frozen=True, slots=True)
class Leg:
    """One word of a plan's path."""

    row: Row[ObjectStatus]
    late: bool
    telemetry: bool
    reason: ClientReason | None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of status that happened."""

    at: datetime
    actor: Actor
    decision: Decision[ObjectStatus]
    route: Route
    before: ObjectStatus | None
    after: State


def legs(path: str) -> list[Leg]:
    """The path in words, read."""
    return [
        Leg(_ROWS[int(word.rstrip("nbek!*"))], word.endswith("!"), word.endswith("*"), REASONS.get(word[-1]))
        for word in path.split()
    ]


def walk(plan: Plan, crew: Sequence[Actor], now: datetime, random: Random) -> Iterator[Step]:
    """Every step of the plan, decided by the rules; ``Refused`` when the plan is no legal walk."""
    state = State()
    way = legs(plan.path)
    for number, (leg, at) in enumerate(zip(way, moments(way, now - plan.age, random), strict=True)):
        actor = SYSTEM if leg.telemetry else _who(leg, crew, random)
        route, comment = _words(plan, leg, random)
        if number == len(way) - 1 and plan.comment:
            comment = plan.comment
        request = Request(
            leg.row.target,
            comment,
            rating=random.choices((5, 4, 3), (6, 3, 1))[0],
            reason=leg.reason,
            confirmed_twice=True,
        )
        decision = OBJECT_PROCESS.decide(actor, state.subject, request, at, route)
        before, state = state.status, state.after(decision, at)
        yield Step(at, actor, decision, route, before, state)


def moments(way: Sequence[Leg], last: datetime, random: Random) -> list[datetime]:
    """When each leg was taken, the last one at ``last``, the earlier ones in working hours."""
    found = [last.replace(microsecond=0)]
    for leg in reversed(way[1:]):
        days = _LATE_DAYS if leg.late else _DAYS[leg.row.source or ObjectStatus.NEW]
        found.append(working_hour(found[-1] - random.uniform(*days) * timedelta(days=1), random))
    return found[::-1]


def working_hour(at: datetime, random: Random) -> datetime:
    """That moment, or the last working hour before it."""
    local = at.astimezone(_KYIV)
    if local.hour >= _CLOSES:
        local = local.replace(hour=_CLOSES - 1, minute=random.randrange(60))
    elif local.hour < _OPENS:
        local = local.replace(hour=_CLOSES - 1, minute=random.randrange(60)) - timedelta(days=1)
    return local.replace(microsecond=0).astimezone(at.tzinfo)


def _who(leg: Leg, crew: Sequence[Actor], random: Random) -> Actor:
    wanted = leg.row.late if leg.late else leg.row.roles
    able = [(actor, role) for actor in crew for role in actor.roles & wanted]
    return random.choices([a for a, _ in able], [_EAGERNESS[role] for _, role in able])[0]


def _words(plan: Plan, leg: Leg, random: Random) -> tuple[Route, str]:
    if leg.telemetry:
        return Route.TELEMETRY, SEEN_AGAIN
    if leg.row.source is None and random.random() < 0.7:  # noqa: PLR2004  # most come from a list
        line = int(plan.machine.number.partition("-")[2]) + 1
        return Route.IMPORT, f"{plan.machine.client} machines.xlsx, row {line}"
    return Route.CHAT, random.choice(OF_REASON[leg.reason] if leg.reason else OF_ROW[leg.row.no])
