"""How long a person waits for a search and for a list, at 1,000 objects and at 1,000,000.

    python -m bench.search [--kinds sqlite postgresql] [--sizes 1000 1000000] [--keep FOLDER]
        [--server postgresql://user@/postgres?host=FOLDER] [--no-floor]

Each question is a page of eight with the counts of its title, as a chat shows it, on a fleet that is the
same at each run. Beside it stands the floor: the same page and counts by reading every object (LIKE),
sorting and counting all that is found. What matters are the ratios: times are those of one machine.

A million objects take some minutes to write. A database that is there already – in the folder or on the
server that are named – is used again, after the migrations that it lacks; else all are gone in the end.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import case, func, make_url
from sqlmodel import col, select

from bench.fleet import CLIENT, NOW, PARTNER, RARE, fill, settle
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.roles import Actor, OrganisationKind, Role, Sight
from storage import migrations
from storage.database import Database, UnitOfWork
from storage.object_terms import ObjectFilter
from storage.search import looked_for
from storage.tables import ObjectRecord, OrganisationRecord
from tests.postgres import Server

ROUNDS, FLOOR_ROUNDS = 100, 2
MODERATOR = Actor(1, 1, OrganisationKind.ADMINISTRATIVE_GROUP, Role.MODERATOR)
SIGHTS = {
    "group": Sight(everything=True), "partner": Sight(looked_after_by=PARTNER), "client": Sight(own=CLIENT),
}  # fmt: skip
QUESTIONS = {
    "1 letter, common": ObjectFilter(query="8"),
    "1 letter, rare": ObjectFilter(query=RARE[0]),
    "2 letters, common": ObjectFilter(query="ka"),
    "2 letters, rare": ObjectFilter(query=RARE[:2]),
    "3 letters, common": ObjectFilter(query="863"),
    "3 letters, rare": ObjectFilter(query=RARE[:3]),
    "3 letters, some": ObjectFilter(query="T-17"),
    "4 letters, some": ObjectFilter(query="T-173"),
    "4 letters of a VIN": ObjectFilter(query="K8RT"),
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
    """Milliseconds. On a machine that has other work the least tell most."""

    least: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.least:6.2f} /{self.p50:6.2f} /{self.p99:6.2f}"


def ask(unit: UnitOfWork, sight: Sight, wanted: ObjectFilter) -> None:
    """What a chat shows: how many, and the first eight."""
    unit.objects.find(sight, wanted, NOW)


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


def measure(
    databases: Sequence[Database], rounds: int, question: Callable[[UnitOfWork], None]
) -> list[Times]:
    """The times of a question, each in a reading unit of its own, after two that warm up.

    The databases take turns, so that whatever else the machine does burdens all of them alike.
    """
    times: list[list[float]] = [[] for _ in databases]
    for number, (database, mine) in product(range(rounds + 2), list(zip(databases, times, strict=True))):
        with database.read() as unit:
            start = perf_counter()
            question(unit)
            if number > 1:
                mine.append((perf_counter() - start) * 1000)
    return [
        Times(min(mine), median(mine), sorted(mine)[min(len(mine) - 1, int(len(mine) * 0.99))])
        for mine in times
    ]


@contextmanager
def databases(keep: Path | None, server: str | None) -> Iterator[Callable[[str, str], Database]]:
    """Opens databases by kind and name, and makes them where there are none."""
    with ExitStack() as opened:
        folder = keep or Path(opened.enter_context(tempfile.TemporaryDirectory()))

        def made(kind: str, name: str) -> Database:
            if kind == "sqlite":
                return Database(f"sqlite:///{folder / name}.db")
            nonlocal server
            if server is None:
                own = Server()
                opened.callback(own.stop)
                server = own.url("postgres")
            postgres = Database(server)
            with postgres.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                known = connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
                if name not in known:
                    connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
            postgres.close()
            return Database(make_url(server).set(database=name).render_as_string(hide_password=False))

        yield made


def filled(made: Callable[[str, str], Database], kind: str, size: int) -> Database:
    """A database with a fleet of that size, of the newest tables."""
    database = made(kind, f"fleet{size}")
    migrations.upgrade(database)
    start = perf_counter()
    with database.read() as unit:
        empty = unit.session.get(ObjectRecord, 1) is None
    if empty:
        fill(database, size)
    settle(database)
    print(f"{kind}: {size:,} objects written in {perf_counter() - start:.0f} s", flush=True)
    return database


def options() -> argparse.ArgumentParser:
    """What the benchmarks of lists are told."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kinds", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--sizes", nargs=2, type=int, default=[1_000, 1_000_000])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--server")
    return parser


def compare(kind: str, small: Database, large: Database, *, floor: bool) -> None:
    """Print a line a question."""
    print(f"\n{kind}: milliseconds, least / p50 / p99; the ratios of the least and of p50")
    print(f"{'':32} {'small':>22} {'large':>22} {'ratios':>13} {'floor':>8} {'x':>6}")
    ratios: list[tuple[float, float]] = []
    for who, sight in SIGHTS.items():
        for name, wanted in QUESTIONS.items():

            def question(unit: UnitOfWork, sight: Sight = sight, wanted: ObjectFilter = wanted) -> None:
                ask(unit, sight, wanted)

            def slowly(unit: UnitOfWork, sight: Sight = sight, wanted: ObjectFilter = wanted) -> None:
                ask_floor(unit, sight, wanted)

            few, many = measure([small, large], ROUNDS, question)
            line = f"{who + ': ' + name:32} {few} {many}"
            ratios.append((many.least / few.least, many.p50 / few.p50))
            line += " {:5.1f}x {:5.1f}x".format(*ratios[-1])
            if wanted.query and floor:
                slow = measure([large], FLOOR_ROUNDS, slowly)[0].p50
                line += f" {slow:8.0f} {slow / many.p50:5.0f}x"
            print(line, flush=True)
    for name, kept in zip(("least", "p50"), zip(*ratios, strict=True), strict=True):
        print(f"ratios of {name}: {median(kept):.1f}x in the middle, {max(kept):.1f}x at the worst")


def main() -> None:
    """Fill both databases of both kinds, and compare."""
    parser = options()
    parser.add_argument("--floor", action=argparse.BooleanOptionalAction, default=True)
    given = parser.parse_args()
    with databases(given.keep, given.server) as made:
        for kind in given.kinds:
            small, large = (filled(made, kind, size) for size in given.sizes)
            compare(kind, small, large, floor=given.floor)
            small.close()
            large.close()


if __name__ == "__main__":
    main()
