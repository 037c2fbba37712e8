"""Lists that people send: good ones, bad ones, and such as are meant to do harm."""

import io
import struct
import zipfile
from collections.abc import Callable

import xlsxwriter  # type: ignore[import-untyped]  # it has no types

ROWS = 3
"""The good rows of each good list."""


def _rows(mark: str) -> list[list[str]]:
    """Only the first column makes machines: in the others all rows say the same, so that all are left out."""
    good = [[f"{mark}-{at}", f"Loader {mark}", f"AB {mark}"] for at in range(ROWS)]
    return [["Number", "Name", "Plate"], *good, ["=1+6", f"Loader {mark}", f"AB {mark}"]]


def _text(rows: list[list[str]]) -> bytes:
    return "\r\n".join(";".join(row) for row in rows).encode()


def _csv(mark: str) -> bytes:
    return _text(_rows(mark))


def _xlsx(mark: str) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet(mark)
        for at, row in enumerate(_rows(mark)):
            sheet.write_row(at, 0, row)
    return content.getvalue()


def _unclear(mark: str) -> bytes:
    """Two columns claim to have the numbers: the person is asked."""
    heading, *rows = _rows(mark)
    return _text([["Fleet no", "Fleet number", *heading[1:]], *([row[0], *row] for row in rows)])


def _swelling(mark: str) -> bytes:
    content = io.BytesIO(_xlsx(mark))
    zeros = bytes(1_000_000)
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", zeros)
    return content.getvalue().replace(struct.pack("<L", len(zeros)), struct.pack("<L", 2_000_000_000))


def _macros(mark: str) -> bytes:
    content = io.BytesIO(_xlsx(mark))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return content.getvalue()


GOOD: tuple[Callable[[str], bytes], ...] = (_csv, _xlsx, _unclear)
BAD: tuple[Callable[[str], bytes], ...] = (
    _swelling, _macros,
    lambda mark: b"%PDF-1.7 " + mark.encode(),
    lambda _mark: b"",
    lambda mark: _xlsx(mark)[:-99],
    lambda mark: bytes(range(256)) + mark.encode(),
    lambda mark: f'Number\n"{mark}\n'.encode() + b"x;y\n" * 50_000,
    lambda mark: _text([["Number", "Name"], [mark * 9, "<b>"], ["\u202e", "<b>"]]),
    lambda _mark: b"\0" * 20_000_001,
)  # fmt: skip
NAMES = (
    "list.csv",
    "list.xlsx",
    "list.XLS",
    "../../etc/passwd.csv",
    "a\x00b.ods",
    "{row}.tsv",
    "<b>.xlsx",
    "x" * 300 + ".csv",
)
