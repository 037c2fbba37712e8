"""What Telegram's limits leave of each chat: how soon the next message may go there.

Edits count as messages do: Telegram's limits of a chat are for both.
"""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from math import inf

TO_A_GROUP = 20
"""Messages that a group may get in any minute."""
KEPT_FREE = 2
"""How many of these are left to replies."""
BURST = 10
"""Replies that a chat may get at once after a pause; each second gives one back. Others leave it whole."""
SHORTEST_REST = 0.5
"""Seconds of the first rest of a chat in trouble."""
MINUTE = 60.0


class Sort(Enum):
    """What waits in a chat."""

    REPLY = "reply"
    OTHER = "other"
    WORK = "work"


class Window:
    """So many in any stretch of so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._times: deque[float] = deque()

    def free_at(self, spare: int = 0) -> float:
        """From when on there is room for one more, and for ``spare`` besides."""
        over = len(self._times) - (self._most - spare)
        return self._times[over] + self._seconds if over >= 0 else -inf

    def take(self, now: float, messages: int = 1) -> None:
        """Count messages; what is too old to matter is forgotten."""
        self._times.extend([now] * messages)
        while self._times[0] + self._seconds <= now:
            self._times.popleft()

    def give_back(self, moment: float) -> None:
        """Nothing was sent at a moment that was counted."""
        with suppress(ValueError):
            self._times.remove(moment)


@dataclass(slots=True)
class Lane:
    """A chat, and what is known of it while something waits there or its limits matter.

    ``saved`` is how much of the burst there was at ``since``, when the last message went; ``until`` is
    when it has rested enough, ``early`` whether others' success ends the rest, ``woken`` when it last did.
    """

    chat_id: int
    saved: float = BURST
    since: float = -inf
    minute: Window | None = None
    waiting: set[Sort] = field(default_factory=set)
    newest_reply: int = 0
    in_hand: bool = False
    in_a_row: int = 0
    until: float = -inf
    early: bool = False
    woken: float = -inf
    pause: float = SHORTEST_REST

    def free_at(self, sort: Sort) -> float:
        """From when on such a message may go."""
        if sort is Sort.WORK:
            return self.until
        spare, needed = (0, 1) if sort is Sort.REPLY else (KEPT_FREE, BURST)
        free = max(self.until, self.since + max(0, needed - self.saved))
        return max(free, self.minute.free_at(spare)) if self.minute else free

    def count(self, now: float, messages: int) -> None:
        """So many were sent."""
        self.saved = min(BURST, self.saved + now - self.since) - messages
        self.since = now
        if self.minute is not None:
            self.minute.take(now, messages)

    def refused(self, until: float) -> None:
        """Telegram takes nothing until then, and no burst afterwards."""
        self.until, self.early = until, False
        self.saved, self.since = 0, until - 1

    def is_refused(self, now: float) -> bool:
        """Whether Telegram has refused a message, which does not count then."""
        return not self.early and self.until > now

    def wake(self, now: float) -> bool:
        """End a rest that may end early; whether there was one."""
        if not self.early or self.until <= now:
            return False
        self.until = now
        return True

    def is_fresh(self, now: float) -> bool:
        """Whether nothing would change if it were forgotten."""
        return not (self.in_hand or self.waiting) and max(self.until, self.since + MINUTE) < now
