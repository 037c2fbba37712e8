"""Lists as companies send them: files that are written as their programs write them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has no types

from bot.services.importing.tables import Row, open_table

Cells = Sequence[Sequence[Any]]


def write_xlsx(
    path: Path, rows: Cells, merged: Sequence[tuple[int, int, int, int]] = (), sheet: str = "Sheet1"
) -> Path:
    """A workbook of one sheet; texts that begin with «=» are formulas, as in a spreadsheet."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    dates = book.add_format({"num_format": "dd.mm.yyyy"})
    for top, left, bottom, right in merged:
        page.merge_range(top, left, bottom, right, "")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                page.write_datetime(at, column, value, dates)
            elif value is not None:
                page.write(at, column, value)
    book.close()
    return path


def write_csv(path: Path, rows: Cells, encoding: str = "utf-8", delimiter: str = ";") -> Path:
    """A text with columns."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_ods(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """An OpenDocument table; texts that begin with «=» are formulas."""

    def cell(text: str) -> str:
        if not text:
            return "<table:table-cell/>"
        formula = ' table:formula="of:=1+1"' if text.startswith("=") else ""
        shown = text.replace("&", "&amp;").replace("<", "&lt;")
        start = f'<table:table-cell office:value-type="string"{formula}>'
        return f"{start}<text:p>{shown}</text:p></table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0"'
        f' xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Список">'
        f"{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def read_rows(path: Path) -> list[Row]:
    """The rows that have anything in them."""
    return [row for row in open_table(path).rows if any(row.cells)]


def read_cells(path: Path) -> list[list[str]]:
    """The cells of those rows, without empty ones at the end."""
    found = []
    for row in read_rows(path):
        cells = list(row.cells)
        while cells and not cells[-1]:
            cells.pop()
        found.append(cells)
    return found
