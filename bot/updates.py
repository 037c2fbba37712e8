"""How an update is handled so that a kill loses nothing.

    inbox (filled by bot.intake) -> a queue a chat
    -> one transaction: effects, dialogue, draft, outbox rows, inbox «done» -> commit
    -> the notifier sends

Either all of an update is in effect, or nothing: whatever was not done when the process died is
handled at the next start, in order of arrival. An update that fails three times is parked, and the
person is told; it stops nobody else. What fails because the database is away waits until it is back.
"""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from structlog.contextvars import bound_contextvars
from telegram import Bot, Update
from telegram.ext import Application, BaseUpdateProcessor, CallbackContext

from bot.context import Talk, keep_place
from bot.logs import logger_of, said
from bot.metrics import Handled, Metrics
from bot.regrets import Regrets
from bot.screens import as_payload
from bot.screens.answers import apology
from bot.unit import Answer, Clock, Offer, Unit, current
from domain.process import Reason
from storage.database import UnitOfWork
from storage.inbox import TRIES, Stored
from storage.lease import LeaseLost
from storage.outages import is_outage
from storage.outbox import Message
from storage.writer import Writer

CHATS_AT_ONCE = 32
"""Updates of different chats that are handled at a time."""
IN_HAND = 500
"""Updates that are in memory at a time; further ones wait in the inbox."""

_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)], "\N{REPLACEMENT CHARACTER}")

logger = logger_of(__name__)


class NotDone(Exception):  # noqa: N818  # named by what is the case
    """Somebody else has handled this update already: nothing of this try may stay."""


class Feed:
    """Hands the library what waits in the inbox, in order of arrival, each update once at a time.

    It looks whenever something was stored, and every now and then: another process may have stored it,
    and what failed because the database was away is taken up again.
    """

    def __init__(
        self, writer: Writer, queue: "asyncio.Queue[object]", arrived: asyncio.Event, metrics: Metrics
    ) -> None:
        self._writer = writer
        self._queue = queue
        self._arrived = arrived
        self._metrics = metrics
        self.task: asyncio.Task[None] | None = None
        self.in_hand: set[int] = set()
        self.bot: Bot | None = None

    def start(self, look: float) -> None:
        """Begin to look, at least every ``look`` seconds."""
        self.task = asyncio.create_task(self._look_for_ever(look))

    async def stop(self) -> None:
        """Take up nothing more; what is in hand goes on."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.wait([self.task])

    def let_go(self, update_id: int) -> None:
        """An update is not in hand any more; there is room for another."""
        if len(self.in_hand) >= IN_HAND:
            self._arrived.set()
        self.in_hand.discard(update_id)

    async def _look_for_ever(self, look: float) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(look):  # wait_for may miss that it is cancelled
                    await self._arrived.wait()
            self._arrived.clear()
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001  # whatever it is, the next look may find it gone
                logger.warning("the inbox cannot be read; looking again", error=said(error))
                await asyncio.sleep(look)

    async def look(self) -> None:
        """Queue what waits and is not in hand."""
        room = IN_HAND - len(self.in_hand)
        if room <= 0:
            return
        for stored in await self._writer.read(lambda uow: uow.inbox.waiting(room, self.in_hand)):
            update = await self._understood(stored)
            if update is not None:
                self.in_hand.add(stored.update_id)
                await self._queue.put(update)

    async def _understood(self, stored: Stored) -> Update | None:
        try:
            return Update.de_json(_storable(json.loads(stored.body)), self.bot)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with it, it must not stop the rest
            name = type(error).__name__
            logger.warning("an update cannot be read: parked", update_id=stored.update_id, error=name)
            await self._writer.write(lambda uow: uow.inbox.park(stored.update_id, f"unreadable: {name}"))
            self._metrics.handled(Handled.PARKED, 0)
            return None


def _storable(raw: Any) -> Any:  # noqa: ANN401  # JSON
    """JSON without what no database keeps and no message carries: NUL, and halves of characters."""
    if isinstance(raw, str):
        return raw.translate(_UNSTORABLE)
    if isinstance(raw, dict):
        return {key: _storable(value) for key, value in raw.items()}
    return [_storable(value) for value in raw] if isinstance(raw, list) else raw


class Processor(BaseUpdateProcessor):
    """Handles updates: in order within a chat, side by side across chats, each in one transaction."""

    def __init__(
        self,
        feed: Feed,
        writer: Writer,
        clock: Clock,
        deliver: Callable[[Answer | Offer | None], Awaitable[None]],
        show_truth: Callable[[Talk, Reason], object],
        regrets: Regrets,
        metrics: Metrics,
    ) -> None:
        # The library takes its semaphore before our turn per chat: it must never be the narrow place,
        # or one busy chat would take all the slots while it waits for itself.
        super().__init__(1_000_000)
        self._feed = feed
        self._writer = writer
        self._clock = clock
        self._deliver = deliver
        self._show_truth = show_truth
        self._regrets = regrets
        self._metrics = metrics
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._queued: Counter[int] = Counter()
        self._put_off: set[int] = set()
        self._slots = asyncio.Semaphore(CHATS_AT_ONCE)
        self.replaying: frozenset[int] = frozenset()
        self.application: Application[Any, Any, Any, Any, Any, Any] | None = None

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update to its end; called by the library."""
        if not isinstance(update, Update):
            await coroutine
            return
        chat = update.effective_chat.id if update.effective_chat else 0
        self._queued[chat] += 1
        began, outcome = time.perf_counter(), Handled.PUT_OFF
        try:
            async with self._turns[chat], self._slots:
                if chat in self._put_off:
                    coroutine.close()  # type: ignore[attr-defined]  # the library hands a coroutine over
                else:
                    with bound_contextvars(update_id=update.update_id, chat=chat):
                        outcome = await self._handle(update, coroutine)
        except Exception as error:  # noqa: BLE001  # it is told there
            # What the chat sent after it must not overtake it: all of that is taken up again, in order.
            self._put_off.add(chat)
            await self._stays(update, error)
        finally:
            self._metrics.handled(outcome, time.perf_counter() - began)
            self._feed.let_go(update.update_id)
            self._queued[chat] -= 1
            if not self._queued[chat]:
                self._put_off.discard(chat)
                del self._queued[chat], self._turns[chat]

    async def _stays(self, update: Update, error: Exception) -> None:
        """Say why an update waits on in the inbox; the person is told, unless another process does it now."""
        if isinstance(error, LeaseLost):
            logger.warning("an update is for the process that works now", update_id=update.update_id)
        elif is_outage(error):
            logger.warning("an update waits for the database", update_id=update.update_id, error=said(error))
            await self._regrets.say(update.to_dict())
        else:
            logger.error("an update stays in the inbox", update_id=update.update_id, exc_info=error)

    async def _handle(self, update: Update, first: Awaitable[Any]) -> Handled:
        """Try until it is done or has failed too often."""
        attempt: Awaitable[Any] | None = first
        failure: Exception | None = None
        again = update.update_id in self.replaying
        for _ in range(TRIES):
            # A first try costs no write of its own: what kills the process is counted when it is replayed.
            if again and await self._count_try(update.update_id) > TRIES:
                break
            again = True
            failure = await self._try(update, attempt or self._dispatch(update))
            attempt = None
            if failure is None:
                return Handled.DONE
            if is_outage(failure) or isinstance(failure, LeaseLost):
                raise failure  # not its own fault: it is taken up again
            logger.error("an update failed", exc_info=failure)
        if attempt is not None and hasattr(attempt, "close"):
            attempt.close()
        await self._park(update, failure)
        return Handled.PARKED

    def _dispatch(self, update: Update) -> Awaitable[Any]:
        if self.application is None:
            raise RuntimeError("the processor has no application yet")
        return self.application.process_update(update)

    async def _count_try(self, update_id: int) -> int:
        return await self._writer.write(lambda uow: uow.inbox.count_try(update_id))

    async def _try(self, update: Update, attempt: Awaitable[Any]) -> Exception | None:
        """One try in one transaction; what went wrong, or None when it is committed."""
        unit = Unit(self._writer, self._clock, self._bot_name, self._show_truth)
        token = current.set(unit)
        try:
            await attempt
            if unit.failure is None:
                await unit.run(lambda uow: self._finish(unit, uow, update.update_id))
                if unit.held is not None:
                    await unit.held.commit()
        except NotDone:
            unit.failure = None
            await self._undo(unit)
            return None
        except Exception as error:  # noqa: BLE001  # logged where it is known what becomes of it
            unit.failure = error
        finally:
            current.reset(token)
        if unit.failure is not None:
            await self._undo(unit)
            return unit.failure
        query = update.callback_query
        # Without any answer the button would go on spinning.
        await self._deliver(unit.answer or (Answer(query.id) if query else None))
        return None

    @property
    def _bot_name(self) -> str:
        return self.application.bot.username if self.application else ""

    @staticmethod
    def _finish(unit: Unit, uow: UnitOfWork, update_id: int) -> None:
        keep_place(unit, uow)
        uow.session.flush()
        if not uow.inbox.done(update_id):
            raise NotDone

    @staticmethod
    async def _undo(unit: Unit) -> None:
        unit.undo_states()
        if unit.held is not None and unit.held.open:
            with suppress(Exception):
                await unit.held.rollback()

    async def _park(self, update: Update, failure: Exception | None) -> None:
        kind = type(failure).__name__ if failure else "killed the process"
        logger.error("an update is parked", error=kind)
        chat = update.effective_chat

        def park(uow: UnitOfWork) -> None:
            uow.inbox.park(update.update_id, kind)
            if chat is not None and chat.type == "private":
                uow.outbox.add([Message("screen", chat.id, as_payload(apology()))], self._clock())

        await self._writer.write(park)
        await self._deliver(Answer(update.callback_query.id) if update.callback_query else None)


async def note_failure(_update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """The error handler: the library swallows exceptions of handlers, so the unit must learn of them."""
    unit = current.get()
    if unit is not None and context.error is not None:
        unit.failure = context.error
    else:
        logger.error("a handler failed outside of an update", exc_info=context.error)
