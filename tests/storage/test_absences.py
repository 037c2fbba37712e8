"""Who is away, until when, and who stands in."""

from datetime import timedelta

from storage.database import Database
from storage.reminder_tables import AbsenceRecord
from tests.builders import NOW, add_company, key

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def test_an_absence_is_open_until_its_time_is_over(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        anna, ivan = key(company.installer), key(company.support)
        unit.absences.start(anna, ivan, NOW, NOW + DAY)
    with database.read() as unit:
        found = unit.absences.open_of(anna, NOW + DAY - TICK)
        assert found is not None
        assert (found.person_id, found.stand_in_id, found.until) == (anna, ivan, NOW + DAY)
        assert unit.absences.stood_in_by(ivan, NOW + DAY - TICK) == [anna]
        assert unit.absences.open_of(anna, NOW + DAY) is None
        assert unit.absences.all_open(NOW + DAY) == {}
        assert unit.absences.stood_in_by(ivan, NOW + DAY) == []
        assert unit.absences.open_of(ivan, NOW) is None
        assert unit.absences.stood_in_by(anna, NOW) == []


def test_a_second_absence_takes_the_place_of_the_first(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        anna, ivan, olga = (key(one) for one in (company.installer, company.support, company.manager))
        first = unit.absences.start(anna, ivan, NOW, NOW + DAY)
        second = unit.absences.start(anna, olga, NOW + DAY / 2, NOW + 3 * DAY)
        assert first.ended_at == NOW + DAY / 2
        assert unit.absences.open_of(anna, NOW + DAY) is second
        third = unit.absences.start(anna, None, NOW + 5 * DAY, NOW + 6 * DAY)
        assert second.ended_at == NOW + 3 * DAY  # its own end: it was over long before
        assert unit.absences.all_open(NOW + 5 * DAY) == {anna: third}


def test_whoever_is_back_is_back_once(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        anna = key(company.installer)
        record = unit.absences.start(anna, None, NOW, NOW + DAY)
        assert unit.absences.end(anna, NOW + DAY / 2)
        assert record.ended_at == NOW + DAY / 2
        assert not unit.absences.end(anna, NOW + DAY / 2)
        assert unit.absences.open_of(anna, NOW + DAY / 2) is None
        over = unit.absences.start(anna, None, NOW, NOW + DAY)
        assert not unit.absences.end(anna, NOW + 2 * DAY)
        assert over.ended_at == NOW + DAY


def test_what_is_overdue_ends_as_of_its_time(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        anna, ivan, olga = (key(one) for one in (company.installer, company.support, company.manager))
        unit.absences.start(anna, ivan, NOW, NOW + DAY)
        late = unit.absences.start(olga, None, NOW, NOW + 2 * DAY)
        stays = unit.absences.start(ivan, olga, NOW, NOW + 3 * DAY)
        assert unit.absences.end_overdue(NOW + DAY - TICK) == []
        assert unit.absences.end_overdue(NOW + DAY) == [anna]
        assert unit.absences.end_overdue(NOW + 2 * DAY + TICK) == [olga]
        assert late.ended_at == NOW + 2 * DAY
        assert stays.ended_at is None
        assert unit.absences.end_overdue(NOW + 2 * DAY + TICK) == []


def test_whoever_leaves_is_away_no_more_and_stands_in_for_nobody(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        anna, ivan, olga = (key(one) for one in (company.installer, company.support, company.manager))
        of_anna = unit.absences.start(anna, ivan, NOW, NOW + DAY)
        of_ivan = unit.absences.start(ivan, olga, NOW, NOW + DAY)
        of_olga = unit.absences.start(olga, anna, NOW, NOW + DAY)
        assert list(unit.absences.end_with(ivan, NOW + DAY / 2)) == [of_anna]
        assert (of_anna.ended_at, of_ivan.ended_at, of_olga.ended_at) == (
            NOW + DAY / 2, NOW + DAY / 2, None,
        )  # fmt: skip
        assert unit.absences.all_open(NOW + DAY / 2) == {olga: of_olga}
    with database.read() as unit:
        kept = unit.session.get_one(AbsenceRecord, of_anna.id)
        assert kept.ended_at == NOW + DAY / 2
