"""Over months: everybody is told of what concerns them, once, by when it is due, and never an untruth.

A push tries the same few examples each time; ``GREENLIGHT_STORM=2000`` (the examples) tries others, and more.
"""

import os
from collections.abc import Iterator

import pytest

from tests.conftest import Databases
from tests.reminders.world import seen
from tests.reminders.years import Years
from tests.stateful import let_loose

STORM = os.environ.get("GREENLIGHT_STORM")
EXAMPLES = int(STORM or "8")
STEPS = 40


@pytest.fixture(scope="module", autouse=True)
def figures() -> Iterator[None]:
    """Say what was tried, for whoever runs it deeper (``pytest -s``)."""
    yield
    print(dict(sorted(seen.items())))  # noqa: T201  # asked for


@pytest.mark.timeout(0)
def test_told_once(databases: Databases) -> None:
    let_loose(Years, databases, "sqlite", EXAMPLES, STEPS, same=STORM is None)


@pytest.mark.timeout(0)
def test_told_once_on_postgresql(databases: Databases) -> None:
    let_loose(Years, databases, "postgresql", max(2, EXAMPLES // 10), STEPS, same=STORM is None)
