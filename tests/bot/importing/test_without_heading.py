"""A list whose first row is a machine already."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.services.importing import imports
from bot.services.importing.headings import is_guess
from domain.imports import Part
from domain.process import Reason, Refused
from storage.database import Database
from storage.import_tables import ImportState
from tests.bot.importing.lists import write_csv
from tests.bot.importing.running import Importing
from tests.builders import NOW, add_company


@pytest.fixture
def importing(sqlite_database: Database, tmp_path: Path) -> Importing:
    with sqlite_database.write() as unit:
        company = add_company(unit)
    return Importing(sqlite_database, tmp_path, company.moderator, company.client)


def say(importing: Importing, *, machine: bool) -> None:
    """Whether the first row is a machine."""
    importing.hand.write(
        lambda unit: imports.say_heading(unit, importing.me, importing.import_id, machine=machine)
    )


def check(importing: Importing) -> tuple[int, int]:
    """The dry run with the number in the first column and the name in the second: new and wrong rows."""
    for part, column in ((Part.NUMBER, 0), (Part.NAME, 1)):
        importing.hand.write(
            lambda unit, part=part, column=column: imports.choose_column(  # type: ignore[misc]  # the lambda binds its values
                unit, importing.me, importing.import_id, part, column
            )
        )
    importing.hand.write(lambda unit: imports.check(unit, importing.me, importing.import_id, NOW))
    counts = importing.check()
    return counts.new, counts.wrong


def test_the_first_row_is_a_machine_if_the_person_says_so(importing: Importing, tmp_path: Path) -> None:
    importing.begin(write_csv(tmp_path / "list.csv", [[], ["N-1", "Crane"], ["N-2", "Roller"]]))
    say(importing, machine=True)
    assert check(importing) == (2, 0)
    report = CalamineWorkbook.from_path(str(importing.report)).get_sheet_by_index(0)
    assert [row[:3] for row in report.to_python()] == [["new", "", "N-1"], ["new", "", "N-2"]]
    importing.go()
    assert importing.objects().keys() == {"N-1", "N-2"}


def test_it_may_be_taken_back_and_said_again(importing: Importing, tmp_path: Path) -> None:
    importing.begin(write_csv(tmp_path / "list.csv", [["N-1", "Crane"], ["N-2", "Roller"]]))
    say(importing, machine=True)
    say(importing, machine=True)
    say(importing, machine=False)
    assert check(importing) == (1, 0)
    say(importing, machine=True)
    assert importing.record().state is ImportState.ASKING
    assert check(importing) == (2, 0)


def test_a_heading_that_is_known_is_no_machine(importing: Importing, tmp_path: Path) -> None:
    importing.begin(write_csv(tmp_path / "list.csv", [["Number", "Name"], ["N-2", "Roller"]]))
    with pytest.raises(Refused, match=Reason.BAD_VALUE.name):
        say(importing, machine=True)


@pytest.mark.parametrize(
    ("titles", "guess"),
    [
        (["N-1", "Crane"], True), (["T-1", "Vehicle transporter", "AB 1"], True), ([], True),
        (["Number"], False), (["Number", "Name"], False), (["Name", "Plate"], False),
    ],
)  # fmt: skip
def test_a_heading_is_a_guess_where_hardly_a_word_is_known(titles: list[str], guess: bool) -> None:
    assert is_guess(titles) is guess
