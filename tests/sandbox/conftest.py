"""A running sandbox on a free port, one client that speaks as a person, and the real library's Bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import telegram

from sandbox.server import Options, Sandbox
from tests.sandbox.acting import TOKEN, Client, meet


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox that listens."""
    running = Sandbox(Options(token=TOKEN, port=0, strict=True, limits=False))
    await running.start()
    yield running
    await running.stop()
    assert running.violations == []


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    """Plain HTTP to the sandbox, with Anna and Ivan declared."""
    async with aiohttp.ClientSession(sandbox.url) as http:
        client = Client(http)
        await meet(client)
        yield client


@pytest.fixture
async def bot(sandbox: Sandbox, client: Client) -> AsyncIterator[telegram.Bot]:
    """The library's own bot, pointed at the sandbox."""
    assert client is not None
    url = sandbox.url
    async with telegram.Bot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as ready:
        yield ready
