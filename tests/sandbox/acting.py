"""A client that acts as people over plain HTTP, and the people it acts as."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.server import Options, Sandbox

TOKEN = "123456:test"  # noqa: S105 - opens nothing but the sandbox
ANNA = 5_000_000_001
"""Beyond 32 bits, as Telegram's newer ids are."""
IVAN = 7002


@dataclass
class Client:
    """Plain HTTP to a sandbox."""

    http: aiohttp.ClientSession

    async def get(self, path: str) -> dict[str, Any]:
        """The JSON of a control route."""
        async with self.http.get(path) as response:
            body: dict[str, Any] = await response.json()
            return body

    async def post(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Status and JSON of a control route."""
        async with self.http.post(path, json=body or {}) as response:
            return response.status, await response.json()

    async def act(self, name: str, person: int = ANNA, **body: Any) -> dict[str, Any]:
        """Act as a person; the act must succeed."""
        status, answer = await self.post(f"/sandbox/people/{person}/{name}", body)
        assert status == 200, answer
        return answer

    async def chat(self, person: int = ANNA, query: str = "") -> dict[str, Any]:
        """The chat as the person sees it."""
        return await self.get(f"/sandbox/people/{person}/chat?{query}")

    async def call(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        """A Bot API call with a JSON body: status and answer."""
        return await self.post(f"/bot{TOKEN}/{method}", params)

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """What getUpdates gives at once."""
        status, answer = await self.call("getUpdates", **params)
        assert status == 200, answer
        updates: list[dict[str, Any]] = answer["result"]
        return updates


@asynccontextmanager
async def running(**options: Any) -> AsyncIterator[tuple[Sandbox, Client]]:
    """A sandbox of its own, with Anna and Ivan declared."""
    settings: dict[str, Any] = {"token": TOKEN, "port": 0, "strict": True} | options
    sandbox = Sandbox(Options(**settings))
    await sandbox.start()
    try:
        async with aiohttp.ClientSession(sandbox.url) as http:
            client = Client(http)
            await meet(client)
            yield sandbox, client
    finally:
        await sandbox.stop()
    assert sandbox.violations == []


async def meet(client: Client) -> None:
    """Declare Anna, who has started the bot, and Ivan, who has not."""
    people = [
        {"id": ANNA, "first_name": "Anna", "username": "anna", "started": True},
        {"id": IVAN, "first_name": "Ivan"},
    ]
    status, _ = await client.post("/sandbox/accounts", {"accounts": people})
    assert status == 200
