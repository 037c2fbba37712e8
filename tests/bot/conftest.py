"""The bot inside the test's own process, against a sandbox inside it too: what fails can be ordered."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.app import Greenlight
from bot.settings import Settings
from sandbox.server import Options, Sandbox
from storage.database import Database, UnitOfWork
from tests.bot.monitoring import BOUND, Tools
from tests.builders import Company, add_company
from tests.conftest import Databases

T = TypeVar("T")
TOKEN = "424242:the-token-of-the-sandbox-in-tests"  # noqa: S105  # of no bot


@dataclass
class Running:
    """A sandbox with its people, and the bot's database."""

    sandbox: Sandbox
    http: aiohttp.ClientSession
    database: Database
    company: Company
    settings: Settings
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Order something of the sandbox."""
        async with self.http.post(f"/sandbox/{path}", json=body) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == 200, answer
            return answer

    async def says(self, person: int | None, text: str) -> None:
        """Write as a person."""
        await self.post(f"people/{person}/text", text=text)

    async def forges(self, person: int | None, data: str) -> None:
        """Press a button as a person."""
        await self.post(f"people/{person}/press", message_id=1, data=data, forge=True)

    async def sent(self, enough: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The bot's calls, as soon as they are enough."""
        calls: list[dict[str, Any]] = []
        async with asyncio.timeout(BOUND):
            while not enough(calls):
                last = calls[-1]["n"] if calls else 0
                async with self.http.get(f"/sandbox/log?after={last}&wait={BOUND}") as response:
                    calls += (await response.json())["calls"]
        return calls

    async def texts(self, person: int | None, count: int) -> list[str]:
        """The first messages that a person has got."""

        def theirs(calls: list[dict[str, Any]]) -> list[str]:
            return [c["params"]["text"] for c in calls if c["chat_id"] == person and _arrived(c)]

        return theirs(await self.sent(lambda calls: len(theirs(calls)) >= count))

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the database."""
        with self.database.read() as unit:
            found = work(unit)
            unit.session.expunge_all()
            return found

    async def until(self, holds: Callable[[UnitOfWork], bool]) -> None:
        """Wait until something holds in the database."""
        async with asyncio.timeout(BOUND):
            while not self.read(holds):  # noqa: ASYNC110  # the database rings no bell
                await asyncio.sleep(0.01)

    def start(self) -> Greenlight:
        """Start the bot."""
        greenlight = Greenlight(self.settings)
        self.tasks.append(asyncio.create_task(greenlight.run(self.stopped)))
        return greenlight


def _arrived(call: dict[str, Any]) -> bool:
    return call["ok"] and call["method"] in {"sendMessage", "editMessageText"}


@pytest.fixture
def kind() -> str:
    """The kind of database; a module that needs both says so."""
    return "sqlite"


@pytest.fixture
def hook() -> str | None:
    """Where updates are brought; None: the bot asks for them."""
    return None


@pytest.fixture
def monitor() -> str | None:
    """Where it is answered how the bot is; None: nowhere."""
    return None


@pytest.fixture
async def running(
    tmp_path: Path, databases: Databases, kind: str, hook: str | None, monitor: str | None
) -> AsyncIterator[Running]:
    """Everything but the bot, which ``start`` starts."""
    database = databases.fresh(kind)
    with database.write() as unit:
        company = add_company(unit)
    sandbox = Sandbox(Options(token=TOKEN, port=0))
    await sandbox.start()
    settings = Settings.model_validate({
        "telegram_token": TOKEN, "telegram_api": sandbox.url, "database_url": database.url,
        "files": tmp_path / "files", "webhook_url": hook, "monitor": monitor, "pace": 1000,
        **({"listen": urlsplit(hook).netloc} if hook else {}),
    })  # fmt: skip
    people = [getattr(company, name) for name in company.__dataclass_fields__]
    accounts = [
        {"id": one.telegram_id, "first_name": one.name, "started": True}
        for one in people
        if getattr(one, "telegram_id", None)
    ]
    async with aiohttp.ClientSession(sandbox.url) as http:
        made = Running(sandbox, http, database, company, settings)
        await made.post("accounts", accounts=accounts)
        yield made
        made.stopped.set()
        for task in made.tasks:
            with suppress(asyncio.CancelledError):
                await task
    await sandbox.stop()
    databases.drop(database)


def body_of(update: dict[str, Any]) -> str:
    """An update as the inbox keeps it."""
    return json.dumps(update)


@pytest.fixture
async def tools(running: Running) -> AsyncIterator[Tools]:
    """An operator's tools; the bot is not started yet."""
    async with aiohttp.ClientSession(f"http://{running.settings.monitor}") as http:
        yield Tools(http)
