"""Files as Excel wrote them before 2007, written by a program that is not ours (files/, see its README)."""

# ruff: noqa: RUF001  # lists of three languages

from pathlib import Path

import pytest

from bot.services.importing.old_excel import computed_cells
from bot.services.importing.reading import read
from bot.services.importing.tables import open_table
from bot.services.numbers_file import read_file
from domain.imports import Fault, Part
from storage.database import Database
from tests.bot.importing.lists import read_rows
from tests.bot.importing.running import Importing
from tests.builders import add_company

FILES = Path(__file__).parent / "files"
TITLES, SHEETS, LONG = FILES / "titles.xls", FILES / "sheets.xls", FILES / "long.xls"


@pytest.fixture
def importing(sqlite_database: Database, tmp_path: Path) -> Importing:
    with sqlite_database.write() as unit:
        company = add_company(unit)
    return Importing(sqlite_database, tmp_path, company.moderator, company.client)


def test_titles_merged_cells_numbers_and_dates_are_understood(importing: Importing) -> None:
    record = importing.begin(TITLES)
    assert (record.heading, record.columns[Part.NUMBER], record.columns[Part.TERMINAL]) == (5, 1, 5)
    counts = importing.check()
    # A title between the machines, a computed number, a date for a number, a computed model, the total.
    assert (counts.new, counts.wrong) == (4, 5)
    importing.go()
    found = {
        number: (one.name, one.plate, one.terminal, one.address)
        for number, one in importing.objects().items()
    }
    assert found == {
        "17": ("МТЗ 82.1", "АЕ 4411 КВ", "352093081234567", "Степная улица, 3"),
        "18": ("МТЗ 1221", "АЕ 4412 КВ", "352093081234575", "Степная улица, 3"),
        "Т-19": ("КамАЗ 65115", "АЕ 4413 КВ", None, "Степная улица, 3"),
        "23.5": ("Полуприцеп", "", None, ""),
    }


def test_every_formula_is_found(importing: Importing) -> None:
    assert set(computed_cells(TITLES, 0)) == {(9, 1), (11, 3), (13, 1)}
    assert set(computed_cells(SHEETS, 2)) == {(4, 1)}
    assert set(computed_cells(LONG, 0)) == {(1201, 0)}
    importing.begin(LONG)
    counts = importing.check()
    assert (counts.new, counts.wrong) == (1200, 1)


def test_the_list_is_found_among_several_sheets() -> None:
    table = open_table(SHEETS)
    assert (table.sheet, table.other_sheets) == ("Перелік", ["Титул", "Примітки"])
    assert [list(row.cells)[1:3] for row in read_rows(SHEETS)] == [
        ["Інв. номер", "Назва техніки"], ["К-03", "Паливозаправник"], ["К-04", "Комбайн Ґрунт"],
        ["=", "Кран"],
    ]  # fmt: skip


def test_a_long_list_has_all_its_texts() -> None:
    """They stand in one table that is cut into pieces, in the midst of a text."""
    rows = read_rows(LONG)
    for at in (1, 2, 399, 800, 1199, 1200):
        name = f"Навантажувач №{at}" if at % 2 else f"Loader {at}"
        address = f"Зелена вулиця, будинок {at} {'б' * (at % 40)}".strip()
        assert list(rows[at].cells) == [f"L-{at:04}", name, address]


async def test_the_reader_beside_the_bot_takes_them(tmp_path: Path) -> None:
    for path, count in ((TITLES, 13), (SHEETS, 4), (LONG, 1202)):
        assert (await read(path, tmp_path / "rows")).rows == count


@pytest.mark.parametrize(
    ("path", "said", "wrong"),
    [
        (TITLES, ["17", "18", "Т-19", "Т-22", "23.5"], {"=": Fault.FORMULA, "2026-03-17": Fault.DATE}),
        (SHEETS, ["К-03", "К-04"], {"=": Fault.FORMULA}),
    ],
)
async def test_their_numbers_may_be_picked(
    tmp_path: Path, path: Path, said: list[str], wrong: dict[str, str]
) -> None:
    found = await read_file(path.read_bytes(), tmp_path)  # noqa: ASYNC240  # a test waits for nobody
    assert (found.said, found.wrong) == (said, wrong)
