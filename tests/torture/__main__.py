"""``python -m tests.torture``: the long form, on both databases; exit code 1 when anything is lost."""

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from tests.postgres import Server
from tests.torture.report import table
from tests.torture.storm import Place, Plan, torture
from tests.torture.troubles import kills


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="(%(default)s)")
    parser.add_argument("--people", type=int, default=50, help="(%(default)s)")
    parser.add_argument("--faults", type=float, default=4.0, help="percent of the calls (%(default)s)")
    parser.add_argument("--seed", type=int, help="the same errands, the same chances (any)")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    asked = parser.parse_args()
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    plan = Plan(seed, asked.people, asked.kills, asked.faults)
    kinds = ["sqlite", "postgresql"] if asked.database == "both" else [asked.database]
    return int(any([suffer(plan, kind) for kind in kinds]))  # noqa: C419  # each, whatever became of the first


def suffer(plan: Plan, kind: str) -> bool:
    """One storm; whether anything is wrong. What is needed to find out why is then kept."""
    folder = Path(tempfile.mkdtemp(prefix="greenlight-torture-"))
    server = Server() if kind == "postgresql" else None
    url = server.url("postgres") if server else f"sqlite:///{folder}/greenlight.db"
    wrong = True
    try:
        reckoning = asyncio.run(torture(plan, Place(folder, url), kills))
        wrong = bool(reckoning.complaints)
        sys.stdout.write(f"{table(reckoning)}\n\n")
    finally:
        if server:
            server.stop()
        if wrong:
            sys.stderr.write(f"kept: {folder}\n")
        else:
            shutil.rmtree(folder)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
