"""Questions of people that wait for the bot's one answer: presses of buttons.

A query that is older than ``Settings.query_age`` can no longer be answered, as in Telegram.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.chats import Wire
from sandbox.clock import Clock
from sandbox.errors import QUERY_TOO_OLD, bad_request
from sandbox.store import Store


class Queries:
    """The unanswered presses, oldest first."""

    def __init__(self, store: Store, clock: Clock, age: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._age = age
        self._kept: dict[str, Wire] = dict(store.rows("query"))

    def add(self, query: Wire) -> None:
        """Keep a query (``id``, ``person``, ``chat_id``, ``message_id``, ``data``) from now on."""
        self._kept[query["id"]] = kept = query | {"at": self._clock.now()}
        self._store.put("query", query["id"], kept)

    def take(self, query_id: str) -> Wire:
        """A query that can still be answered, and only once; else Telegram's refusal."""
        self._forget_old()
        if query_id not in self._kept:
            raise bad_request(QUERY_TOO_OLD)
        self._store.delete("query", query_id)
        return self._kept.pop(query_id)

    def check(self, query_id: str) -> None:
        """Refuse what cannot be answered, and leave it waiting."""
        self._forget_old()
        if query_id not in self._kept:
            raise bad_request(QUERY_TOO_OLD)

    def waiting(self) -> list[Wire]:
        """Those that can still be answered."""
        self._forget_old()
        return list(self._kept.values())

    def _forget_old(self) -> None:
        age, now = self._age(), self._clock.now()
        old = [key for key, query in self._kept.items() if age and now - query.get("at", now) > age]
        for key in old:
            del self._kept[key]
            self._store.delete("query", key)

    def __len__(self) -> int:
        return len(self.waiting())

    def clear(self) -> None:
        """Forget them all."""
        self._kept.clear()
