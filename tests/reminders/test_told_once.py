"""Over months: everybody is told of what concerns them, once, by when it is due, and never an untruth.

A push tries the same few examples each time; ``GREENLIGHT_STORM=2000`` (the examples) tries others, and more.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import Databases
from tests.reminders.world import seen
from tests.reminders.years import Years

STORM = os.environ.get("GREENLIGHT_STORM")
EXAMPLES = int(STORM or "8")
STEPS = 40


def _let_pass(databases: Databases, kind: str, examples: int) -> None:
    class Here(Years):
        pass

    Here.kind, Here.databases = kind, databases
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=STORM is None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            database=None,
        ),
    )


@pytest.fixture(scope="module", autouse=True)
def figures() -> Iterator[None]:
    """Say what was tried, for whoever runs it deeper (``pytest -s``)."""
    yield
    print(dict(sorted(seen.items())))  # noqa: T201  # asked for


@pytest.mark.timeout(0)
def test_told_once(databases: Databases) -> None:
    _let_pass(databases, "sqlite", EXAMPLES)


@pytest.mark.timeout(0)
def test_told_once_on_postgresql(databases: Databases) -> None:
    _let_pass(databases, "postgresql", max(2, EXAMPLES // 10))
