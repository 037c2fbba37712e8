"""A list of machines on its way in, as people send it in chat."""

# ruff: noqa: RUF001  # a list in Russian

import base64
import itertools
import urllib.request
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook
from sqlmodel import select

from domain.objects import ObjectStatus
from storage.queues import OutboxRecord
from storage.tables import ObjectRecord
from tests.bot.importing.lists import write_csv, write_xlsx
from tests.e2e.world import World
from tests.talk import Talk

HEADING = ["Инв. №", "Марка", "Модель", "Гос. номер", "VIN", "IMEI"]
_runs = itertools.count(1)


def send(talk: Talk, path: Path, client: str = "Agro") -> None:
    """Send a file outside of any dialogue, and say whose machines they are if asked."""
    talk.says("/menu")
    talk._act("document", {
        "file_name": path.name, "content": base64.b64encode(path.read_bytes()).decode(), "caption": client,
    })  # fmt: skip
    if "Which client's machines" in talk.text:
        talk.press(client)


def listed(folder: Path, *rows: Sequence[Any], name: str = "fleet.xlsx") -> tuple[Path, str]:
    """A list whose numbers nobody else has."""
    run = f"I{next(_runs)}"
    whole = [["Agro-Trans, fleet"], [], HEADING, *([f"{run}-{row[0]}", *row[1:]] for row in rows)]
    return write_xlsx(folder / name, whole), run


def machines(world: World, run: str) -> dict[str, ObjectRecord]:
    query = select(ObjectRecord).where(ObjectRecord.number.startswith(f"{run}-"))  # type: ignore[attr-defined]  # SQLModel adds it
    return {one.number: one for one in world.read(lambda unit: list(unit.session.exec(query).all()))}


def told(world: World) -> Counter[int | None]:
    query = select(OutboxRecord.person_id).where(OutboxRecord.kind == "import")
    return Counter(world.read(lambda unit: list(unit.session.exec(query).all())))


def test_a_list_is_checked_first_and_imported_by_one_press(world: World, tmp_path: Path) -> None:
    path, run = listed(tmp_path, (1, "МТЗ", "82"), (2, "МАЗ", "5551"), (2, "twice"), ("", "x"))
    before = told(world)
    ivan = world.ivan
    send(ivan, path)
    ivan.shows("4 rows: 2 new, 2 wrong", "the same number")
    assert machines(world, run) == {}
    report = next(m for m in reversed(ivan.messages()) if m.get("document"))
    assert "fleet · checked.xlsx" in report["document"].values()
    ivan.press("Import 2 rows")
    ivan.shows("2 machines are new")
    found = machines(world, run)
    assert {one.name for one in found.values()} == {"МТЗ 82", "x"}
    assert {one.status for one in found.values()} == {ObjectStatus.NEW}
    world.anna.shows("Agro: 2 new machines", "Ivan", "fleet.xlsx")
    assert set((told(world) - before).values()) == {1}
    world.anna.press("Show them")
    world.anna.shows("Objects", "New", "Agro")
    world.anna.says(f"{run}-1")
    world.anna.shows(f"{run}-1", "New", "Agro")
    send(ivan, path)
    ivan.shows("2 already there", "nothing to import")


def test_who_may_not_import_is_told_so(world: World, tmp_path: Path) -> None:
    path, run = listed(tmp_path, (1, "МТЗ"))
    for talk in (world.anna, world.olga, world.clara):
        send(talk, path)
        talk.shows("Your role may not do this", "imported by moderators and support")
    assert machines(world, run) == {}


@pytest.mark.parametrize("name", ["fleet.xlsx", "fleet.csv"])
def test_a_bad_file_says_what_to_do(world: World, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"%PDF-1.7 this is no list")
    send(world.ivan, path)
    world.ivan.shows("This is no table", "XLSX")
    world.ivan.press("Another list")
    world.ivan.press("Cancel")


def test_another_file_is_said_to_be_no_table(world: World, tmp_path: Path) -> None:
    path = tmp_path / "fleet.pdf"
    path.write_bytes(b"%PDF-1.7 this is no list")
    send(world.ivan, path, client="")
    world.ivan.shows("This is no table", "XLSX")
    world.ivan.press("Another list")
    world.ivan.press("Cancel")
    send(world.anna, path, client="")
    world.anna.shows("Anna · installer")


def test_a_list_without_a_heading_loses_no_machine(world: World, tmp_path: Path) -> None:
    run = f"I{next(_runs)}"
    rows = [[f"{run}-1", "Кран"], [f"{run}-2", "Каток"]]
    ivan = world.ivan
    send(ivan, write_csv(tmp_path / "fleet.txt", rows, "utf-16", "\t"))
    ivan.shows("I take row 1 for the heading")
    ivan.press("Row 1 is a machine, too")
    ivan.shows("There is no heading: row 1 is a machine, too.")
    ivan.press("Number: –")
    ivan.press("A «")
    ivan.press("Name: –")
    ivan.press("B «")
    ivan.press("Check the list")
    ivan.shows("2 rows: 2 new")
    ivan.press("Import 2 rows")
    ivan.shows("2 machines are new")
    assert {one.name for one in machines(world, run).values()} == {"Кран", "Каток"}


def test_columns_without_a_heading_are_chosen_by_buttons(world: World, tmp_path: Path) -> None:
    run = f"I{next(_runs)}"
    path = write_csv(tmp_path / "fleet.csv", [["x", "y"], [f"{run}-1", "Loader"]], "cp1251")
    ivan = world.ivan
    send(ivan, path)
    ivan.shows("Say which column has the number")
    ivan.press("Number: –")
    ivan.press("A «x»")
    ivan.press("Name: –")
    ivan.press("B «y»")
    ivan.press("Check the list")
    ivan.shows("1 row", "1 new")
    ivan.press("Columns")
    ivan.press("Check the list")
    ivan.shows("1 row", "1 new")
    ivan.press("Import 1 row")
    ivan.shows("1 machine is new")
    assert machines(world, run)[f"{run}-1"].name == "Loader"


def test_cancel_forgets_the_list_and_old_buttons_say_how_it_is(world: World, tmp_path: Path) -> None:
    path, run = listed(tmp_path, (1, "МТЗ"))
    ivan = world.ivan
    send(ivan, path)
    ivan.shows("1 new")
    go = ivan.data_of("Import 1 row")
    ivan.press("Cancel")
    ivan.toast("Nothing was changed")
    ivan.forge(go)
    ivan.shows("This import was left")
    world.stan.says("/menu")
    world.stan.forge(go)
    world.stan.shows("There is no such thing here")
    assert machines(world, run) == {}


def test_a_kill_in_the_middle_is_made_good_at_the_start(world: World, tmp_path: Path) -> None:
    path, run = listed(tmp_path, *((n, "МТЗ") for n in range(3000)))
    ivan = world.ivan
    send(ivan, path)
    world.stage.kill_bot()
    world.stage.start_bot()
    ivan.shows("3000 new")
    ivan.press("Import 3000 rows", wait=False)
    world.stage.kill_bot()
    assert len(machines(world, run)) in {0, 3000}
    world.stage.start_bot()
    ivan.shows("3000 machines are new")
    assert len(machines(world, run)) == 3000


def test_who_went_elsewhere_is_not_disturbed(world: World, tmp_path: Path) -> None:
    path, _run = listed(tmp_path, *((n, "МТЗ") for n in range(300)))
    ivan = world.ivan
    send(ivan, path)
    ivan.says("/menu")
    ivan.shows("300 new")
    with_buttons = [message["text"] for message in ivan.messages()[-3:] if message.get("keyboard")]
    assert any("Ivan · support" in text for text in with_buttons)


def test_the_checked_file_has_a_verdict_per_row(world: World, tmp_path: Path) -> None:
    path, run = listed(tmp_path, (1, "МТЗ", "82", "", "", 863051777000001.0))
    ivan = world.ivan
    send(ivan, path)
    ivan.shows("1 new")
    report = next(m for m in reversed(ivan.messages()) if m.get("document"))["document"]
    with urllib.request.urlopen(world.stage.url + report["url"]) as answer:  # noqa: S310  # loopback
        (tmp_path / "report.xlsx").write_bytes(answer.read())
    rows = load_workbook(str(tmp_path / "report.xlsx")).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[2][:3] == ["Result", "Why", "Инв. №"]
    assert rows[3][0] == "new"
    assert rows[3][2] == f"{run}-1"
