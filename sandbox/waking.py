"""Waking those who wait for a change, with no polling and no sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class Bell:
    """Whoever waits is woken by the next ring; a ring nobody waits for is not kept."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits now."""
        self._event.set()
        self._event = asyncio.Event()

    def wait(self, seconds: float) -> Coroutine[None, None, bool]:
        """Wait for the next ring after this call; False when ``seconds`` went by without one.

        The event is taken here and not when the coroutine first runs: a ring in between counts.
        """
        return _wait(self._event, seconds)


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
