"""The bad days of a network: the log of all calls as it grows, and a failure ordered for some of the next."""

import random
from collections import Counter

from bot.texts.words import nothing_saved
from tests.torture.rig import Json, Rig

KINDS = ("429", "500", "502", "reset", "hang", "slow", "lost")
AT_ONCE = 2
"""Failures that are ordered and have not struck yet: more would pile up while the bot is dead."""
SLOWEST = 0.3
"""Seconds that a slow call takes at the most."""
LONG_HANG = 6.0
"""Longer than the bot waits for an answer."""


class Weather:
    """Reads the log to its end, and orders so many failures of a hundred calls."""

    def __init__(self, rig: Rig, chance: random.Random, percent: float) -> None:
        self.calls: list[Json] = []
        self.ordered: Counter[str] = Counter()
        self._rig = rig
        self._chance = chance
        self._percent = percent

    async def blow(self) -> None:
        """Go on until cancelled."""
        while True:
            for _ in range(await self.read(wait=30.0)):
                if self._chance.random() * 100 < self._percent:
                    await self._order()

    async def calm(self) -> None:
        """Call off what has not struck yet."""
        await self._rig.delete("faults")

    async def read(self, wait: float = 0.0) -> int:
        """Read what is new in the log, to its end; how many calls."""
        known = len(self.calls)
        while True:
            after = self.calls[-1]["n"] if self.calls else 0
            answer = await self._rig.get("log", after=after, wait=wait)
            self.calls += answer["calls"]
            if not self.calls or self.calls[-1]["n"] >= answer["last"]:
                return len(self.calls) - known

    @property
    def regrets(self) -> list[Json]:
        """The calls that told somebody that nothing can be saved."""
        return [call for call in self.calls if call["params"].get("text") == nothing_saved()]

    async def _order(self) -> None:
        if len((await self._rig.get("state"))["faults"]) >= AT_ONCE:
            return
        kind = self._chance.choice(KINDS)
        done = kind == "lost" or (kind in {"500", "502", "reset", "hang"} and self._chance.random() < 1 / 2)
        long = kind == "hang" and self._chance.random() < 1 / 4
        seconds = LONG_HANG if long else self._chance.uniform(0.01, SLOWEST)
        self.ordered[f"{kind}, done" if done else kind] += 1
        await self._rig.post("faults", {"kind": kind, "seconds": round(seconds, 3), "done": done})
