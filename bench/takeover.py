"""How long people wait when the process that works is gone, until another one has answered them.

    python -m bench.takeover [--rounds 10]

Two real processes on a real PostgreSQL, and a sandbox. In each round somebody writes at the moment at
which the one that works is killed, stopped (it stands still), asked to end, or cut off from its database;
the time ends with the answer. Beside it stands what one process takes that a supervisor starts anew at
once after a kill.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.conftest import Databases
from tests.e2e.fleet import Fleet, Wire
from tests.e2e.world import World

ONE, TWO = "one", "two"


def answered(fleet: Fleet, blow: Callable[[], object]) -> float:
    """Seconds from a blow to the answer of what somebody wrote right after it."""
    world, mona = fleet.world, fleet.world.mona
    before = world.stage.last_call
    began = perf_counter()
    blow()
    mona.says("/menu", wait=False)

    def is_answered(calls: list[dict[str, Any]]) -> bool:
        return any(
            call["ok"] and call["chat_id"] == mona.account and "text" in call["params"] for call in calls
        )

    world.stage.calls_until(before, is_answered, "no answer")
    took = perf_counter() - began
    mona.settled()
    world.quiet()
    return took


class Round:
    """Two processes, one of them to be struck."""

    def __init__(self, fleet: Fleet, wire: Wire, **environment: str) -> None:
        self.fleet = fleet
        self.wire = wire
        fleet.start(ONE, **environment)

    def kill(self) -> float:
        """End it as a power cut does."""
        return answered(self.fleet, lambda: self.fleet.kill(ONE))

    def end(self) -> float:
        """Ask it to end."""
        return answered(self.fleet, lambda: self.fleet.ask(ONE))

    def freeze(self) -> float:
        """Let it stand still."""
        return answered(self.fleet, lambda: self.fleet.freeze(ONE))

    def cut(self) -> float:
        """Take its database away from it."""
        return answered(self.fleet, self.wire.cut)


def measured(name: str, fleet: Fleet, rounds: int, *, peer: bool = False) -> list[float]:
    """The times of some rounds."""
    found = []
    url = urlsplit(fleet.world.database.url)
    for _ in range(rounds):
        wire = Wire(Path(parse_qs(url.query)["host"][0]) / ".s.PGSQL.5432")
        own = f"postgresql://postgres@127.0.0.1:{wire.port}{url.path}"
        struck = Round(fleet, wire, **({"GREENLIGHT_DATABASE_URL": own} if name == "cut" else {}))
        if peer:

            def anew() -> None:
                fleet.kill(ONE)
                fleet.launch(TWO)

            found.append(answered(fleet, anew))
        else:
            fleet.start(TWO)
            found.append(getattr(struck, name)())
        wire.close()
        fleet.close()
        fleet.free()
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        databases = Databases(folder)
        world = World(folder, databases.fresh("postgresql").url, started=False)
        fleet = Fleet(world)
        try:
            alone = median(measured("kill", fleet, rounds, peer=True))
            print(f"{'':28}{'median':>8}{'longest':>9}   seconds; beside one that is started anew")
            print(f"{'one, started anew at once':28}{alone:8.2f}")
            for blow in ("kill", "freeze", "cut", "end"):
                times = measured(blow, fleet, rounds)
                print(f"{blow:28}{median(times):8.2f}{max(times):9.2f}   {median(times) / alone:.1f}x")
        finally:
            fleet.close()
            world.close()
            databases.close()


if __name__ == "__main__":
    main()
