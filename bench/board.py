"""How long a person waits for the board and for its lists, at 1,000 objects and at 1,000,000.

    python -m bench.board [--kinds sqlite postgresql] [--sizes 1000 1000000] [--keep FOLDER]
        [--server postgresql://user@/postgres?host=FOLDER]

What matters are the ratios: times are those of one machine.
"""

from collections.abc import Callable

from bench.fleet import NOW, PARTNER
from bench.search import databases, filled, measure, options
from bot.services.board import board, due_window
from bot.services.objects import listing
from bot.services.people import Me
from domain.board import Due
from domain.roles import Actor, OrganisationKind, Role
from storage.database import Database, UnitOfWork
from storage.object_terms import ObjectFilter

ROUNDS = 50
READERS = {
    "group": Actor(1, 1, OrganisationKind.ADMINISTRATIVE_GROUP, Role.MODERATOR),
    "partner": Actor(2, PARTNER, OrganisationKind.PARTNER, Role.SUPPORT),
    "client": Actor(3, 11, OrganisationKind.CLIENT, Role.CLIENT),
}


def questions(me: Me) -> dict[str, Callable[[UnitOfWork], object]]:
    """What a reader of the board asks."""
    found: dict[str, Callable[[UnitOfWork], object]] = {"/board": lambda unit: board(unit, me, None, NOW)}
    for due in Due:
        wanted = ObjectFilter(due=due_window(me, due, NOW))
        found[f"list: {due.name.lower()}"] = lambda unit, wanted=wanted: listing(unit, me, wanted, 0, NOW)  # type: ignore[misc]  # the lambda binds its value
    return found


def compare(small: Database, large: Database) -> None:
    """Print a line a question."""
    print(f"{'':32} {'small':>22} {'large':>22}   milliseconds, least / p50 / p99")
    for who, actor in READERS.items():
        me = Me(actor.person_id or 0, who, actor, who, "Europe/Kyiv", "en")
        for name, ask in questions(me).items():
            few, many = measure([small, large], ROUNDS, ask)
            print(f"{who + ': ' + name:32} {few} {many}", flush=True)


def main() -> None:
    """Fill both databases of both kinds, and compare."""
    given = options().parse_args()
    with databases(given.keep, given.server) as made:
        for kind in given.kinds:
            small, large = (filled(made, kind, size) for size in given.sizes)
            compare(small, large)
            small.close()
            large.close()


if __name__ == "__main__":
    main()
