"""Numbers of machines in a file: a column of a table that has others, too, or a plain text.

Like any list it comes from a stranger, so it is read by the process that reads the imports.
"""

import asyncio
import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bot.services.importing.headings import LOOK_AT, Layout
from bot.services.importing.reading import Understood, found_in, read, rows_of
from bot.services.importing.wishes import wish_of
from bot.services.numbers import LONGEST, read_numbers
from domain.imports import BadFile, Fault, Part, Problem

FILE_LIMIT = 5_000_000
"""Bytes of a file of numbers: more than the longest selection takes, with other columns beside it."""
LANE = -2
"""They are read in a lane of their own: one at a time, and no chat waits for it."""
_LINE = re.compile(r"\r\n|\r|\n")
_NO_MACHINE = frozenset({Fault.TITLE, Fault.TOTAL, Fault.HEADING, Fault.NO_NUMBER})


@dataclass(slots=True)
class Numbers:
    """The numbers in order, and what stands where a number should, each with what is wrong with it."""

    said: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)


async def read_file(content: bytes, folder: Path) -> Numbers:
    """Read a file; ``BadFile`` when there are no numbers in it. One at a time in a folder."""
    source, rows = folder / "numbers", folder / "numbers.rows"
    try:
        await asyncio.to_thread(_keep, source, content)
        known = await read(source, rows)
        numbers = await asyncio.to_thread(_numbers_of, source, rows, known)
    finally:
        for path in (source, rows):
            await asyncio.to_thread(path.unlink, missing_ok=True)
    if not numbers.said and not numbers.wrong:
        raise BadFile(Problem.EMPTY)
    return numbers


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _numbers_of(source: Path, rows: Path, known: Understood) -> Numbers:
    found = found_in(rows)
    column = _column(found.layout)
    below = found.last_heading if column is not None or _is_heading(found.layout) else 0
    encoding = known.encoding
    if encoding and column is None and not encoding.startswith("utf"):
        encoding = "cp1251"  # a few numbers say too little: the Cyrillic of Windows
    if encoding and (column is None or sum(map(bool, found.layout.titles)) == 1):
        return Numbers(read_numbers("\n".join(_lines(source, encoding)[below:])))
    return _of_column(rows, _first_used(rows) if column is None else column, below)


def _column(layout: Layout) -> int | None:
    """The column whose heading says that it has the numbers; the first of several that do."""
    twice = layout.twice.get(Part.NUMBER, (None,))
    at = layout.columns.get(Part.NUMBER, twice[0])
    return at if _is_heading(layout) else None


def _is_heading(layout: Layout) -> bool:
    """Whether the heading is one: «No 17» stands at the head of a list without any."""
    known = [*layout.columns.values(), *(at for found in layout.twice.values() for at in found)]
    return any(not any(map(str.isdigit, layout.titles[at])) for at in known)


def _first_used(rows: Path) -> int:
    """The first column that has anything in it."""
    return min(
        next(at for at, cell in enumerate(row.cells) if cell) for row in islice(rows_of(rows), LOOK_AT)
    )


def _of_column(rows: Path, column: int, below: int) -> Numbers:
    numbers = Numbers()
    for row in rows_of(rows):
        if row.number <= below:
            continue
        wish = wish_of(row, {Part.NUMBER: column})
        if wish.trouble is None:
            numbers.said.append(wish.number)
        elif wish.trouble[0] not in _NO_MACHINE:
            numbers.wrong[row.cells[column][:LONGEST]] = wish.trouble[0].value
    return numbers


def _lines(source: Path, encoding: str) -> list[str]:
    return _LINE.split(source.read_bytes().decode(encoding, errors="replace"))
