"""What Telegram refuses, the sandbox refuses in the same words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.acting import ANNA, IVAN, TOKEN, Client


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def button(**fields: Any) -> dict[str, Any]:
    return {"text": "Go"} | fields


SEND = {"chat_id": ANNA, "text": "hi"}
TEXT_BUTTON = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
WEB_APP = "inline keyboard button Web App URL 'http://e.org' is invalid: Only HTTPS links are allowed"
QUERY = "query is too old and response timeout expired or query ID is invalid"
MANY = {"inline_keyboard": [[button(callback_data="x")]] * 101}

BAD: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "hi"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 999, "text": "hi"}, "chat not found"),
    ("sendMessage", {"chat_id": "@anna", "text": "hi"}, "chat not found"),
    ("sendMessage", {"chat_id": ANNA}, "message text is empty"),
    ("sendMessage", {"chat_id": ANNA, "text": " \n "}, "text must be non-empty"),
    ("sendMessage", {"chat_id": ANNA, "text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"chat_id": ANNA, "text": "😀" * 2049}, "message is too long"),
    ("sendMessage", SEND | {"parse_mode": "XML"}, "unsupported parse_mode"),
    ("sendMessage", SEND | {"reply_markup": "[]"}, "object expected as reply markup"),
    ("sendMessage", SEND | {"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    (
        "sendMessage",
        SEND | {"reply_markup": {"inline_keyboard": None}},
        'field "inline_keyboard" must be of type Array',
    ),
    ("sendMessage", SEND | {"reply_markup": inline(button())}, TEXT_BUTTON),
    ("sendMessage", SEND | {"reply_markup": inline(button(callback_data=""))}, "BUTTON_DATA_INVALID"),
    ("sendMessage", SEND | {"reply_markup": inline(button(callback_data="я" * 33))}, "BUTTON_DATA_INVALID"),
    (
        "sendMessage",
        SEND | {"reply_markup": inline({"text": "", "url": "https://e.org"})},
        "BUTTON_TEXT_INVALID",
    ),
    (
        "sendMessage",
        SEND | {"reply_markup": inline(button(url="nowhere"))},
        "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
    ),
    ("sendMessage", SEND | {"reply_markup": inline(button(web_app={"url": "http://e.org"}))}, WEB_APP),
    (
        "sendMessage",
        SEND | {"reply_markup": inline(button(url="https://e.org", callback_data="x"))},
        "BUTTON_TYPE_INVALID",
    ),
    ("sendMessage", SEND | {"reply_markup": MANY}, "reply markup is too long"),
    ("sendMessage", SEND | {"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ("sendPhoto", {"chat_id": ANNA}, "there is no photo in the request"),
    ("sendPhoto", {"chat_id": ANNA, "photo": "nonsense"}, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"chat_id": ANNA, "caption": "x" * 1025}, "message caption is too long"),
    ("sendMediaGroup", {"chat_id": ANNA, "media": []}, "there are no messages to send"),
    ("sendMediaGroup", {"chat_id": ANNA, "media": [{}]}, "too few messages to send as an album"),
    ("sendMediaGroup", {"chat_id": ANNA, "media": [{}] * 11}, "too many messages to send as an album"),
    ("sendLocation", {"chat_id": ANNA, "longitude": 1}, "latitude is empty"),
    ("sendChatAction", {"chat_id": ANNA, "action": "dance"}, "wrong parameter action in request"),
    ("editMessageText", SEND | {"message_id": 99}, "message to edit not found"),
    ("deleteMessage", {"chat_id": ANNA, "message_id": 99}, "message to delete not found"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, QUERY),
    ("getFile", {"file_id": "nonsense"}, "invalid file_id"),
    ("setMyCommands", {"commands": [{"command": "Big", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    (
        "setMyCommands",
        {"commands": [{"command": "x", "description": ""}]},
        "BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    ("getUpdates", {"allowed_updates": "{}"}, "can't parse allowed_updates JSON array"),
    (
        "setWebhook",
        {"url": "https://e.org"},
        "bad webhook: Failed to resolve host: Name or service not known",
    ),
]


@pytest.mark.parametrize(("method", "params", "reason"), BAD)
async def test_a_bad_request_changes_nothing(
    client: Client, method: str, params: dict[str, Any], reason: str
) -> None:
    before = (await client.chat())["seq"]
    status, answer = await client.call(method, **params)
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"}
    assert status == 400
    assert (await client.chat())["seq"] == before


async def test_a_text_of_exactly_the_limit_is_sent(client: Client) -> None:
    status, _ = await client.call("sendMessage", chat_id=ANNA, parse_mode="HTML", text=f"<b>{'x' * 4096}</b>")
    assert status == 200


async def test_a_wrong_token_is_refused_everywhere(client: Client) -> None:
    unauthorized = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert await client.post("/bot1:wrong/getMe") == (401, unauthorized)
    async with client.http.get("/file/bot1:wrong/photos/file_1.png") as response:
        assert response.status == 401


async def test_methods_are_found_whatever_their_case(client: Client) -> None:
    status, answer = await client.call("GETME")
    assert (status, answer["result"]["is_bot"]) == (200, True)
    not_found = {"ok": False, "error_code": 404, "description": "Not Found"}
    assert await client.call("sendTelepathy") == (404, not_found)


async def test_parameters_are_read_from_query_and_form_alike(client: Client) -> None:
    async with client.http.get(f"/bot{TOKEN}/sendMessage", params={"chat_id": str(ANNA), "text": "q"}) as got:
        assert (await got.json())["result"]["text"] == "q"
    async with client.http.post(f"/bot{TOKEN}/sendMessage", data={"chat_id": str(ANNA), "text": "f"}) as got:
        assert (await got.json())["result"]["text"] == "f"


async def test_the_bot_cannot_speak_first(client: Client) -> None:
    status, answer = await client.call("sendMessage", chat_id=IVAN, text="hi")
    assert (status, answer["description"]) == (403, "Forbidden: bot can't initiate conversation with a user")
    await client.act("start", IVAN)
    assert (await client.call("sendMessage", chat_id=IVAN, text="hi"))[0] == 200


async def test_a_block_holds_until_it_is_lifted(client: Client) -> None:
    await client.act("block")
    status, answer = await client.call("sendMessage", **SEND)
    assert (status, answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    status, refused = await client.post(f"/sandbox/people/{ANNA}/text", {"text": "hi"})
    assert (status, refused["error"]) == (409, "Anna has blocked the bot: unblock it first")
    await client.act("start")
    assert (await client.call("sendMessage", **SEND))[0] == 200
    statuses = [u["my_chat_member"]["new_chat_member"]["status"] for u in (await client.updates())[:2]]
    assert statuses == ["kicked", "member"]


async def test_an_edit_that_changes_nothing_is_refused(client: Client) -> None:
    _, sent = await client.call("sendMessage", **SEND, reply_markup=inline(button(callback_data="x")))
    edit = SEND | {"message_id": sent["result"]["message_id"]}
    same = edit | {"reply_markup": inline(button(callback_data="x"))}
    _, answer = await client.call("editMessageText", **same)
    assert answer["description"] == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
    assert (await client.call("editMessageText", **edit))[0] == 200
    assert (await client.chat())["messages"][-1]["keyboard"] == []


async def test_only_the_bots_own_messages_are_edited(client: Client) -> None:
    act = await client.act("text", text="mine")
    _, answer = await client.call("editMessageText", **SEND, message_id=act["message_ids"][0])
    assert answer["description"] == "Bad Request: message can't be edited"
