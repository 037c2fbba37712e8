"""The bot ends when it is asked to, whatever Telegram does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.talk import Stage

pytestmark = pytest.mark.e2e


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path, f"sqlite:///{tmp_path / 'greenlight.db'}")
    yield stage
    stage.close()


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates"])
def test_the_bot_ends_while_telegram_refuses(stage: Stage, method: str) -> None:
    """At each point of the start at which it waits for Telegram."""
    stage.http("POST", "faults", {"method": method, "kind": "500", "times": 1_000_000})
    seen = stage.last_call
    stage.launch_bot()
    stage.calls_until(seen, lambda calls: any(call["method"] == method for call in calls), "not asked for")
    assert stage.stop_bot() == 0
