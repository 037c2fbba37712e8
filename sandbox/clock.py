"""Time as the sandbox sees it: it can be moved ahead, so that nobody has to wait for what grows old."""

from __future__ import annotations

import time
from collections.abc import Callable

from sandbox.waking import Bell


class Clock:
    """Seconds since 1970 by ``source``, and what it was moved ahead."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self.ahead = 0.0
        self.moved = Bell()

    def now(self) -> float:
        """What time it is here."""
        return self._source() + self.ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self.ahead += seconds
        self.moved.ring()

    async def until(self, moment: float) -> None:
        """Wait for a moment, by passing time or by a jump."""
        while True:
            moved = self.moved.wait(max(0.0, left := moment - self.now()))
            if left <= 0:
                moved.close()
                return
            await moved
