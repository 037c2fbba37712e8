"""``python -m tests.torture``: the long form of every scene; exit code 1 when anything is wrong."""

import argparse
import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path

from tests.torture.report import table
from tests.torture.scenes import SCENES
from tests.torture.storm import Plan, torture

A_WHILE = 60.0
"""Seconds that one outage of each scene lasts at the least."""
KILLS_AN_OUTAGE = 20
"""An outage takes seconds, a kill a fraction of one: there are so many fewer."""


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("scenes", nargs="*", metavar="scene", help=f"of {', '.join(SCENES)} (all)")
    parser.add_argument("--kills", type=int, default=200, help="(%(default)s)")
    parser.add_argument("--people", type=int, default=50, help="(%(default)s)")
    parser.add_argument("--faults", type=float, default=4.0, help="percent of the calls (%(default)s)")
    parser.add_argument("--seed", type=int, help="the same errands, the same chances (any)")
    asked = parser.parse_args()
    if unknown := set(asked.scenes) - SCENES.keys():
        parser.error(f"no such scene: {', '.join(unknown)}")
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    plan = Plan(seed, asked.people, asked.kills, asked.faults, A_WHILE)
    wrong = [scene for scene in asked.scenes or SCENES if suffer(scene, plan)]
    if wrong:
        sys.stderr.write(f"wrong: {', '.join(wrong)}\n")
    return int(bool(wrong))


def suffer(scene: str, plan: Plan) -> bool:
    """One scene; whether anything is wrong. What is needed to find out why is then kept."""
    if not scene.startswith("killed"):
        plan = replace(plan, kills=max(1, plan.kills // KILLS_AN_OUTAGE))
    folder = Path(tempfile.mkdtemp(prefix="greenlight-torture-"))
    sys.stdout.write(f"{scene}, seed {plan.seed}, load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.flush()
    try:
        with SCENES[scene](folder) as (place, trouble):
            reckoning = asyncio.run(torture(plan, place, trouble))
    except PermissionError as error:
        sys.stdout.write(f"left out: {error}\n\n")
        return False
    except Exception:  # noqa: BLE001  # whatever it is, the other scenes are played as well
        traceback.print_exc()
        sys.stderr.write(f"kept: {folder}\n")
        return True
    sys.stdout.write(f"{table(reckoning)}\n\n")
    if reckoning.complaints:
        sys.stderr.write(f"kept: {folder}\n")
    else:
        shutil.rmtree(folder)
    return bool(reckoning.complaints)


if __name__ == "__main__":
    sys.exit(main())
