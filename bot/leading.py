"""Who works: of all processes on one database, one polls, ticks, works the inbox and sends.

    standing by --obtain--> working --another process has it--> lost: the process starts over

On SQLite a lock beside the file says so, and a second process does not start. On PostgreSQL it is the
lease (``storage.lease``): whoever works renews it every second, and sends nothing in its last second.
When the database does not answer, the right is in doubt: nothing is sent, and work goes on as soon as
the database says that nobody else has taken it.
"""

import asyncio
import fcntl
import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.logs import logger_of, said
from storage.lease import Leases

LENGTH = 4.0
"""Seconds after which a lease that was not renewed is anybody's."""
RENEWED = 1.0
"""Seconds between two renewals."""
MARGIN = 1.0
"""Seconds before its end in which nothing is sent: the other clock may go faster than ours."""
LOOK = 0.25
"""Seconds between two looks of those who stand by."""
HUNG = 6.0
"""Seconds without an answer after which the process does not wait for the database any more."""

T = TypeVar("T")
logger = logger_of(__name__)


def _moment() -> float:
    """Seconds of a clock that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Right(Protocol):
    """The right to work."""

    epoch: int | None
    """Under which it is had; None where no other process can have it."""
    lost: asyncio.Event
    """Set when somebody else has it, or the database has not answered for too long."""

    async def obtain(self, stopped: asyncio.Event) -> bool:
        """Stand by until it is ours; False when stopped, or cut off, meanwhile."""

    async def keep(self) -> None:
        """Hold on to it, until it is lost or this is cancelled."""

    def is_sure(self) -> bool:
        """Whether it is ours at this moment beyond doubt."""

    async def give_back(self) -> None:
        """Let the next one work at once."""


class InUse(Exception):  # noqa: N818  # named by what is the case
    """Another process works on this file.

    Attributes:
        pid: its number, or what could be read of it.
    """

    def __init__(self, pid: str) -> None:
        super().__init__(pid)
        self.pid = pid


class Alone:
    """One process on an SQLite file. The system takes the lock away with the process, however it ends.

    Raises:
        InUse: another process has it.
    """

    epoch: int | None = None

    def __init__(self, database: Path | None) -> None:
        self.lost = asyncio.Event()
        self._lock: IO[str] | None = None
        if database is not None:  # in memory nobody else can have it
            self._lock = _locked(database.with_name(f"{database.name}-run"))

    async def obtain(self, stopped: asyncio.Event) -> bool:
        """It is ours from the start."""
        return not stopped.is_set()

    async def keep(self) -> None:
        """Nobody can take it."""

    def is_sure(self) -> bool:
        """Always."""
        return True

    async def give_back(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            self._lock.close()


def _locked(path: Path) -> IO[str]:
    """The file, locked by this process and with its number in it."""
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        with lock:
            lock.seek(0)
            raise InUse(lock.read().strip()) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


class Leased:
    """One of several processes on PostgreSQL."""

    def __init__(self, leases: Leases, moment: Callable[[], float] = _moment) -> None:
        self.epoch: int | None = None
        self.lost = asyncio.Event()
        self._leases = leases
        self._moment = moment
        self._sure_until = 0.0
        self._holder = f"{socket.gethostname()}:{os.getpid()}"[:120]
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lease")

    async def obtain(self, stopped: asyncio.Event) -> bool:
        """Stand by until the lease is anybody's, and take it."""
        told = False
        while not stopped.is_set():
            began = self._moment()
            try:
                self.epoch = await self._ask(lambda: self._leases.take(self._holder, LENGTH))
            except SQLAlchemyError as error:
                logger.warning("the lease cannot be asked for", error=said(error))
                await _either(stopped, RENEWED)
                continue
            except TimeoutError:
                self.lost.set()
                return False
            if self.epoch is not None:
                self._sure_until = began + LENGTH - MARGIN
                logger.info("working", holder=self._holder, epoch=self.epoch)
                return True
            if not told:
                logger.info("standing by: another process works", holder=self._holder)
                told = True
            await _either(stopped, LOOK)
        return False

    async def keep(self) -> None:
        """Renew every second; what cannot be asked leaves the right in doubt."""
        epoch, doubted = self.epoch or 0, False
        while True:
            began = self._moment()
            try:
                held = await self._ask(lambda: self._leases.renew(epoch, LENGTH))
            except SQLAlchemyError as error:
                if not doubted:
                    logger.warning("the lease cannot be renewed: in doubt", error=said(error))
                doubted = True
            except TimeoutError:
                logger.error("the database does not answer", seconds=HUNG)  # noqa: TRY400  # nothing to trace
                break
            except Exception:
                logger.exception("the lease cannot be kept")  # a mistake of ours: a new start may help
                break
            else:
                if not held:
                    logger.warning("another process works since", epoch=epoch)
                    break
                self._sure_until, doubted = began + LENGTH - MARGIN, False
            await asyncio.sleep(max(0.0, began + RENEWED - self._moment()))
        self._sure_until = 0.0
        self.lost.set()

    def is_sure(self) -> bool:
        """Whether the lease was renewed so lately that nobody else can have it."""
        return self._moment() < self._sure_until

    async def give_back(self) -> None:
        """Let the lease end now."""
        epoch, self._sure_until = self.epoch, 0.0
        if epoch is not None:
            with suppress(SQLAlchemyError, TimeoutError):
                await self._ask(lambda: self._leases.give_back(epoch))
        self._thread.shutdown(wait=False)
        self._leases.close()

    async def _ask(self, question: Callable[[], T]) -> T:
        async with asyncio.timeout(HUNG):  # wait_for may miss that it is cancelled
            return await asyncio.get_running_loop().run_in_executor(self._thread, question)


async def _either(stopped: asyncio.Event, seconds: float) -> None:
    """Wait until stopped, or so long."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopped.wait(), seconds)
