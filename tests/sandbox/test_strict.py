"""Strict mode: what the schema does not know is refused, and the sandbox measures itself by it."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.server import Options, Sandbox
from tests.sandbox.acting import ANNA, TOKEN, Client, meet, running

ROOT = Path(__file__).parents[2]
SEND = {"chat_id": ANNA, "text": "x"}
BUTTON = {"text": "Go", "callback_data": "go"}
FULL = [[BUTTON] * 8] * 13


def keyed(**more: Any) -> dict[str, Any]:
    """A message with one inline button, and what is wrong with it."""
    return SEND | {"reply_markup": {"inline_keyboard": [[BUTTON | more]]}}


def keyboard(**more: Any) -> dict[str, Any]:
    """A message with a keyboard below the text box."""
    return SEND | {"reply_markup": {"keyboard": [[{"text": "Here"}]]} | more}


# What both modes refuse stands below what strict mode alone refuses.
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", SEND | {"colour": "red"}, 'unknown parameter "colour"'),
    ("sendMessage", keyed(colour="red"), 'can\'t parse inline keyboard button: unknown field "colour"'),
    ("sendMessage", keyed(pay=5), 'can\'t parse inline keyboard button: Field "pay" must be of type Boolean'),
    (
        "sendMessage",
        SEND | {"reply_markup": {"inline_keyboard": [[BUTTON]], "resize_keyboard": True}},
        'can\'t parse reply keyboard markup JSON object: unknown field "resize_keyboard"',
    ),
    (
        "sendMessage",
        keyboard(is_persistent="perhaps", selective=True) | {"text": "y"},
        'can\'t parse reply keyboard markup JSON object: Field "is_persistent" must be of type Boolean',
    ),
    ("sendMessage", keyboard(input_field_placeholder="x" * 65), "input field placeholder has a wrong length"),
    (
        "sendMessage",
        SEND | {"reply_markup": {"inline_keyboard": [[{"text": "Copy", "copy_text": {"text": "x" * 257}}]]}},
        "BUTTON_COPY_TEXT_INVALID",
    ),
    (
        "sendMessage",
        SEND | {"entities": [{"type": "bold", "offset": 0, "length": 1, "colour": "red"}]},
        'can\'t parse MessageEntity: unknown field "colour"',
    ),
    (
        "sendMessage",
        SEND | {"reply_parameters": {"message": 1}},
        'can\'t parse reply parameters JSON object: unknown field "message"',
    ),
    (
        "sendMessage",
        SEND | {"link_preview_options": ["none"]},
        'can\'t parse link_preview_options: Field "link_preview_options" must be of type Object',
    ),
    ("deleteMessages", {"chat_id": 1, "message_ids": [1] * 101}, "too many message identifiers specified"),
    ("setMyName", {"name": "x" * 65}, "bot name is too long"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "b", "icon": "c"}]},
     'can\'t parse BotCommand: unknown field "icon"'),
    ("answerCallbackQuery", {"callback_query_id": "1", "alert": True}, 'unknown parameter "alert"'),
    ("editMessageText", SEND | {"message_id": "soon"},
     'can\'t parse message_id: Field "message_id" must be of type Number'),
    (
        "answerInlineQuery",
        {
            "inline_query_id": "1",
            "results": [
                {
                    "type": "article",
                    "id": "1",
                    "title": "t",
                    "input_message_content": {"message_text": "x", "html": True},
                }
            ],
        },
        'can\'t parse inline query result: unknown field "html"',
    ),
    ("sendMessage", keyed(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
    ("sendMessage", SEND | {"text": "x" * 4097}, "message is too long"),
    ("sendMessage", SEND | {"reply_markup": {"inline_keyboard": FULL}}, "reply markup is too long"),
    (
        "sendMessage",
        SEND | {"reply_markup": {"inline_keyboard": [[{"text": "Go"}]]}},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    ("sendPhoto", {"chat_id": ANNA, "photo": "nonsense"}, "wrong file identifier/HTTP URL specified"),
    (
        "sendMediaGroup",
        {"chat_id": ANNA, "media": [{"type": "photo", "media": "attach://none"}] * 2},
        "can't parse InputMedia: media not found",
    ),
    ("setWebhook", {"url": "http://e.org"}, "bad webhook: An HTTPS URL must be provided for webhook"),
]  # fmt: skip
STRICT_ONLY = 16


@pytest.mark.parametrize(("method", "params", "reason"), BAD)
async def test_a_bad_request_is_refused(
    client: Client, method: str, params: dict[str, Any], reason: str
) -> None:
    answer = await client.call(method, **params)
    assert answer == (400, {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"})
    assert (await client.chat())["messages"] == []


@pytest.mark.parametrize(("method", "params", "reason"), BAD)
async def test_without_strict_mode_only_some_of_it_is(
    lenient: Client, method: str, params: dict[str, Any], reason: str
) -> None:
    strict_only = BAD.index((method, params, reason)) < STRICT_ONLY
    _, answer = await lenient.call(method, **params)
    assert (answer.get("description") != f"Bad Request: {reason}") == strict_only


@pytest.fixture
async def lenient() -> AsyncIterator[Client]:
    async with running(strict=False) as (_, client):
        yield client


async def test_strict_mode_keeps_the_limits_unless_told_otherwise() -> None:
    for options, limits in (({}, True), ({"limits": False}, False), ({"strict": False}, False)):
        async with running(**options) as (sandbox, _):
            assert sandbox.world.settings.limits == limits


async def test_what_the_sandbox_says_itself_is_measured_too(caplog: pytest.LogCaptureFixture) -> None:
    sandbox = Sandbox(Options(token=TOKEN, port=0, strict=True))
    await sandbox.start()
    async with aiohttp.ClientSession(sandbox.url) as http:
        client = Client(http)
        await meet(client)
        chat = sandbox.world.chats[ANNA]
        with caplog.at_level(logging.CRITICAL, "sandbox.strict"):
            broken = sandbox.world.post(chat, {"text": "x", "colour": "red"}, chat.account)
            status, answer = await client.post(
                f"/sandbox/people/{ANNA}/text", {"text": "y", "reply_to": broken.message_id}
            )
            assert (status, answer["error"]) == (
                500,
                'an update breaks the schema: Message: unknown field "colour"',
            )
            said = 'the result of editMessageText breaks the schema: Message: unknown field "colour"'
            own = sandbox.world.post(chat, {"text": "x", "colour": "red"})
            status, answer = await client.call(
                "editMessageText", **SEND | {"message_id": own.message_id, "text": "z"}
            )
            assert (status, answer["description"]) == (
                500,
                f"Internal Server Error: {said}",
            )
        assert len((await client.get("/sandbox/state"))["violations"]) == len(sandbox.violations) == 2
    await sandbox.stop()


def test_without_the_schema_strict_mode_says_so_in_one_line() -> None:
    script = (
        "import sys; sys.modules['aiogram'] = None; from sandbox.__main__ import main; "
        "sys.exit(main(['--token', '1:x', '--port', '0', '--strict']))"
    )
    done = subprocess.run(  # noqa: S603 - this file's own words
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == (
        "strict mode needs aiogram, which is not installed: python -m pip install -r requirements-dev.lock\n"
    )


def test_without_strict_mode_no_library_of_telegram_is_imported() -> None:
    script = (
        "import sys, sandbox.__main__; from sandbox.server import Options, Sandbox; "
        "Sandbox(Options(token='1:x')); print({'aiogram', 'telegram', 'pydantic'} & set(sys.modules))"
    )
    done = subprocess.run(  # noqa: S603 - this file's own words
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
