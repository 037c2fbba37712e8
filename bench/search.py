"""How long a person waits for a search and for a list, at 1,000 objects and at 1,000,000.

    python -m bench.search [sqlite|postgresql] [SMALL LARGE]

Each question is a page of eight with the counts of its title, as a chat shows it, on a fleet that is the
same at each run. Beside it stands the floor: the same page and counts by reading every object (LIKE),
sorting and counting all that is found. What matters are the ratios: times are those of one machine.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import case, func
from sqlmodel import col, select

from bench.fleet import NOW, PARTNER, RARE, fill, settle
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.roles import Actor, OrganisationKind, Role, Sight
from storage import migrations
from storage.database import Database, UnitOfWork
from storage.objects import ObjectFilter
from storage.search import looked_for
from storage.tables import ObjectRecord, OrganisationRecord
from tests.postgres import Server

ROUNDS, FLOOR_ROUNDS = 100, 2
MODERATOR = Actor(1, 1, OrganisationKind.ADMINISTRATIVE_GROUP, Role.MODERATOR)
SIGHTS = {"group": Sight(everything=True), "partner": Sight(looked_after_by=PARTNER)}
QUESTIONS = {
    "1 letter, common": ObjectFilter(query="8"),
    "1 letter, rare": ObjectFilter(query=RARE[0]),
    "2 letters, common": ObjectFilter(query="ka"),
    "2 letters, rare": ObjectFilter(query=RARE[:2]),
    "3 letters, common": ObjectFilter(query="863"),
    "3 letters, rare": ObjectFilter(query=RARE[:3]),
    "8 letters, common": ObjectFilter(query="KamAZ 65115"),
    "8 letters, rare": ObjectFilter(query=RARE),
    "8 digits of a terminal": ObjectFilter(query="00000123"),
    "8 letters, found nowhere": ObjectFilter(query="12345678"),
    "/objects": ObjectFilter(),
    "/objects, yellow": ObjectFilter(colour=Colour.YELLOW),
    "/objects, blocked": ObjectFilter(status=ObjectStatus.BLOCKED),
    "/tasks of a moderator": ObjectFilter(movable_by=MODERATOR),
}


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    p50: float
    p99: float


def ask(unit: UnitOfWork, sight: Sight, wanted: ObjectFilter) -> None:
    """What a chat shows: how many, and the first eight."""
    unit.objects.counts_by_colour(sight, wanted, NOW)
    unit.objects.page(sight, wanted, NOW)


def ask_floor(unit: UnitOfWork, sight: Sight, wanted: ObjectFilter) -> None:
    """The same by reading, counting and sorting everything."""
    machine, owner = ObjectRecord, OrganisationRecord
    unindexed = func.coalesce(machine.folded, "")
    conditions = [unindexed.contains(looked_for(wanted.query), autoescape=True)]
    if sight.looked_after_by:
        conditions.append(col(owner.parent_id) == sight.looked_after_by)
    colour = case(
        (col(machine.main_at).is_(None), 0), (col(machine.urgent_at) <= NOW, 3),
        (col(machine.main_at) <= NOW, 2), else_=1,
    ).label("colour")  # fmt: skip
    joined = select(machine, owner).join(owner, col(machine.client_id) == col(owner.id)).where(*conditions)
    counted = select(colour, func.count()).join(owner, col(machine.client_id) == col(owner.id))
    unit.session.exec(counted.where(*conditions).group_by("colour")).all()
    unit.session.exec(joined.order_by(colour.desc(), col(machine.status_since)).limit(8)).all()


def measure(database: Database, rounds: int, question: Callable[[UnitOfWork], None]) -> Times:
    """The times of a question, each in a reading unit of its own, after two that warm up."""
    times = []
    for number in range(rounds + 2):
        with database.read() as unit:
            start = perf_counter()
            question(unit)
            if number > 1:
                times.append((perf_counter() - start) * 1000)
    times.sort()
    return Times(median(times), times[min(len(times) - 1, int(len(times) * 0.99))])


@contextmanager
def databases() -> Iterator[Callable[[str, str], Database]]:
    """Makes empty databases by kind and name; all are gone in the end."""
    server = Server()
    try:
        with tempfile.TemporaryDirectory() as folder:

            def made(kind: str, name: str) -> Database:
                if kind == "sqlite":
                    return Database(f"sqlite:///{Path(folder) / name}.db")
                postgres = Database(server.url("postgres"))
                with postgres.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
                postgres.close()
                return Database(server.url(name))

            yield made
    finally:
        server.stop()


def filled(made: Callable[[str, str], Database], kind: str, size: int) -> Database:
    """A database with a fleet of that size."""
    database = made(kind, f"fleet{size}")
    migrations.upgrade(database)
    start = perf_counter()
    fill(database, size)
    settle(database)
    print(f"{kind}: {size:,} objects written in {perf_counter() - start:.0f} s", flush=True)
    return database


def compare(kind: str, small: Database, large: Database) -> None:
    """Print a line a question."""
    print(f"\n{kind}: milliseconds, p50 / p99")
    print(f"{'':32} {'small':>16} {'large':>16} {'ratio':>6} {'floor':>8} {'x':>6}")
    for who, sight in SIGHTS.items():
        for name, wanted in QUESTIONS.items():

            def question(unit: UnitOfWork, sight: Sight = sight, wanted: ObjectFilter = wanted) -> None:
                ask(unit, sight, wanted)

            def floor(unit: UnitOfWork, sight: Sight = sight, wanted: ObjectFilter = wanted) -> None:
                ask_floor(unit, sight, wanted)

            few, many = measure(small, ROUNDS, question), measure(large, ROUNDS, question)
            line = f"{who + ': ' + name:32} {few.p50:7.2f} /{few.p99:7.2f} {many.p50:7.2f} /{many.p99:7.2f}"
            line += f" {many.p50 / few.p50:5.1f}x"
            if wanted.query:
                slow = measure(large, FLOOR_ROUNDS, floor).p50
                line += f" {slow:8.0f} {slow / many.p50:5.0f}x"
            print(line, flush=True)


def main(*arguments: str) -> None:
    """Fill both databases of both kinds, and compare."""
    sizes = [int(argument) for argument in arguments if argument.isdecimal()] or [1_000, 1_000_000]
    kinds = [argument for argument in arguments if not argument.isdecimal()] or ["sqlite", "postgresql"]
    with databases() as made:
        for kind in kinds:
            small, large = (filled(made, kind, size) for size in sizes)
            compare(kind, small, large)
            small.close()
            large.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
