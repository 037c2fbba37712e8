"""What is written by a spreadsheet or as a text comes back as the same rows of texts."""

# ruff: noqa: RUF001  # lists of three languages

from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.services.importing.cells import is_cut, is_date, is_error, is_formula, is_nothing, text_of, tidy
from bot.services.importing.encodings import delimiter_of, encoding_of
from bot.services.importing.tables import open_table
from tests.bot.importing.lists import read_cells, read_rows, write_csv, write_ods, write_xlsx
from tests.bot.importing.old_excel import write_xls

RUSSIAN = [
    ["№ п/п", "Инв. номер", "Марка", "Гос. номер", "Адрес", "Телефон"],
    ["1", "Г-17", "Трактор МТЗ-82", "АВ 1234 СЕ", "Харьков, улица Полевая, 12", "+380501234567"],
    ["2", "Г-18", "Экскаватор Hitachi", "АЕ 7711 ВК", "посёлок Южный", "0501234568"],
]
UKRAINIAN = [
    ["Інвентарний номер", "Назва техніки", "Держ. номер", "Місцезнаходження"],
    ["К-03", "Паливозаправник", "ВІ 0007 ЇЄ", "село Ґанківці, вулиця Шкільна"],
    ["К-04", "Комбайн Claas", "СА 1111 КА", "м. Київ"],
]
GERMAN = [["Number", "Name", "Address"], ["7", "Bagger für Köln", "Straße 5, Düsseldorf"]]

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp"]), max_size=20
)
plain = words.filter(lambda text: not text.startswith(("'", "=", "{=", "sep=")))
tables = st.lists(st.lists(plain, min_size=3, max_size=3).filter(all), min_size=1, max_size=8)


@given(tables, st.sampled_from([";", ",", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_text_comes_back(tmp_path: Path, rows: list[list[str]], delimiter: str, encoding: str) -> None:
    whole = [["Number", "Name", "Plate"], *rows]
    path = write_csv(tmp_path / "list.csv", whole, encoding, delimiter)
    assert read_cells(path) == whole


@given(tables)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_a_workbook_comes_back(tmp_path: Path, rows: list[list[str]]) -> None:
    whole = [["Number", "Name", "Plate"], *rows]
    assert read_cells(write_ods(tmp_path / "list.ods", whole)) == whole


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    ("rows", "encoding"),
    [
        ([[cell.replace("№", "N") for cell in row] for row in RUSSIAN], "koi8-r"),
        *((RUSSIAN, name) for name in ("cp1251", "cp866", "utf-8", "utf-16-le", "utf-16-be", "utf-16")),
        *((UKRAINIAN, name) for name in ("cp1251", "koi8-u", "utf-8", "utf-16-le", "utf-8-sig")),
        (GERMAN, "cp1252"),
    ],
)
def test_an_encoding_is_recognised(
    tmp_path: Path, rows: list[list[str]], encoding: str, delimiter: str
) -> None:
    path = write_csv(tmp_path / "list.csv", rows, encoding, delimiter)
    assert read_cells(path) == rows
    assert delimiter_of(path, encoding_of(path)) == delimiter


LINES = st.sampled_from([*RUSSIAN[1:], ["3", "Я-1", "ёж", "щука", "мышь", "5"]])


@given(st.lists(LINES, min_size=1, max_size=30), st.sampled_from(["cp1251", "koi8-r", "cp866"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_lists_without_a_known_heading_are_decoded_too(
    tmp_path: Path, rows: list[list[str]], encoding: str
) -> None:
    path = write_csv(
        tmp_path / "list.csv", [["поле", "значение", "прочее", "разное", "то", "сё"], *rows], encoding
    )
    assert read_cells(path)[1:] == rows


def test_a_line_that_names_its_delimiter_is_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("sep=|\nNumber|Name\n7|a;b,c\n", encoding="utf-8")
    assert [list(row.cells) for row in read_rows(path)] == [["Number", "Name"], ["7", "a;b,c"]]


@given(st.integers(-(10**14), 10**14))
@example(863051000000001)
def test_a_number_of_a_spreadsheet_keeps_its_digits(number: int) -> None:
    assert text_of(float(number)) == str(number)


def test_numbers_dates_and_spaces_of_a_workbook_become_plain_texts(tmp_path: Path) -> None:
    day = datetime(2026, 3, 2)  # noqa: DTZ001  # spreadsheets know no zones
    rows = [
        ["Number", "Name", "Terminal", "Installed", "Plate"],
        [17.0, "  John\u00a0Deere \u200b 8R ", 863051000000001, day, "'АВ1234"],
        [18, "Loader\nwith a bucket", "0863", day.replace(hour=9, minute=30), True],
    ]  # fmt: skip
    assert read_cells(write_xlsx(tmp_path / "list.xlsx", rows))[1:] == [
        ["17", "John Deere 8R", "863051000000001", "2026-03-02", "АВ1234"],
        ["18", "Loader with a bucket", "0863", "2026-03-02 09:30:00", "TRUE"],
    ]


def test_computed_cells_are_marked(tmp_path: Path) -> None:
    rows = [["Number", "Name"], ["7", "Loader"], ["=6+2", "Digger"], ["9", '="a"&"b"']]
    cells = read_cells(write_xlsx(tmp_path / "list.xlsx", rows))
    assert [is_formula(cell) or cell.startswith("=") for row in cells for cell in row] == [
        False, False, False, False, True, False, False, True,
    ]  # fmt: skip
    ods = read_cells(write_ods(tmp_path / "list.ods", [["Number", "Name"], ["7", "=x"]]))
    assert ods[1][1].startswith("=")


def test_an_error_that_stands_there_for_good_is_no_empty_cell(tmp_path: Path) -> None:
    rows = [["Number", "Name"], ["7", 42.125], ["8", "Digger"]]
    path = write_xlsx(tmp_path / "plain.xlsx", rows)
    with ZipFile(path) as plain, ZipFile(tmp_path / "list.xlsx", "w") as spoilt:
        for part in plain.namelist():
            cell = rb'<c r="B2"><v>42.125</v>', rb'<c r="B2" t="e"><v>#N/A</v>'
            spoilt.writestr(part, plain.read(part).replace(*cell))
    assert read_cells(tmp_path / "list.xlsx") == [["Number", "Name"], ["7", "#N/A"], ["8", "Digger"]]
    old = write_xls(tmp_path / "list.xls", [["Number", "Name"], ["7", "#N/A"], ["8", "Digger"]])
    assert read_cells(old) == [["Number", "Name"], ["7", "#N/A"], ["8", "Digger"]]


def test_a_cell_over_several_rows_says_the_same_for_each(tmp_path: Path) -> None:
    rows = [["Number", "Name", "Address"], [1, "A", "Kyiv"], [2, "B", None], [3, "C", None], [4, "D", "Lviv"]]
    path = write_xlsx(tmp_path / "list.xlsx", rows, merged=[(1, 2, 3, 2)])
    assert [row[2] for row in read_cells(path)] == ["Address", "Kyiv", "Kyiv", "Kyiv", "Lviv"]


def test_a_file_of_an_old_excel_comes_back(tmp_path: Path) -> None:
    rows = [["Номер", "Назва", "IMEI"], [17.0, "Трактор ", 863051000000001.0], ["18/2", "Кран"]]
    path = write_xls(tmp_path / "list.xls", rows)
    assert read_cells(path) == [
        ["Номер", "Назва", "IMEI"],
        ["17", "Трактор", "863051000000001"],
        ["18/2", "Кран"],
    ]
    assert open_table(path).sheet == "List"
    computed = write_xls(tmp_path / "computed.xls", [["Number", "Name"], ["=3+4", "Loader"], [8.0, "=A2"]])
    assert read_cells(computed) == [["Number", "Name"], ["=7", "Loader"], ["8", "=7"]]


def test_a_list_may_stand_anywhere_on_its_sheet(tmp_path: Path) -> None:
    rows = [[], [], [None, None, "Number", "Name"], [], [None, None, 7, "=1+1"]]
    found = read_rows(write_xlsx(tmp_path / "list.xlsx", rows))
    assert [(row.number, list(row.cells)) for row in found] == [
        (3, ["", "", "Number", "Name"]), (5, ["", "", "7", "=0"]),
    ]  # fmt: skip


def test_a_cell_across_a_row_is_a_title(tmp_path: Path) -> None:
    rows = [["Number", "Name", "Plate", "VIN"], ["Kyiv branch"], [1, "A", "p", "v"]]
    path = write_xlsx(tmp_path / "list.xlsx", rows, merged=[(1, 0, 1, 3)])
    assert [row.title for row in read_rows(path)] == [False, True, False]


def test_the_sheet_with_the_list_is_read(tmp_path: Path) -> None:
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  # it has no types

    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Cover").write(0, 0, "Agro-Trans")
    book.add_worksheet("Empty")
    book.add_worksheet("Fleet").write_row(0, 0, ["Number", "Name", "Plate"])
    hidden = book.add_worksheet("Old")
    hidden.write_row(0, 0, ["Number", "Name", "Plate", "VIN", "Terminal"])
    hidden.hide()
    book.close()
    table = open_table(path)
    assert table.sheet == "Fleet"
    assert table.other_sheets == ["Cover", "Empty"]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("8.63051E+14", (False, True, False)), ("8,63051E+14", (False, True, False)), ("12E45", (False,) * 3),
        ("=A1", (True, False, False)), ("#REF!", (False,) * 3), ("#5", (False,) * 3),
        ("2026-05-01", (False, False, True)), ("05-01", (False,) * 3), ("=", (True, False, False)),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_has_spoilt_is_seen(text: str, marks: tuple[bool, bool, bool]) -> None:
    assert (is_formula(text), is_cut(text), is_date(text)) == marks


@pytest.mark.parametrize(("text", "seen"), [("#N/A", True), ("#ЗНАЧ!", True), ("#5", False), ("N/A", False)])
def test_an_error_of_a_spreadsheet_is_seen(text: str, seen: bool) -> None:
    assert is_error(text) is seen


def test_what_turns_its_neighbours_round_is_left_out() -> None:
    assert tidy("A\u202eB\u2066 7\u2069") == "AB 7"


@pytest.mark.parametrize("text", ["", "-", "\u202e", "\u2800\u3164", "\u2066 \u2069", "н/д"])
def test_what_nobody_can_see_says_nothing(text: str) -> None:
    assert is_nothing(tidy(text))


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once or once.startswith("'")
    assert once == once.strip()
