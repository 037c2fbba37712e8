"""One update, one transaction: what fails leaves nothing behind, and is parked after three tries."""

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from bot.conversations import asking, change, last
from bot.metrics import Metrics
from bot.unit import wall_clock
from bot.updates import Feed
from domain.objects import ObjectStatus
from storage.queues import OutboxRecord
from storage.writer import Writer
from tests.bot.conftest import BOUND, Running, body_of
from tests.builders import add_object, key

pytestmark = pytest.mark.filterwarnings("ignore:.*per_message", "ignore:.*PTB_TIMEDELTA")
S = ObjectStatus
APOLOGY = "That did not work, and it is our fault"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """On both databases."""
    return str(request.param)


@pytest.fixture(params=["asked for", "brought"])
def hook(request: pytest.FixtureRequest, free_ports: list[int]) -> str | None:
    """Either way."""
    return f"http://127.0.0.1:{free_ports[0]}/hook" if request.param == "brought" else None


class Failing:
    """Stands in for a function, and fails the first times."""

    def __init__(self, works: Any, times: int, only: str = "") -> None:
        self.works, self.times, self.only, self.calls = works, times, only, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Fail, or do what the function does."""
        if self.only in str(args):
            self.calls += 1
            if self.calls <= self.times:
                raise RuntimeError("out of order")
        return self.works(*args, **kwargs)


async def test_a_poisoned_update_is_parked_after_three_tries_and_stops_nobody(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = Failing(last.listing, 99, "poison")
    monkeypatch.setattr(last, "listing", poison)
    running.start()
    anna, ivan = running.company.installer.telegram_id, running.company.support.telegram_id
    await running.says(anna, "poison")
    await running.says(ivan, "/menu")
    await running.says(anna, "/menu")
    assert APOLOGY in (await running.texts(anna, 2))[0]
    assert running.company.installer.name in (await running.texts(anna, 2))[1]
    assert running.company.support.name in (await running.texts(ivan, 1))[0]
    assert poison.calls == 3
    [(_, error)] = running.read(lambda unit: list(unit.inbox.parked()))
    assert error == "RuntimeError"


async def test_a_press_that_fails_is_answered_all_the_same(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last, "show_subject", Failing(last.show_subject, 99))
    running.start()
    anna = running.company.installer.telegram_id
    await running.forges(anna, "nonsense")
    await running.sent(lambda calls: any(call["method"] == "answerCallbackQuery" for call in calls))
    assert APOLOGY in (await running.texts(anna, 1))[0]


async def test_a_failure_takes_back_everything_and_the_next_try_does_it_once(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running.database.write() as unit:
        machine = add_object(unit, running.company.client, S.NEW)
    support = running.company.support.telegram_id
    # It fails after the status is set and the alerts are written.
    failing = Failing(change.people_told, 2)
    monkeypatch.setattr(change, "people_told", failing)
    running.start()
    await running.forges(support, f"pick:o:{machine.id}:1:2")
    await running.texts(support, 1)
    await running.says(support, "Not now")
    await running.texts(support, 2)
    confirm = f"do:o:{machine.id}"
    await running.forges(support, confirm)
    await running.texts(support, 3)
    assert failing.calls == 3
    lines = running.read(lambda unit: unit.history.of_object(key(machine)))
    assert [line.record.comment for line in lines] == ["Not now"]
    moderator = running.company.moderator.telegram_id
    alerts = select(OutboxRecord.chat_id).where(OutboxRecord.kind == "alert")
    assert list(running.read(lambda unit: unit.session.exec(alerts).all())) == [moderator]


async def test_a_failure_puts_the_dialogue_back_where_it_was(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running.database.write() as unit:
        machine = add_object(unit, running.company.client, S.NEW)
    support = running.company.support.telegram_id or 0
    running.start()
    await running.forges(support, f"pick:o:{machine.id}:1:2")
    await running.texts(support, 1)
    draft = running.read(lambda unit: unit.dialogues.draft(support, support))
    works = asking.preview_hearers
    monkeypatch.setattr(asking, "preview_hearers", Failing(works, 99))
    await running.says(support, "This fails")
    assert APOLOGY in (await running.texts(support, 2))[1]
    assert running.read(lambda unit: unit.dialogues.draft(support, support)) == draft
    monkeypatch.setattr(asking, "preview_hearers", works)
    await running.says(support, "This does not")
    assert "This does not" in (await running.texts(support, 3))[2]
    assert running.read(lambda unit: unit.dialogues.draft(support, support))["comment"] == "This does not"


async def test_an_unreadable_update_is_parked_alone(running: Running) -> None:
    running.start()
    anna = running.company.installer.telegram_id or 0
    for broken in ({"date": "yesterday"}, {"message_id": {}, "date": 0, "chat": 7}, ["a list"]):
        running.sandbox.world.updates.add(anna, "message", broken)  # type: ignore[arg-type]  # wrong on purpose, or passed on
    await running.says(anna, "/menu")
    assert running.company.installer.name in (await running.texts(anna, 1))[0]
    errors = [error for _, error in running.read(lambda unit: list(unit.inbox.parked()))]
    assert errors
    assert all(error.startswith("unreadable: ") for error in errors)


async def test_an_update_that_comes_again_is_handled_once(running: Running, hook: str | None) -> None:
    if hook is None:  # brought twice: test_webhook
        await running.post("faults", kind="lost", method="getUpdates", times=2)
    anna = running.company.installer.telegram_id
    await running.says(anna, "/menu")
    running.start()
    await running.texts(anna, 1)
    await running.says(anna, "/help")
    assert len(await running.texts(anna, 2)) == 2


async def test_what_was_stored_before_the_start_is_done_first_and_in_order(running: Running) -> None:
    anna = running.company.installer.telegram_id
    updates = {}
    for number, words in enumerate(("/menu", "/help", "/tasks")):
        update_id = (900_000, 5, 700_000)[number]  # the numbers may begin anew: the arrival counts
        updates[update_id] = {
            "update_id": update_id,
            "message": {
                "message_id": number + 1, "date": 1, "text": words, "chat": {"id": anna, "type": "private"},
                "from": {"id": anna, "is_bot": False, "first_name": "Anna"},
                "entities": [{"type": "bot_command", "offset": 0, "length": len(words)}],
            },
        }  # fmt: skip
    with running.database.write() as unit:
        unit.inbox.store({number: body_of(one) for number, one in updates.items()}, wall_clock())
    running.start()
    menu, helped, tasks = (await running.texts(anna, 3))[:3]
    assert running.company.installer.name in menu
    assert "How this works" in helped
    assert "Your tasks" in tasks
    assert running.read(lambda unit: unit.inbox.waiting_ids()) == frozenset()


async def test_what_kills_the_process_three_times_is_parked(running: Running) -> None:
    anna = running.company.installer.telegram_id
    body = {
        "update_id": 77,
        "message": {
            "message_id": 1, "date": 1, "text": "boom", "chat": {"id": anna, "type": "private"},
            "from": {"id": anna, "is_bot": False, "first_name": "Anna"},
        },
    }  # fmt: skip
    with running.database.write() as unit:
        unit.inbox.store({77: body_of(body)}, wall_clock())
        for _ in range(3):
            unit.inbox.count_try(77)
    running.start()
    assert APOLOGY in (await running.texts(anna, 1))[0]
    assert running.read(lambda unit: list(unit.inbox.parked())) == [(77, "killed the process")]


async def test_what_arrives_at_the_very_end_does_not_keep_the_process(running: Running) -> None:
    writer, arrived = Writer(running.database), asyncio.Event()
    feed = Feed(writer, asyncio.Queue(), arrived, Metrics())
    feed.start(60)
    await asyncio.sleep(0)  # it waits now
    await asyncio.sleep(0)
    arrived.set()
    async with asyncio.timeout(BOUND):
        await feed.stop()
    writer.close()


async def test_one_chat_does_not_wait_for_another(running: Running) -> None:
    """A chat whose messages cannot be sent delays itself alone."""
    running.start()
    anna, ivan = running.company.installer.telegram_id, running.company.support.telegram_id
    await running.post("faults", kind="429", chat_id=str(anna), retry_after=60)
    await running.says(anna, "/menu")
    await running.says(ivan, "/menu")
    await running.texts(ivan, 1)
    await running.until(lambda unit: [row.chat_id for row in unit.outbox.waiting()] == [anna])
