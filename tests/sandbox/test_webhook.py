"""Updates that are brought to the bot instead of fetched by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.server import Sandbox
from tests.sandbox.acting import Client, running


class Hook:
    """A bot's webhook: keeps what arrives, and answers as ordered, 200 when nothing is."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[tuple[int, str | None]] = asyncio.Queue()
        self.answers: list[int] = []
        app = web.Application()
        app.router.add_post("/hook", self.take)
        self.server = TestServer(app)

    async def take(self, request: web.Request) -> web.Response:
        """Keep one update."""
        update = await request.json()
        self.arrived.put_nowait((update["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    @property
    def url(self) -> str:
        """Where it listens."""
        return str(self.server.make_url("/hook"))

    async def next(self) -> tuple[int, str | None]:
        """The next update's id and the secret it came with."""
        async with asyncio.timeout(10):
            return await self.arrived.get()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    await hook.server.start_server()
    yield hook
    await hook.server.close()


@pytest.fixture
async def still() -> AsyncIterator[tuple[Sandbox, Client]]:
    """A sandbox whose clock stands still until it is moved."""
    async with running(clock=lambda: 1_000_000.0) as both:
        yield both


async def info(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = (await client.call("getWebhookInfo"))[1]["result"]
    return found


async def failed(client: Client, reason: str) -> None:
    """Wait until a delivery has failed for a reason."""
    async with asyncio.timeout(10):
        while (found := await info(client)).get("last_error_message") != reason:
            pass
    assert found["last_error_date"] > 0


async def test_updates_arrive_in_order_with_the_secret(client: Client, hook: Hook) -> None:
    before = await client.act("text", text="one")
    said = {"url": hook.url, "secret_token": "s-3_T"}
    assert (await client.call("setWebhook", **said))[1] == {
        "ok": True,
        "result": True,
        "description": "Webhook was set",
    }
    after = await client.act("text", text="two")
    assert [await hook.next(), await hook.next()] == [
        (before["update_ids"][0], "s-3_T"),
        (after["update_ids"][0], "s-3_T"),
    ]
    async with asyncio.timeout(10):
        assert (await client.chat(query="until=idle&wait=9"))["idle"]
    assert (await info(client))["pending_update_count"] == 0
    assert (await client.call("setWebhook", **said))[1]["description"] == "Webhook is already set"


async def test_a_delivery_that_fails_comes_again_with_growing_pauses(
    still: tuple[Sandbox, Client], hook: Hook
) -> None:
    sandbox, client = still
    hook.answers = [500, 302, 404]
    await client.call("setWebhook", url=hook.url, max_connections=7)
    first = (await client.act("text", text="one"))["update_ids"][0]
    second = (await client.act("text", text="two"))["update_ids"][0]
    assert (await hook.next())[0] == first
    assert ((await info(client))["pending_update_count"], (await info(client))["max_connections"]) == (2, 7)
    for pause, reason in ((1, "500 Internal Server Error"), (2, "302 Found"), (4, "404 Not Found")):
        await failed(client, f"Wrong response from the webhook: {reason}")
        assert sandbox.deliverer.due - sandbox.clock.now() == pause
        await client.post("/sandbox/clock", {"advance": pause})
        assert (await hook.next())[0] == first
    assert (await hook.next())[0] == second


async def test_nobody_there_is_an_error_too(client: Client, hook: Hook) -> None:
    url = hook.url
    await hook.server.close()
    await client.call("setWebhook", url=url)
    await client.act("text", text="one")
    await failed(client, "Connection refused")


async def test_polling_and_a_webhook_exclude_each_other(client: Client, hook: Hook) -> None:
    poll = asyncio.ensure_future(client.call("getUpdates", timeout=50))
    # The poll has to be waiting; its request comes before the next one on the same loop.
    await client.call("getMe")
    await client.call("setWebhook", url=hook.url)
    async with asyncio.timeout(10):
        status, answer = await poll
    assert (status, answer["description"]) == (409, "Conflict: terminated by setWebhook request")
    assert await client.call("getUpdates") == (
        409,
        {
            "ok": False,
            "error_code": 409,
            "description": "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        },
    )
    assert (await client.call("deleteWebhook"))[1]["description"] == "Webhook was deleted"
    assert (await client.call("deleteWebhook"))[1]["description"] == "Webhook is already deleted"
    heard = await client.act("text", text="to the poll")
    assert [u["update_id"] for u in await client.updates()] == heard["update_ids"]
    assert hook.arrived.empty()


async def test_pending_updates_may_be_dropped_and_kinds_chosen(client: Client, hook: Hook) -> None:
    await client.act("text", text="forgotten")
    await client.call(
        "setWebhook", url=hook.url, drop_pending_updates=True, allowed_updates=["my_chat_member"]
    )
    await client.act("text", text="unheard")
    (blocked,) = (await client.act("block"))["update_ids"]
    assert await hook.next() == (blocked, None)
    assert (await info(client))["allowed_updates"] == ["my_chat_member"]


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "http://e.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://e.org:99/"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "nonsense"}, "invalid webhook URL specified"),
        ({"url": "http://127.0.0.1/", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "http://127.0.0.1/", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_an_address_that_cannot_be_is_refused(
    client: Client, params: dict[str, Any], reason: str
) -> None:
    assert (await client.call("setWebhook", **params))[1]["description"] == f"Bad Request: {reason}"
    assert (await info(client))["url"] == ""
