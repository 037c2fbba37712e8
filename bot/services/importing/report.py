"""The checked file: the list as it came, with a verdict and a reason in front of each row."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import xlsxwriter  # type: ignore[import-untyped]  # it has no types

from bot.services.importing.checking import Judged
from bot.services.importing.tables import Row
from bot.texts import importing as words
from domain.imports import Verdict

_COLOURS = {
    Verdict.NEW: "#DDF3E4",
    Verdict.CHANGED: "#E1ECFA",
    Verdict.WRONG: "#FBE3E0",
}
_CELL = 32_767
"""Characters that a cell takes."""
_LAST = 1_048_576


class Report:
    """Writes the checked file row by row, each where it stood; memory does not grow with it."""

    def __init__(self, path: Path, sheet: str, heading: int) -> None:
        self._part = path.with_suffix(".part")
        self._path = path
        options = {
            "constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False,
            "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self._book = xlsxwriter.Workbook(str(self._part), options)
        self._sheet = self._book.add_worksheet(_sheet_name(sheet))
        self._sheet.set_column(0, 0, 14)
        self._sheet.set_column(1, 1, 50)
        self._sheet.set_column(2, 20, 18)
        self._bold = self._book.add_format({"bold": True})
        self._formats = {
            verdict: self._book.add_format({"bg_color": colour}) for verdict, colour in _COLOURS.items()
        }
        self._heading = heading
        self._sheet.freeze_panes(heading, 2)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()
        if kind is None:
            self._part.replace(self._path)
        else:
            self._part.unlink(missing_ok=True)

    def above(self, rows: Sequence[Row]) -> None:
        """Write what stands above the list; the last of it is the heading."""
        for row in rows:
            said = words.report_columns() if row.number == self._heading else ("", "")
            self._write(row, said, self._bold if row.number == self._heading else None)

    def judged(self, rows: Sequence[Judged]) -> None:
        """Write rows with their verdicts."""
        for one in rows:
            why = ""
            if one.wish.trouble is not None:
                why = words.fault(one.wish.trouble[0], str(one.wish.trouble[1]), one.wish.trouble[2])
            elif one.changes:
                why = words.changes(one.changes)
            self._write(one.row, (words.verdict_name(one.verdict), why), self._formats.get(one.verdict))

    def _write(self, row: Row, said: tuple[str, str], form: object = None) -> None:
        if row.number > _LAST:
            return
        for column, text in enumerate((*said, *row.cells)):
            if text:
                self._sheet.write_string(row.number - 1, column, text[:_CELL], form if column < 2 else None)  # noqa: PLR2004  # our two columns


def _sheet_name(name: str) -> str:
    clean = "".join(" " if letter in "[]:*?/\\" else letter for letter in name).strip("' ")[:31]
    return clean if clean and clean.casefold() != "history" else "List"
