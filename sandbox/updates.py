"""The queue of updates: each stays until the bot confirms it, as Telegram keeps them.

An update is queued when it happens and redelivered with every poll until a poll names an ``offset``
above its id, or until the webhook has taken it. Ids only ever grow, even over a reset: a bot remembers
the last id it confirmed and would drop anything below.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.errors import HOOK_IS_SET, HOOK_SET, OTHER_POLL, conflict
from sandbox.store import Store
from sandbox.waking import Bell

Update = dict[str, Any]


@dataclass(frozen=True)
class Hook:
    """Where updates are delivered to, when the bot does not poll."""

    url: str
    secret: str = ""
    connections: int = 40
    certificate: bool = False


class UpdateQueue:
    """The bot's unconfirmed updates, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        meta: dict[str, Any] = dict(store.rows("updates-meta"))
        self.next_id: int = meta.get("next_id", 1)
        # None is Telegram's default: every kind but the few a bot has to ask for.
        self.allowed: list[str] | None = meta.get("allowed")
        self.hook = Hook(**meta["hook"]) if meta.get("hook") else None
        self.last_error: dict[str, Any] = {}
        rows = sorted(store.rows("update"), key=lambda row: int(row[0]))
        self.pending: dict[int, tuple[set[int], Update]] = {
            int(key): ({row["person"], row.get("room", row["person"])}, row["update"]) for key, row in rows
        }
        self._per_chat = Counter(number for whose, _ in self.pending.values() for number in whose)
        self.arrived = Bell()
        self._poll = asyncio.Event()
        self.confirmed = Bell()
        self.check: Callable[[Update], None] = _accept

    def add(self, person: int, kind: str, body: dict[str, Any], room: int = 0) -> int:
        """Queue one update of ``kind`` that a person caused, in their own chat unless ``room`` says where.

        Gives its id; an unwanted kind uses up its id only.
        """
        update_id, self.next_id = self.next_id, self.next_id + 1
        self._store.put("updates-meta", "next_id", self.next_id)
        if self.allowed is None or kind in self.allowed:
            update = {"update_id": update_id, kind: body}
            self.check(update)
            room = room or person
            self.pending[update_id] = ({person, room}, update)
            self._per_chat.update({person, room})
            self._store.put("update", update_id, {"person": person, "room": room, "update": update})
            self.arrived.ring()
        return update_id

    def pending_of(self, chat: int) -> int:
        """How many updates of a person, or of a group, the bot has not confirmed yet."""
        return self._per_chat[chat]

    def oldest(self) -> Update | None:
        """The first update the bot has not confirmed."""
        return next((update for _, update in self.pending.values()), None)

    def allow(self, kinds: list[str] | None) -> None:
        """Remember what the bot listens to; an empty list is the default again."""
        self.allowed = kinds or None
        self.keep()

    def hang(self, hook: Hook | None) -> None:
        """Deliver to another address from now on, or to none; ends a poll that waits."""
        self.hook = hook
        self.last_error = {}
        self.keep()
        if hook is not None:
            self._poll.set()
        self.arrived.ring()

    def keep(self) -> None:
        """Write down all but the updates themselves."""
        hook = asdict(self.hook) if self.hook else None
        for name, value in (("next_id", self.next_id), ("allowed", self.allowed), ("hook", hook)):
            self._store.put("updates-meta", name, value)

    def confirm(self, offset: int) -> None:
        """Forget what lies below ``offset``; a negative one keeps the newest only, counted from the end."""
        if offset < 0:
            ids = list(self.pending)
            offset = ids[max(0, len(ids) + offset)] if ids else 0
        done = [update_id for update_id in self.pending if update_id < offset]
        for update_id in done:
            whose, _ = self.pending.pop(update_id)
            self._per_chat.subtract(whose)
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
        self.may_poll()
        self._poll.set()
        mine = self._poll = asyncio.Event()
        deadline = time.monotonic() + seconds
        while not self.pending and (left := deadline - time.monotonic()) > 0:
            arrived = asyncio.ensure_future(self.arrived.wait(left))
            ended = asyncio.ensure_future(mine.wait())
            try:
                await asyncio.wait({arrived, ended}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                arrived.cancel()
                ended.cancel()
            if mine.is_set():
                raise conflict(HOOK_SET if self.hook else OTHER_POLL)
        return [update for _, update in list(self.pending.values())[:limit]]

    def may_poll(self) -> None:
        """Refuse while a webhook is set."""
        if self.hook is not None:
            raise conflict(HOOK_IS_SET)


def _accept(_: Update) -> None:
    """Without strict mode every update is as it should be."""
