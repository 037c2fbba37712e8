"""What is no list, or dangerous, is refused with what to do about it; nothing of it reaches a database."""

import struct
import zipfile
from pathlib import Path

import pytest

from bot.services.importing import containers
from bot.services.importing.reading import read
from bot.services.importing.tables import open_table
from bot.texts import importing as words
from domain.imports import BadFile, Problem
from tests.bot.importing.lists import write_csv, write_xlsx

HEADING = ["Number", "Name", "Plate"]


def problem_of(path: Path) -> Problem:
    with pytest.raises(BadFile) as caught:
        list(open_table(path).rows)
    return caught.value.problem


def kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def with_part(path: Path, name: str, content: bytes = b"x") -> Path:
    """A good workbook with one more part."""
    write_xlsx(path, [HEADING, [1, "A", "p"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff\xe0 jpeg", b"\x7fELF\x00\x01\x02\x00\x00\x03",
     bytes(range(256)) * 20, b"MZ\x90\x00\x03\x00\x00\x00\x04\x00"],
)  # fmt: skip
def test_no_table(tmp_path: Path, content: bytes) -> None:
    assert problem_of(kept(tmp_path / "list.xlsx", content)) is Problem.NO_TABLE


def test_another_kind_of_archive_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert problem_of(path) is Problem.NO_TABLE


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b";;;\n;;;\n", b"  \r\n"])
def test_an_empty_text(tmp_path: Path, content: bytes) -> None:
    from bot.services.importing.child import convert  # noqa: PLC0415  # what the child says

    path = kept(tmp_path / "list.csv", content)
    assert convert(path, tmp_path / "rows").get("problem") == Problem.EMPTY


def test_an_empty_workbook(tmp_path: Path) -> None:
    assert problem_of(write_xlsx(tmp_path / "list.xlsx", [])) is Problem.EMPTY


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros(tmp_path: Path, part: str) -> None:
    assert problem_of(with_part(tmp_path / "list.xlsx", part)) is Problem.MACROS


def test_macros_of_an_open_document(tmp_path: Path) -> None:
    path = tmp_path / "list.ods"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("mimetype", "content.xml", "Basic/Standard/Module1.xml"):
            archive.writestr(name, "x")
    assert problem_of(path) is Problem.MACROS


def ole(*names: str) -> bytes:
    """As much of an old Excel file as says what it is."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + b"".join(n.encode("utf-16-le") for n in names)
    )


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("Workbook", "_VBA_PROJECT_CUR"), Problem.MACROS),
        (("EncryptedPackage",), Problem.PASSWORD),
        (("WordDocument",), Problem.NO_TABLE),
        (("Workbook",), Problem.DAMAGED),
    ],
)
def test_old_files(tmp_path: Path, names: tuple[str, ...], problem: Problem) -> None:
    assert problem_of(kept(tmp_path / "list.xls", ole(*names))) is problem


def test_a_binary_workbook_and_a_web_page_are_other_formats(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", "x")
    assert problem_of(path) is Problem.OTHER_FORMAT
    assert problem_of(kept(tmp_path / "list.xls", b"<html><table>")) is Problem.OTHER_FORMAT


def test_an_archive_that_says_it_swells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "UNPACKED", 1_000_000)
    path = with_part(tmp_path / "list.xlsx", "xl/media/zeros.bin", b"\x00" * 5_000_000)
    assert path.stat().st_size < 20_000
    assert problem_of(path) is Problem.SWELLS


def test_an_archive_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list.xlsx"
    content = b"\x00" * 5_000_000
    with_part(path, "xl/zeros.bin", content)
    honest = struct.pack("<L", len(content))
    raw = path.read_bytes()
    assert raw.count(honest) == 2
    path.write_bytes(raw.replace(honest, struct.pack("<L", 10)))
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("xl/zeros.bin").file_size == 10
    monkeypatch.setattr(containers, "UNPACKED", 1_000_000)
    assert problem_of(path) is Problem.SWELLS


def test_too_many_bytes(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(containers.BYTES + 1)
    assert problem_of(path) is Problem.TOO_BIG


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.importing.tables.ROWS", 100)
    rows = [HEADING, *([n, "A", "p"] for n in range(100))]
    assert problem_of(write_csv(tmp_path / "list.csv", rows)) is Problem.TOO_MANY_ROWS
    assert problem_of(write_xlsx(tmp_path / "list.xlsx", rows)) is Problem.TOO_MANY_ROWS


@pytest.mark.parametrize("damage", [lambda raw: raw[:-200], lambda raw: raw[:60] + b"\x00" * 90 + raw[150:]])
def test_a_damaged_workbook(tmp_path: Path, damage: object) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [HEADING, [1, "A", "p"]])
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]  # either kind of damage
    assert problem_of(path) is Problem.DAMAGED


def test_two_encodings_in_one_text(tmp_path: Path) -> None:
    lines = ["Номер;Марка".encode(), "1;Трактор".encode(), "2;Экскаватор".encode("cp1251"), "3;Кран".encode()]
    path = kept(tmp_path / "list.csv", b"\n".join(lines))
    with pytest.raises(BadFile) as caught:
        open_table(path)
    assert (caught.value.problem, caught.value.where) == (Problem.MIXED_ENCODINGS, "3")


def test_utf_8_that_breaks_off(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + "Номер;Марка\n1;".encode() + "Трактор".encode("cp1251")
    assert problem_of(kept(tmp_path / "list.csv", content)) is Problem.MIXED_ENCODINGS


def test_a_quotation_mark_that_is_not_closed(tmp_path: Path) -> None:
    content = 'Number;Name\n1;"Loader\n' + "2;Digger\n" * 20_000
    assert problem_of(kept(tmp_path / "list.csv", content.encode())) is Problem.OPEN_QUOTE


async def test_a_sheet_that_claims_to_be_endless_harms_only_its_reader(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [HEADING, [1, "A", "p"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[name] = parts[name].replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    with pytest.raises(BadFile) as caught:
        await read(path, tmp_path / "rows")
    assert caught.value.problem in {Problem.SWELLS, Problem.TOO_MANY_ROWS}


async def test_a_good_file_is_read_by_the_child(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [HEADING, [1, "A", "p"], [], [2, "B", "q"]])
    known = await read(path, tmp_path / "rows")
    assert (known.rows, known.last, known.sheet) == (3, 4, "Sheet1")


async def test_a_file_may_be_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_xlsx(Path("list.xlsx"), [HEADING, [1, "A", "p"]])
    assert (await read(Path("list.xlsx"), Path("rows"))).rows == 2
    assert (tmp_path / "rows").exists()  # a test waits for nobody


@pytest.mark.parametrize("problem", list(Problem))
def test_every_problem_says_what_to_do(problem: Problem) -> None:
    said = words.problem(problem, "17")
    assert any(
        verb in said for verb in ("Send", "send", "Save", "save", "Split", "Check", "Open", "Copy", "Close")
    )
