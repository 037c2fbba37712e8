"""The queue of updates: each stays until the bot confirms it, as Telegram keeps them.

An update is queued when it happens and redelivered with every poll until a poll names an ``offset``
above its id. Ids only ever grow, even over a reset: a bot remembers the last id it confirmed and
would drop anything below.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

from sandbox.errors import conflict
from sandbox.store import Store
from sandbox.waking import Bell

Update = dict[str, Any]


class UpdateQueue:
    """The bot's unconfirmed updates, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        meta: dict[str, Any] = dict(store.rows("updates-meta"))
        self.next_id: int = meta.get("next_id", 1)
        # None is Telegram's default: every kind but the few a bot has to ask for.
        self.allowed: list[str] | None = meta.get("allowed")
        rows = sorted(store.rows("update"), key=lambda row: int(row[0]))
        self.pending: dict[int, tuple[int, Update]] = {
            int(key): (row["person"], row["update"]) for key, row in rows
        }
        self._per_person = Counter(person for person, _ in self.pending.values())
        self._arrived = Bell()
        self._poll = asyncio.Event()
        self.confirmed = Bell()

    def add(self, person: int, kind: str, body: dict[str, Any]) -> int:
        """Queue one update of ``kind`` and give its id; an unwanted kind uses up its id only."""
        update_id, self.next_id = self.next_id, self.next_id + 1
        self._store.put("updates-meta", "next_id", self.next_id)
        if self.allowed is None or kind in self.allowed:
            update = {"update_id": update_id, kind: body}
            self.pending[update_id] = (person, update)
            self._per_person[person] += 1
            self._store.put("update", update_id, {"person": person, "update": update})
            self._arrived.ring()
        return update_id

    def pending_of(self, person: int) -> int:
        """How many of a person's updates the bot has not confirmed yet."""
        return self._per_person[person]

    def allow(self, kinds: list[str] | None) -> None:
        """Remember what the bot listens to; an empty list is the default again."""
        self.allowed = kinds or None
        self._store.put("updates-meta", "allowed", self.allowed)

    def confirm(self, offset: int) -> None:
        """Forget what lies below ``offset``; a negative one keeps the newest only, counted from the end."""
        if offset < 0:
            ids = list(self.pending)
            offset = ids[max(0, len(ids) + offset)] if ids else 0
        done = [update_id for update_id in self.pending if update_id < offset]
        for update_id in done:
            person, _ = self.pending.pop(update_id)
            self._per_person[person] -= 1
            self._store.delete("update", update_id)
        if done:
            self.confirmed.ring()

    def drop(self) -> None:
        """Forget every pending update; ids go on."""
        self.confirm(self.next_id)

    async def poll(self, limit: int, seconds: float) -> list[Update]:
        """The oldest ``limit`` updates, waiting up to ``seconds`` for the first one.

        Only one poll waits at a time: a later one ends this one with a conflict.
        """
        self._poll.set()
        mine = self._poll = asyncio.Event()
        deadline = time.monotonic() + seconds
        while not self.pending and (left := deadline - time.monotonic()) > 0:
            arrived = asyncio.ensure_future(self._arrived.wait(left))
            ended = asyncio.ensure_future(mine.wait())
            try:
                await asyncio.wait({arrived, ended}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                arrived.cancel()
                ended.cancel()
            if mine.is_set():
                raise conflict()
        return [update for _, update in list(self.pending.values())[:limit]]
