"""Working on imports: ``import_work`` rows of the outbox, one after the other.

Each takes an import as far as it goes without its person: fetches and reads the file, does the dry run,
takes the rows over.

The work has a lane of its own, so one import is worked on at a time and no chat waits for it. A row is
settled when its work is done: what was cut off by a kill is taken up at the start, from the state that the
table of imports has.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from telegram.error import NetworkError

from bot.delivery import Delivered, Delivery
from bot.files import fetch_list
from bot.logs import logger_of
from bot.services.importing import imports
from bot.services.importing.reading import found_in, read
from bot.services.importing.running import dry_run, forget_staged
from bot.services.people import Me, as_me
from bot.texts import speaking
from bot.unit import Clock
from domain.imports import BadFile, Problem
from domain.process import Refused
from storage.database import UnitOfWork
from storage.import_tables import ImportRecord, ImportState
from storage.outbox import Message
from storage.queues import OutboxRecord
from storage.writer import Writer

FOLDER = "imports"
"""Where the files of imports stand while they are under way, inside the folder of files."""
PACE = 3.0
"""Seconds between two changes of the screen that tells how far the dry run is."""

_S = ImportState
_OVER = frozenset({_S.DONE, _S.REFUSED, _S.CANCELED})
T = TypeVar("T")
logger = logger_of(__name__)


class Left(Exception):  # noqa: N818  # named by what is the case
    """The person has left the import while it was worked on."""


class Hand:
    """Reaches the database from the thread of the dry run: reads beside the writer, writes in its turn."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._loop = asyncio.get_running_loop()

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the database."""
        with self._writer.database.read() as uow:
            return work(uow)

    def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Write, in a short transaction of its own."""
        return asyncio.run_coroutine_threadsafe(self._writer.write(work), self._loop).result()


class ImportWork:
    """Takes imports from one state to the next."""

    def __init__(self, writer: Writer, delivery: Delivery, folder: Path, clock: Clock) -> None:
        self._writer = writer
        self._delivery = delivery
        self._folder = folder / FOLDER
        self._clock = clock
        self.wake: Callable[[], None] = lambda: None
        delivery.also({"import_work": self._work})

    async def _work(self, record: OutboxRecord, now: datetime) -> Delivered:
        import_id = int(str(record.payload["import_id"]))
        try:
            await self._go_on(import_id, now)
        except BadFile as bad:
            await self._refuse(import_id, bad)
        except (Refused, Left):
            await self._writer.write(
                lambda uow: uow.imports.move(
                    import_id, [s for s in _S if s not in _OVER], {"finished_at": now}, to=_S.CANCELED
                )
            )
        except OperationalError as error:
            # The database is in trouble: tried again, as a message would be.
            raise NetworkError(f"an import could not go on: {type(error).__name__}") from None
        except (NetworkError, asyncio.CancelledError):
            raise
        except Exception:
            logger.exception("an import failed", import_id=import_id)
            await self._refuse(import_id, BadFile(Problem.OURS))
        await self._tidy(now)
        return Delivered(wrote=True)

    async def _go_on(self, import_id: int, now: datetime) -> None:
        """Do what the state asks for until it asks for the person."""
        while True:
            known = await self._load(import_id)
            if known is None or known[0].state in _OVER | {_S.ASKING, _S.CHECKED}:
                return
            record, me = known
            with speaking(me.language):
                if record.state is _S.WRITING:
                    await self._take_over(record, me, now)
                elif record.state is _S.CHECKING:
                    await self._check(record)
                else:
                    await self._read(record)

    async def _load(self, import_id: int) -> tuple[ImportRecord, Me] | None:
        """The import with its person as of this moment; who may not import any more has left it."""

        def work(uow: UnitOfWork) -> tuple[ImportRecord, Me] | None:
            record = uow.imports.snapshot(import_id)
            me = reader(uow, record.person_id) if record else None
            if record is None or record.state in _OVER:
                return None
            if me is None:
                raise Left
            imports.mine(uow, me, import_id)
            return record, me

        return await self._writer.write(work)

    async def _read(self, record: ImportRecord) -> None:
        """Fetch and read the file, and find its heading."""
        rows = self._path(record, "rows")
        known = await self._fetched(record, rows)
        found = await asyncio.to_thread(found_in, rows)

        def keep(uow: UnitOfWork) -> None:
            if imports.understood(uow, record, known, found) and not found.layout.is_clear:
                uow.outbox.add([_view_row(record)], self._clock())

        await self._writer.write(keep)

    async def _fetched(self, record: ImportRecord, rows: Path) -> Any:  # noqa: ANN401  # Understood
        source = self._path(record, "source")
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        if not await asyncio.to_thread(source.exists):
            content = await fetch_list(self._delivery.bot, record.file_id)
            await asyncio.to_thread(_write_whole, source, content)
        part = rows.with_suffix(".part")
        known = await read(source, part)
        await asyncio.to_thread(part.replace, rows)
        return known

    async def _check(self, record: ImportRecord) -> None:
        """The dry run, in a thread: the chats go on."""
        rows, report = self._path(record, "rows"), self._path(record, "xlsx")
        if not await asyncio.to_thread(rows.exists):
            await self._fetched(record, rows)
        hand, shown = Hand(self._writer), time.monotonic()

        def progress(line: int) -> None:
            nonlocal shown
            told = time.monotonic() - shown >= PACE
            if told:
                shown = time.monotonic()
            hand.write(lambda uow: self._step(uow, record, line, told=told))
            if told:
                self.wake()

        counts = await asyncio.to_thread(dry_run, record, rows, report, hand, progress)

        def keep(uow: UnitOfWork) -> None:
            if imports.checked(uow, record.id or 0, counts):
                uow.outbox.add([_row("import_file", record), _view_row(record)], self._clock())

        await self._writer.write(keep)

    def _step(self, uow: UnitOfWork, record: ImportRecord, line: int, *, told: bool) -> None:
        if not uow.imports.move(record.id or 0, [_S.CHECKING], {"done": line}, to=_S.CHECKING):
            raise Left
        if told:
            uow.outbox.add([_view_row(record)], self._clock())

    async def _take_over(self, record: ImportRecord, me: Me, now: datetime) -> None:
        """All rows in one transaction, and the word that it is done."""

        def work(uow: UnitOfWork) -> None:
            if imports.take_over(uow, me, record.id or 0, now) is not None:
                uow.outbox.add([_view_row(record)], now)

        if self._writer.database.is_sqlite:
            await self._writer.write(work)  # one writer at a time is all that SQLite has
            return

        def beside() -> None:
            with speaking(me.language), self._writer.database.write() as uow:
                work(uow)

        try:
            await asyncio.to_thread(beside)
        except IntegrityError as error:
            # Somebody has written the same number or terminal this very moment: now it is seen.
            raise NetworkError("an import was crossed by another change") from error

    async def _refuse(self, import_id: int, bad: BadFile) -> None:
        def work(uow: UnitOfWork) -> None:
            if imports.refused(uow, import_id, bad, self._clock()):
                record = uow.imports.get(import_id)
                if record is not None:
                    uow.outbox.add([_view_row(record)], self._clock())

        await self._writer.write(work)

    async def _tidy(self, now: datetime) -> None:
        """Forget what nobody needs any more: staged rows a portion at a time, and files."""

        def over(uow: UnitOfWork) -> list[int]:
            imports.forget_stale(uow, now)
            return uow.imports.left_staged()

        for import_id in await self._writer.write(over):
            await asyncio.to_thread(forget_staged, import_id, Hand(self._writer))
        await self._tidy_files()

    async def _tidy_files(self) -> None:
        paths = await asyncio.to_thread(lambda: list(self._folder.glob("*.*")))
        ids = {int(path.stem) for path in paths if path.stem.isdigit()}

        def gone(uow: UnitOfWork) -> set[int]:
            known = {i: uow.imports.get(i) for i in ids}
            return {i for i, record in known.items() if record is None or record.state in _OVER}

        done = await self._writer.write(gone)
        for path in paths:
            if not path.stem.isdigit() or int(path.stem) in done:
                await asyncio.to_thread(path.unlink, missing_ok=True)

    def _path(self, record: ImportRecord, ending: str) -> Path:
        return self._folder / f"{record.id}.{ending}"


def reader(uow: UnitOfWork, person_id: int | None) -> Me | None:
    """A person as of this moment; None when they may read nothing any more."""
    person = uow.people.get(person_id) if person_id is not None else None
    if person is None or person.removed_at is not None:
        return None
    me = as_me(uow, person)
    return me if me.actor.roles else None


def _row(kind: str, record: ImportRecord) -> Message:
    return Message(kind, record.chat_id or 0, {"import_id": record.id}, person_id=record.person_id)


def _view_row(record: ImportRecord) -> Message:
    return _row("import_view", record)


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
