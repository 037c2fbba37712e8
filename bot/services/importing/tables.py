"""Tables as rows of texts, whatever file they come from."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bot.services.importing import formulas, old_excel
from bot.services.importing.cells import text_of, tidy
from bot.services.importing.containers import Container, look_into
from bot.services.importing.encodings import delimiter_of, encoding_of
from bot.services.importing.headings import LOOK_AT, find_layout
from domain.imports import BadFile, Problem

ROWS = 250_000
"""The longest list."""
COLUMNS = 200
"""Columns that are looked at."""

_ACROSS = 3
"""A cell that is merged over so many columns is a title, no value."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file. ``title``: a cell across it is a heading of what follows."""

    number: int
    cells: Sequence[str]
    title: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """How a file was understood: what is worth telling, and its rows."""

    kind: Container
    rows: Iterator[Row]
    sheet: str = ""
    other_sheets: Sequence[str] = field(default=())
    encoding: str = ""
    delimiter: str = ""


def open_table(path: Path) -> Source:
    """Look into a file and read the sheet that holds the list; ``BadFile`` when there is none."""
    kind = look_into(path)
    if kind is Container.TEXT:
        return _text(path)
    try:
        return _workbook(path, kind)
    except PasswordError as error:
        raise BadFile(Problem.PASSWORD) from error
    except (CalamineError, BadZipFile, OSError, ValueError, KeyError) as error:
        raise BadFile(Problem.DAMAGED) from error


def _text(path: Path) -> Source:
    encoding = encoding_of(path)
    delimiter = delimiter_of(path, encoding)
    return Source(Container.TEXT, _lines(path, encoding, delimiter), encoding=encoding, delimiter=delimiter)


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for number, cells in enumerate(reader, 1):
                if number == 1 and cells and cells[0].lstrip("\ufeff").lower().startswith("sep="):
                    continue
                if number > ROWS:
                    raise BadFile(Problem.TOO_MANY_ROWS, str(ROWS))
                yield Row(number, [tidy(cell) for cell in cells[:COLUMNS]])
        except csv.Error as error:
            raise BadFile(Problem.OPEN_QUOTE, str(reader.line_num)) from error
        except UnicodeError as error:
            raise BadFile(Problem.MIXED_ENCODINGS, str(reader.line_num + 1)) from error


def _workbook(path: Path, kind: Container) -> Source:
    book = CalamineWorkbook.from_path(path)
    seen = [
        (position, meta.name)
        for position, meta in enumerate(book.sheets_metadata)
        if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
    ]
    if any(meta.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba) for meta in book.sheets_metadata):
        raise BadFile(Problem.MACROS)
    best: tuple[int, int, CalamineSheet] | None = None
    for position, _name in seen:
        sheet = book.get_sheet_by_index(position)
        score = _score(sheet)
        if score and (best is None or score > best[0]):
            best = (score, position, sheet)
    if best is None:
        raise BadFile(Problem.EMPTY)
    _score_of_it, position, sheet = best
    if sheet.end is not None and sheet.end[0] >= ROWS:
        raise BadFile(Problem.TOO_MANY_ROWS, str(ROWS))
    others = [name for at, name in seen if at != position]
    return Source(kind, _sheet_rows(sheet, _computed(path, kind, position, sheet.name)), sheet.name, others)


def _score(sheet: CalamineSheet) -> int:
    """How much a sheet looks like a list: 0 empty, else what its heading has and a little for being there."""
    if sheet.end is None:
        return 0
    layout = find_layout([[text_of(cell) for cell in row] for row in islice(sheet.iter_rows(), LOOK_AT)])
    return 1 + 10 * (len(layout.columns) + len(layout.twice))


def _computed(path: Path, kind: Container, position: int, name: str) -> formulas.Places:
    if kind is Container.ODS:
        return formulas.in_ods(path, name)
    if kind is Container.XLSX:
        part = formulas.sheet_parts(path).get(str(position))
        return formulas.in_xlsx(path, part) if part else {}
    return old_excel.computed_cells(path, position)


def _sheet_rows(sheet: CalamineSheet, computed: formulas.Places) -> Iterator[Row]:
    merged = _Merged(sheet)
    # The reader gives all rows from the top, but the columns only from the first that is used.
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for at, values in enumerate(sheet.iter_rows()):
        cells = [*left, *map(text_of, values)][:COLUMNS]
        if computed:
            cells = [_marked(cell, computed.get((at, column))) for column, cell in enumerate(cells)]
        yield Row(at + 1, merged.filled(at, cells), title=merged.is_title(at, cells))


def _marked(cell: str, mark: str | None) -> str:
    """The cell as it came, after a sign that it is computed; or the error that its reader leaves out."""
    if mark is None:
        return cell
    return mark + cell if mark == formulas.COMPUTED else cell or mark


class _Merged:
    """Cells that stand for several: one over several rows says the same for each of them."""

    def __init__(self, sheet: CalamineSheet) -> None:
        ranges = sheet.merged_cell_ranges or []
        self._across = {top for (top, left), (_bottom, right) in ranges if right - left + 1 >= _ACROSS}
        self._down = {
            (row, column): top
            for (top, left), (bottom, right) in ranges
            if bottom > top
            for row in range(top + 1, min(bottom, ROWS) + 1)
            for column in range(left, min(right, COLUMNS) + 1)
            if column == left
        }
        self._values: dict[tuple[int, int], str] = {}
        self._tops = {(top, column) for (_row, column), top in self._down.items()}

    def filled(self, at: int, cells: list[str]) -> list[str]:
        """The cells with what stands above them in the same merged one."""
        if not self._down:
            return cells
        for column in range(len(cells)):
            if (at, column) in self._tops:
                self._values[at, column] = cells[column]
            top = self._down.get((at, column))
            if top is not None and not cells[column]:
                cells[column] = self._values.get((top, column), "")
        return cells

    def is_title(self, at: int, cells: Sequence[str]) -> bool:
        """Whether the row is one cell across."""
        return at in self._across and sum(map(bool, cells)) == 1
