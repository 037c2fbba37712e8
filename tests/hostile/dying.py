"""A writer that dies: before a transaction, in the midst of it, or after its commit."""

from collections.abc import Callable
from typing import TypeVar

from storage.database import Database, UnitOfWork
from storage.writer import Writer

T = TypeVar("T")
BEFORE, WITHIN, AFTER = range(3)


class Killed(BaseException):
    """The process has ended here; nothing after it happens."""


class Dying:
    """Writes so many transactions, and no more; how the next one ends is told by ``way``."""

    def __init__(self, writer: Writer, left: int, way: int) -> None:
        self._writer = writer
        self._left = left
        self._way = way

    @property
    def database(self) -> Database:
        """Reading kills nobody."""
        return self._writer.database

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Write, or die."""
        self._left -= 1
        if self._left >= 0:
            return await self._writer.write(work)
        if self._way == WITHIN:

            def half(uow: UnitOfWork) -> T:
                work(uow)
                raise Killed

            await self._writer.write(half)
        if self._way == AFTER:
            await self._writer.write(work)
        raise Killed
