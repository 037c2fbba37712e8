"""All writing goes through one thread, one transaction at a time.

One writer that queues is faster than many that wait on SQLite's lock, and its slowest writes are an
order of magnitude faster. Every call survives the cancelling of whoever awaits it: a transaction is
never left half way.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TypeVar

from storage.database import Database, UnitOfWork

T = TypeVar("T")


class Turn(asyncio.Lock):
    """Whose turn it is, and since when."""

    _since: float | None = None

    async def acquire(self) -> Literal[True]:
        """Wait for one's turn."""
        await super().acquire()
        self._since = time.monotonic()
        return True

    def release(self) -> None:
        """Let the next one have it."""
        self._since = None
        super().release()

    def lasts(self) -> float:
        """Seconds since it began; 0 when it is nobody's."""
        return 0.0 if self._since is None else time.monotonic() - self._since


class Held:
    """A transaction that stays open between calls: the unit of one update."""

    def __init__(self, writer: "Writer", unit: UnitOfWork) -> None:
        self._writer = writer
        self._unit = unit
        self.open = True

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run ``work`` inside the transaction."""
        self._check()
        return await self._writer.in_thread(lambda: work(self._unit))

    async def commit(self) -> None:
        """Make it permanent and let the next transaction start."""
        await self._end(self._unit.commit)

    async def rollback(self) -> None:
        """Undo it and let the next transaction start."""
        await self._end(self._unit.rollback)

    async def _end(self, last: Callable[[], None]) -> None:
        self._check()
        self.open = False
        try:
            await self._writer.in_thread(last)
        finally:
            self._writer.turn.release()

    def _check(self) -> None:
        if not self.open:
            raise RuntimeError("this unit of work has ended")


class Writer:
    """The one place from which coroutines write."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.turn = Turn()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="writer")

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run ``work`` in a transaction of its own and commit it."""

        def whole() -> T:
            with self.database.write() as unit:
                return work(unit)

        async with self.turn:
            return await self.in_thread(whole)

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run ``work`` between two transactions, when nothing is half written; it only reads."""

        def whole() -> T:
            with self.database.read() as unit:
                return work(unit)

        async with self.turn:
            return await self.in_thread(whole)

    async def hold(self) -> Held:
        """Open a transaction that stays open; whoever asks must end it."""
        await self.turn.acquire()
        return Held(self, self.database.write())

    async def in_thread(self, call: Callable[[], T]) -> T:
        """Run a call in the writer's thread, to its end even if the caller is cancelled."""
        future = asyncio.get_running_loop().run_in_executor(self._executor, call)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            # The thread goes on whatever we do: wait for it, so that nobody else gets the turn too early.
            await asyncio.wait([future])
            if not future.cancelled():
                future.exception()  # of no concern to anybody any more
            raise

    def close(self) -> None:
        """Wait for the last call to end."""
        self._executor.shutdown()
