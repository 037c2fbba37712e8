"""The notifier against the sandbox: order, retries, and one chat's trouble that is that chat's alone."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot

from bot.delivery import Delivery
from bot.files import Files
from bot.notifier import Notifier
from bot.services.cases import FILES_LANE
from bot.transport import AiohttpRequest
from bot.unit import wall_clock
from storage.outbox import Message
from storage.queues import OutboxRecord, OutboxState
from storage.writer import Writer
from tests.bot.conftest import TOKEN, Running

pytestmark = pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA")


class Post:
    """A notifier at work, and a way to write rows for it."""

    def __init__(self, running: Running, notifier: Notifier, bot: Bot, writer: Writer) -> None:
        self.running, self.notifier, self.bot, self.writer = running, notifier, bot, writer

    async def writes(self, *rows: tuple[int | None, str], age: timedelta = timedelta()) -> None:
        """Queue messages as a commit does."""
        messages = [Message("text", chat or 0, {"text": text}) for chat, text in rows]
        await self.writer.write(lambda unit: unit.outbox.add(messages, wall_clock() - age))
        self.notifier.wake()

    def rows(self) -> list[OutboxRecord]:
        """All rows, in order."""
        return self.running.read(
            lambda unit: [
                unit.session.get_one(OutboxRecord, number)
                for number in range(1, 100)
                if unit.session.get(OutboxRecord, number)
            ]
        )

    async def settled(self) -> list[OutboxRecord]:
        """All rows, as soon as none waits."""
        await self.running.until(lambda unit: not unit.outbox.waiting())
        return self.rows()


@pytest.fixture
async def post(running: Running) -> AsyncIterator[Post]:
    """The notifier alone, without the rest of the bot."""
    writer = Writer(running.database)
    notifier = Notifier(writer, Delivery(writer, Files(running.settings.files)), wall_clock, 1000)
    url = running.sandbox.url
    async with Bot(TOKEN, f"{url}/bot", f"{url}/file/bot", request=AiohttpRequest()) as bot:
        await notifier.start(bot)
        yield Post(running, notifier, bot, writer)
        await notifier.stop()
    writer.close()


async def test_a_chat_gets_its_messages_in_order(post: Post, running: Running) -> None:
    anna, ivan = running.company.installer.telegram_id, running.company.support.telegram_id
    rows = [(chat, f"{number}") for number in range(12) for chat in (anna, ivan)]
    await post.writes(*rows)
    assert {row.state for row in await post.settled()} == {OutboxState.SENT}
    for chat in (anna, ivan):
        assert await running.texts(chat, 12) == [f"{number}" for number in range(12)]


@pytest.mark.parametrize("fault", ["429", "500", "502", "reset"])
async def test_what_fails_is_tried_again_and_keeps_its_place(
    post: Post, running: Running, fault: str
) -> None:
    anna = running.company.installer.telegram_id
    await running.post("faults", kind=fault, method="sendMessage", times=2)
    await post.writes((anna, "first"), (anna, "second"))
    assert {row.state for row in await post.settled()} == {OutboxState.SENT}
    assert await running.texts(anna, 2) == ["first", "second"]


async def test_a_chat_that_has_to_wait_delays_nobody_else(post: Post, running: Running) -> None:
    anna, ivan = running.company.installer.telegram_id, running.company.support.telegram_id
    await running.post("faults", kind="429", chat_id=str(anna), retry_after=60)
    await post.writes((anna, "slow"), (ivan, "fast"), (anna, "after slow"))
    assert await running.texts(ivan, 1) == ["fast"]
    await running.until(lambda unit: [row.chat_id for row in unit.outbox.waiting()] == [anna, anna])


async def test_whoever_has_blocked_the_bot_is_unreachable(post: Post, running: Running) -> None:
    anna, ivan = running.company.installer.telegram_id, running.company.support.telegram_id
    await running.post(f"people/{anna}/block")
    await post.writes((anna, "never"), (ivan, "still"))
    first, second = await post.settled()
    assert (first.state, second.state) == (OutboxState.DROPPED, OutboxState.SENT)
    person = running.read(lambda unit: unit.people.by_telegram_id(anna or 0))
    assert person is not None
    assert not person.reachable
    other = running.read(lambda unit: unit.people.by_telegram_id(ivan or 0))
    assert other is not None
    assert other.reachable


async def test_what_telegram_refuses_is_dead_and_holds_up_nothing(post: Post, running: Running) -> None:
    anna = running.company.installer.telegram_id
    await post.writes((anna, "<b>never closed"), (anna, "x" * 4097), (123, "nobody"), (anna, "fine"))
    rows = await post.settled()
    assert [row.state for row in rows] == [OutboxState.DEAD] * 3 + [OutboxState.SENT]
    assert "can't parse entities" in str(rows[0].error).lower()
    assert "too long" in str(rows[1].error)
    assert "chat not found" in str(rows[2].error).lower()


async def test_after_a_day_a_message_is_given_up(post: Post, running: Running) -> None:
    anna = running.company.installer.telegram_id
    await running.post("faults", kind="500", chat_id=str(anna), times=1)
    await post.writes((anna, "old"), age=timedelta(hours=25))
    [row] = await post.settled()
    assert row.state is OutboxState.DEAD


async def test_what_was_not_sent_is_sent_after_the_next_start(post: Post, running: Running) -> None:
    anna = running.company.installer.telegram_id
    await running.post("faults", kind="429", chat_id=str(anna), retry_after=60)
    await post.writes((anna, "kept"))
    await running.sent(lambda calls: any(call["method"] == "sendMessage" for call in calls))
    await post.notifier.stop()
    assert [row.state for row in post.rows()] == [OutboxState.WAITING]
    again = Notifier(post.writer, Delivery(post.writer, Files(running.settings.files)), wall_clock, 1000)
    await again.start(post.bot)
    assert await running.texts(anna, 1) == ["kept"]
    await post.settled()
    await again.stop()
    assert [row.state for row in post.rows()] == [OutboxState.SENT]


async def test_a_file_that_has_to_wait_holds_up_no_other(post: Post, running: Running) -> None:
    files = [
        Message("keep", FILES_LANE, {"file_id": name, "file_unique_id": name}) for name in ("first", "second")
    ]
    await running.post("faults", kind="429", method="getFile", times=1, retry_after=60)
    await post.writer.write(lambda unit: unit.outbox.add(files, wall_clock()))
    post.notifier.wake()
    await running.until(lambda unit: len(unit.outbox.waiting()) == 1)
    first, second = post.rows()
    assert (first.state, second.state) == (OutboxState.WAITING, OutboxState.DEAD)  # nobody sent such a file


async def test_what_cannot_be_written_now_is_tried_again(post: Post, running: Running) -> None:
    """The way to the folder of files is blocked as by a full disk; nothing is wrong with the photo."""
    anna = running.company.installer.telegram_id
    await running.post(f"people/{anna}/photo")
    [update] = await post.bot.get_updates()
    photo = update.message.photo[-1]
    folder = running.settings.files
    folder.write_text("not a folder")
    payload = {"file_id": photo.file_id, "file_unique_id": photo.file_unique_id}
    row = Message("keep", FILES_LANE, payload)
    await post.writer.write(lambda unit: unit.outbox.add([row], wall_clock()))
    post.notifier.wake()
    await running.sent(lambda calls: sum(call["method"] == "getFile" for call in calls) > 1)
    folder.unlink()
    assert [row.state for row in await post.settled()] == [OutboxState.SENT]
    assert len(list(folder.iterdir())) == 1
