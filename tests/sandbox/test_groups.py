"""Groups and their topics: who hears what, who may write where, and the bot's coming and going."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.sandbox.acting import ANNA, IVAN, Client, running

GO = {"inline_keyboard": [[{"text": "I take it", "callback_data": "take"}]]}
BOT = "greenlight_demo_bot"


async def group(client: Client, **fields: Any) -> dict[str, Any]:
    """Make a group of both, or change one."""
    new = {} if "id" in fields else {"title": "Crew", "members": [ANNA, IVAN]}
    status, made = await client.post("/sandbox/groups", {"groups": [new | fields]})
    assert status == 200, made
    found: dict[str, Any] = made["groups"][0]
    return found


async def heard(client: Client) -> list[dict[str, Any]]:
    """The messages that reached the bot, confirmed."""
    updates = await client.updates()
    await client.updates(offset=-1)
    if updates:
        await client.updates(offset=updates[-1]["update_id"] + 1)
    return [update["message"] for update in updates if "message" in update]


async def test_the_bot_learns_that_it_was_added_promoted_and_removed(client: Client) -> None:
    crew = await group(client)
    for place in ("administrator", "kicked", "member", "left"):
        await group(client, id=crew["id"], bot=place, by=IVAN)
    updates = [u["my_chat_member"] for u in await client.updates() if "my_chat_member" in u]
    assert [
        (u["from"]["id"], u["old_chat_member"]["status"], u["new_chat_member"]["status"]) for u in updates
    ] == [
        (ANNA, "left", "member"),
        (IVAN, "member", "administrator"),
        (IVAN, "administrator", "kicked"),
        (IVAN, "kicked", "member"),
        (IVAN, "member", "left"),
    ]
    assert updates[0]["chat"] == {"id": crew["id"], "type": "supergroup", "title": "Crew"}
    joined = [m for m in await heard(client) if "new_chat_members" in m]
    assert [m["new_chat_members"][0]["username"] for m in joined] == [BOT, BOT]


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("good morning", False),
        ("/status", True),
        (f"/status@{BOT}", True),
        ("/status@other_bot", False),
        (f"@{BOT} what now?", True),
        ("@anna what now?", False),
        ("look: /status", True),
    ],
)
async def test_privacy_mode_lets_through_what_means_the_bot(
    client: Client, text: str, *, reaches: bool
) -> None:
    crew = await group(client)
    await heard(client)
    act = await client.act("text", IVAN, chat_id=crew["id"], text=text)
    assert [m["text"] for m in await heard(client)] == ([text] if reaches else [])
    assert len(act["update_ids"]) == reaches
    seen = (await client.get(f"/sandbox/groups/{crew['id']}/chat"))["messages"][-1]
    assert (seen["text"], seen["author"]) == (text, {"id": IVAN, "name": "Ivan"})


async def test_answers_to_the_bot_reach_it_and_answers_to_others_do_not(client: Client) -> None:
    crew = await group(client)
    await heard(client)
    _, sent = await client.call("sendMessage", chat_id=crew["id"], text="who goes?")
    mine = await client.act("text", IVAN, chat_id=crew["id"], text="quiet")
    await client.act("text", ANNA, chat_id=crew["id"], text="no", reply_to=mine["message_ids"][0])
    await client.act("text", ANNA, chat_id=crew["id"], text="me", reply_to=sent["result"]["message_id"])
    (answer,) = await heard(client)
    assert (answer["text"], answer["reply_to_message"]["text"]) == ("me", "who goes?")


@pytest.mark.parametrize("way", ["privacy off", "administrator"])
async def test_without_privacy_all_is_heard(client: Client, way: str) -> None:
    crew = await group(client, bot="administrator" if way == "administrator" else "member")
    if way == "privacy off":
        await client.post("/sandbox/settings", {"privacy": False})
    await heard(client)
    said = await client.act("text", IVAN, chat_id=crew["id"], text="good morning")
    await client.act("edit", IVAN, chat_id=crew["id"], message_id=said["message_ids"][0], text="evening")
    (update,) = [u for u in await client.updates() if "edited_message" in u]
    assert update["edited_message"]["chat"]["id"] == crew["id"]
    assert (await client.call("getMe"))[1]["result"]["can_read_all_group_messages"] == (way == "privacy off")


async def test_any_member_presses_a_button_and_others_cannot(bot: telegram.Bot, client: Client) -> None:
    crew = await group(client, members=[IVAN])
    await heard(client)
    await client.call("sendMessage", chat_id=crew["id"], text="alert", reply_markup=GO)
    await client.act("press", IVAN, chat_id=crew["id"], button="I take it")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert (query.from_user.id, query.message.chat.id, query.data) == (IVAN, crew["id"], "take")
    view = await client.get(f"/sandbox/groups/{crew['id']}/chat")
    assert view["waiting"] == [{"message_id": query.message.message_id, "data": "take"}]
    assert (await client.chat(IVAN))["unanswered"] == 1
    await query.answer("yours")
    view = await client.get(f"/sandbox/groups/{crew['id']}/chat")
    assert [(t["text"], t["person"]) for t in view["toasts"]] == [("yours", IVAN)]
    assert view["unanswered"] == 0
    status, answer = await client.post(
        f"/sandbox/people/{ANNA}/press", {"chat_id": crew["id"], "button": "I take it"}
    )
    assert (status, answer["error"]) == (409, "Anna is not a member of Crew")


async def test_topics_keep_their_messages_apart(bot: telegram.Bot, client: Client) -> None:
    crew = await group(client, forum=True, topics=["Alerts", "Talk"])
    alerts, talk = map(int, crew["topics"])
    opened = await heard(client)
    assert [m["forum_topic_created"]["name"] for m in opened if "forum_topic_created" in m] == [
        "Alerts",
        "Talk",
    ]
    sent = await bot.send_message(crew["id"], "red", message_thread_id=alerts)
    assert (sent.message_thread_id, sent.is_topic_message) == (alerts, True)
    answer = await bot.send_message(crew["id"], "more", reply_to_message_id=sent.message_id)
    assert answer.message_thread_id == alerts
    await client.act("text", IVAN, chat_id=crew["id"], thread_id=talk, text="/status")
    await client.act("text", IVAN, chat_id=crew["id"], thread_id=talk, text="just talk")
    (message,) = await heard(client)
    assert (message["message_thread_id"], message["is_topic_message"]) == (talk, True)
    for thread in (1, talk + 100):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(crew["id"], "lost", message_thread_id=thread)
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(crew["id"], "Mine")
    await group(client, id=crew["id"], bot="administrator")
    made = await bot.create_forum_topic(crew["id"], "Mine")
    assert (
        await bot.send_message(crew["id"], "x", message_thread_id=made.message_thread_id)
    ).is_topic_message


@pytest.mark.parametrize(
    ("place", "kind", "refusal"),
    [
        ("kicked", "supergroup", "Forbidden: bot was kicked from the supergroup chat"),
        ("kicked", "group", "Forbidden: bot was kicked from the group chat"),
        ("left", "supergroup", "Forbidden: bot is not a member of the supergroup chat"),
    ],
)
async def test_who_is_out_may_not_write(
    bot: telegram.Bot, client: Client, place: str, kind: str, refusal: str
) -> None:
    crew = await group(client, type=kind)
    await bot.send_message(crew["id"], "in")
    await group(client, id=crew["id"], bot=place)
    with pytest.raises(Forbidden) as refused:
        await bot.send_message(crew["id"], "out")
    assert str(refused.value) == refusal
    await heard(client)
    await client.act("text", IVAN, chat_id=crew["id"], text="/status")
    assert await heard(client) == []


async def test_a_group_that_is_made_a_supergroup_has_another_number(
    bot: telegram.Bot, client: Client
) -> None:
    crew = await group(client, type="group")
    await heard(client)
    made = await group(client, id=crew["id"], upgrade=True)
    assert (made["type"], made["members"], made["upgraded"]) == ("supergroup", crew["members"], 0)
    old, new = await heard(client)
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (crew["id"], made["id"])
    assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (made["id"], crew["id"])
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(crew["id"], "where are you?")
    assert moved.value.new_chat_id == made["id"]
    assert (await bot.send_message(made["id"], "here")).chat.id == made["id"]
    status, _ = await client.post(f"/sandbox/people/{ANNA}/text", {"chat_id": crew["id"], "text": "anybody?"})
    assert status == 409
    again = await client.post("/sandbox/groups", {"groups": [{"id": crew["id"], "upgrade": True}]})
    assert again[0] == 400


async def test_a_group_the_bot_never_was_in_is_not_found(bot: telegram.Bot, client: Client) -> None:
    crew = await group(client, bot="left")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(crew["id"], "hello")


async def test_the_bot_asks_who_is_in_and_leaves(bot: telegram.Bot, client: Client) -> None:
    crew = await group(client, admins=[IVAN])
    assert (await bot.get_chat(crew["id"])).title == "Crew"
    assert await bot.get_chat_member_count(crew["id"]) == 3
    assert [m.status for m in await bot.get_chat_administrators(crew["id"])] == ["creator", "administrator"]
    assert (await bot.get_chat_member(crew["id"], bot.id)).status == "member"
    assert await bot.leave_chat(crew["id"])
    assert (await client.get("/sandbox/groups"))["groups"][0]["bot"] == "left"


@pytest.mark.parametrize(
    "fields",
    [
        {"id": 5},
        {"title": ""},
        {"members": [1]},
        {"members": []},
        {"bot": "owner"},
        {"type": "channel"},
        {"upgrade": True},
        {"topics": ["x"]},
        {"colour": "red"},
    ],
)
async def test_a_group_that_makes_no_sense_is_refused(client: Client, fields: dict[str, Any]) -> None:
    entry = {"title": "Crew", "members": [ANNA]} | fields
    assert (await client.post("/sandbox/groups", {"groups": [entry]}))[0] in {400, 404}
    assert (await client.get("/sandbox/groups"))["groups"] == []


async def test_the_stream_tells_of_groups_too(client: Client) -> None:
    crew = await group(client)
    async with client.http.get("/sandbox/events") as stream:
        event = await stream.content.readuntil(b"\n\n")
    assert f'"id": {crew["id"]}'.encode() in event


async def test_a_restart_keeps_groups_topics_and_the_webhook(tmp_path: Path) -> None:
    data, nowhere = tmp_path / "state", "http://127.0.0.1:1/"
    async with running(data=data, limits=False) as (_, client):
        crew = await group(client, forum=True, topics=["Alerts"])
        thread = int(next(iter(crew["topics"])))
        await client.call(
            "sendMessage", chat_id=crew["id"], message_thread_id=thread, text="red", reply_markup=GO
        )
        await client.act("press", chat_id=crew["id"], button="I take it")
        before = await client.get(f"/sandbox/groups/{crew['id']}/chat")
        await client.call("setWebhook", url=nowhere, secret_token="s3")  # noqa: S106 - opens nothing
    async with running(data=data) as (sandbox, client):
        assert (await client.get("/sandbox/groups"))["groups"] == [crew]
        assert await client.get(f"/sandbox/groups/{crew['id']}/chat") == before
        assert before["unanswered"] == 1
        assert before["pending"] > 1
        assert (await client.call("getWebhookInfo"))[1]["result"]["url"] == nowhere
        assert sandbox.world.updates.hook is not None
        assert sandbox.world.updates.hook.secret == "s3"  # noqa: S105 - opens nothing
