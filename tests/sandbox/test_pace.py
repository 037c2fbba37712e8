"""What Telegram refuses to hurried bots, and to late ones. The clock stands still unless it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.sandbox.acting import ANNA, IVAN, Client, running

PEOPLE = [{"id": 9000 + n, "first_name": f"Nr {n}", "started": True} for n in range(40)]
GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def hurried() -> AsyncIterator[Client]:
    async with running(limits=True, clock=lambda: 1_000_000.0) as (_, client):
        await client.post("/sandbox/accounts", {"accounts": PEOPLE})
        yield client


async def send(client: Client, chat_id: int, method: str = "sendMessage", **more: Any) -> int:
    """0, or the seconds to wait."""
    text = {} if more else {"text": "x"}
    status, answer = await client.call(method, chat_id=chat_id, **text, **more)
    if status == 200:
        return 0
    wait = int(answer["parameters"]["retry_after"])
    assert (status, answer["description"]) == (429, f"Too Many Requests: retry after {wait}")
    return wait


async def later(client: Client, seconds: float) -> None:
    await client.post("/sandbox/clock", {"advance": seconds})


async def test_a_person_takes_a_burst_and_then_one_a_second(hurried: Client) -> None:
    assert [await send(hurried, ANNA) for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    await later(hurried, 0.5)
    assert await send(hurried, ANNA) == 1
    await later(hurried, 0.5)
    assert [await send(hurried, ANNA), await send(hurried, ANNA)] == [0, 1]
    assert await send(hurried, PEOPLE[0]["id"]) == 0  # type: ignore[arg-type]  # wrong on purpose, or passed on
    await later(hurried, 60)
    assert [await send(hurried, ANNA) for _ in range(6)] == [0, 0, 0, 0, 0, 1]


async def test_thirty_a_second_in_all(hurried: Client) -> None:
    waits = [await send(hurried, int(str(person["id"]))) for person in PEOPLE]
    assert waits == [0] * 30 + [1] * 10
    await later(hurried, 1)
    assert await send(hurried, ANNA) == 0


async def test_twenty_a_minute_to_a_group(hurried: Client) -> None:
    status, made = await hurried.post("/sandbox/groups", {"groups": [{"title": "Crew", "members": [ANNA]}]})
    assert status == 200
    group = made["groups"][0]["id"]
    assert [await send(hurried, group) for _ in range(21)] == [0] * 20 + [60]
    await later(hurried, 18.5)
    assert await send(hurried, group) == 42
    await later(hurried, 41.5)
    assert await send(hurried, group) == 0


async def test_an_album_counts_as_many_and_edits_do_not(hurried: Client) -> None:
    await hurried.act("photo")
    photo = (await hurried.updates())[-1]["message"]["photo"][-1]["file_id"]
    album = [{"type": "photo", "media": photo}] * 8
    assert await send(hurried, ANNA, "sendMediaGroup", media=album) == 0
    assert await send(hurried, ANNA) == 4
    edit = {"message_id": 2, "caption": "c"}
    assert await send(hurried, ANNA, "editMessageCaption", **edit) == 0
    assert await send(hurried, ANNA, "sendChatAction", action="typing") == 0


async def test_without_limits_nothing_is_too_much(client: Client) -> None:
    assert [await send(client, ANNA) for _ in range(40)] == [0] * 40
    await client.post("/sandbox/settings", {"limits": True})
    assert [await send(client, ANNA) for _ in range(7)][-1] > 0


async def test_a_press_grows_old(client: Client) -> None:
    await client.call("sendMessage", chat_id=ANNA, text="choose", reply_markup=GO)
    for seconds, refused in ((59, None), (61, TOO_OLD)):
        await client.act("press", button="Go")
        query = (await client.updates())[-1]["callback_query"]["id"]
        await client.post("/sandbox/clock", {"advance": seconds})
        assert (await client.chat())["unanswered"] == (0 if refused else 1)
        assert (await client.call("answerCallbackQuery", callback_query_id=query))[1].get(
            "description"
        ) == refused


async def test_the_age_can_be_set(client: Client) -> None:
    await client.call("sendMessage", chat_id=ANNA, text="choose", reply_markup=GO)
    for age, refused in ((10, TOO_OLD), (0, None)):
        status, settings = await client.post("/sandbox/settings", {"query_age": age})
        assert (status, settings["query_age"]) == (200, age)
        await client.act("press", button="Go")
        query = (await client.updates())[-1]["callback_query"]["id"]
        await client.post("/sandbox/clock", {"advance": 11})
        answer = await client.call("answerCallbackQuery", callback_query_id=query)
        assert answer[1].get("description") == refused


@pytest.mark.parametrize("settings", [{"query_age": -1}, {"limits": 1}, {"nonsense": True}])
async def test_a_setting_that_makes_no_sense_is_refused(client: Client, settings: dict[str, Any]) -> None:
    assert (await client.post("/sandbox/settings", settings))[0] == 400
    assert (await client.post("/sandbox/clock", {"advance": -1}))[0] == 400
    assert (await client.act("text", IVAN, text="still here"))["update_ids"]
