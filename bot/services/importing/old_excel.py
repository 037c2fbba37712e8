"""Where a sheet of an Excel file of before 2007 computes, or has an error: its reader does not say so.

Such a file is a small file system; the records of all sheets stand in its stream «Workbook».
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from bot.services.importing.formulas import COMPUTED, Places

_LAST_SECTOR = 0xFFFFFFFA
_BOUNDSHEET, _FORMULA, _BOOLERR, _END = 0x85, 0x06, 0x205, 0x0A
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def computed_cells(path: Path, position: int) -> Places:
    """What is computed and what is an error on a sheet; nothing in what cannot be followed."""
    try:
        stream = _Compound(path.read_bytes()).workbook()
        starts = [
            struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _BOUNDSHEET
        ]
        places: Places = {}
        for kind, body in _records(stream, starts[position]):
            if kind == _FORMULA:
                places[struct.unpack_from("<HH", body)] = COMPUTED
            elif kind == _BOOLERR and body[7]:
                places[struct.unpack_from("<HH", body)] = _ERRORS.get(body[6], "#N/A")
    except (struct.error, IndexError, ValueError):
        return {}
    return places


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from here to the end of their sheet."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        if kind == _END:
            return
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size


class _Compound:
    """The file system: sectors that follow one another by a table."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = 1 << struct.unpack_from("<H", content, 30)[0]
        self._next: list[int] = []
        for sector in self._tables():
            self._next += struct.unpack(f"<{self._size // 4}I", self._sector(sector))

    def workbook(self) -> bytes:
        """The stream of the workbook."""
        directory = self._chain(struct.unpack_from("<I", self._content, 48)[0])
        for at in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
            if name in {"Workbook", "Book"}:
                return self._chain(struct.unpack_from("<I", directory, at + 116)[0])
        raise ValueError("there is no workbook")

    def _tables(self) -> list[int]:
        found = list(struct.unpack_from("<109I", self._content, 76))
        further = struct.unpack_from("<I", self._content, 68)[0]
        seen: set[int] = set()
        while further < _LAST_SECTOR and further not in seen:
            seen.add(further)
            *more, further = struct.unpack(f"<{self._size // 4}I", self._sector(further))
            found += more
        return [sector for sector in found if sector < _LAST_SECTOR]

    def _chain(self, sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < _LAST_SECTOR and len(parts) <= len(self._next):
            parts.append(self._sector(sector))
            sector = self._next[sector]
        return b"".join(parts)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size].ljust(self._size, b"\0")
