"""Puts the sandbox together and serves it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from sandbox.acts import Acts
from sandbox.bodies import refusals
from sandbox.botapi import BotApi, Guards
from sandbox.calls import CallLog
from sandbox.clock import Clock
from sandbox.control import Control
from sandbox.errors import not_found
from sandbox.faults import Faults
from sandbox.limits import DOCUMENT_BYTES, MEGABYTE
from sandbox.pace import Pace
from sandbox.pages import Page
from sandbox.settings import QUERY_AGE, Settings
from sandbox.state import Bot, World
from sandbox.store import Store
from sandbox.strict import load
from sandbox.webhook import Deliverer

BODY_BYTES = 10 * DOCUMENT_BYTES + MEGABYTE
SHUTDOWN_SECONDS = 0.2


@dataclass(frozen=True)
class Options:
    """How a sandbox is started: ``port`` 0 takes a free one, without ``data`` nothing is kept.

    ``privacy``, ``inline``, ``query_age`` and ``limits`` are the first ``Settings`` (limits as ``strict``
    unless said); ``clock`` gives the seconds that presses, limits and deliveries are measured by,
    ``ahead`` those by which it goes ahead.
    ``strict`` checks all against the schema; StrictUnavailableError when its libraries are missing.
    """

    token: str
    host: str = "127.0.0.1"
    port: int = 8081
    data: Path | None = None
    bot_username: str = "greenlight_demo_bot"
    bot_name: str = "Greenlight"
    privacy: bool = True
    inline: bool = True
    query_age: float = QUERY_AGE
    limits: bool | None = None
    strict: bool = False
    clock: Callable[[], float] = time.time
    ahead: float = 0


def bot_of(options: Options) -> Bot:
    """The bot's identity; its id is the number at the head of the token, as in Telegram."""
    head = options.token.partition(":")[0]
    return Bot(int(head) if head.isdecimal() else 7_000_000_001, options.bot_username, options.bot_name)


class Sandbox:
    """A running sandbox: ``start`` it, read ``url``, ``stop`` it."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._store = Store(options.data)
        log_path = options.data.with_name(options.data.name + ".calls.jsonl") if options.data else None
        self._calls = CallLog(log_path)
        self.clock = Clock(options.clock)
        self.clock.ahead = options.ahead
        settings = Settings(
            privacy=options.privacy,
            inline=options.inline,
            query_age=options.query_age,
            limits=options.strict if options.limits is None else options.limits,
        )
        self.world = World(bot_of(options), self._store, self.clock, settings)
        self.violations: list[str] = []
        self.deliverer = Deliverer(self.world.updates, self.clock)
        strict = load(self.violations) if options.strict else None
        if strict is not None:
            self.world.updates.check = strict.check_update
        faults, pace = Faults(), Pace(self.clock)
        guards = Guards(pace, strict)
        self.app = web.Application(client_max_size=BODY_BYTES, middlewares=[refusals])
        BotApi(self.world, options.token, faults, self._calls, guards).add_routes(self.app)
        Acts(self.world).add_routes(self.app)
        Control(self.world, faults, self._calls, pace, self.violations).add_routes(self.app)
        Page(self.world).add_routes(self.app)
        self.app.router.add_route("*", "/{rest:.*}", _nothing_here)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        self.url = ""

    async def start(self) -> None:
        """Begin to listen; OSError when the port is taken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.options.host, self.options.port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self.deliverer.start()

    async def stop(self) -> None:
        """End every connection and let go of the files."""
        await self.deliverer.stop()
        await self._runner.cleanup()
        self._calls.close()
        self._store.close()


async def _nothing_here(_: web.Request) -> web.Response:
    return web.json_response(not_found().body(), status=404)
