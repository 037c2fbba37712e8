"""Where each of the 200 objects stands, and by which rows it came there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from demo.company import AGRO, BUILD
from demo.fleet import Machine, machines
from domain.deadlines import DEFAULT_POLICY, Colour
from domain.objects import ObjectStatus
from domain.process import ClientReason

WITH_USERS = (AGRO, BUILD)
"""The clients whose own people use the bot."""

REASONS: Mapping[str, ClientReason] = {
    "n": ClientReason.NOT_IN_USE,
    "b": ClientReason.BREAKDOWN,
    "e": ClientReason.ADDITIONAL_EQUIPMENT,
    "k": ClientReason.BLOCK,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows that an object went through, in words such as ``1 4 7 10 18b``, and how long ago the last was.

    A letter after 18 is the client's reason (n, b, e, k as in ``REASONS``), ``!`` says that a moderator
    or administrator took the row because it was late, ``*`` that telemetry did.
    """

    machine: Machine
    path: str
    age: timedelta
    comment: str | None = None  # of the last row; None: one that fits
    told: bool = False  # one of those that the documentation tells of

    @property
    def asks(self) -> bool:
        """Whether the last row opened a request of the client."""
        return self.path[-1] in "bek"


PATHS: Mapping[ObjectStatus, tuple[int, Sequence[str]]] = {
    ObjectStatus.NEW: (30, ("1", "1", "1", "1 2 5", "1 4 6")),
    ObjectStatus.CANCELED: (6, ("1 2", "1 2", "1 2 5 2")),
    ObjectStatus.EQUIPPED: (12, ("1 4", "1 4", "1 4 7 11", "1 4 7 9", "1 4 6 4")),
    ObjectStatus.VERIFIED: (
        14, ("1 4 7", "1 4 7", "1 4 7 11 7", "1 4 7 10 19 23", "1 4 8 15 23", "1 4 7 10 19 24 26 30"),
    ),
    ObjectStatus.FAULTY: (8, ("1 4 8", "1 4 7 10 19 24 26 31", "1 4 8")),
    ObjectStatus.ACTIVE: (60, (
        "1 4 7 10", "1 4 7 10", "1 4 7 13", "1 4 7 10", "1 4 7 11 7 10", "1 4 7 10 17 22",
        "1 4 7 10 18n 22*", "1 4 7 10 20 29 26 30 10", "1 4 7 10 21 33", "1 4 7 10 19 23! 10",
        "1 4 7 10 18b 22 19 24 26 30 10", "1 4 7 13 19 24! 25 27 28 30 13", "1 4 8 16 23 10",
        "1 2 5 4 7 10", "1 4 7 10 19 23 12 24 26 32 26 30 10",
    )),
    ObjectStatus.OUT_OF_SERVICE: (12, (
        "1 4 7 10 17", "1 4 7 10 18b", "1 4 7 10 18e", "1 4 7 10 18k", "1 4 7 10 18n",
        "1 4 7 10 19 23 10 18b",
    )),
    ObjectStatus.DIAGNOSTICS: (
        12, ("1 4 7 10 19", "1 4 7 14", "1 4 8 16", "1 4 7 10 21 34", "1 4 7 10 19 23 12", "1 4 7 13 19"),
    ),
    ObjectStatus.SERVICE: (
        10, ("1 4 7 10 19 24", "1 4 7 10 20 29", "1 4 7 10 19 24 26 32", "1 4 7 13 19 24!"),
    ),
    ObjectStatus.DISMANTLING: (6, ("1 4 7 10 19 24 25", "1 4 7 13 19 24 25")),
    ObjectStatus.INSTALLATION: (5, ("1 4 7 10 19 24 25 27", "1 4 7 13 19 24 25 27")),
    ObjectStatus.ADDITIONAL_ORDER: (6, ("1 4 7 10 20", "1 4 7 10 18e 22 20")),
    ObjectStatus.SERVICED: (
        7, ("1 4 7 10 19 24 26", "1 4 7 10 19 24 25 27 28", "1 4 7 10 20 29 26"),
    ),
    ObjectStatus.BLOCKED: (6, ("1 4 7 10 21", "1 4 7 10 18k 22 21")),
    ObjectStatus.DECOMMISSIONED: (6, ("1 3", "1 4 7 10 21 35")),
}  # fmt: skip
"""How many objects are in each status, and the paths that they took there in turn."""

_DAY = timedelta(days=1)
_COLOURS = (Colour.BLUE, Colour.YELLOW, Colour.RED, Colour.BLUE, Colour.BLUE, Colour.YELLOW, Colour.BLUE)

_TOLD: Mapping[tuple[str, str], tuple[ObjectStatus, str, timedelta, str | None]] = {
    (AGRO, "T-01"): (ObjectStatus.NEW, "1", _DAY, None),
    (AGRO, "T-17"): (
        ObjectStatus.SERVICE, "1 4 7 10 19 24", 9 * _DAY, "Fuel level jumps, replace the sensor",
    ),
    (AGRO, "T-22"): (ObjectStatus.NEW, "1", 5 * _DAY + timedelta(hours=4), None),
    (AGRO, "K-03"): (ObjectStatus.DISMANTLING, "1 4 7 10 19 24 25", _DAY, None),
}  # fmt: skip
"""The objects that the documentation tells of."""


def plans() -> list[Plan]:
    """A plan for each machine, in the order of the machines; the same at every call."""
    random = Random(35)  # noqa: S311  # a company, not a secret
    found: dict[Machine, Plan] = {}
    open_ends: list[tuple[str, timedelta]] = []
    left: dict[ObjectStatus, int] = {status: count for status, (count, _) in PATHS.items()}
    for machine in machines():
        if told := _TOLD.get((machine.client, machine.number)):
            status, path, age, comment = told
            found[machine] = Plan(machine, path, age, comment, told=True)
            left[status] -= 1
    for status, count in left.items():
        open_ends += _ends(status, count, random)
    free = [machine for machine in machines() if machine not in found]
    random.shuffle(free)
    # Only a client with users of its own opens requests.
    open_ends.sort(key=lambda end: end[0][-1] not in "nbek")
    free.sort(key=lambda machine: machine.client not in WITH_USERS)
    asking = sum(path[-1] in "nbek" for path, _ in open_ends)
    rest = free[asking:]
    random.shuffle(rest)
    for machine, (path, age) in zip([*free[:asking], *rest], open_ends, strict=True):
        found[machine] = Plan(machine, path, age)
    return [_possible(found[machine]) for machine in machines()]


def _ends(status: ObjectStatus, count: int, random: Random) -> list[tuple[str, timedelta]]:
    """Paths into a status with ages that give it every colour that it can have."""
    paths = PATHS[status][1]
    with_deadline = 0
    found = []
    for number in range(count):
        path = paths[number % len(paths)]
        times = DEFAULT_POLICY.times_of(status, open_request=path[-1] in "bek")
        if times is None:
            found.append((path, random.uniform(2, 90) * _DAY))
            continue
        colour = _COLOURS[with_deadline % len(_COLOURS)]
        with_deadline += 1
        over = times.urgent - times.main
        age = {
            Colour.BLUE: times.main * random.uniform(0.1, 0.9),
            Colour.YELLOW: times.main + over * random.uniform(0.1, 0.9),
            Colour.RED: times.urgent + min(over, 6 * _DAY) * random.uniform(0.1, 1.0),
        }[colour]
        found.append((path, age))
    return found


_STAFF_INSTEAD = {
    "10": "13", "11": "9", "12": "14", "16": "15", "18n": "17", "18b": "17", "18e": "17", "18k": "17",
}  # fmt: skip


def _possible(plan: Plan) -> Plan:
    """The plan with a moderator or support where the client has nobody who could act."""
    if plan.machine.client in WITH_USERS:
        return plan
    words = [_STAFF_INSTEAD.get(word, word) for word in plan.path.split()]
    return replace(plan, path=" ".join(words))
