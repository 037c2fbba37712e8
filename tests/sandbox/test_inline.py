"""Inline mode, forwarded messages, and messages whose pictures change."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import telegram
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import BadRequest

from sandbox.pictures import sample
from tests.sandbox.acting import ANNA, IVAN, Client

GO = Keyboard([[Button("Open", callback_data="open:1")]])


def article(number: int = 1, markup: Keyboard | None = None) -> telegram.InlineQueryResultArticle:
    content = telegram.InputTextMessageContent(f"<b>Machine {number}</b>", parse_mode="HTML")
    return telegram.InlineQueryResultArticle(f"r{number}", f"Machine {number}", content, reply_markup=markup)


async def ask(client: Client, person: int = ANNA, **body: Any) -> dict[str, Any]:
    return await client.act("inline", person, **body)


async def results(client: Client, asked: dict[str, Any], wait: int = 0) -> dict[str, Any]:
    return await client.get(f"/sandbox/inline/{asked['query_id']}?wait={wait}")


async def test_a_query_is_answered_chosen_and_edited(bot: telegram.Bot, client: Client) -> None:
    asked = await ask(client, query="T-1", offset="20")
    looking = asyncio.ensure_future(results(client, asked, wait=30))
    (update,) = await bot.get_updates()
    query = update.inline_query
    assert query is not None
    assert (query.query, query.offset, query.from_user.id, query.chat_type) == ("T-1", "20", ANNA, "sender")
    await query.answer([article(1, GO), article(2)], next_offset="40", is_personal=True)
    async with asyncio.timeout(10):
        shown = await looking
    assert [r["title"] for r in shown["results"]] == ["Machine 1", "Machine 2"]
    assert shown["next_offset"] == "40"
    await client.act("choose", query_id=asked["query_id"], result_id="r1")
    (message,) = (await client.chat())["messages"]
    assert (message["html"], message["via_bot"]) == ("<b>Machine 1</b>", bot.username)
    await client.act("press", button="Open")
    _, sent, pressed = await bot.get_updates()
    assert sent.message is not None
    assert sent.message.via_bot == await bot.get_me()
    press = pressed.callback_query
    assert press is not None
    assert press.message is None
    assert press.inline_message_id
    assert await bot.edit_message_text("closed", inline_message_id=press.inline_message_id) is True
    assert (await client.chat())["messages"][0]["text"] == "closed"


async def test_a_result_is_sent_into_a_group_past_privacy_mode(bot: telegram.Bot, client: Client) -> None:
    _, made = await client.post("/sandbox/groups", {"groups": [{"title": "Crew", "members": [IVAN]}]})
    crew = made["groups"][0]["id"]
    asked = await ask(client, IVAN, query="x", chat_id=crew)
    query = (await bot.get_updates())[-1].inline_query
    assert query is not None
    assert query.chat_type == "supergroup"
    await query.answer([article()])
    await client.act("choose", IVAN, query_id=asked["query_id"], result_id="r1", chat_id=crew)
    sent = (await bot.get_updates())[-1].message
    assert sent is not None
    assert (sent.chat.id, sent.text) == (crew, "Machine 1")


@pytest.mark.parametrize("personal", [True, False])
async def test_an_answer_is_kept_for_everybody_unless_it_is_personal(
    client: Client, *, personal: bool
) -> None:
    asked = await ask(client, query="x")
    answer = {"results": [article().to_dict()], "is_personal": personal, "cache_time": 10}
    await client.call("answerInlineQuery", inline_query_id=asked["query_id"], **answer)
    again = await ask(client, query="x")
    assert again["update_ids"] == []
    assert (await results(client, again))["results"][0]["title"] == "Machine 1"
    other = await ask(client, IVAN, query="x")
    assert bool(other["update_ids"]) == personal
    await client.post("/sandbox/clock", {"advance": 11})
    assert (await ask(client, query="x"))["update_ids"]


async def test_feedback_comes_only_when_it_is_asked_for(client: Client) -> None:
    for wanted in (False, True):
        await client.post("/sandbox/settings", {"inline_feedback": wanted})
        asked = await ask(client, query=str(wanted))
        answer = {"results": [article(1, GO).to_dict()]}
        await client.call("answerInlineQuery", inline_query_id=asked["query_id"], **answer)
        await client.act("choose", query_id=asked["query_id"], result_id="r1")
        chosen = [u for u in await client.updates() if "chosen_inline_result" in u]
        assert [u["chosen_inline_result"]["result_id"] for u in chosen] == ["r1"] * wanted


async def test_an_old_or_answered_query_is_refused(client: Client) -> None:
    asked = await ask(client, query="x")
    answer = {"inline_query_id": asked["query_id"], "results": []}
    assert (await client.call("answerInlineQuery", **answer))[0] == 200
    assert "query is too old" in (await client.call("answerInlineQuery", **answer))[1]["description"]
    late = await ask(client, query="y")
    await client.post("/sandbox/clock", {"advance": 61})
    refused = await client.call("answerInlineQuery", inline_query_id=late["query_id"], results=[])
    assert "query is too old" in refused[1]["description"]


WHOLE = article().to_dict()
NO_END = 'Can\'t find end tag corresponding to start tag "b"'
BAD: list[tuple[dict[str, Any], str]] = [
    ({"results": [WHOLE] * 51}, "too many inline query results specified"),
    ({"results": [WHOLE] * 2}, "RESULT_ID_DUPLICATE"),
    ({"results": [WHOLE | {"id": "x" * 65}]}, "RESULT_ID_INVALID"),
    ({"results": [], "next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
    (
        {"results": [WHOLE | {"type": "song"}]},
        'can\'t parse inline query result: type "song" is unsupported for the inline query result',
    ),
    (
        {"results": [WHOLE | {"input_message_content": {"message_text": "<b>x", "parse_mode": "HTML"}}]},
        f"can't parse inline query result: Can't parse entities: {NO_END}",
    ),
    ({"results": [WHOLE | {"title": ""}]}, "ARTICLE_TITLE_EMPTY"),
]


@pytest.mark.parametrize(("params", "reason"), BAD)
async def test_an_answer_that_makes_no_sense_is_refused(
    client: Client, params: dict[str, Any], reason: str
) -> None:
    asked = await ask(client, query="x")
    _, answer = await client.call("answerInlineQuery", inline_query_id=asked["query_id"], **params)
    assert answer["description"] == f"Bad Request: {reason}"
    assert not (await results(client, asked))["answered"]


async def test_a_bot_without_inline_mode_is_not_asked(client: Client) -> None:
    await client.post("/sandbox/settings", {"inline": False})
    assert (await client.post(f"/sandbox/people/{ANNA}/inline", {"query": "x"}))[0] == 409
    assert not (await client.call("getMe"))[1]["result"]["supports_inline_queries"]


async def test_forwarded_messages_say_where_they_come_from(bot: telegram.Bot, client: Client) -> None:
    sent = await bot.send_photo(ANNA, sample(1), caption="<b>look</b>", parse_mode="HTML")
    await client.act("forward", message_id=sent.message_id)
    await client.act("forward", text="from far away")
    outside = {"type": "user", "sender_user": {"id": 5, "is_bot": False, "first_name": "Zoe"}, "date": 1}
    await client.act("forward", text="hi", origin=outside)
    own, hidden, named = [u.message for u in await bot.get_updates()]
    assert own is not None
    assert isinstance(own.forward_origin, telegram.MessageOriginUser)
    assert (own.forward_origin.sender_user.id, own.caption_html) == (bot.id, "<b>look</b>")
    assert own.photo[-1].file_id == sent.photo[-1].file_id
    assert hidden is not None
    assert isinstance(hidden.forward_origin, telegram.MessageOriginHiddenUser)
    assert named is not None
    assert isinstance(named.forward_origin, telegram.MessageOriginUser)
    assert [m.get("forwarded_from") for m in (await client.chat())["messages"]][1:] == [
        "Greenlight",
        "Somebody",
        "Zoe",
    ]
    assert (await client.post(f"/sandbox/people/{ANNA}/forward", {}))[0] == 400


async def test_a_picture_is_exchanged_for_another(bot: telegram.Bot, client: Client) -> None:
    sent = await bot.send_photo(ANNA, sample(1), caption="one", reply_markup=GO)
    media = telegram.InputMediaPhoto(sample(2), caption="<i>two</i>", parse_mode="HTML")
    edited = await bot.edit_message_media(media, ANNA, sent.message_id, reply_markup=GO)
    assert isinstance(edited, telegram.Message)
    assert edited.photo[-1].file_unique_id != sent.photo[-1].file_unique_id
    (message,) = (await client.chat())["messages"]
    assert (message["html"], message["edited"], len(message["keyboard"])) == ("<i>two</i>", True, 1)
    same = telegram.InputMediaPhoto(edited.photo[-1].file_id, caption="<i>two</i>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_media(same, ANNA, sent.message_id, reply_markup=GO)
    paper = telegram.InputMediaDocument(b"text", filename="a.txt")
    await bot.edit_message_media(paper, ANNA, sent.message_id)
    (message,) = (await client.chat())["messages"]
    assert (message["document"]["name"], message["photos"], message["keyboard"]) == ("a.txt", [], [])
