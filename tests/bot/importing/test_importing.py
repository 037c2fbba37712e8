"""The dry run and taking over, on both databases: all of it or nothing, nothing twice, nobody told twice."""

# ruff: noqa: RUF001  # lists of three languages

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from bot.services.importing import imports
from bot.services.importing.imports import KEPT
from bot.services.people import as_me
from domain.imports import Fault, Part
from domain.objects import ObjectStatus
from domain.process import Reason, Refused, Route
from domain.roles import Role
from storage.database import Database, UnitOfWork
from storage.import_tables import ImportRowRecord, ImportState
from storage.queues import OutboxRecord
from storage.tables import EntryKind, HistoryRecord, ObjectRecord
from tests.bot.importing.lists import write_xlsx
from tests.bot.importing.running import Importing
from tests.builders import NOW, Company, add_company, add_object, add_person, key

HEADING = ["Number", "Name", "Plate", "VIN", "Terminal", "Address", "Contact"]


@pytest.fixture
def company(database: Database) -> Company:
    with database.write() as unit:
        return add_company(unit)


@pytest.fixture
def importing(database: Database, company: Company, tmp_path: Path) -> Importing:
    return Importing(database, tmp_path, company.support, company.client)


def listed(folder: Path, *rows: Sequence[Any], name: str = "list.xlsx") -> Path:
    return write_xlsx(folder / name, [HEADING, *rows])


def history(unit: UnitOfWork, record: ObjectRecord) -> list[HistoryRecord]:
    found = unit.session.exec(
        select(HistoryRecord).where(HistoryRecord.object_id == record.id).order_by(col(HistoryRecord.id))
    )
    return list(found)


def told(importing: Importing) -> Counter[int | None]:
    query = select(OutboxRecord.person_id).where(OutboxRecord.kind == "import")
    return Counter(importing.hand.read(lambda unit: list(unit.session.exec(query).all())))


def test_new_rows_become_objects_at_new_by_row_1(
    importing: Importing, tmp_path: Path, company: Company
) -> None:
    path = listed(
        tmp_path,
        ["T-17", "John Deere 8R", "АВ 1234 СЕ", "1FTSW21P", 863051000000001.0, "Kyiv", "Ivan"],
        [18.0, "Loader"],
    )
    taken = importing.all_of(path)
    assert (taken.created, taken.corrected, taken.left_out) == (2, 0, 0)
    found = importing.objects()
    assert set(found) == {"T-17", "18"}
    one = found["T-17"]
    assert (one.name, one.plate, one.vin, one.terminal, one.address, one.contact) == (
        "John Deere 8R", "АВ 1234 СЕ", "1FTSW21P", "863051000000001", "Kyiv", "Ivan",
    )  # fmt: skip
    assert (one.status, one.status_since, one.version, one.commissioned) == (ObjectStatus.NEW, NOW, 1, False)
    assert (one.main_at, one.urgent_at) == (NOW + timedelta(days=5), NOW + timedelta(days=10))
    lines = importing.hand.read(lambda unit: history(unit, one))
    assert [
        (e.kind, e.row, e.after, e.before, e.route, e.role, e.person_id, e.comment, e.terminal) for e in lines
    ] == [
        (EntryKind.STATUS, 1, "New", None, Route.IMPORT, "support", company.support.id,
         "Imported from list.xlsx, row 2", "863051000000001"),
    ]  # fmt: skip


def test_what_is_imported_is_found_like_anything_else(
    importing: Importing, tmp_path: Path, company: Company
) -> None:
    importing.all_of(listed(tmp_path, ["T-17", "John Deere 8R", "АВ 1234 СЕ"]))
    with importing.hand.database.write() as unit:
        made = add_object(unit, company.group_client, number="T-17", name="John Deere 8R", plate="АВ 1234 СЕ")
        folded = made.folded
    assert importing.objects()["T-17"].folded == folded


def test_a_second_run_changes_nothing(importing: Importing, tmp_path: Path) -> None:
    path = listed(tmp_path, ["T-17", "Loader", "АВ 1234 СЕ", "", "0863", "", ""], ["T-18", "Digger"])
    importing.all_of(path)
    importing.begin(path)
    counts = importing.check()
    assert (counts.new, counts.same, counts.changed, counts.wrong) == (0, 2, 0, 0)
    with pytest.raises(Refused):
        importing.go()
    assert len(importing.objects()) == 2


def test_changed_rows_are_corrected_with_a_trail(
    importing: Importing, tmp_path: Path, company: Company
) -> None:
    with importing.hand.database.write() as unit:
        there = add_object(
            unit,
            company.client,
            ObjectStatus.ACTIVE,
            number="T-17",
            name="Loader",
            plate="AB 1",
            contact="Ivan",
        )
        before = len(history(unit, there))
    importing.begin(listed(tmp_path, ["T-17", "Loader 300", "АВ1", "V1", "0863", "", ""]))
    counts = importing.check()
    assert (counts.new, counts.changed) == (0, 1)
    taken = importing.go()
    assert (taken.created, taken.corrected, taken.told) == (0, 1, 0)
    one = importing.objects()["T-17"]
    # The same plate in other letters is no change, and an empty cell takes nothing away.
    assert (one.name, one.plate, one.vin, one.terminal, one.contact) == (
        "Loader 300",
        "AB 1",
        "V1",
        "0863",
        "Ivan",
    )
    assert (one.status, one.version) == (ObjectStatus.ACTIVE, 1)
    lines = importing.hand.read(lambda unit: history(unit, one))[before:]
    assert [(line.kind, line.comment) for line in lines] == [
        (EntryKind.CORRECTION, "name: Loader → Loader 300 · Imported from list.xlsx, row 2"),
        (EntryKind.CORRECTION, "vin: – → V1 · Imported from list.xlsx, row 2"),
        (EntryKind.CORRECTION, "terminal: – → 0863 · Imported from list.xlsx, row 2"),
    ]
    assert {(line.route, line.role, line.person_id) for line in lines} == {
        (Route.IMPORT, "support", company.support.id)
    }


def test_every_wrong_row_says_why_and_the_rest_is_imported(
    importing: Importing, tmp_path: Path, company: Company
) -> None:
    with importing.hand.database.write() as unit:
        add_object(unit, company.client, number="Z-1", terminal="TAKEN1")
        add_object(unit, company.group_client, number="SECRET-9", terminal="TAKEN2")
    path = listed(
        tmp_path,
        ["T-1", "good"],
        ["", "no number"],
        ["T-3", "=1+1"],
        ["T-4", "x" * 81],
        ["T-5", "", "", "", "a b"],
        ["T-6"], ["т-6", "the same in other letters"],
        ["T-8", "", "", "", "5555"], ["T-9", "", "", "", "5555"],
        ["T-10", "", "", "", "TAKEN1"],
        ["T-11", "", "", "", "taken2"],
        ["2026-05-01"], ["8,63E+14"],
        ["Итого: 13"],
    )  # fmt: skip
    importing.begin(path)
    counts = importing.check()
    assert (counts.new, counts.wrong) == (1, 13)
    book = CalamineWorkbook.from_path(importing.report).get_sheet_by_index(0).to_python()
    assert [row[0] for row in book] == ["Result", "new", *["wrong"] * 13]
    reasons = [str(row[1]) for row in book]
    for row, said in enumerate(
        ["there is no number", "Name is computed", "Name has more than 80", "is no terminal's number",
         "row 8 has the same number", "row 7 has the same number", "row 10 has the same terminal",
         "row 9 has the same terminal", "the terminal is on Z-1", "the terminal is on another machine",
         "made a date of Number", "was shortened", "a total"], 2,
    ):  # fmt: skip
        assert said in reasons[row], (row, reasons[row])
    assert "SECRET-9" not in " ".join(reasons)
    assert importing.go().created == 1
    assert set(importing.objects()) == {"T-1", "Z-1"}


def test_the_checked_file_may_be_corrected_and_sent_again(importing: Importing, tmp_path: Path) -> None:
    importing.all_of(listed(tmp_path, ["T-1", "good"], ["", "bad"]))
    importing.begin(importing.report)
    counts = importing.check()
    assert (counts.same, counts.wrong) == (1, 1)


def test_one_alert_a_person_and_none_for_the_author(
    importing: Importing, tmp_path: Path, company: Company
) -> None:
    taken = importing.all_of(listed(tmp_path, *([f"T-{n}"] for n in range(30))))
    people = told(importing)
    assert set(people.values()) == {1}
    assert len(people) == taken.told > 0
    assert company.installer.id in people
    assert company.support.id not in people
    assert not people.keys() & {company.client_user.id, company.group_installer.id, company.group_support.id}
    with importing.hand.database.read() as unit:
        kinds = Counter(unit.session.exec(select(OutboxRecord.kind)).all())
    assert kinds["alert"] == 0


def test_a_kill_in_the_middle_leaves_nothing_half_done(
    importing: Importing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever has been written of the last step when it breaks off is gone."""
    importing.begin(listed(tmp_path, *([f"T-{n}"] for n in range(30))))
    importing.check()
    importing.hand.write(lambda unit: imports.go(unit, importing.me, importing.import_id, NOW))

    def die(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(imports, "_tell", die)
        with pytest.raises(KeyboardInterrupt):
            importing.hand.write(lambda unit: imports.take_over(unit, importing.me, importing.import_id, NOW))
    assert importing.objects() == {}
    assert told(importing) == {}
    assert importing.record().state is ImportState.WRITING
    done = importing.hand.write(lambda unit: imports.take_over(unit, importing.me, importing.import_id, NOW))
    assert done is not None
    assert done.created == 30
    assert importing.hand.write(
        lambda unit: imports.take_over(unit, importing.me, importing.import_id, NOW)
    ) is None  # fmt: skip
    assert len(importing.objects()) == 30


def test_a_dry_run_that_broke_off_is_done_again_from_the_start(importing: Importing, tmp_path: Path) -> None:
    importing.begin(listed(tmp_path, *([f"T-{n}"] for n in range(30))))
    importing.check()
    counts = importing.check()
    assert counts.new == 30
    with importing.hand.database.read() as unit:
        assert len(unit.session.exec(select(ImportRowRecord)).all()) == 30


def test_what_was_changed_meanwhile_is_left_out_and_named(
    importing: Importing, tmp_path: Path, company: Company
) -> None:
    with importing.hand.database.write() as unit:
        there = add_object(unit, company.client, number="T-1", name="A")
    importing.begin(listed(tmp_path, ["T-1", "B"], ["T-2"], ["T-3", "", "", "", "0863"], ["T-4"]))
    assert importing.check().wrong == 0
    with importing.hand.database.write() as unit:
        moved = unit.session.get_one(ObjectRecord, key(there))
        moved.name = "C"
        unit.objects.save(moved)
        add_object(unit, company.client, number="T-2", name="by hand")
        add_object(unit, company.group_client, number="X", terminal="0863")
    taken = importing.go()
    assert (taken.created, taken.corrected, taken.left_out) == (1, 0, 3)
    assert importing.record().left_out == ["T-1 (2)", "T-2 (3)", "T-3 (4)"]
    found = importing.objects()
    assert (found["T-1"].name, found["T-2"].name) == ("C", "by hand")
    assert "T-3" not in found


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in Role.MODERATOR | Role.SUPPORT | Role.SYSTEM]
)
def test_others_may_not_import(database: Database, company: Company, role: Role) -> None:
    with database.write() as unit:
        where = company.client if role is Role.CLIENT else company.group
        me = as_me(unit, add_person(unit, where, role))
        with pytest.raises(Refused) as caught:
            imports.begin(unit, me, key(company.client), "list.xlsx", "", None, NOW)
    assert caught.value.reason is Reason.WRONG_ROLE


def test_a_client_that_is_not_seen_does_not_exist(database: Database, company: Company) -> None:
    with database.write() as unit:
        me = as_me(unit, company.support)
        with pytest.raises(Refused) as caught:
            imports.begin(unit, me, key(company.group_client), "list.xlsx", "", None, NOW)
    assert caught.value.reason is Reason.NOT_FOUND


def test_somebody_elses_import_does_not_exist(importing: Importing, tmp_path: Path, company: Company) -> None:
    importing.begin(listed(tmp_path, ["T-1"]))
    importing.check()
    for person in (company.moderator, company.group_support):
        with importing.hand.database.write() as unit:
            me = as_me(unit, person)
            for use in (
                lambda u, m: imports.go(u, m, importing.import_id, NOW),
                lambda u, m: imports.leave(u, m, importing.import_id, NOW),
                lambda u, m: imports.choose_column(u, m, importing.import_id, Part.NAME, 0),
                lambda u, m: imports.take_over(u, m, importing.import_id, NOW),
            ):
                with pytest.raises(Refused) as caught:
                    use(unit, me)  # type: ignore[no-untyped-call]  # a lambda
                assert caught.value.reason is Reason.NOT_FOUND


def test_who_loses_the_role_before_the_end_imports_nothing(
    importing: Importing, tmp_path: Path, company: Company
) -> None:
    importing.begin(listed(tmp_path, ["T-1"]))
    importing.check()
    importing.hand.write(lambda unit: imports.go(unit, importing.me, importing.import_id, NOW))
    with importing.hand.database.write() as unit:
        unit.people.revoke(key(company.support), Role.SUPPORT)
    with importing.hand.database.write() as unit, pytest.raises(Refused):
        imports.take_over(unit, as_me(unit, company.support), importing.import_id, NOW)
    assert importing.objects() == {}


def test_columns_may_be_chosen(importing: Importing, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [["x", "y", "Plate", "Plate"], ["T-1", "Loader", "A 1", "B 2"]])
    record = importing.begin(path)
    assert record.state is ImportState.ASKING
    assert record.twice == {"plate": [2, 3]}
    for part, column in ((Part.NUMBER, 0), (Part.NAME, 1), (Part.PLATE, 3)):
        importing.hand.write(
            lambda unit, p=part, c=column: imports.choose_column(
                unit, importing.me, importing.import_id, p, c
            )
        )
    importing.hand.write(lambda unit: imports.check(unit, importing.me, importing.import_id, NOW))
    assert importing.check().new == 1
    importing.go()
    one = importing.objects()["T-1"]
    assert (one.name, one.plate) == ("Loader", "B 2")


def test_a_column_that_is_not_there_is_refused(importing: Importing, tmp_path: Path) -> None:
    importing.begin(listed(tmp_path, ["T-1"]))
    importing.check()
    for column in (7, -1, 10**6):
        with importing.hand.database.write() as unit, pytest.raises(Refused):
            imports.choose_column(unit, importing.me, importing.import_id, Part.NAME, column)


def test_a_new_list_takes_the_place_of_one_that_waits(importing: Importing, tmp_path: Path) -> None:
    path = listed(tmp_path, ["T-1"])
    importing.begin(path)
    first = importing.import_id
    importing.begin(path)
    assert importing.hand.read(lambda unit: unit.imports.snapshot(first)).state is ImportState.CANCELED  # type: ignore[union-attr]  # it is there
    assert importing.record().state is ImportState.CHECKING


def test_what_nobody_goes_on_with_is_forgotten(importing: Importing, tmp_path: Path) -> None:
    importing.begin(listed(tmp_path, ["T-1"]))
    importing.check()
    importing.hand.write(lambda unit: imports.forget_stale(unit, NOW + KEPT))
    assert importing.record().state is ImportState.CHECKED
    importing.hand.write(lambda unit: imports.forget_stale(unit, NOW + KEPT + timedelta(seconds=1)))
    assert importing.record().state is ImportState.CANCELED
    assert importing.hand.read(lambda unit: unit.imports.left_staged()) == [importing.import_id]
    while importing.hand.write(lambda unit: unit.imports.unstage(importing.import_id, limit=1)):
        pass
    assert importing.hand.read(lambda unit: unit.imports.left_staged()) == []


def test_braces_in_a_file_name_stay_a_name(importing: Importing, tmp_path: Path) -> None:
    importing.all_of(listed(tmp_path, ["T-1"], name="{row} {0} %s.xlsx"))
    lines = importing.hand.read(lambda unit: history(unit, importing.objects()["T-1"]))
    assert lines[0].comment == "Imported from (row) (0) %s.xlsx, row 2"


def test_faults_are_all_different_words() -> None:
    from bot.texts import importing as words  # noqa: PLC0415  # only here

    said = {words.fault(fault, "name", "7") for fault in Fault}
    assert len(said) == len(Fault)
