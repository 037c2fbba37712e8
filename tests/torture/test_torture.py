"""A crowd at work, bad weather and trouble: nothing is lost or done twice, and all resumes by itself."""

import asyncio
from pathlib import Path

import pytest

from bot.leading import HUNG
from tests.torture.report import table
from tests.torture.scenes import SCENES
from tests.torture.storm import Plan, torture

PLANS = {
    "killed-on-sqlite": Plan(seed=1, people=12, kills=20),
    "killed-on-postgresql": Plan(seed=2, people=6, kills=5),
    "full-disk": Plan(seed=3, people=6, kills=2, faults=1.0),
    "database-crashed": Plan(seed=4, people=6, kills=1, faults=1.0),
    "database-cut-off": Plan(seed=6, people=6, kills=1, faults=1.0, away=HUNG),  # it starts over
    "database-restarted": Plan(seed=5, people=6, kills=2, faults=1.0),
}
"""The short forms; the long ones are ``make torture``."""

pytestmark = pytest.mark.e2e


@pytest.mark.timeout(600)  # many starts of the bot: a busy machine takes its time
@pytest.mark.parametrize("scene", PLANS)
def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path, scene: str) -> None:
    try:
        with SCENES[scene](tmp_path) as (place, trouble):
            reckoning = asyncio.run(torture(PLANS[scene], place, trouble))
    except PermissionError as error:
        pytest.skip(str(error))
    print(table(reckoning))  # noqa: T201  # shown when it fails
    assert reckoning.complaints == []
