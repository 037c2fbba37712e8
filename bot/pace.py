"""Whose turn it is to send: Telegram's limits, and who goes first.

    waiting --turn--> in hand --done--> waiting, for as long as the chat has more
                         '--refused, troubled--> resting --its time, or others are well again--> waiting

In all, 30 messages in any second; to a group, 20 in any minute. A chat gets one message a second; only
replies to what its person has just done may come faster, in a burst that the chat saves up. Replies go
before all others, over all chats and within each; of ten turns one is left to the others, so nobody
starves. What is no message, the program's own work, takes its turns beside all this.
"""

import asyncio
import random
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import inf

from bot.lanes import MINUTE, SHORTEST_REST, TO_A_GROUP, Lane, Sort, Window

IN_ALL = 30
"""Messages that one bot may send in any second."""
OTHERS = 25
"""How many of these may be others than replies. At 30 the trembling of the network has a few refused each
second, which costs as much as it brings, and a reply that is refused waits a second.
"""
IN_A_ROW = 9
"""After so many replies it is the others' turn."""
IN_HAND = 50
"""Messages, other than replies, that may be on their way at a time: Telegram may take long to answer."""
LONGEST_REST = 60.0
"""Seconds; each rest of a chat in trouble is twice as long as the one before, up to this."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message may go to a chat."""

    chat_id: int
    sort: Sort
    at: float


class Pace:
    """Says whose turn it is.

    Args:
        work: the lanes of the program's own work, which are no chats.
        speed: how many times Telegram's limits; more than 1 against a server that knows none.
        clock: seconds that only grow.
        jitter: a share of a rest between the two given, so that chats do not come back all at once.
    """

    def __init__(
        self,
        work: Collection[int] = (),
        speed: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._work = frozenset(work)
        self._speed = speed
        self._clock = clock
        self._jitter = jitter
        self._lanes: dict[int, Lane] = {}
        self._queues: dict[Sort, list[tuple[float, int, Lane]]] = {sort: [] for sort in Sort}
        self._order = count()
        self._all = Window(IN_ALL, 1.0)
        self._next_other = -inf
        self._others = 0
        self._in_a_row = 0
        self._early: set[int] = set()
        self._changed = asyncio.Event()

    def now(self) -> float:
        """This moment, in seconds of the limits."""
        return self._clock() * self._speed

    async def turn(self) -> Turn:
        """Wait for the next turn; whoever gets it must say when it is ``done``."""
        while True:
            self._changed.clear()
            found = self.pick(self.now())
            if isinstance(found, Turn):
                return found
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), found / self._speed if found < inf else None)

    def pick(self, now: float) -> Turn | float:
        """The turn that may be taken now, or the seconds until there may be one."""
        sorts = [Sort.WORK, Sort.REPLY, Sort.OTHER]
        if self._in_a_row >= IN_A_ROW:
            sorts = [Sort.WORK, Sort.OTHER, Sort.REPLY]
        soonest = inf
        for sort in sorts:
            at = max(self._free_at(sort), self._first(sort, now))
            if at <= now:
                return self._take(sort, heappop(self._queues[sort])[2], now)
            soonest = min(soonest, at)
        return soonest - now

    def ready(self, chat_id: int, sort: Sort, newest: int = 0) -> None:
        """Something waits in a chat; a new reply is tried even in a chat that rests from others' trouble.

        ``newest``: the id of the newest reply.
        """
        lane = self._lane(chat_id)
        sort = Sort.WORK if chat_id in self._work else sort
        is_new = sort not in lane.waiting
        lane.waiting.add(sort)
        if sort is Sort.REPLY and newest > lane.newest_reply:
            lane.newest_reply = newest
            is_new = lane.wake(self.now()) or is_new
        if is_new:
            self._queue(lane)

    def done(self, turn: Turn, *, messages: int, more: bool) -> None:
        """A turn is over: so many messages were sent, and there is more of its sort, or not."""
        lane, now = self._lanes[turn.chat_id], self.now()
        lane.in_hand = False
        self._others -= turn.sort is Sort.OTHER
        if more:
            lane.waiting.add(turn.sort)
        if turn.sort is not Sort.WORK:
            self._charge(lane, turn, now, messages)
        self._queue(lane)

    def refused(self, chat_id: int, seconds: float) -> None:
        """Telegram asks to leave a chat alone for so long."""
        self._lanes[chat_id].refused(self.now() + seconds * self._speed)

    def troubled(self, chat_id: int) -> None:
        """Sending to a chat failed: it rests, longer each time."""
        lane, now = self._lanes[chat_id], self.now()
        lane.until, lane.early = now + self._jitter(lane.pause / 2, lane.pause) * self._speed, True
        lane.pause = min(lane.pause * 2, LONGEST_REST)
        self._early.add(chat_id)

    def well(self, chat_id: int) -> None:
        """Something arrived: those who rest from trouble need not wait any longer.

        None of them is woken twice a minute: it may be a trouble of its own.
        """
        now = self.now()
        self._lanes[chat_id].pause = SHORTEST_REST
        for one in self._early:
            lane = self._lanes[one]
            if now - lane.woken >= LONGEST_REST * self._speed and lane.wake(now):
                lane.woken = now
                self._queue(lane)
        self._early.clear()

    def forget(self) -> None:
        """Keep nothing of chats to which nothing has gone for a while."""
        now = self.now()
        for lane in [lane for lane in self._lanes.values() if lane.is_fresh(now)]:
            self._early.discard(lane.chat_id)
            del self._lanes[lane.chat_id]

    def _lane(self, chat_id: int) -> Lane:
        lane = self._lanes.get(chat_id)
        if lane is None:
            minute = Window(TO_A_GROUP, MINUTE) if chat_id < 0 else None
            lane = self._lanes[chat_id] = Lane(chat_id, minute=minute)
        return lane

    def _queue(self, lane: Lane) -> None:
        """Line a chat up with all that waits there; where it stands already, the later entry is idle."""
        if lane.in_hand:
            return
        for sort in lane.waiting:
            heappush(self._queues[sort], (lane.free_at(sort), next(self._order), lane))
        self._changed.set()

    def _first(self, sort: Sort, now: float) -> float:
        """When the first chat in a line may get its message; it stands at the front if that is by now."""
        line = self._queues[sort]
        while line:
            at, order, lane = line[0]
            if lane.in_hand or sort not in lane.waiting:
                heappop(line)
            elif at <= now < (free := lane.free_at(sort)):
                heappop(line)
                heappush(line, (free, order, lane))
            else:
                return at
        return inf

    def _free_at(self, sort: Sort) -> float:
        """From when on any message of a sort may go."""
        if sort is Sort.WORK:
            return -inf
        if sort is Sort.REPLY:
            return self._all.free_at()
        if self._others >= IN_HAND:
            return inf
        return max(self._all.free_at(), self._next_other if self._in_a_row < IN_A_ROW else -inf)

    def _take(self, sort: Sort, lane: Lane, now: float) -> Turn:
        if sort is Sort.REPLY and Sort.OTHER in lane.waiting and lane.in_a_row >= IN_A_ROW:
            sort = Sort.OTHER
        lane.in_hand = True
        lane.waiting.discard(sort)
        if sort is not Sort.WORK:
            replies = sort is Sort.REPLY
            lane.in_a_row = lane.in_a_row + 1 if replies else 0
            self._in_a_row = self._in_a_row + 1 if replies else 0
            self._all.take(now)
            if not replies:
                # Evenly, so that a reply finds room at any moment and not once a second.
                self._next_other = now + 1 / OTHERS
                self._others += 1
        return Turn(lane.chat_id, sort, now)

    def _charge(self, lane: Lane, turn: Turn, now: float, messages: int) -> None:
        if messages == 0 or lane.is_refused(now):
            self._all.give_back(turn.at)
            return
        lane.count(now, messages)
        if messages > 1:
            self._all.take(now, messages - 1)
