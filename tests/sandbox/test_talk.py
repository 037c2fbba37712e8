"""The real library's Bot and a person talk through the sandbox."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime

import pytest
import telegram
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import BadRequest

from sandbox.pictures import sample, size_of
from tests.sandbox.acting import ANNA, IVAN, Client

GO = Keyboard([[Button("Go", callback_data="go"), Button("Site", url="https://example.org")]])
INVITE = Keyboard([[Button("Join", url="https://t.me/greenlight_demo_bot?start=abc-1")]])


async def test_a_message_is_whole_for_the_library(bot: telegram.Bot) -> None:
    sent = await bot.send_message(
        ANNA, "<b>hi</b> 😀", parse_mode="HTML", reply_markup=GO, protect_content=True
    )
    assert (sent.text_html, sent.chat.id, sent.from_user and sent.from_user.id) == (
        "<b>hi</b> 😀",
        ANNA,
        bot.id,
    )
    assert sent.reply_markup == GO
    assert abs((datetime.now(UTC) - sent.date).total_seconds()) < 60
    again = await bot.send_message(ANNA, "next", reply_to_message_id=sent.message_id)
    assert again.message_id == sent.message_id + 1
    assert again.reply_to_message is not None
    assert again.reply_to_message.text == "hi 😀"


async def test_an_update_comes_again_until_it_is_confirmed(client: Client) -> None:
    first = (await client.act("text", text="one"))["update_ids"][0]
    second = (await client.act("text", text="two"))["update_ids"][0]
    for _ in range(2):
        assert [u["update_id"] for u in await client.updates()] == [first, second]
    assert [u["update_id"] for u in await client.updates(limit=1)] == [first]
    assert [u["update_id"] for u in await client.updates(offset=second)] == [second]
    assert (await client.chat())["pending"] == 1
    assert await client.updates(offset=second + 1) == []
    assert (await client.chat())["idle"]


async def test_a_negative_offset_keeps_the_newest(client: Client) -> None:
    await client.act("text", text="one")
    newest = (await client.act("text", text="two"))["update_ids"]
    assert [u["update_id"] for u in await client.updates(offset=-1)] == newest
    assert [u["update_id"] for u in await client.updates()] == newest


async def test_only_the_kinds_asked_for_are_queued(client: Client) -> None:
    await client.updates(allowed_updates=["callback_query"])
    await client.act("text", text="unheard")
    assert await client.updates() == []
    await client.updates(allowed_updates=[])
    heard = await client.act("text", text="heard")
    assert [u["update_id"] for u in await client.updates()] == heard["update_ids"]


async def test_a_waiting_poll_is_woken(client: Client) -> None:
    poll = asyncio.ensure_future(client.updates(timeout=50))
    act = await client.act("text", text="now")
    async with asyncio.timeout(10):
        assert [u["update_id"] for u in await poll] == act["update_ids"]


async def test_a_second_poll_ends_the_first(client: Client) -> None:
    first = asyncio.ensure_future(client.call("getUpdates", timeout=50))
    second = asyncio.ensure_future(client.call("getUpdates", timeout=50))
    async with asyncio.timeout(10):
        done, (left,) = await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
        status, answer = done.pop().result()
        assert status == 409
        assert answer["description"] == (
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        await client.act("text", text="for the one that is left")
        assert (await left)[0] == 200


async def test_a_press_waits_for_its_one_answer(bot: telegram.Bot, client: Client) -> None:
    await bot.send_message(ANNA, "choose", reply_markup=GO)
    await client.act("press", button="Go")
    assert (await client.chat())["unanswered"] == 1
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id, query.message and query.message.message_id) == ("go", ANNA, 1)
    await bot.answer_callback_query(query.id, "Done", show_alert=True)
    view = await client.chat()
    assert view["unanswered"] == 0
    assert [(t["text"], t["alert"]) for t in view["toasts"]] == [("Done", True)]
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query.id)


async def test_a_button_that_is_not_there_cannot_be_pressed_unless_forged(client: Client) -> None:
    await client.call("sendMessage", chat_id=ANNA, text="choose", reply_markup=GO.to_json())
    path = f"/sandbox/people/{ANNA}/press"
    status, answer = await client.post(path, {"message_id": 1, "data": "stop"})
    assert (status, answer["error"]) == (409, "message 1 has no button «stop»; its buttons: «Go», «Site»")
    await client.act("press", message_id=77, data="stop", forge=True)
    (update,) = await client.updates()
    assert update["callback_query"]["data"] == "stop"
    assert update["callback_query"]["message"]["date"] == 0


async def test_a_deep_link_is_a_press_of_start(bot: telegram.Bot, client: Client) -> None:
    await bot.send_message(ANNA, "join", reply_markup=INVITE)
    await client.act("press", button="Join")
    await client.act("open", IVAN, url="https://t.me/greenlight_demo_bot?start=xyz")
    await client.act("open", IVAN, url="https://t.me/another_bot?start=xyz")
    texts = [
        (u.effective_user and u.effective_user.id, u.message and u.message.text)
        for u in await bot.get_updates()
    ]
    assert texts == [(ANNA, "/start abc-1"), (IVAN, "/start xyz")]


async def test_an_album_from_a_person_is_separate_updates(bot: telegram.Bot, client: Client) -> None:
    photos = [base64.b64encode(sample(n)).decode() for n in range(2)]
    await client.act("photo", photos=photos, caption="/done both")
    first, second = [u.message for u in await bot.get_updates()]
    assert first is not None
    assert second is not None
    assert first.media_group_id == second.media_group_id is not None
    assert (first.caption, second.caption) == ("/done both", None)
    content = await (await bot.get_file(second.photo[-1].file_id)).download_as_bytearray()
    assert bytes(content) == sample(1)


async def test_a_photo_without_bytes_is_generated(client: Client) -> None:
    await client.act("photo")
    (url,) = (await client.chat())["messages"][0]["photos"]
    async with client.http.get(url) as response:
        assert response.content_type == "image/png"
        assert size_of(await response.read()) == (320, 240)


async def test_an_album_from_the_bot_stays_together(bot: telegram.Bot, client: Client) -> None:
    media = [telegram.InputMediaPhoto(sample(n), caption="<i>x</i>", parse_mode="HTML") for n in range(3)]
    sent = await bot.send_media_group(ANNA, media)
    assert len({message.media_group_id for message in sent}) == 1
    known = await bot.send_photo(ANNA, sent[0].photo[-1].file_id, caption="again")
    assert known.photo[-1].file_unique_id == sent[0].photo[-1].file_unique_id
    assert [m["html"] for m in (await client.chat())["messages"]] == ["<i>x</i>"] * 3 + ["again"]


async def test_a_picture_that_is_none_is_refused(bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(ANNA, b"not a picture")


async def test_a_document_is_saved_and_never_opened(bot: telegram.Bot, client: Client) -> None:
    await bot.send_document(ANNA, b"<script>alert(1)</script>", filename="a b.html")
    (message,) = (await client.chat())["messages"]
    assert message["document"]["name"] == "a b.html"
    async with client.http.get(message["document"]["url"]) as response:
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%20b.html"
        assert response.content_type == "application/octet-stream"
        assert await response.read() == b"<script>alert(1)</script>"


async def test_places_contacts_and_edits_reach_the_bot(bot: telegram.Bot, client: Client) -> None:
    await client.act("location", latitude=1.5, longitude=2.5)
    await client.act("contact", phone_number="+1")
    said = await client.act("text", text="helo")
    await client.act("edit", message_id=said["message_ids"][0], text="hello")
    place, contact, _, edited = await bot.get_updates()
    assert place.message is not None
    assert place.message.location == telegram.Location(longitude=2.5, latitude=1.5)
    assert contact.message is not None
    assert contact.message.contact == telegram.Contact("+1", "Anna", user_id=ANNA)
    assert edited.edited_message is not None
    assert edited.edited_message.text == "hello"


async def test_the_command_menu_is_the_narrowest_list(bot: telegram.Bot, client: Client) -> None:
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("menu", "Menu")], scope=telegram.BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([("tasks", "Tasks")], scope=telegram.BotCommandScopeChat(ANNA))
    assert [c["command"] for c in (await client.chat())["commands"]] == ["tasks"]
    assert [c["command"] for c in (await client.chat(IVAN))["commands"]] == ["menu"]
    await bot.delete_my_commands(scope=telegram.BotCommandScopeChat(ANNA))
    assert [c["command"] for c in (await client.chat())["commands"]] == ["menu"]
    assert [c.command for c in await bot.get_my_commands()] == ["start"]


async def test_edits_and_deletions_are_numbered_changes(bot: telegram.Bot, client: Client) -> None:
    one, two = await bot.send_message(ANNA, "one"), await bot.send_message(ANNA, "two")
    seq = (await client.chat())["seq"]
    await bot.edit_message_text("uno", ANNA, one.message_id)
    await bot.delete_message(ANNA, two.message_id)
    news = await client.chat(query=f"after={seq}")
    assert [(m["message_id"], m.get("text"), m.get("deleted", False)) for m in news["messages"]] == [
        (1, "uno", False),
        (2, None, True),
    ]


async def test_one_leafs_back_through_a_long_chat(bot: telegram.Bot, client: Client) -> None:
    for number in range(1, 8):
        await bot.send_message(ANNA, f"no. {number}")
    await bot.delete_message(ANNA, 2)
    newest = await client.chat(query="limit=3")
    older = await client.chat(query="limit=3&before=5")
    assert [m["message_id"] for m in newest["messages"]] == [5, 6, 7]
    assert [m["message_id"] for m in older["messages"]] == [1, 3, 4]
    assert (newest["more"], older["more"]) == (True, False)


async def test_looking_at_a_chat_waits_for_its_next_change(bot: telegram.Bot, client: Client) -> None:
    seq = (await client.chat())["seq"]
    look = asyncio.ensure_future(client.chat(query=f"after={seq}&wait=50"))
    await bot.send_message(ANNA, "news")
    async with asyncio.timeout(10):
        assert [m["text"] for m in (await look)["messages"]] == ["news"]


async def test_waiting_for_quiet_ends_when_all_is_confirmed(client: Client) -> None:
    said = await client.act("text", text="work")
    quiet = asyncio.ensure_future(client.chat(query="until=idle&wait=50"))
    await client.updates(offset=said["update_ids"][0] + 1)
    async with asyncio.timeout(10):
        assert (await quiet)["idle"]


async def test_a_chat_of_a_person_is_found(bot: telegram.Bot) -> None:
    chat = await bot.get_chat(ANNA)
    assert (chat.id, chat.first_name, chat.username) == (ANNA, "Anna", "anna")


async def test_unread_is_what_came_after_the_person_last_looked(bot: telegram.Bot, client: Client) -> None:
    await bot.send_message(ANNA, "one")
    await bot.send_message(ANNA, "two")
    assert (await client.get("/sandbox/accounts"))["accounts"][0]["unread"] == 2
    await client.act("read", seq=(await client.chat())["seq"])
    assert (await client.get("/sandbox/accounts"))["accounts"][0]["unread"] == 0
