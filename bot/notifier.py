"""The notifier: nothing else sends. It takes what waits in the outbox and delivers it.

    wake --look: which chats have something--> the pace --turn: one of them may--> its next row is read
         --delivered--> its outcome is recorded --> the chat waits for its next turn

Only what is in hand is in memory, whatever waits: a chat's next row is read when it is its turn, and
the turn after that comes when it is recorded what became of this one. So at most one message a chat
can arrive twice, and one chat's trouble delays that chat alone.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.delivery import Delivered, Delivery
from bot.failures import Fate, fate_of
from bot.lanes import SHORTEST_REST, Sort
from bot.logs import logger_of, said
from bot.pace import LONGEST_REST, Pace, Turn
from bot.recorder import Recorder
from bot.services import bulk_run, numbers_file
from bot.services.cases import FILES_LANE
from bot.services.importing import imports
from bot.unit import Answer, Offer
from storage.outbox import Outcome
from storage.queues import OutboxRecord, OutboxState
from storage.writer import Writer

WORK = frozenset({FILES_LANE, imports.LANE, bulk_run.LANE, numbers_file.LANE})
"""Lanes of rows that are no messages. What fails there steps aside for the next."""
GIVE_UP_AFTER = timedelta(hours=24)
LAST_WORDS = 4.0
"""Seconds in which what is in hand may end, when the process is to end; the rest waits in the outbox."""
LOOK_SHARE = 20
"""A look at what waits is taken this many times as long after the last as that took: many may wait."""
LOOK_AGAIN = 1.0
"""Seconds until the next look after one that failed."""

logger = logger_of(__name__)


class Notifier:
    """Sends waiting messages through ``delivery``, at the pace that Telegram bears."""

    def __init__(
        self, writer: Writer, delivery: Delivery, clock: Callable[[], datetime], speed: float = 1.0
    ) -> None:
        self._writer = writer
        self._delivery = delivery
        self._clock = clock
        self._pace = Pace(WORK, speed)
        self._recorder = Recorder(writer, delivery, clock, self.wake)
        self._loops: list[asyncio.Task[None]] = []
        self._in_hand: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._next_look = 0.0
        self._later: asyncio.TimerHandle | None = None
        self._trouble: type[Exception] | None = None

    async def start(self, bot: Bot) -> None:
        """Begin with what is waiting from before."""
        self._delivery.bot = bot
        self._recorder.start()
        self._loops = [asyncio.create_task(self._look_for_ever()), asyncio.create_task(self._send_for_ever())]
        self.wake()

    async def stop(self) -> None:
        """End within a few seconds: what is in hand is sent and recorded, the rest waits in the outbox."""
        for loop in self._loops:
            loop.cancel()
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=LAST_WORDS)
        for task in self._in_hand:
            task.cancel()
        await self._recorder.stop()

    @property
    def going_on(self) -> list[asyncio.Task[None] | None]:
        """All that goes on from the start to the end."""
        return [*self._loops, self._recorder.task]

    def wake(self) -> None:
        """Look into the outbox: something was committed."""
        self._wake.set()

    def answer(self, answer: Answer | Offer) -> None:
        """Answer a press or an inline query, once: if it is too late or lost, nobody misses it."""
        self._spawn(self._delivery.answer(answer))

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._in_hand.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._in_hand.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("a sender ended", exc_info=error)

    async def _look_for_ever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001  # said there; the next look may succeed
                self._say(error)
                self._wake_later(LOOK_AGAIN)

    async def _look(self) -> None:
        """Find the chats that have something; where the many are concerned, not all the time."""
        await self._find(Sort.REPLY)
        begun = self._time()
        if begun < self._next_look:
            self._wake_later(self._next_look - begun)
            return
        self._pace.forget()
        await self._find(Sort.OTHER)
        ended = self._time()
        self._next_look = ended + LOOK_SHARE * (ended - begun)

    async def _find(self, sort: Sort) -> None:
        reply, now = sort is Sort.REPLY, self._clock()
        found = await self._writer.read(lambda uow: uow.outbox.lanes(reply=reply, now=now))
        for chat_id, newest in found.items():
            self._pace.ready(chat_id, sort, newest)

    def _wake_later(self, seconds: float) -> None:
        """Look again in a while, once, however often it is asked for."""
        loop = asyncio.get_running_loop()
        if self._later is not None and self._time() < self._later.when() <= self._time() + seconds:
            return
        if self._later is not None:
            self._later.cancel()
        self._later = loop.call_later(seconds, self.wake)

    async def _send_for_ever(self) -> None:
        while True:
            self._spawn(self._serve(await self._pace.turn()))

    async def _serve(self, turn: Turn) -> None:
        """Send a chat's next message."""
        messages, more = 0, True
        try:
            reply, now = turn.sort is Sort.REPLY, self._clock()
            found = await self._writer.read(
                lambda uow: uow.outbox.of_lane(turn.chat_id, reply=reply, now=now)
            )
            outcome = await self._send(turn, *found) if found else None
            more = len(found) > 1 or (bool(found) and outcome is None)
            messages = _messages(found[0], outcome) if found else 0
        except Exception as error:  # noqa: BLE001  # said there; the chat rests
            self._say(error)
            self._pace.troubled(turn.chat_id)
        finally:
            self._pace.done(turn, messages=messages, more=more)

    async def _send(
        self, turn: Turn, record: OutboxRecord, following: OutboxRecord | None = None
    ) -> Outcome | None:
        """Send a message and record what became of it; None when it stays, and its chat rests."""
        then = None
        try:
            over = following is not None and _takes_place_of(following, record)
            done = None if over else await self._delivery.deliver(record, self._clock())
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else wait
            logger.info("Telegram asks to wait", chat=turn.chat_id, seconds=seconds)
            outcome = self._again(turn, record, seconds)
        except Exception as error:  # noqa: BLE001  # judged there
            outcome = self._failed(turn, record, error)
        else:
            outcome, then = self._sent(turn, record, done), done.then if done else None
        if outcome is not None:
            await self._recorder.record((record, outcome, then))
        return outcome

    def _sent(self, turn: Turn, record: OutboxRecord, done: Delivered | None) -> Outcome:
        key = record.id or 0
        if done is None:
            return Outcome(key, OutboxState.DROPPED)
        if done.wrote:
            self.wake()
        if turn.sort is not Sort.WORK:
            self._well(turn.chat_id)
        return Outcome(key, OutboxState.SENT, message_id=done.message_id, living=done.living)

    def _failed(self, turn: Turn, record: OutboxRecord, error: Exception) -> Outcome | None:
        """The outcome of a message that will not arrive; None when it is tried again in its place."""
        key, fate = record.id or 0, fate_of(error)
        words = error.message if isinstance(error, TelegramError) else type(error).__name__
        is_old = self._clock() - record.created_at > GIVE_UP_AFTER
        if fate is Fate.PATIENCE or (fate is Fate.AGAIN and not is_old):
            self._say(error)
            return self._again(turn, record)
        if fate is Fate.UNREACHABLE:
            return Outcome(key, OutboxState.DROPPED, error=words)
        if fate is Fate.BROKEN:
            logger.error("a message cannot be written", outbox_id=key, exc_info=error)
        else:
            logger.warning("a message is given up", outbox_id=key, error=said(error))
        return Outcome(key, OutboxState.DEAD, error=words)

    def _again(self, turn: Turn, record: OutboxRecord, seconds: float | None = None) -> Outcome | None:
        """Try again after so many seconds, or after a rest: a chat's message in its place, work aside."""
        if turn.sort is not Sort.WORK:
            if seconds is None:
                self._pace.troubled(turn.chat_id)
            else:
                self._pace.refused(turn.chat_id, seconds)
            return None
        pause = seconds or min(SHORTEST_REST * 2.0 ** min(record.tries, 10), LONGEST_REST)
        self._wake_later(pause)
        return Outcome(record.id or 0, OutboxState.WAITING, due_at=self._clock() + timedelta(seconds=pause))

    def _well(self, chat_id: int) -> None:
        self._pace.well(chat_id)
        if self._trouble is not None:
            logger.info("messages arrive again")
            self._trouble = None

    def _say(self, error: Exception) -> None:
        """Say what holds messages up, once until one arrives."""
        if type(error) is self._trouble:
            return
        self._trouble = type(error)
        if isinstance(error, InvalidToken):
            logger.error("Telegram does not take the token any more: all messages wait until it does")
        else:
            logger.warning("messages wait and are tried again", error=said(error))


def _takes_place_of(later: OutboxRecord, record: OutboxRecord) -> bool:
    """Whether a screen would be seen for a moment only: somebody presses faster than it may be shown."""
    edits = [one.payload.get("edit") for one in (record, later) if one.kind == "screen"]
    return len(edits) == 2 and edits[0] is not None and edits[0] == edits[1]  # noqa: PLR2004  # both


def _messages(record: OutboxRecord, outcome: Outcome | None) -> int:
    """How many messages Telegram has counted, at the most."""
    if outcome is not None and outcome.state is OutboxState.DROPPED and outcome.error is None:
        return 0
    photos: Any = record.payload.get("photos", ())
    return max(1, len(photos))
