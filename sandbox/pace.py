"""Telegram's rate limits: 30 messages a second in all, 1 a second to a person, 20 a minute to a group.

What counts is a method that posts messages, an album as many as it has; edits, answers and actions do
not. Telegram says that short bursts to one person may pass but not how long: here a person's chat may
take ``BURST`` at once and wins one back every second. A refused call does not count. An album goes out
whole when there is room for its first message.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.errors import too_many_requests
from sandbox.params import Params

ALL_PER_SECOND = 30
GROUP_PER_MINUTE = 20
BURST = 5
_COUNTED = frozenset(
    [
        "sendmessage",
        "sendphoto",
        "senddocument",
        "sendlocation",
        "sendvenue",
        "sendmediagroup",
        "forwardmessage",
        "copymessage",
    ]
)


class _Window:
    """So many in any stretch of so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until there is room."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        if len(self._times) < self._most:
            return 0.0
        return self._times[len(self._times) - self._most] + self._seconds - now

    def count(self, now: float, messages: int) -> None:
        self._times.extend([now] * messages)


@dataclass
class _Bucket:
    """So many at once, and one more every second."""

    left: float = BURST
    since: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until there is room."""
        self.left = min(BURST, self.left + now - self.since)
        self.since = now
        return max(0.0, 1 - self.left)

    def count(self, _: float, messages: int) -> None:
        self.left -= messages


class Pace:
    """Counts what the bot sends and refuses what is too much."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.clear()

    def clear(self) -> None:
        """Forget what was sent."""
        self._all = _Window(ALL_PER_SECOND, 1.0)
        self._groups: defaultdict[str, _Window] = defaultdict(lambda: _Window(GROUP_PER_MINUTE, 60.0))
        self._people: defaultdict[str, _Bucket] = defaultdict(_Bucket)

    def meet(self, method: str, params: Params) -> None:
        """Count a call, or refuse it with 429 and the whole seconds to wait."""
        if method.lower() not in _COUNTED:
            return
        chat, now = params.text("chat_id"), self._clock.now()
        own: _Window | _Bucket = self._groups[chat] if chat.startswith("-") else self._people[chat]
        rules: Iterable[_Window | _Bucket] = (own, self._all)
        if wait := max(rule.wait(now) for rule in rules):
            raise too_many_requests(max(1, math.ceil(wait)))
        for rule in rules:
            rule.count(now, _messages(params))


def _messages(params: Params) -> int:
    try:
        media = json.loads(params.text("media") or "[]")
    except ValueError:
        return 1
    return max(1, len(media)) if isinstance(media, list) else 1
