"""What runs by the clock: every few seconds a tick asks what is due; once a day what is old is forgotten.

Both go through the one writer, a portion at a time, so that nobody waits long. No object has a job of its
own: what is due stands in the database, so nothing is forgotten when the process ends, and what came due
meanwhile is one message a person at the start.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import Application

from bot.logs import logger_of
from bot.metrics import Metrics
from bot.services.reminders import STAGES, Portion
from storage.database import UnitOfWork
from storage.writer import Writer

JOB = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
"""A late tick is one tick, not none: APScheduler drops by itself what is a second late."""

DAILY = timedelta(days=1)
SOON = timedelta(minutes=1)
"""From a start to the first forgetting: whoever waits for the bot comes first."""
TROUBLE_STAYS = timedelta(days=90)
"""For so long ``greenlight doctor`` tells of what was put aside or refused."""

Forget = Callable[[UnitOfWork, int], tuple[int | None, int]]
"""Forgets a portion that follows a key; where it ended, None: at the end, and how many rows went."""

logger = logger_of(__name__)


class Ticks:
    """Runs what time brings, through the one writer."""

    def __init__(
        self,
        writer: Writer,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        every: timedelta,
        metrics: Metrics,
    ) -> None:
        self._writer = writer
        self._metrics = metrics
        self._every = every
        self._clock = clock
        self._wake = wake
        self._stopping = False

    def start(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Begin with what came due while nobody looked."""
        if application.job_queue is None:
            raise RuntimeError("python-telegram-bot was installed without its job queue")
        application.job_queue.run_repeating(self._job, self._every, first=0, job_kwargs=JOB)

    def stop(self) -> None:
        """End after the portion in hand; the rest is due at the next start."""
        self._stopping = True

    async def _job(self, _context: object) -> None:
        await self.tick()

    async def tick(self) -> None:
        """Do all that is due at this moment; what fails is tried again with the next tick."""
        began, failed = time.perf_counter(), False
        for portion in STAGES:
            try:
                await self._all(portion)
            except Exception:
                failed = True
                logger.exception(
                    "a tick failed", portion=portion.__name__, again_in=self._every.total_seconds()
                )
        self._metrics.ticked(time.perf_counter() - began, failed=failed)
        self._wake()

    async def _all(self, portion: Portion) -> None:
        now = self._clock()
        while not self._stopping:
            if not await self._writer.write(lambda uow: portion(uow, now)):
                return
            self._wake()


class Forgetting:
    """Takes done updates and sent messages out of the queues once they are so old; never the history."""

    def __init__(self, writer: Writer, clock: Callable[[], datetime], keep: timedelta) -> None:
        self._writer = writer
        self._clock = clock
        self._keep = keep
        self._stopping = False

    def start(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Begin soon, and then every day."""
        if application.job_queue is None:
            raise RuntimeError("python-telegram-bot was installed without its job queue")
        application.job_queue.run_repeating(self._job, DAILY, first=SOON, job_kwargs=JOB)

    def stop(self) -> None:
        """End after the portion in hand."""
        self._stopping = True

    async def _job(self, _context: object) -> None:
        try:
            updates, messages = await self.forget()
        except Exception:
            logger.exception("what is old cannot be forgotten; again tomorrow")
        else:
            logger.info("what is old is forgotten", updates=updates, messages=messages)

    async def forget(self) -> tuple[int, int]:
        """Forget all that is old at this moment: how many updates and messages."""
        old = self._clock() - self._keep
        trouble = min(old, self._clock() - TROUBLE_STAYS)
        return (
            await self._all(lambda uow, after: uow.inbox.forget_old(old, trouble, after)),
            await self._all(lambda uow, after: uow.outbox.forget_old(old, trouble, after)),
        )

    async def _all(self, forget: Forget) -> int:
        at: int | None = 0
        gone = 0
        while at is not None and not self._stopping:
            at, count = await self._writer.write(lambda uow, after=at: forget(uow, after))  # type: ignore[misc]  # the lambda binds its value
            gone += count
        return gone
