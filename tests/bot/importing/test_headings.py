"""Columns are known by their headings, wherever the heading stands."""

# ruff: noqa: RUF001  # headings of three languages

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.importing.headings import find_layout, recognise
from domain.imports import Part

KNOWN = {
    Part.NUMBER: ["Number", "No.", "Инв. №", "Инвентарный номер", "Гаражный №", "Бортовой номер", "Fleet No",
                  "Інвентарний номер", "Unit number", "Номер", "№", "Хоз. номер", "Vehicle ID", "Код"],
    Part.PLATE: ["Plate", "License plate", "Гос. номер", "Госномер ТС", "Г/Н", "Рег. знак", "Держ. номер",
                 "ДНЗ", "Державний номер", "Reg. No", "Registration number",
                 "Номер автомобиля", "ГРЗ"],
    Part.VIN: ["VIN", "VIN-код", "vin code", "Заводской №", "Серийный номер", "Номер шасси", "Serial No"],
    Part.TERMINAL: ["IMEI", "Терминал", "Термінал", "Terminal", "IMEI терминала", "Серийный номер терминала",
                    "Номер трекера", "GPS ID"],
    Part.NAME: ["Name", "Название", "Наименование", "Назва техніки", "Найменування", "Vehicle", "ТС",
                "Машина"],
    Part.MAKE: ["Марка", "Make", "Brand"],
    Part.MODEL: ["Модель", "Model", "Марка, модель"],
    Part.ADDRESS: ["Адрес", "Адреса", "Address", "Место стоянки", "Location", "Місцезнаходження"],
    Part.CONTACT: ["Контакт", "Контактное лицо", "Contact person", "Водій", "Ответственный"],
    Part.PHONE: ["Телефон", "Phone", "Моб. тел.", "Телефон водителя"],
}  # fmt: skip
IGNORED = [
    "№ п/п",
    "№ з/п",
    "Номер SIM",
    "Дата установки",
    "Тип терминала",
    "Примечание",
    "Год выпуска",
    "Клиент",
]


@pytest.mark.parametrize(("part", "title"), [(p, t) for p, titles in KNOWN.items() for t in titles])
def test_a_heading_is_known(part: Part, title: str) -> None:
    known = recognise(title)
    assert known is not None
    assert known.part is part


@pytest.mark.parametrize("title", IGNORED)
def test_a_column_that_is_not_needed_is_known_too(title: str) -> None:
    known = recognise(title)
    assert known is not None
    assert known.part is None


@pytest.mark.parametrize("title", ["", "863051000000001", "T-17", "Agro-Trans", "x" * 500])
def test_what_is_no_heading_is_not_taken_for_one(title: str) -> None:
    assert recognise(title) is None


@given(st.sampled_from([(p, t) for p, titles in KNOWN.items() for t in titles if t != "№"]), st.data())
def test_the_way_in_which_a_heading_is_typed_makes_no_difference(
    said: tuple[Part, str], data: st.DataObject
) -> None:
    part, title = said
    habit = data.draw(st.sampled_from([str.upper, str.lower, str.title, str]))
    around = data.draw(st.sampled_from(["{}", "  {} ", "\u00a0{}\u00a0", "{}:", "{} *", "«{}»", "{}\n"]))
    known = recognise(around.format(habit(title)))
    assert known is not None
    assert known.part is part


@given(
    st.lists(st.sampled_from(["", "Agro-Trans", "Список на 01.03.2026", "утверждаю"]), max_size=6), st.data()
)
def test_titles_may_stand_above_the_heading(above: list[str], data: st.DataObject) -> None:
    titles = data.draw(st.permutations(["№ п/п", "Инв. №", "Марка", "Гос. номер", "VIN"]))
    rows = [*([title] for title in above), titles, ["1", "100", "ГАЗ", "АВ1234СЕ", "X9F"]]
    layout = find_layout(rows)
    assert layout.heading == len(above)
    assert layout.first == len(above) + 1
    assert layout.columns[Part.NUMBER] == titles.index("Инв. №")
    assert layout.columns[Part.PLATE] == titles.index("Гос. номер")
    assert layout.is_clear


def test_an_explicit_number_wins_over_a_count_of_the_rows() -> None:
    assert find_layout([["№", "Гаражный номер", "Марка"], ["1", "G-5", "МАЗ"]]).columns[Part.NUMBER] == 1


def test_a_count_of_the_rows_is_the_number_when_there_is_no_other() -> None:
    assert find_layout([["№", "Марка", "Госномер"], ["1", "МАЗ", "АА0001АА"]]).columns[Part.NUMBER] == 0


def test_two_columns_of_the_same_meaning_are_asked_about() -> None:
    layout = find_layout([["Number", "Plate", "Plate"], ["1", "A", "B"]])
    assert layout.twice == {Part.PLATE: (1, 2)}
    assert not layout.is_clear


@pytest.mark.parametrize("again", ["Инв. №", ""])
def test_a_heading_of_two_lines_is_one(again: str) -> None:
    rows = [
        ["Инв. №", "Техника", "", "Оборудование", ""],
        [again, "Марка", "Модель", "IMEI", "SIM"],
        ["5", "МАЗ", "5551", "863051000000001", "380"],
    ]
    layout = find_layout(rows)
    assert layout.first == 2
    assert layout.columns == {Part.NUMBER: 0, Part.MAKE: 1, Part.MODEL: 2, Part.TERMINAL: 3}


def test_a_heading_may_go_on_below_its_fullest_line() -> None:
    rows = [
        ["Инв. №", "Марка", "VIN", "Оборудование"],
        ["", "", "", "IMEI"],
        ["5", "МАЗ", "X", "863051000000001"],
    ]
    layout = find_layout(rows)
    assert (layout.heading, layout.first) == (0, 2)
    assert layout.columns[Part.TERMINAL] == 3


def test_a_row_that_counts_the_columns_belongs_to_the_heading() -> None:
    assert find_layout([["Номер", "Марка", "VIN"], ["1", "2", "3"], ["7", "МАЗ", "X"]]).first == 2


def test_without_a_heading_the_person_is_asked() -> None:
    assert not find_layout([["5", "МАЗ", "АА0001АА"], ["6", "КАМАЗ", "АА0002АА"]]).is_clear


@given(st.lists(st.lists(st.text(max_size=30), max_size=8), max_size=45))
def test_whatever_stands_there_gives_an_answer(rows: list[list[str]]) -> None:
    layout = find_layout(rows)
    assert layout.first > layout.heading
    assert all(0 <= at < len(layout.titles) for at in layout.columns.values())
