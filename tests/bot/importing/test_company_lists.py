"""Lists in the habits of several companies, from the file to the objects."""

# ruff: noqa: RUF001  # lists of three languages

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests.bot.importing.lists import write_csv, write_ods, write_xlsx
from tests.bot.importing.running import Importing
from tests.builders import add_company

Machines = dict[str, tuple[str, ...]]
DAY = datetime(2026, 3, 2)  # noqa: DTZ001  # spreadsheets know no zones


def agro_holding(path: Path) -> Path:
    """A title, an approval, a heading of two lines with merged cells, branches as titles, a total."""
    rows: Sequence[Sequence[Any]] = [
        ["ТОВ «Агро-Транс». Перелік техніки для встановлення обладнання"],
        ["Затверджую ____________  02.03.2026"],
        [],
        ["№ з/п", "Інв. №", "Техніка", None, "Держ. номер", "Місце стоянки", "Контактна особа"],
        [None, None, "Марка", "Модель"],
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
        ["Філія «Північ»"],
        [
            1.0,
            1017.0,
            "John Deere",
            "8R 340 ",
            "АВ 1234 СЕ\u00a0",
            "с. Іванівка",
            "Іван Петренко, 0501234567",
        ],
        [2.0, 1018.0, "Claas", 850.0, "-", None, None],
        ["Філія «Південь»"],
        [3.0, "1019/2", "МТЗ", 82.1, "АЕ0001АА", "м. Одеса", None],
        ["Всього: 3 од."],
    ]
    merged = [
        (0, 0, 0, 6), (1, 0, 1, 6), (3, 0, 4, 0), (3, 1, 4, 1), (3, 2, 3, 3), (3, 4, 4, 4), (3, 5, 4, 5),
        (3, 6, 4, 6), (6, 0, 6, 6), (7, 5, 8, 5), (9, 0, 9, 6),
    ]  # fmt: skip
    return write_xlsx(path / "Техніка.xlsx", rows, merged)


def bus_park(path: Path) -> Path:
    """A report of an accounting program: Windows encoding, semicolons, IMEIs with spaces, phones apart."""
    return write_csv(
        path / "выгрузка.csv",
        [
            ["Гаражный №", "Марка", "Модель", "Гос. рег. знак", "VIN", "IMEI терминала", "Водитель",
             "Телефон", "Дата"],
            ["Г-17", "МАЗ", "МАЗ 203", "АА 1111 АА", "Y3M203000A0000001", "863051 00000000 1",
             "Сидоров", "+7 900", "1.3.26"],
            [" Г-18 ", "ЛиАЗ", "", "н/д", "", "", "нет", "—", "01.03.2026"],
            ["", "", "", "", "", "", "", "", ""],
            ["Итого", "2", "", "", "", "", "", "", ""],
        ],
        "cp1251",
    )  # fmt: skip


def rental(path: Path) -> Path:
    """An English export: many columns that are not needed, dates as dates, ids as numbers."""
    return write_xlsx(
        path / "Assets export (3).xlsx",
        [
            ["Asset ID", "Description", "Serial No.", "License Plate", "Year", "Site", "Contact",
             "Phone", "Purchased",
             "Status", "Tracker IMEI"],
            [40012.0, "Excavator 20 t", 12345678.0, None, 2019.0, "Yard 4",
             "Ann Lee", 441632960001.0, DAY, "OK",
             863051000000001.0],
            [40013.0, "Loader\n(with bucket)", "CAT0950GX",
             "AB12 CDE", 2020.0, "Yard 4", None, None, DAY, "OK", None],
        ],
    )  # fmt: skip


def municipality(path: Path) -> Path:
    """An OpenDocument table of a town, numbers typed as texts."""
    return write_ods(
        path / "реестр.ods",
        [
            ["Реестр спецтехники"],
            [""],
            ["№", "Наименование", "Рег. №", "Заводской №", "Адрес базирования"],
            ["1", "Экскаватор ЭО-2621", "1234 КВ 78", "000123", "ул. Полевая, 12"],
            ["2", "Автогрейдер", "", "", ""],
        ],
    )


def text_editor(path: Path) -> Path:
    """Typed by hand in KOI8, with tabs."""
    return write_csv(
        path / "list.txt",
        [["Бортовой номер", "Название", "Госномер"], ["Б-7", "Погрузчик", "0007 ЕЕ"], ["Б-8", "Кран", ""]],
        "koi8-r",
        "\t",
    )


def printed_pages(path: Path) -> Path:
    """Pages put together: each begins with the heading."""
    heading = ["№ п/п", "Инв. №", "Марка", "Гос. номер"]
    rows = [heading, ["1", "П-1", "КамАЗ", "АА 1111 АА"], heading, ["2", "П-2", "МАЗ", ""]]
    return write_xlsx(path / "страницы.xlsx", rows)


def data_frame(path: Path) -> Path:
    """What a script has written: an index, whole numbers with a point, and its word for nothing."""
    rows = [
        ["", "number", "name", "plate", "terminal"],
        ["0", "10001.0", "Crane", "nan", "863051000000001.0"], ["1", "10002.0", "Roller", "<NA>", ""],
        ["2", "1.0", "Pump", "", ""], ["3", "23.50", "Tank", "", ""],
    ]  # fmt: skip
    return write_csv(path / "frame.csv", rows, delimiter=",")


@pytest.mark.parametrize(
    ("write", "wrong", "machines"),
    [
        (agro_holding, 3, {
            "1017": ("John Deere 8R 340", "АВ 1234 СЕ", "", "", "с. Іванівка", "Іван Петренко, 0501234567"),
            "1018": ("Claas 850", "", "", "", "с. Іванівка", ""),
            "1019/2": ("МТЗ 82.1", "АЕ0001АА", "", "", "м. Одеса", ""),
        }),
        (bus_park, 1, {
            "Г-17": ("МАЗ 203", "АА 1111 АА", "Y3M203000A0000001", "863051000000001", "", "Сидоров +7 900"),
            "Г-18": ("ЛиАЗ", "", "", "", "", ""),
        }),
        (rental, 0, {
            "40012": ("Excavator 20 t", "", "12345678", "863051000000001", "Yard 4", "Ann Lee 441632960001"),
            "40013": ("Loader (with bucket)", "AB12 CDE", "CAT0950GX", "", "Yard 4", ""),
        }),
        (municipality, 0, {
            "1": ("Экскаватор ЭО-2621", "1234 КВ 78", "000123", "", "ул. Полевая, 12", ""),
            "2": ("Автогрейдер", "", "", "", "", ""),
        }),
        (text_editor, 0, {
            "Б-7": ("Погрузчик", "0007 ЕЕ", "", "", "", ""), "Б-8": ("Кран", "", "", "", "", ""),
        }),
        (printed_pages, 1, {
            "П-1": ("КамАЗ", "АА 1111 АА", "", "", "", ""), "П-2": ("МАЗ", "", "", "", "", ""),
        }),
        (data_frame, 0, {
            "10001": ("Crane", "", "", "863051000000001", "", ""), "10002": ("Roller", "", "", "", "", ""),
            "1.0": ("Pump", "", "", "", "", ""), "23.50": ("Tank", "", "", "", "", ""),
        }),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_a_list_is_understood(
    sqlite_database: Database, tmp_path: Path, write: Callable[[Path], Path], wrong: int, machines: Machines
) -> None:
    with sqlite_database.write() as unit:
        company = add_company(unit)
    importing = Importing(sqlite_database, tmp_path, company.support, company.client)
    path = write(tmp_path)
    importing.begin(path)
    counts = importing.check()
    assert (counts.new, counts.wrong) == (len(machines), wrong), counts.faults
    importing.go()
    assert {
        number: (one.name, one.plate, one.vin, one.terminal or "", one.address, one.contact)
        for number, one in importing.objects().items()
    } == machines
    importing.begin(path)
    assert importing.check().same == len(machines)
