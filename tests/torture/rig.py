"""The bot's process and the sandbox's: one to be killed at any moment, one that remembers everything."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.talk import ROOT, STRICTLY, TOKEN

Json = dict[str, Any]
PATIENCE = 150.0
"""Seconds after which somebody who waits is stuck."""


class Rig:
    """The sandbox's control over HTTP, and the bot, which is started, killed and stopped."""

    def __init__(self, folder: Path, database_url: str, files: Path | None = None) -> None:
        self.folder = folder
        self.kills: list[float] = []
        self.starts = 0
        self._url = database_url
        self._files = files or folder / "files"
        self._bot: int | None = None

    async def __aenter__(self) -> Self:
        """Start the sandbox; the bot waits for its own start."""
        self._log = (self.folder / "bot.log").open("ab")
        self._sandbox = subprocess.Popen(  # noqa: ASYNC220, S603  # our own program; nothing else goes on yet
            [sys.executable, "-m", "sandbox", "--token", TOKEN, "--port", "0", *STRICTLY],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._sandbox.stdout is not None
        url = self._sandbox.stdout.readline().split()[-1]
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),
            "GREENLIGHT_TELEGRAM_TOKEN": TOKEN,
            "GREENLIGHT_TELEGRAM_API": url,
            "GREENLIGHT_DATABASE_URL": self._url,
            "GREENLIGHT_FILES": str(self._files),
            "GREENLIGHT_TICK_SECONDS": "0.5",
            "GREENLIGHT_PACE": "1000",
        }
        self._nursery = subprocess.Popen(  # noqa: ASYNC220  # the same
            [sys.executable, "-m", "tests.torture.nursery"],
            cwd=self.folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
        )  # fmt: skip
        self._http = aiohttp.ClientSession(
            f"{url}/sandbox/",
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=PATIENCE + 60),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything."""
        await self._http.close()
        self._nursery.communicate()
        self._sandbox.terminate()
        self._sandbox.communicate()
        self._log.close()

    # The bot

    def start(self) -> None:
        """Start the bot, and wait for nothing."""
        self._bot = self._order("start")
        self.starts += 1

    def kill(self) -> None:
        """End the bot as a power cut does."""
        assert self._bot is not None
        self.kills.append(time.time())
        os.kill(self._bot, signal.SIGKILL)
        self._order(f"wait {self._bot}")
        self._bot = None

    async def stop(self) -> int:
        """Ask the bot to end, and give its exit code."""
        assert self._bot is not None
        os.kill(self._bot, signal.SIGTERM)
        return await asyncio.to_thread(self._order, f"wait {self._bot}")

    async def confess(self) -> None:
        """Have the bot write into its log what each of its threads does."""
        if self._bot is not None and self.alive:
            os.kill(self._bot, signal.SIGUSR1)
            await self.pass_time(0.2)

    @property
    def alive(self) -> bool:
        """Whether the bot has not ended by itself."""
        stat = Path(f"/proc/{self._bot}/stat")
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"

    @property
    def log(self) -> str:
        """What the bot has written to its log."""
        return (self.folder / "bot.log").read_text()

    def _order(self, order: str) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"{order}\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    # The sandbox

    async def declare(self, accounts: dict[int, str]) -> None:
        """Let people have accounts, and have started the bot."""
        people = [{"id": number, "first_name": name, "started": True} for number, name in accounts.items()]
        await self.post("accounts", {"accounts": people})

    async def get(self, path: str, **query: object) -> Json:
        """Ask the sandbox."""
        async with self._http.get(path, params={key: str(value) for key, value in query.items()}) as answer:
            return await self._read(answer)

    async def post(self, path: str, body: Json) -> Json:
        """Tell the sandbox."""
        async with self._http.post(path, json=body) as answer:
            return await self._read(answer)

    async def delete(self, path: str) -> Json:
        """Call something off."""
        async with self._http.delete(path) as answer:
            return await self._read(answer)

    @staticmethod
    async def _read(answer: aiohttp.ClientResponse) -> Json:
        found: Json = await answer.json()
        assert answer.status == 200, f"{answer.url}: {found}"
        return found

    async def pass_time(self, seconds: float) -> None:
        """Let everybody else go on: nobody calls that method, so the sandbox holds the answer."""
        last = (await self.get("state"))["calls"]
        await self.get("log", after=last, method="none", wait=f"{seconds:.4f}")
