"""How long an import takes, how much memory, and how long everybody else waits meanwhile.

    python bench/importing.py [--rows 100000] [--database postgresql://user@host/an_empty_database]

It does what the bot does: the file is read by a process of its own, the dry run is a thread beside the
event loop, and all writing goes through the one writer, through which a chat writes every 10 ms meanwhile.
"""

# ruff: noqa: RUF001  # a list in Russian and Ukrainian

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has no types

from bot.import_work import Hand
from bot.services.importing import imports
from bot.services.importing.reading import found_in, read
from bot.services.importing.running import dry_run
from bot.services.people import Me
from domain.clients import ClientStatus
from domain.roles import OPERATOR, OrganisationKind
from storage import migrations
from storage.database import Database, UnitOfWork
from storage.tables import OrganisationRecord
from storage.writer import Writer

ME = Me(0, "", OPERATOR, "", "UTC", "en")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def make_list(path: Path, rows: int) -> None:
    """A list as a company sends it: a title, ten columns, numbers as numbers."""
    heading = [
        "№ п/п", "Инв. №", "Марка", "Модель", "Гос. номер", "VIN", "Адрес", "Контакт", "Телефон", "IMEI",
    ]  # fmt: skip
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Техника")
    sheet.write(0, 0, "Список техники")
    sheet.write_row(2, 0, heading)
    for n in range(rows):
        sheet.write_row(3 + n, 0, [
            n + 1, 100_000 + n, "John Deere", f"{n % 90}R", f"АВ {n % 10_000:04} СЕ", f"1FTSW21P{n:09}",
            "Київ, вул. Польова 12", "Іван Петренко", "+380501234567", 863_051_000_000_000 + n,
        ])  # fmt: skip
    book.close()


def client_of(uow: UnitOfWork) -> int:
    """A client without machines."""
    group = uow.organisations.add(
        OrganisationRecord(name="Group", kind=OrganisationKind.ADMINISTRATIVE_GROUP, created_at=NOW)
    )
    client = OrganisationRecord(
        name="Client", kind=OrganisationKind.CLIENT, parent_id=group.id, created_at=NOW,
        status=ClientStatus.NEW, status_since=NOW,
    )  # fmt: skip
    return uow.organisations.add(client).id or 0


async def chat(writer: Writer, waits: list[float], lags: list[float]) -> None:
    """Somebody who writes every 10 ms."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        lags.append(time.perf_counter() - before - 0.01)
        before = time.perf_counter()
        await writer.write(lambda uow: uow.settings.put("bench", "x"))
        waits.append(time.perf_counter() - before)


class Clock:
    """Says how long each step took, and how long the chat waited in it."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.lags: list[float] = []
        self.began = time.perf_counter()
        self.processor = _processor()

    def tell(self, step: str) -> None:
        """Print a line and begin anew."""
        took, used = time.perf_counter() - self.began, _processor() - self.processor
        waits = sorted(self.waits) or [0.0]
        print(
            f"{step:<17}{took:6.1f} s ({used:5.1f} s of processor)  chat waits: median"
            f" {statistics.median(waits) * 1000:5.1f} ms, p99 {waits[int(len(waits) * 0.99)] * 1000:6.1f} ms,"
            f" longest {waits[-1] * 1000:6.1f} ms;"
            f" event loop late by {max(self.lags, default=0) * 1000:5.1f} ms"
        )
        self.waits.clear()
        self.lags.clear()
        self.began, self.processor = time.perf_counter(), _processor()


def _processor() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


async def run(database: Database, path: Path, folder: Path) -> None:
    """The import, and the same list once more."""
    writer, clock = Writer(database), Clock()
    client = await writer.write(client_of)
    chatting = asyncio.create_task(chat(writer, clock.waits, clock.lags))
    for title in ("first", "again"):
        await one(writer, clock, client, path, folder, title)
    chatting.cancel()
    writer.close()


async def one(writer: Writer, clock: Clock, client: int, path: Path, folder: Path, title: str) -> None:
    """One import, step by step."""
    record = await writer.write(lambda uow: imports.begin(uow, ME, client, path.name, "", None, NOW))
    key, rows = record.id or 0, folder / "rows"
    known = await read(path, rows)
    found = await asyncio.to_thread(found_in, rows)
    clock.tell(f"{title}: read")
    await writer.write(lambda uow: imports.understood(uow, record, known, found))
    prepared: Any = await writer.write(lambda uow: uow.imports.snapshot(key))
    counts = await asyncio.to_thread(
        dry_run, prepared, rows, folder / "report.xlsx", Hand(writer), lambda _line: None
    )
    clock.tell(f"{title}: dry run")
    print(
        f"    {counts.new} new, {counts.same} already there, {counts.changed} changed, {counts.wrong} wrong"
    )
    await writer.write(lambda uow: imports.checked(uow, key, counts))
    if counts.new:
        await writer.write(lambda uow: imports.go(uow, ME, key, NOW))
        print("   ", await take_over(writer, key))
        clock.tell(f"{title}: taken over")


async def take_over(writer: Writer, key: int) -> object:
    """As the bot does: on PostgreSQL beside the writer."""

    def beside() -> object:
        with writer.database.write() as uow:
            return imports.take_over(uow, ME, key, NOW)

    if writer.database.is_sqlite:
        return await writer.write(lambda uow: imports.take_over(uow, ME, key, NOW))
    return await asyncio.to_thread(beside)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", default="")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "list.xlsx"
        make_list(path, said.rows)
        database = Database(said.database or f"sqlite:///{folder / 'bench.db'}", serving=True)
        migrations.upgrade(database)
        print(f"{said.rows} rows, {path.stat().st_size / 1e6:.1f} MB, {database.engine.dialect.name}")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        asyncio.run(run(database, path, folder))
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"peak memory: {after:.0f} MB ({before:.0f} MB before it began), its reader {child:.0f} MB")
        database.close()


if __name__ == "__main__":
    main()
