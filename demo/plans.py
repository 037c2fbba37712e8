"""Where each of the 200 objects stands, and by which rows it came there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle, islice
from random import Random

from demo.company import AGRO, AQUA, BUILD, LOGISTICS, TIMBER
from demo.fleet import Machine, machines
from domain.deadlines import DEFAULT_POLICY, Colour
from domain.objects import ObjectStatus
from domain.process import ClientReason

WITH_USERS = (AGRO, BUILD)
"""The clients whose own people use the bot."""

WAITS_FOR_INSTALLER = frozenset({
    ObjectStatus.NEW, ObjectStatus.SERVICE, ObjectStatus.DISMANTLING, ObjectStatus.INSTALLATION,
})  # fmt: skip
"""Where an installer is the next to act."""

_OF_NORTH, _OF_OTHERS = (AGRO, LOGISTICS), (BUILD, TIMBER, AQUA)
_MORE_TASKS_OF_ANNA = 8

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


@dataclass(frozen=True, slots=True)
class _End:
    """Where an object is to stand; the machine is chosen later."""

    status: ObjectStatus
    path: str
    age: timedelta
    colour: Colour


def plans() -> list[Plan]:
    """A plan for each machine, in the order of the machines; the same at every call."""
    random = Random(35)  # noqa: S311  # a company, not a secret
    found: dict[Machine, Plan] = {}
    left: dict[ObjectStatus, int] = {status: count for status, (count, _) in PATHS.items()}
    for machine in machines():
        if told := _TOLD.get((machine.client, machine.number)):
            status, path, age, comment = told
            found[machine] = Plan(machine, path, age, comment, told=True)
            left[status] -= 1
    ends = [end for status, count in left.items() for end in _ends(status, count, random)]
    free = [machine for machine in machines() if machine not in found]
    random.shuffle(free)
    for end, homes in _homes(ends):
        machine = next(machine for machine in free if machine.client in homes)
        free.remove(machine)
        found[machine] = Plan(machine, end.path, end.age)
    return [_possible(found[machine]) for machine in machines()]


def _homes(ends: Sequence[_End]) -> Iterator[tuple[_End, Sequence[str]]]:
    """Which clients' machines may stand there, the most particular first.

    Requests come from clients with users; and Anna's list of tasks stays as short as in the documentation.
    """
    asking = [end for end in ends if end.path[-1] in REASONS]
    waiting = [end for end in ends if end.status in WAITS_FOR_INSTALLER]
    calm = [end for end in waiting if end.colour is not Colour.RED]
    of_anna = calm[:: len(calm) // _MORE_TASKS_OF_ANNA][:_MORE_TASKS_OF_ANNA]
    for end in asking:
        yield end, WITH_USERS
    for end in waiting:
        yield end, _OF_NORTH if end in of_anna else _OF_OTHERS
    for end in ends:
        if end not in asking and end not in waiting:
            yield end, _OF_NORTH + _OF_OTHERS


def _ends(status: ObjectStatus, count: int, random: Random) -> Iterator[_End]:
    """Paths into a status with ages that give it every colour that it can have."""
    paths = PATHS[status][1]
    colours = cycle(_COLOURS)
    for path in islice(cycle(paths), count):
        times = DEFAULT_POLICY.times_of(status, open_request=path[-1] in "bek")
        if times is None:
            yield _End(status, path, random.uniform(2, 90) * _DAY, Colour.GREEN)
            continue
        colour = next(colours)
        main, urgent = times.main.plain, times.urgent.plain
        over = urgent - main
        age = {
            Colour.BLUE: main * random.uniform(0.1, 0.9),
            Colour.YELLOW: main + over * random.uniform(0.1, 0.9),
            Colour.RED: urgent + min(over, 6 * _DAY) * random.uniform(0.1, 1.0),
        }[colour]
        yield _End(status, path, age, colour)


_STAFF_INSTEAD = {
    "10": "13", "11": "9", "12": "14", "16": "15", "18n": "17", "18b": "17", "18e": "17", "18k": "17",
}  # fmt: skip


def _possible(plan: Plan) -> Plan:
    """The plan with a moderator or support where the client has nobody who could act."""
    if plan.machine.client in WITH_USERS:
        return plan
    words = [_STAFF_INSTEAD.get(word, word) for word in plan.path.split()]
    return replace(plan, path=" ".join(words))
