"""What a file is, before anything reads it: by its content, never by its name.

Archives are unpacked into nothing, counting, so that one which swells is refused before a reader with less
care sees it.
"""

import zipfile
import zlib
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

from domain.imports import BadFile, Problem

BYTES = 20_000_000
"""The largest file; Telegram gives bots no larger one."""
UNPACKED = 300_000_000
"""Bytes that all parts of an archive may have when they are unpacked."""
PARTS = 2_000

_PIECE = 1 << 18
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL_HEADER = 30


class Container(Enum):
    """The kinds of files that hold tables."""

    XLSX = auto()
    XLS = auto()
    ODS = auto()
    TEXT = auto()


def look_into(path: Path) -> Container:
    """The kind of a file; ``BadFile`` when it is none that can be imported, or dangerous."""
    size = path.stat().st_size
    if size > BYTES:
        raise BadFile(Problem.TOO_BIG)
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise BadFile(Problem.EMPTY)
    if head.startswith(b"PK"):
        return _archive(path)
    if head.startswith(_OLE):
        return _ole(path)
    if head.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")
    ):
        raise BadFile(Problem.NO_TABLE)
    if head.lstrip()[:14].lower().startswith((b"<html", b"<!doctype html", b"<?xml", b"<table")):
        raise BadFile(Problem.OTHER_FORMAT)  # a web page or XML with the name of a table
    return Container.TEXT


def _archive(path: Path) -> Container:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadFile(Problem.DAMAGED) from error
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise BadFile(Problem.SWELLS)
    names = {part.filename for part in parts}
    kind = _kind_of(names)
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile(Problem.PASSWORD)
    _unpack_into_nothing(path, parts)
    return kind


def _kind_of(names: set[str]) -> Container:
    lower = {name.lower() for name in names}
    if any(
        name.endswith("vbaproject.bin") or name.startswith(("basic/", "xl/macrosheets/")) for name in lower
    ):
        raise BadFile(Problem.MACROS)
    if "xl/workbook.xml" in lower:
        return Container.XLSX
    if "xl/workbook.bin" in lower:
        raise BadFile(Problem.OTHER_FORMAT)
    if "content.xml" in lower and "mimetype" in lower:
        return Container.ODS
    raise BadFile(Problem.NO_TABLE)


def _unpack_into_nothing(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    """Count what really comes out: an archive may declare less than it holds."""
    left = UNPACKED
    with path.open("rb") as file:
        for part in parts:
            left -= _unpacked(file, part, left)
            if left < 0:
                raise BadFile(Problem.SWELLS)


def _unpacked(file: BinaryIO, part: zipfile.ZipInfo, limit: int) -> int:
    if part.compress_type == zipfile.ZIP_STORED:
        return part.compress_size
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise BadFile(Problem.DAMAGED)
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise BadFile(Problem.DAMAGED)
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    counted, left = 0, part.compress_size
    stream = zlib.decompressobj(-15)
    try:
        while left > 0 and not stream.eof and counted <= limit:
            piece = file.read(min(_PIECE, left))
            if not piece:
                raise BadFile(Problem.DAMAGED)
            left -= len(piece)
            counted += len(stream.decompress(piece, _PIECE))
            while stream.unconsumed_tail and counted <= limit:
                counted += len(stream.decompress(stream.unconsumed_tail, _PIECE))
    except zlib.error as error:
        raise BadFile(Problem.DAMAGED) from error
    return counted


def _ole(path: Path) -> Container:
    """An Excel file of before 2007, or one with a password."""
    content = path.read_bytes()

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise BadFile(Problem.PASSWORD)
    if has("_VBA_PROJECT"):
        raise BadFile(Problem.MACROS)
    if not has("Workbook") and not has("Book"):
        raise BadFile(Problem.NO_TABLE)
    return Container.XLS
