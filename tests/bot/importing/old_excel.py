"""Writes files as Excel did before 2007: BIFF8 records in a compound file."""

import struct
from collections.abc import Sequence
from pathlib import Path

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_xls(path: Path, rows: Sequence[Sequence[str | float | None]], sheet: str = "List") -> Path:
    """One sheet of texts and numbers; a text that begins with «=» is a formula with the result 7.

    «#N/A» is an error that stands there for good.
    """
    path.write_bytes(_compound(_book(rows, sheet)))
    return path


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _begin(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def _book(rows: Sequence[Sequence[str | float | None]], sheet: str) -> bytes:
    texts: list[str] = []
    body = _begin(0x10)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and value.startswith("="):
                seven = struct.pack("<HHHdHIH", at, column, 0, 7.0, 0, 0, 3) + b"\x1e\x07\x00"
                body += _record(0x06, seven)
            elif value == "#N/A":
                body += _record(0x205, struct.pack("<HHHBB", at, column, 0, 0x2A, 1))
            elif isinstance(value, str):
                body += _record(0xFD, struct.pack("<HHHI", at, column, 0, len(texts)))
                texts.append(value)
            elif value is not None:
                body += _record(0x203, struct.pack("<HHHd", at, column, 0, value))
    body += _record(0x0A, b"")
    shared = struct.pack("<II", len(texts), len(texts)) + b"".join(
        struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts
    )
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    head = _begin(5) + _record(0x42, struct.pack("<H", 1200))
    table = _record(0xFC, shared) + _record(0x0A, b"")
    offset = len(head) + 4 + 6 + len(name) + len(table)
    return head + _record(0x85, struct.pack("<IBB", offset, 0, 0) + name) + table + body


def _compound(stream: bytes) -> bytes:
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    fat = [_FAT, _END, *range(3, count + 2), _END]
    assert len(fat) <= 128, "one sector of the table of sectors is enough for a test"
    fat += [_FREE] * (128 - len(fat))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        + struct.pack("<9I", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    )  # fmt: skip
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    return header + struct.pack("<128I", *fat) + entries.ljust(512, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = f"{name}\0".encode("utf-16-le")
    return (
        raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, _FREE, _FREE, child) + bytes(36)
        + struct.pack("<IQ", start, size)
    )  # fmt: skip
