"""How an update is handled so that a kill loses nothing.

    getUpdates -> stored whole in the inbox, in one transaction -> confirmed to Telegram
    -> a queue a chat -> one transaction: effects, dialogue, draft, outbox rows, inbox «done»
    -> commit -> the notifier sends

Either all of an update is in effect, or nothing: whatever was not done when the process died is
handled at the next start, in order of arrival. An update that fails three times is parked, and the
person is told; it stops nobody else.
"""

import asyncio
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext import Application, BaseUpdateProcessor, CallbackContext

from bot.context import Talk, keep_place
from bot.screens import as_payload
from bot.screens.answers import apology
from bot.transport import AiohttpRequest
from bot.unit import Answer, Clock, Offer, Unit, current
from domain.process import Reason
from storage.database import UnitOfWork
from storage.inbox import TRIES
from storage.outbox import Message
from storage.queues import InboxState
from storage.writer import Writer

CHATS_AT_ONCE = 32
"""Updates of different chats that are in hand at a time."""

_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)], "\N{REPLACEMENT CHARACTER}")

logger = logging.getLogger(__name__)


class NotDone(Exception):  # noqa: N818  # named by what is the case
    """Somebody else has handled this update already: nothing of this try may stay."""


class StoringRequest(AiohttpRequest):
    """The getUpdates connection: stores what comes before the library can confirm it.

    The library gets stubs ``{"update_id": n}``: an update that it cannot read is then parked alone
    instead of blocking all behind it.
    """

    def __init__(self, writer: Writer, clock: Clock, **options: Any) -> None:  # noqa: ANN401  # passed on
        super().__init__(lost=NetworkError, **options)
        self._writer = writer
        self._clock = clock

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401  # passed on
        """Make the request; store the updates of its answer."""
        status, payload = await super().do_request(*args, **kwargs)
        return status, await self.store(payload) if status == 200 else payload  # noqa: PLR2004  # HTTP's «OK»

    async def store(self, payload: bytes) -> bytes:
        """Store the updates of an answer; the same answer with their stubs alone."""
        answer = json.loads(payload)
        found = answer.get("result")
        if not isinstance(found, list) or not found:
            return payload
        raw = {item["update_id"]: json.dumps(item) for item in found}
        try:
            await self._writer.write(lambda uow: uow.inbox.store(raw, self._clock()))
        except Exception as error:
            # Anything but a NetworkError would end the polling without a word.
            logger.exception("Updates could not be stored; asking for them again")
            raise NetworkError("the inbox cannot be written") from error
        answer["result"] = [{"update_id": key} for key in raw]
        return json.dumps(answer).encode()


class InboxQueue(asyncio.Queue[object]):
    """The library's queue of updates: turns stubs into the stored updates, each once."""

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self._writer = writer
        self.in_hand: set[int] = set()
        self.bot: Bot | None = None

    async def put(self, item: object) -> None:
        """Queue an update by its stub; the library's own signals pass."""
        if not isinstance(item, Update):
            await super().put(item)
            return
        update_id = item.update_id
        if update_id in self.in_hand:
            return
        self.in_hand.add(update_id)
        try:
            update = await self._load(update_id)
        except Exception as error:
            self.in_hand.discard(update_id)
            logger.exception("A stored update could not be read back")
            raise NetworkError("the inbox cannot be read") from error
        if update is None:
            self.in_hand.discard(update_id)
        else:
            await super().put(update)

    async def _load(self, update_id: int) -> Update | None:
        stored = await self._writer.write(lambda uow: uow.inbox.get(update_id))
        if stored is None or stored.state is not InboxState.WAITING:
            return None
        try:
            return Update.de_json(_storable(json.loads(stored.body)), self.bot)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with it, it must not stop the rest
            name = type(error).__name__
            logger.warning("Update %s cannot be read (%s): parked", update_id, name)
            await self._writer.write(lambda uow: uow.inbox.park(update_id, f"unreadable: {name}"))
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
        queue: InboxQueue,
        writer: Writer,
        clock: Clock,
        deliver: Callable[[Answer | Offer | None], Awaitable[None]],
        show_truth: Callable[[Talk, Reason], object],
    ) -> None:
        # The library takes its semaphore before our turn per chat: it must never be the narrow place,
        # or one busy chat would take all the slots while it waits for itself.
        super().__init__(1_000_000)
        self._queue = queue
        self._writer = writer
        self._clock = clock
        self._deliver = deliver
        self._show_truth = show_truth
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._queued: Counter[int] = Counter()
        self._slots = asyncio.Semaphore(CHATS_AT_ONCE)
        self.replaying: set[int] = set()
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
        try:
            async with self._turns[chat], self._slots:
                await self._handle(update, coroutine)
        except Exception:
            logger.exception("Update %s stays in the inbox", update.update_id)
        finally:
            self._queue.in_hand.discard(update.update_id)
            self._queued[chat] -= 1
            if not self._queued[chat]:
                del self._queued[chat], self._turns[chat]

    async def _handle(self, update: Update, first: Awaitable[Any]) -> None:
        """Try until it is done or has failed too often."""
        attempt: Awaitable[Any] | None = first
        failure: BaseException | None = None
        again = update.update_id in self.replaying
        for _ in range(TRIES):
            # A first try costs no write of its own: what kills the process is counted when it is replayed.
            if again and await self._count_try(update.update_id) > TRIES:
                break
            again = True
            failure = await self._try(update, attempt or self._dispatch(update))
            attempt = None
            if failure is None:
                return
        if attempt is not None and hasattr(attempt, "close"):
            attempt.close()
        await self._park(update, failure)

    def _dispatch(self, update: Update) -> Awaitable[Any]:
        if self.application is None:
            raise RuntimeError("the processor has no application yet")
        return self.application.process_update(update)

    async def _count_try(self, update_id: int) -> int:
        return await self._writer.write(lambda uow: uow.inbox.count_try(update_id))

    async def _try(self, update: Update, attempt: Awaitable[Any]) -> BaseException | None:
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
        except Exception as error:
            logger.exception("Update %s failed", update.update_id)
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

    async def _park(self, update: Update, failure: BaseException | None) -> None:
        kind = type(failure).__name__ if failure else "killed the process"
        logger.error("Update %s is parked: %s", update.update_id, kind)
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
    error = context.error
    if unit is not None and error is not None:
        unit.failure = error
    logger.error("A handler failed", exc_info=error)
