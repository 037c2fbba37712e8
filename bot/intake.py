"""How updates come in: each is kept in the inbox before Telegram may forget it.

    Telegram --getUpdates or a webhook--> Intake.store, one transaction --> confirmed to Telegram

From there on the inbox is the only source (``bot.updates``). What cannot be stored is not confirmed:
Telegram brings it again, and whoever sent it is told that it has to wait.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from telegram import Bot, Update
from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError

from bot.leading import Right
from bot.logs import logger_of, said
from bot.metrics import Metrics
from bot.regrets import Regrets
from bot.transport import AiohttpRequest
from bot.unit import Clock
from storage.writer import Writer

ALLOWED_UPDATES: Final = [
    Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER,
]  # fmt: skip
HELD: Final = 10
"""Seconds that Telegram holds a poll open while there is nothing new."""
PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between polls that fail, one after the other."""
PATIENCE: Final = 3.0
"""Seconds after which people are told although the database may still answer: it may never do."""
LAST_WORDS: Final = 2.0
"""Seconds within which Telegram is told at the end which updates were taken."""

logger = logger_of(__name__)


class Intake:
    """Stores what comes, whichever way."""

    def __init__(self, writer: Writer, clock: Clock, regrets: Regrets) -> None:
        self.arrived = asyncio.Event()
        self._writer = writer
        self._clock = clock
        self.regrets = regrets

    async def store(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keep updates as Telegram sent them; who sent them is told when that lasts. A failure is raised."""
        raw = {update["update_id"]: json.dumps(update) for update in updates}
        now: datetime = self._clock()
        lasting = asyncio.create_task(self._regret_when_it_lasts(updates))
        try:
            await self._writer.write(lambda uow: uow.inbox.store(raw, now))
        except Exception:
            await self._regret(updates)
            raise
        finally:
            lasting.cancel()
        self.regrets.over()
        self.arrived.set()

    async def _regret_when_it_lasts(self, updates: Sequence[dict[str, Any]]) -> None:
        await asyncio.sleep(PATIENCE)
        await self._regret(updates)

    async def _regret(self, updates: Sequence[dict[str, Any]]) -> None:
        for update in updates:
            await self.regrets.say(update)


class StoringRequest(AiohttpRequest):
    """The connection of getUpdates: stores what comes before the library sees it.

    The library gets stubs ``{"update_id": n}``: an update that it cannot read is then parked alone
    instead of blocking all behind it.
    """

    def __init__(self, intake: Intake, **options: Any) -> None:  # noqa: ANN401  # passed on
        super().__init__(lost=NetworkError, **options)
        self._intake = intake

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
        try:
            await self._intake.store(found)
        except Exception as error:  # whatever it was, Telegram keeps them
            logger.warning("updates cannot be stored; asking for them again", error=said(error))
            raise NetworkError("the inbox cannot be written") from error
        answer["result"] = [{"update_id": update["update_id"]} for update in found]
        return json.dumps(answer).encode()


class Polling:
    """Asks Telegram for updates, again and again; what it has stored it confirms with the next question."""

    def __init__(self, bot: Bot, right: Right, metrics: Metrics) -> None:
        self._bot = bot
        self._metrics = metrics
        self._right = right
        self._offset: int | None = None
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to ask."""
        self.task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End, and tell Telegram which updates were taken: what is not told comes again, and is known."""
        if self.task is None:
            return
        self.task.cancel()
        await asyncio.wait([self.task])
        if self._offset is not None and self._right.is_sure():
            with suppress(TelegramError, TimeoutError):
                await asyncio.wait_for(self._ask(0, 1), LAST_WORDS)

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self._ask(HELD, 100)
                self._metrics.polled(failed=False)
            except RetryAfter as error:
                wait = error.retry_after
                await asyncio.sleep(wait.total_seconds() if isinstance(wait, timedelta) else wait)
            except Exception as error:  # noqa: BLE001  # whatever it is, nobody else asks
                logger.warning("Telegram cannot be asked for updates; asking again", error=said(error))
                self._metrics.polled(failed=True)
                await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
                if isinstance(error, Conflict):
                    await self._give_way()
            else:
                failures = 0

    async def _give_way(self) -> None:
        """Somebody else polls. If our right is in doubt they may have it: it is not for us to disturb."""
        while not self._right.is_sure():  # noqa: ASYNC110  # a moment in time sets no event
            await asyncio.sleep(PAUSES[0])

    async def _ask(self, seconds: int, limit: int) -> None:
        updates = await self._bot.get_updates(
            self._offset, limit=limit, timeout=seconds, allowed_updates=ALLOWED_UPDATES
        )
        if updates:
            self._offset = updates[-1].update_id + 1
