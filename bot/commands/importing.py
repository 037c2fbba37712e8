"""``greenlight import-objects FILE --client NAME``: a client's list of machines.

Exit codes: 0 imported, or nothing was to be done · 1 the file or a row of it was refused · 2 a wrong use.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, TypeVar

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot.commands.adding import client_named
from bot.commands.common import OPERATOR_ME, REFUSED, Stop, now, opened, progress
from bot.screens.importing import counts_line, fault_lines
from bot.screens.importing_columns import letters
from bot.services.importing import imports
from bot.services.importing.headings import is_guess
from bot.services.importing.reading import Found, Understood, found_in, read
from bot.services.importing.running import dry_run, forget_staged
from bot.settings import load
from bot.texts import importing as words
from domain.imports import BadFile, Part
from domain.process import Refused
from storage.database import Database, UnitOfWork
from storage.import_tables import ImportRecord, ImportState

T = TypeVar("T")


class Hand:
    """Reaches the database: each work a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the database."""
        with self._database.read() as uow:
            return work(uow)

    def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Write."""
        with self._database.write() as uow:
            return work(uow)


def import_objects(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=words.HELP_FILE)],
    client: Annotated[str, typer.Option(metavar="NAME", help=words.HELP_CLIENT)],
    yes: Annotated[bool, typer.Option("--yes", help=words.HELP_YES)] = False,
    column: Annotated[list[str] | None, typer.Option(metavar="PART=COLUMN", help=words.HELP_COLUMN)] = None,
    no_heading: Annotated[bool, typer.Option("--no-heading", help=words.HELP_NO_HEADING)] = False,
    report: Annotated[Path | None, typer.Option(metavar="PATH", help=words.HELP_REPORT)] = None,
) -> int:
    """Check a list, and import its good rows."""
    if not file.is_file():
        raise Stop(words.no_file(str(file)))
    chosen = _columns(column or [])
    checked = report or Path(f"{file.stem}-checked.xlsx")
    with opened(load()) as database, TemporaryDirectory(prefix="greenlight-") as folder:
        hand = Hand(database)
        hand.write(lambda uow: imports.forget_stale(uow, now()))
        owner = hand.write(lambda uow: client_named(uow, client))
        known, found = _understand(file, Path(folder) / "rows")
        with _begun(hand, owner.id or 0, file.name) as begun:
            prepared = _prepared(hand, begun, known, found, chosen, headless=no_heading)
            record = _checked(hand, prepared, Path(folder) / "rows", checked)
            _tell(record, checked)
            good = record.new + record.changed
            if good and _wanted(good, owner.name, yes=yes):
                _take_over(hand, record)
    return REFUSED if record.wrong else 0


def _columns(given: Sequence[str]) -> dict[Part, int]:
    chosen = {}
    for text in given:
        part, _, column = text.partition("=")
        letter = column.strip().upper()
        if part not in set(Part) or not (letter.isascii() and letter.isalpha()) or len(letter) > 2:  # noqa: PLR2004  # A to ZZ
            raise Stop(words.wrong_column(text))
        at = 0
        for one in letter:
            at = at * 26 + ord(one) - ord("A") + 1
        chosen[Part(part)] = at - 1
    return chosen


def _understand(file: Path, rows: Path) -> tuple[Understood, Found]:
    try:
        with progress.status(words.reading(str(file))):
            known = asyncio.run(read(file, rows))
    except BadFile as bad:
        raise Stop(words.not_imported(str(file), words.problem(bad.problem, bad.where)), REFUSED) from None
    return known, found_in(rows)


@contextmanager
def _begun(hand: Hand, client_id: int, name: str) -> Iterator[ImportRecord]:
    """An import that is over when the block ends, however it ends."""
    record = hand.write(lambda uow: imports.begin(uow, OPERATOR_ME, client_id, name, "", None, now()))
    try:
        yield record
    finally:
        hand.write(lambda uow: imports.leave(uow, OPERATOR_ME, record.id or 0, now()))
        for over in hand.write(lambda uow: uow.imports.left_staged()):
            forget_staged(over, hand)


def _prepared(
    hand: Hand,
    record: ImportRecord,
    known: Understood,
    found: Found,
    chosen: Mapping[Part, int],
    *,
    headless: bool,
) -> ImportRecord:
    """The import with its columns; ``Stop`` while they are not clear."""
    key = record.id or 0
    hand.write(lambda uow: imports.understood(uow, record, known, found, ask=bool(chosen) or headless))
    if headless:
        _without_heading(hand, key)
    try:
        for part, at in chosen.items():
            hand.write(lambda uow, p=part, c=at: imports.choose_column(uow, OPERATOR_ME, key, p, c))  # type: ignore[misc]  # the lambda binds its values
        current = _now(hand, key)
        if current.twice or Part.NUMBER not in current.columns:
            raise _say_columns(current)
        if current.state is ImportState.ASKING:
            hand.write(lambda uow: imports.check(uow, OPERATOR_ME, key, now()))
    except Refused:
        raise _say_columns(_now(hand, key)) from None
    return _now(hand, key)


def _without_heading(hand: Hand, key: int) -> None:
    try:
        hand.write(lambda uow: imports.say_heading(uow, OPERATOR_ME, key, machine=True))
    except Refused:
        raise Stop(words.has_a_heading(_now(hand, key).heading), REFUSED) from None


def _say_columns(record: ImportRecord) -> Stop:
    width = max(len(record.titles), len(record.samples))
    titles = [*record.titles, *[""] * (width - len(record.titles))]
    named = [f"{letters(at)} {title}".strip() for at, title in enumerate(titles)]
    guess = record.heading if record.heading > 0 and is_guess(record.titles) else 0
    return Stop(words.say_columns(named, guess), REFUSED)


def _checked(hand: Hand, record: ImportRecord, rows: Path, checked: Path) -> ImportRecord:
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.completed}"),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=progress) as bar:
        task = bar.add_task(words.checking(), total=record.last)
        counts = dry_run(record, rows, checked, hand, lambda line: bar.update(task, completed=line))
        bar.update(task, completed=record.last)
    hand.write(lambda uow: imports.checked(uow, record.id or 0, counts))
    return _now(hand, record.id or 0)


def _tell(record: ImportRecord, checked: Path) -> None:
    typer.echo(counts_line(record))
    for line in fault_lines(record):
        typer.echo(f"  {line}")
    typer.echo(words.report_written(str(checked)))


def _wanted(good: int, client: str, *, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        typer.echo(words.say_yes())
        return False
    return typer.confirm(words.ask_to_import(good, client))


def _take_over(hand: Hand, record: ImportRecord) -> None:
    key = record.id or 0
    with progress.status(words.writing()):
        hand.write(lambda uow: imports.go(uow, OPERATOR_ME, key, now()))
        taken = hand.write(lambda uow: imports.take_over(uow, OPERATOR_ME, key, now()))
    if taken is not None:
        typer.echo(words.imported(taken.created, taken.corrected, taken.told))
        if taken.left_out:
            typer.echo(words.left_out(_now(hand, key).left_out))


def _now(hand: Hand, import_id: int) -> ImportRecord:
    found = hand.write(lambda uow: uow.imports.snapshot(import_id))
    if found is None:
        raise RuntimeError("an import is never deleted")
    return found
