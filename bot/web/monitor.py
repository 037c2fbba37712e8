"""What an operator's tools ask: whether the process lives, whether it does its part, and its figures.

``/healthz`` is for whoever ends what hangs: 503 only when nothing but a new start can help, so never
because the database or Telegram are away. ``/readyz`` says whether the process does its part now.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.leading import Right
from bot.metrics import Metrics
from bot.unit import Clock
from storage.depths import Depths, measure
from storage.writer import Writer

HUNG: Final = 600.0
"""Seconds after which a transaction does not end by itself; none takes more than some."""
PATIENCE: Final = 1.0
"""Seconds that the database has to answer."""


class Standing(StrEnum):
    """What the process does."""

    STARTING = "starting"
    STANDING_BY = "standing by"
    REACHING = "reaching Telegram"
    WORKING = "working"
    ENDING = "ending"


class Monitor:
    """Answers ``/healthz``, ``/readyz`` and ``/metrics``."""

    def __init__(self, writer: Writer, right: Right, metrics: Metrics, clock: Clock) -> None:
        self.stopped = asyncio.Event()
        self._standing = Standing.STARTING
        self._writers = [writer]
        self._ended: Callable[[], Iterable[str]] = list
        self._database = writer.database.aside()
        self._right = right
        self._metrics = metrics
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="monitor")
        self._asking: asyncio.Future[Depths] | None = None

    @property
    def routes(self) -> list[web.RouteDef]:
        """What is answered."""
        return [
            web.get("/healthz", self._health),
            web.get("/readyz", self._readiness),
            web.get("/metrics", self._figures),
        ]

    @property
    def _stands(self) -> Standing:
        return Standing.ENDING if self.stopped.is_set() else self._standing

    def stands_by(self) -> None:
        """From now on the process takes the right to work as soon as it can."""
        self._standing = Standing.STANDING_BY

    def watch(self, ended: Callable[[], Iterable[str]], writer: Writer) -> None:
        """It has the right; ``ended`` says what has ended of all that goes on while it works."""
        self._standing, self._ended = Standing.REACHING, ended
        self._writers.append(writer)

    def listens(self) -> None:
        """It does all that there is to do."""
        self._standing = Standing.WORKING

    def close(self) -> None:
        """Ask nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._database.close()

    async def _health(self, _request: web.Request) -> web.Response:
        why = []
        if self._stands is Standing.WORKING:
            why += [f"{name} has ended" for name in self._ended()]
        busy = max((writer.turn.lasts() for writer in self._writers), default=0.0)
        if busy > HUNG and await self._depths() is not None:
            why.append("a transaction does not end, although the database answers")
        return self._answer(why)

    async def _readiness(self, _request: web.Request) -> web.Response:
        why = []
        if self._stands not in {Standing.STANDING_BY, Standing.WORKING}:
            why.append(self._stands.value)
        if self._stands is Standing.WORKING and not self._right.is_sure():
            why.append("the right to work is in doubt")
        if await self._depths() is None:
            why.append("the database does not answer")
        return self._answer(why)

    def _answer(self, why: list[str]) -> web.Response:
        status = HTTPStatus.SERVICE_UNAVAILABLE if why else HTTPStatus.OK
        return web.json_response({"ok": not why, "standing": self._stands.value, "why": why}, status=status)

    async def _figures(self, request: web.Request) -> web.Response:
        depths = await self._depths()
        self._metrics.measured(depths, self._clock())
        has = self._standing in {Standing.REACHING, Standing.WORKING}
        self._metrics.stands(works=has and self._right.is_sure(), epoch=self._right.epoch if has else None)
        body, form = self._metrics.text(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": form})

    async def _depths(self) -> Depths | None:
        """The queues' depths; None when the database does not answer in time. It is asked once at a time."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().run_in_executor(self._thread, self._measure)
            self._asking.add_done_callback(_heard)
        with suppress(Exception):  # whatever it is, this is no answer
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(self._asking)
        return None

    def _measure(self) -> Depths:
        with self._database.read() as uow:
            return measure(uow.session, self._clock())


def _heard(asking: "asyncio.Future[Depths]") -> None:
    """A question that failed after nobody waited for it any more is no error."""
    if not asking.cancelled():
        asking.exception()
