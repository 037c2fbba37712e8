"""The bot ends when it is asked to, whatever Telegram does."""

from collections.abc import Iterator

import pytest

from tests.talk import BOUND, Stage

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def whole_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    made = Stage(folder, f"sqlite:///{folder / 'greenlight.db'}")
    yield made
    made.close()


@pytest.fixture
def stage(whole_stage: Stage) -> Iterator[Stage]:
    """A stage where all is well again afterwards: a strict sandbox takes seconds to start."""
    yield whole_stage
    whole_stage.http("DELETE", "faults")


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates"])
def test_the_bot_ends_while_telegram_refuses(stage: Stage, method: str) -> None:
    """At each point of the start at which it waits for Telegram."""
    stage.http("POST", "faults", {"method": method, "kind": "500", "times": 1_000_000})
    seen = stage.last_call
    stage.launch_bot()
    stage.calls_until(seen, lambda calls: any(call["method"] == method for call in calls), "not asked for")
    assert stage.stop_bot() == 0


def test_a_second_process_on_the_same_file_ends_at_once(stage: Stage) -> None:
    stage.start_bot()
    second = stage.process()
    assert second.wait(BOUND) == 2
    said = stage.bot_log.splitlines()[-1]
    assert said.endswith(f"is in use by another «greenlight run», process {stage.pid}.")
    assert stage.stop_bot() == 0
    stage.start_bot()  # the file is free again
    stage.kill_bot()
    stage.start_bot()  # and after a kill
    assert stage.stop_bot() == 0
