"""A crowd at work, bad weather, and kills at random moments: nothing is lost, and nothing done twice."""

import asyncio
from pathlib import Path

import pytest

from tests.conftest import Databases
from tests.torture.report import table
from tests.torture.storm import Place, Plan, torture
from tests.torture.troubles import kills

pytestmark = pytest.mark.e2e


@pytest.mark.timeout(600)  # many starts of the bot: a busy machine takes its time
@pytest.mark.parametrize(
    ("kind", "plan"),
    [("sqlite", Plan(seed=1, people=12, kills=20)), ("postgresql", Plan(seed=2, people=8, kills=8))],
    ids=["sqlite", "postgresql"],
)
def test_kills_lose_nothing_and_double_nothing(
    databases: Databases, tmp_path: Path, kind: str, plan: Plan
) -> None:
    database = databases.empty(kind)
    try:
        reckoning = asyncio.run(torture(plan, Place(tmp_path, database.url), kills))
    finally:
        databases.drop(database)
    print(table(reckoning))  # noqa: T201  # shown when it fails
    assert reckoning.complaints == []
