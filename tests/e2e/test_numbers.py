"""Files of numbers in chat: every kind of table picks objects, and a bad file is answered with what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.importing.lists import write_csv, write_ods, write_xlsx
from tests.bot.importing.old_excel import write_xls
from tests.e2e.world import World
from tests.talk import Talk

WRITERS: dict[str, Callable[..., Path]] = {
    "xlsx": write_xlsx, "xls": write_xls, "ods": write_ods, "csv": write_csv,
}  # fmt: skip


def select(talk: Talk) -> None:
    """Begin to pick."""
    talk.says("/objects")
    talk.press("Select…")
    talk.shows("Select objects", "0 chosen")


@pytest.mark.parametrize("kind", WRITERS)
def test_a_table_picks_what_its_column_names(world: World, tmp_path: Path, kind: str) -> None:
    machines = [world.machine(client="Terra") for _ in range(3)]
    foreign = world.machine(client="Agro")
    rows = [["Model", "Number"], *(["Loader", one.number] for one in (*machines, foreign)), ["Crane", "=1+6"]]
    path = WRITERS[kind](tmp_path / f"list.{kind}", rows)
    select(world.stan)
    # Its name says nothing: people rename files.
    world.stan.sends_file("numbers.txt", path.read_bytes())
    missing = f"{foreign.number} – No machine"
    world.stan.shows("Taken from your numbers: 3 objects", "3 chosen", missing, "This is computed")
    world.stan.press("Go on with 3 objects")
    world.stan.press("Cancel")


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"%PDF-1.7", "This is no table. Send the list as XLSX, XLS, ODS or CSV."),
        (b"PK\x03\x04", "The file is damaged."),
        (b" ", "The file is empty."),
        (b"<html><table>", "I cannot read this format."),
    ],
)
def test_a_bad_file_says_what_to_do_and_takes_nothing(world: World, content: bytes, answer: str) -> None:
    machine, stan = world.machine(client="Terra"), world.stan
    select(stan)
    stan.sends_file("numbers.xlsx", content)
    stan.shows(answer, "Select objects", "0 chosen")
    stan.says(machine.number)
    stan.shows("1 chosen")
    stan.press("Cancel")


def test_who_went_elsewhere_meanwhile_is_not_called_back(world: World, tmp_path: Path) -> None:
    machine, stan = world.machine(client="Terra"), world.stan
    select(stan)
    path = write_xlsx(tmp_path / "list.xlsx", [["Number"], [machine.number]])
    stan.sends_file("numbers.xlsx", path.read_bytes(), wait=False)
    stan.says("/tasks")
    world.quiet()
    stan.shows_not("Taken from your numbers")
