"""Delivers updates to the bot's webhook: one at a time, in order, again and again until it takes one."""

from __future__ import annotations

import asyncio
import contextlib
import time
from http import HTTPStatus

import aiohttp

from sandbox.clock import Clock
from sandbox.updates import Hook, Update, UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
ANSWER_SECONDS = 60.0
_LOOK_AGAIN = 3600.0


class Deliverer:
    """A task that waits for a webhook and for updates, and brings the ones to the other.

    ``due`` is the moment of the next attempt after one that failed.
    """

    def __init__(self, queue: UpdateQueue, clock: Clock) -> None:
        self._queue = queue
        self._clock = clock
        self.due = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for updates."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End, also in the middle of a delivery."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        # A connection each: a bot that was started anew must not be met on a dead one.
        connector = aiohttp.TCPConnector(ssl=False, force_close=True)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as http:
            failures = 0
            while True:
                news = self._queue.arrived.wait(_LOOK_AGAIN)
                hook, update = self._queue.hook, self._queue.oldest()
                if hook is None or update is None:
                    await news
                    continue
                news.close()
                error = await _post(http, hook, update)
                if self._queue.hook is not hook:
                    failures = 0
                elif error:
                    self._queue.last_error = {
                        "last_error_date": int(time.time()),
                        "last_error_message": error,
                    }
                    await self._pause(PAUSES[min(failures, len(PAUSES) - 1)], hook)
                    failures += 1
                else:
                    failures = 0
                    self._queue.confirm(update["update_id"] + 1)

    async def _pause(self, seconds: float, hook: Hook) -> None:
        """Wait before the next attempt; another webhook ends the waiting."""
        self.due = self._clock.now() + seconds
        over = asyncio.ensure_future(self._clock.until(self.due))
        try:
            while not over.done() and self._queue.hook is hook:
                news = asyncio.ensure_future(self._queue.arrived.wait(_LOOK_AGAIN))
                await asyncio.wait({over, news}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
        finally:
            over.cancel()


async def _post(http: aiohttp.ClientSession, hook: Hook, update: Update) -> str:
    """Deliver once; what went wrong, or an empty text."""
    headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
    try:
        async with http.post(hook.url, json=update, headers=headers, allow_redirects=False) as answer:
            status = answer.status
    except TimeoutError:
        return "Read timeout expired"
    except aiohttp.ClientConnectorError:
        return "Connection refused"
    except (aiohttp.ClientError, ConnectionError):
        return "Connection reset by peer"
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return ""
    known = status in HTTPStatus._value2member_map_
    return f"Wrong response from the webhook: {status} {HTTPStatus(status).phrase if known else ''}".strip()
