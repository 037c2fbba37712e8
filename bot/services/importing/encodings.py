"""How the letters and the columns of a text file are written."""

# ruff: noqa: RUF001  # words and letters of three languages

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from charset_normalizer import from_bytes

from bot.services.importing.headings import recognise
from domain.imports import BadFile, Problem

ONE_BYTE = ("cp1251", "koi8_u", "cp866", "cp1252")
"""Encodings of one byte a letter that lists of our clients come in; koi8_u has the letters of koi8_r."""
DELIMITERS = ";\t,|"

_SAMPLE = 200_000
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TURNED = re.compile(r"[а-яіїєґ][А-ЯІЇЄҐ]")
_MIXED = re.compile(r"[A-Za-z][А-Яа-яіїєґІЇЄҐёЁ]|[А-Яа-яіїєґІЇЄҐёЁ][A-Za-z]")
_LETTERS = re.compile(r"[А-Яа-яІіЇїЄєҐґЁё]")
_ODD = re.compile(r"[\u2500-\u259f\u0402\u0403\u0409-\u040f\u0452\u0453\u0459-\u045f\x80-\x9f¤¦§©®±¶·¬]")


def encoding_of(path: Path) -> str:
    """The encoding of a text; ``BadFile`` when there are two, or it is no text."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return name
    if b"\x00" in head:
        return _two_bytes(head)
    if _BINARY.search(head):
        raise BadFile(Problem.NO_TABLE)
    strange = _not_utf8(path)
    if not strange:
        return "utf-8"
    return _one_byte(path, head, strange)


def _two_bytes(head: bytes) -> str:
    """UTF-16 without a mark: digits and signs have a zero on one side."""
    counts = Counter(at % 2 for at, byte in enumerate(head) if byte == 0)
    name = "utf-16-le" if counts[1] > counts[0] else "utf-16-be"
    if min(counts[0], counts[1]) * 10 > max(counts[0], counts[1]):
        raise BadFile(Problem.NO_TABLE)
    try:
        text = head[: len(head) // 2 * 2].decode(name, "strict" if len(head) < _SAMPLE else "ignore")
    except UnicodeDecodeError as error:
        raise BadFile(Problem.NO_TABLE) from error
    if _BINARY.search(text.encode()):
        raise BadFile(Problem.NO_TABLE)
    return name


def _not_utf8(path: Path) -> list[int]:
    """The numbers of the lines that are not UTF-8, the first ones."""
    strange = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                strange.append(number)
                if len(strange) >= 1000:  # noqa: PLR2004  # enough to know
                    break
    return strange


def _one_byte(path: Path, head: bytes, strange: Sequence[int]) -> str:
    """One byte a letter; ``BadFile`` when other lines are plainly UTF-8."""
    with path.open("rb") as file:
        both = [number for number, line in enumerate(file, 1) if _is_plainly_utf8(line)]
    if both:
        few = min(both, strange, key=len)
        raise BadFile(Problem.MIXED_ENCODINGS, ", ".join(map(str, few[:5])))
    lines = [line for line in head.splitlines() if line.strip()]
    text = b"\n".join(lines[:2000])
    guess = from_bytes(text, cp_isolation=list(ONE_BYTE), threshold=0.9).best()
    guessed = guess.encoding if guess else ""
    found = max(ONE_BYTE, key=lambda name: (_likely(text, name), name == guessed))
    if _likely(text, found) == _NEVER:
        raise BadFile(Problem.UNKNOWN_ENCODING)
    return found


def _is_plainly_utf8(line: bytes) -> bool:
    """Whether a line has letters of several bytes: in another encoding that would be rubbish."""
    try:
        return len(line.decode()) < len(line) - 1
    except UnicodeDecodeError:
        return False


_NEVER = -1e9


def _likely(text: bytes, name: str) -> float:
    """How much a text looks like one in this encoding: headings, letters, capitals in their places."""
    try:
        decoded = text.decode(name)
    except UnicodeDecodeError:
        return _NEVER
    cells = re.split(r"[;\t,|\n]", decoded[:4000])
    known = sum(recognise(cell.strip(' "')) is not None for cell in cells[:120])
    letters = max(len(_LETTERS.findall(decoded)), 1)
    turned = len(_TURNED.findall(decoded)) / letters
    odd = len(_ODD.findall(decoded)) / max(len(decoded), 1)
    high = sum(byte > 0x7F for byte in text)  # noqa: PLR2004  # ASCII
    mixed = len(_MIXED.findall(decoded)) / max(high, 1)
    return 3 * min(known, 20) + min(letters / max(high, 1), 1) * 5 - 40 * turned - 200 * odd - 10 * mixed


def delimiter_of(path: Path, encoding: str) -> str:
    """What stands between the columns: what gives the most known headings, then the evenest rows."""
    lines = list(_first_lines(path, encoding))
    if lines and (said := re.fullmatch(r"sep=(.)", lines[0].strip().lstrip("\ufeff"))):
        return said[1]
    return max(DELIMITERS, key=lambda delimiter: _fits(lines, delimiter))


def _fits(lines: Sequence[str], delimiter: str) -> tuple[int, float, int]:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(row)]
    except csv.Error:
        return (0, 0.0, 0)
    known = max(
        (len({k.part for c in row if (k := recognise(c)) and k.part}) for row in rows[:40]), default=0
    )
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return (known, count / max(len(rows), 1), width)


def _first_lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        for _ in range(200):
            line = file.readline(10_000)
            if not line:
                return
            yield line
