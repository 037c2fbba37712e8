"""What no database keeps and no message carries comes in all the same, and is answered."""

import asyncio
from collections.abc import Iterator

import pytest

from domain.roles import Role
from storage.database import Database
from tests import builders
from tests.hostile import raw
from tests.hostile.driving import Bot, Clock, Outcome
from tests.hostile.raw import Json

MARK = "\N{REPLACEMENT CHARACTER}"


class Chat:
    """The bot and one person of a group."""

    def __init__(self, database: Database, runner: asyncio.Runner) -> None:
        with database.write() as unit:
            person = builders.add_person(unit, builders.add_group(unit), Role.MODERATOR)
        self.account = person.telegram_id or 0
        self.bot = Bot(database, Clock())
        self._runner = runner

    def feed(self, update: Json) -> Outcome:
        """Hand an update in."""
        return self._runner.run(self.bot.feed(update))


@pytest.fixture
def chat(database: Database) -> Iterator[Chat]:
    """The bot, listening; on SQLite and on PostgreSQL."""
    with asyncio.Runner() as runner:
        made = Chat(database, runner)
        runner.run(made.bot.start())
        yield made
        runner.run(made.bot.stop())


@pytest.mark.parametrize("half", [0, 0xD83D, 0xDC00], ids=["NUL", "first half", "second half"])
def test_halves_of_characters_and_nul_become_a_mark(chat: Chat, half: int) -> None:
    [shown] = chat.feed(raw.says(chat.account, f"a{chr(half)}b")).shown
    assert f"«a{MARK}b»" in shown.text
    assert not chat.bot.errors.found
    assert not chat.bot.inbox_states()


def test_a_whole_character_of_two_halves_stays(chat: Chat) -> None:
    [shown] = chat.feed(raw.says(chat.account, "a🚜b")).shown
    assert "«a🚜b»" in shown.text


@pytest.mark.parametrize("field", ["message", "inline_message_id"])
def test_a_press_from_where_no_dialogue_runs_ends_its_waiting(chat: Chat, field: str) -> None:
    update = raw.presses(chat.account, "menu")
    query: Json = update["callback_query"]
    if field == "message":
        query["message"]["chat"] = raw.group()
    else:
        del query["message"]
        query[field] = "far"
    outcome = chat.feed(update)
    assert not outcome.shown
    assert [answer.query_id for answer in outcome.answers] == [query["id"]]
