"""How long a reply waits for its turn while many alerts go out: first come first served, and this pace.

    python -m bench.pace

Time is reckoned, not spent, so the figures are the same on every machine: 500 alerts wait for 500 chats
and 50 for each of 4 people, who press 12 times each in 12 seconds. Telegram takes 40 ms.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import count
from math import inf
from statistics import median, quantiles

from bot.lanes import Sort
from bot.pace import IN_ALL, Pace, Turn

CROWD, EACH, PEOPLE = 500, 50, 4
PRESSES, BETWEEN = 48, 0.253
TAKES = 0.04


def presses() -> Iterator[tuple[float, int]]:
    """When who presses, from a second after the alerts on."""
    return ((1 + number * BETWEEN, number % PEOPLE + 1) for number in range(PRESSES))


def first_come() -> list[float]:
    """One line for all that is evenly paced, in the order of coming; in a chat one after the other."""
    alerts = [(0.0, 1000 + n, False) for n in range(CROWD)]
    alerts += [(0.0, n % PEOPLE + 1, False) for n in range(EACH * PEOPLE)]
    line = deque(sorted([*alerts, *((at, chat, True) for at, chat in presses())], key=lambda one: one[0]))
    free: defaultdict[int, float] = defaultdict(float)
    now, waits = 0.0, []
    for came, chat, is_reply in line:
        now = max(now + 1 / IN_ALL, came)
        sent = max(now, free[chat])
        free[chat] = sent + 1.0  # faster, Telegram would refuse it
        if is_reply:
            waits.append(sent - came)
    return waits


def replies_first() -> list[float]:
    """The pace as it is."""
    now = 0.0
    pace = Pace(clock=lambda: now)
    left: defaultdict[tuple[int, Sort], int] = defaultdict(int)
    for chat in range(1000, 1000 + CROWD):
        left[chat, Sort.OTHER] = 1
    for chat in range(1, PEOPLE + 1):
        left[chat, Sort.OTHER] = EACH
    for chat, sort in list(left):
        pace.ready(chat, sort)
    order = count()
    coming, arriving = deque(presses()), list[tuple[float, int, Turn]]()
    pressed: defaultdict[int, deque[float]] = defaultdict(deque)
    waits: list[float] = []
    while coming or arriving or any(left.values()):
        while coming and coming[0][0] <= now:
            at, chat = coming.popleft()
            left[chat, Sort.REPLY] += 1
            pressed[chat].append(at)
            pace.ready(chat, Sort.REPLY)
        while arriving and arriving[0][0] <= now:
            turn = heapq.heappop(arriving)[2]
            pace.done(turn, messages=1, more=left[turn.chat_id, turn.sort] > 0)
        found = pace.pick(now)
        if isinstance(found, Turn):
            left[found.chat_id, found.sort] -= 1
            heapq.heappush(arriving, (now + TAKES, next(order), found))
            if found.sort is Sort.REPLY:
                waits.append(now - pressed[found.chat_id].popleft())
            continue
        next_press = coming[0][0] if coming else inf
        now = min(now + found, next_press, arriving[0][0] if arriving else inf)
    return waits


def main() -> None:
    """Print a line each, and the ratio."""
    found = {"first come, first served": first_come(), "replies first": replies_first()}
    for name, waits in found.items():
        p90 = quantiles(waits, n=10)[-1]
        print(f"{name:26} median {median(waits):8.3f} s   p90 {p90:8.3f} s   longest {max(waits):8.3f} s")
    one, other = found.values()
    print(f"the longest wait is {max(one) / max(*other, TAKES):.0f} times as long")


if __name__ == "__main__":
    main()
