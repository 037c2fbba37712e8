"""Files of numbers: whatever kind of file, whichever column, and nothing that harms."""

# ruff: noqa: RUF001  # letters of three languages

import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.services.numbers_file import Numbers, read_file
from domain.imports import BadFile, Problem
from tests.bot.importing.lists import write_csv, write_ods, write_xlsx
from tests.bot.importing.old_excel import write_xls

Rows = Sequence[Sequence[str]]
WRITERS: dict[str, Callable[[Path, Rows], Path]] = {
    "xlsx": write_xlsx, "xls": write_xls, "ods": write_ods, "csv": write_csv,
}  # fmt: skip
EVERY_KIND = pytest.mark.parametrize("kind", WRITERS)


async def numbers_of(path: Path) -> Numbers:
    """What the bot reads out of a file; nothing of it may stay."""
    folder = path.parent / "numbers"
    try:
        return await read_file(path.read_bytes(), folder)  # noqa: ASYNC240  # a test waits for nobody
    finally:
        assert list(folder.iterdir()) == []  # the same


async def problem_of(path: Path) -> Problem:
    with pytest.raises(BadFile) as caught:
        await numbers_of(path)
    return caught.value.problem


def written(tmp_path: Path, kind: str, rows: Rows) -> Path:
    return WRITERS[kind](tmp_path / f"list.{kind}", rows)


@EVERY_KIND
async def test_the_column_is_known_by_its_heading(tmp_path: Path, kind: str) -> None:
    rows = [
        ["Марка", "Гос. номер", "Гаражный номер"], ["КамАЗ", "АА 1001 ВВ", "Т-17"],
        ["Loader", "АА 1002 ВВ", "Т-18"], ["Crane", "АА 1003 ВВ", ""], ["Итого", "", "2"],
    ]  # fmt: skip
    assert await numbers_of(written(tmp_path, kind, rows)) == Numbers(["Т-17", "Т-18"])


@EVERY_KIND
async def test_one_column_needs_no_heading(tmp_path: Path, kind: str) -> None:
    found = Numbers(["M-1", "No 17", "M-3"])
    assert await numbers_of(written(tmp_path, kind, [["M-1"], ["No 17"], ["M-3"]])) == found
    assert await numbers_of(written(tmp_path, kind, [["No 17"], ["M-2"]])) == Numbers(["No 17", "M-2"])
    titled = [["Number"], ["M-1"], ["No 17"], ["M-3"]]
    assert await numbers_of(written(tmp_path, kind, titled)) == found


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
async def test_without_a_heading_it_is_the_first_column(tmp_path: Path, kind: str) -> None:
    rows = [["M-1", "Loader"], ["M-2", "Crane"]]
    assert await numbers_of(written(tmp_path, kind, rows)) == Numbers(["M-1", "M-2"])


async def test_the_first_column_may_stand_further_right_and_below(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [[], [None, None, "M-1"], [None, None, 17.0]])
    assert await numbers_of(path) == Numbers(["M-1", "17"])


@pytest.mark.parametrize(
    "content",
    ["M-1, M-2\nM-3", "M-1 M-2 M-3", "M-1;M-2\t M-3\r\n", "\ufeffM-1\r\nM-2\r\nM-3", "Number\nM-1, M-2\nM-3"],
)
async def test_a_text_is_read_as_one_in_chat(tmp_path: Path, content: str) -> None:
    path = tmp_path / "list.txt"
    for encoding in ("utf-8", "utf-16", "cp1251"):
        if encoding != "cp1251" or "\ufeff" not in content:
            path.write_bytes(content.encode(encoding))
            assert await numbers_of(path) == Numbers(["M-1", "M-2", "M-3"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
async def test_a_few_cyrillic_letters_are_enough(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes("Т-17\nТ-18".encode(encoding))
    assert await numbers_of(path) == Numbers(["Т-17", "Т-18"])


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
async def test_what_is_computed_is_no_number(tmp_path: Path, kind: str) -> None:
    numbers = await numbers_of(written(tmp_path, kind, [["Number"], ["M-1"], ["=1+6"]]))
    assert numbers.said == ["M-1"]
    assert list(numbers.wrong.values()) == ["formula"]


async def test_what_the_spreadsheet_spoilt_is_named(tmp_path: Path) -> None:
    rows = [["Number", "Name"], ["8.63051E+14", "A"], ["2026-03-02", "B"], ["x" * 41]]
    path = written(tmp_path, "csv", rows)
    found = {"8.63051E+14": "cut", "2026-03-02": "date", "x" * 40: "too_long"}
    assert await numbers_of(path) == Numbers([], found)


@EVERY_KIND
async def test_a_heading_alone_is_an_empty_list(tmp_path: Path, kind: str) -> None:
    assert await problem_of(written(tmp_path, kind, [["Number", "Name"]])) is Problem.EMPTY


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b" \r\n", Problem.EMPTY),
        (b"%PDF-1.7", Problem.NO_TABLE),
        (b"\x00\x01\x02\x03" * 99, Problem.NO_TABLE),
        (b"<html><table>", Problem.OTHER_FORMAT),
        (b"PK\x03\x04 and no more", Problem.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le"), Problem.DAMAGED),
    ],
)
async def test_what_is_no_list(tmp_path: Path, content: bytes, problem: Problem) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    assert await problem_of(path) is problem


async def test_an_archive_that_swells_and_one_with_macros(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [["Number"], ["M-1"]])
    good = path.read_bytes()
    zeros = bytes(1_000_000)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", zeros)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<L", len(zeros)), struct.pack("<L", 2_000_000_000)))
    assert await problem_of(path) is Problem.SWELLS
    path.write_bytes(good)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert await problem_of(path) is Problem.MACROS
