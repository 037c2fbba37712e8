"""One company, one sandbox and one bot for all the conversations of a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.world import World

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here: it starts processes."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def whole_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The company of this worker."""
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    made.close()


@pytest.fixture
def world(whole_world: World) -> Iterator[World]:
    """The company; what Telegram would not take, or the bot complains of in its log, fails the test."""
    before = len(whole_world.stage.bot_log)
    yield whole_world
    whole_world.tidy()
    whole_world.stage.assert_well_spoken()
    complaints = [
        e for e in whole_world.stage.events(before) if e["level"] in {"error", "critical"} or "exception" in e
    ]
    assert not complaints, complaints
