"""Records what became of messages: all that comes together in one transaction, until it is kept."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.delivery import Delivery, Settled, note
from bot.logs import logger_of, said
from storage.database import UnitOfWork
from storage.lease import LeaseLost
from storage.outages import is_outage
from storage.outbox import Outcome
from storage.queues import OutboxRecord
from storage.writer import Writer

AGAIN_AFTER = 1.0
"""Seconds between two tries while the database is away."""
LAST_WORDS = 2.0
"""Seconds for the last of them, when the process is to end. What is not kept by then may be sent twice."""

Entry = tuple[Settled, "asyncio.Future[None]"]

logger = logger_of(__name__)


class Recorder:
    """Keeps outcomes; ``wake`` is called when something that follows from one has to be sent."""

    def __init__(
        self, writer: Writer, delivery: Delivery, clock: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self._writer = writer
        self._delivery = delivery
        self._clock = clock
        self._wake = wake
        self._entries: list[Entry] = []
        self._come = asyncio.Event()
        self._ending = False
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to record."""
        self._ending = False
        self.task = asyncio.create_task(self._record_for_ever())

    async def stop(self) -> None:
        """End when all is recorded, or when it takes too long."""
        if self.task is None:
            return
        self._ending = True
        self._come.set()
        await asyncio.wait([self.task], timeout=LAST_WORDS)
        self.task.cancel()

    async def record(self, settled: Settled) -> None:
        """Record what became of a message; returns when that is kept, however long it takes."""
        kept = asyncio.get_running_loop().create_future()
        self._entries.append((settled, kept))
        self._come.set()
        await kept

    async def _record_for_ever(self) -> None:
        while self._entries or not self._ending:
            await self._come.wait()
            self._come.clear()
            try:
                await self._record(list(self._entries))
            except Exception as error:  # noqa: BLE001  # whatever it is, what was sent is still to be recorded
                logger.warning("what was sent cannot be recorded; trying again", error=said(error))
                await asyncio.sleep(AGAIN_AFTER)
                self._come.set()

    async def _record(self, entries: Sequence[Entry]) -> None:
        """Record entries together; where one cannot be, each alone, and that one without what follows."""
        batch = [settled for settled, _ in entries]
        try:
            wrote = await self._writer.write(lambda uow: self._delivery.settle(uow, batch, self._clock()))
        except Exception as error:
            if is_outage(error) or isinstance(error, LeaseLost):
                raise
            if len(entries) > 1:
                for entry in entries:
                    await self._record([entry])
                return
            [(record, outcome, _)] = batch
            logger.exception("what follows from a message is lost", outbox_id=outcome.id)
            await self._writer.write(lambda uow: self._alone(uow, record, outcome))
            wrote = False
        for entry in entries:
            self._entries.remove(entry)
            if not entry[1].done():
                entry[1].set_result(None)
        if wrote:
            self._wake()

    def _alone(self, uow: UnitOfWork, record: OutboxRecord, outcome: Outcome) -> None:
        uow.outbox.settle([outcome], self._clock())
        note(uow, record, outcome)
