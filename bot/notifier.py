"""The notifier: nothing else sends. It takes the outbox and delivers it, in order within each chat.

What is written here is woken by the commit that wrote it; what was not sent when the process died is
taken up at the start. One chat's trouble delays that chat alone.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.delivery import Delivered, Delivery, Settled, Then
from bot.logs import logger_of, said
from bot.services.cases import FILES_LANE
from bot.unit import Answer, Offer
from storage.outbox import Outcome
from storage.queues import OutboxRecord, OutboxState
from storage.writer import Writer

PER_SECOND = 30
"""Messages that Telegram takes from one bot in a second."""
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_PAUSE = 300.0  # seconds
LAST_WORDS = 3.0
"""Seconds within which it is recorded what was sent last, when the process is to end."""

Lane = tuple[int, int]
"""What is sent in order: a chat, or one file."""

logger = logger_of(__name__)


class Notifier:
    """Sends waiting messages through ``delivery`` and settles what became of them."""

    def __init__(self, writer: Writer, delivery: Delivery, clock: Callable[[], datetime]) -> None:
        self._writer = writer
        self._delivery = delivery
        self._clock = clock
        self._last = 0
        self._held: list[OutboxRecord] = []
        self._queues: dict[Lane, deque[OutboxRecord]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._outcomes: list[Settled] = []
        self._wake = asyncio.Event()
        self._settle = asyncio.Event()
        self._pace = Pace(PER_SECOND)
        self._stopping = False
        self._ending = asyncio.Event()

    async def start(self, bot: Bot) -> None:
        """Begin with what is waiting from before."""
        self._delivery.bot = bot
        self._stopping = False
        self._ending.clear()
        self._spawn(self._load_for_ever())
        self._spawn(self._settle_for_ever())
        self.wake()

    async def stop(self) -> None:
        """End after what is in hand; the rest waits in the outbox."""
        self._stopping = True
        self._ending.set()
        self._wake.set()
        self._settle.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        for task in self._tasks:
            task.cancel()
        with suppress(TimeoutError):  # what cannot be recorded now may arrive twice, but the process ends
            await asyncio.wait_for(self._settle_now(), LAST_WORDS)

    def wake(self) -> None:
        """Look into the outbox: something was committed."""
        self._wake.set()

    def answer(self, answer: Answer | Offer) -> None:
        """Answer a press or an inline query, once: if it is too late or lost, nobody misses it."""
        self._spawn(self._delivery.answer(answer))

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("a sender ended", exc_info=error)

    async def _load_for_ever(self) -> None:
        while not self._stopping:
            await self._wake.wait()
            self._wake.clear()
            try:
                while found := await self._writer.write(lambda uow: uow.outbox.waiting(after=self._last)):
                    self._last = max(record.id or 0 for record in found)
                    self._held += found
                self._release()
            except Exception:
                logger.exception("the outbox cannot be read; trying again")
                await asyncio.sleep(1)
                self._wake.set()

    def _release(self) -> None:
        """Take up what is due; the rest is looked at with the next waking, which every tick is."""
        now = self._clock()
        held, self._held = self._held, []
        for record in held:
            if record.due_at <= now:
                self._enqueue(record)
            else:
                self._held.append(record)

    def _enqueue(self, record: OutboxRecord) -> None:
        lane = _lane(record)
        queue = self._queues.get(lane)
        if queue is None:
            queue = self._queues[lane] = deque()
            queue.append(record)
            self._spawn(self._send_lane(lane, queue))
        else:
            queue.append(record)

    async def _send_lane(self, lane: Lane, queue: deque[OutboxRecord]) -> None:
        while queue and not self._stopping:
            record = queue[0]
            outcome, then = await self._send(record)
            self._outcomes.append((record, outcome, then))
            self._settle.set()
            queue.popleft()
        del self._queues[lane]

    async def _send(self, record: OutboxRecord) -> tuple[Outcome, Then | None]:
        """Send one message, however long it takes; what became of it, and what follows."""
        key = record.id or 0
        pause = 0.5
        while True:
            try:
                await self._pace.turn()
                done = await self._delivery.deliver(record, self._clock())
            except RetryAfter as error:
                wait = error.retry_after
                await self._rest(wait.total_seconds() if isinstance(wait, timedelta) else wait)
            except NetworkError as error:
                if isinstance(error, BadRequest) or self._clock() - record.created_at > GIVE_UP_AFTER:
                    return self._lost(key, error), None
                await self._rest(pause * random.uniform(0.5, 1.0))  # noqa: S311  # jitter
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:  # noqa: BLE001  # logged there; the others go on
                return self._lost(key, error), None
            else:
                return self._outcome(key, done), done.then if done else None

    @staticmethod
    def _lost(key: int, error: Exception) -> Outcome:
        """The outcome of a message that will not arrive."""
        if isinstance(error, Forbidden):
            return Outcome(key, OutboxState.DROPPED, error=error.message)
        if isinstance(error, TelegramError):
            logger.warning("a message is refused", outbox_id=key, error=said(error))
            return Outcome(key, OutboxState.DEAD, error=error.message)
        logger.error("a message cannot be written", outbox_id=key, exc_info=error)
        return Outcome(key, OutboxState.DEAD, error=type(error).__name__)

    def _outcome(self, key: int, done: Delivered | None) -> Outcome:
        if done is None:
            return Outcome(key, OutboxState.DROPPED)
        if done.wrote:
            self.wake()
        return Outcome(key, OutboxState.SENT, message_id=done.message_id, living=done.living)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)
        if self._stopping:
            raise asyncio.CancelledError

    async def _settle_for_ever(self) -> None:
        while not self._stopping:
            await self._settle.wait()
            self._settle.clear()
            await self._settle_now()

    async def _settle_now(self) -> None:
        """Record what became of messages, all that came together in one transaction."""
        batch, self._outcomes = self._outcomes, []
        if not batch:
            return
        try:
            if await self._writer.write(lambda uow: self._delivery.settle(uow, batch, self._clock())):
                self.wake()
        except Exception:
            logger.exception("sent messages cannot be marked; trying again")
            self._outcomes = batch + self._outcomes
            await asyncio.sleep(1)
            self._settle.set()


class Pace:
    """Lets at most so many pass in a second, evenly."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for one's turn."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        # A pause saves up a burst of one second's worth.
        self._next = max(self._next + self._gap, now - 1.0)
        if self._next > now:
            await asyncio.sleep(self._next - now)


def _lane(record: OutboxRecord) -> Lane:
    """A chat's messages go one after another; files do not wait for each other."""
    return (record.chat_id, record.id or 0) if record.chat_id == FILES_LANE else (record.chat_id, 0)
