"""The ticks: every few seconds one asks what is due, in portions, until nothing is.

No object has a job of its own: what is due stands in the database, so nothing is forgotten when the
process ends, and what came due meanwhile is one message a person at the start.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import Application

from bot.logs import logger_of
from bot.services.reminders import STAGES, Portion
from storage.writer import Writer

JOB = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
"""A late tick is one tick, not none: APScheduler drops by itself what is a second late."""

logger = logger_of(__name__)


class Ticks:
    """Runs what time brings, through the one writer."""

    def __init__(
        self, writer: Writer, clock: Callable[[], datetime], wake: Callable[[], None], every: timedelta
    ) -> None:
        self._writer = writer
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
        for portion in STAGES:
            try:
                await self._all(portion)
            except Exception:
                logger.exception(
                    "a tick failed", portion=portion.__name__, again_in=self._every.total_seconds()
                )
        self._wake()

    async def _all(self, portion: Portion) -> None:
        now = self._clock()
        while not self._stopping:
            if not await self._writer.write(lambda uow: portion(uow, now)):
                return
            self._wake()
