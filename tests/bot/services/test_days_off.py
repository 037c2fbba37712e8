"""Days off that the deployment names, beside the public holidays."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.deployment import parse, put_in_force
from bot.services.own_times import choice, set_own
from bot.services.people import as_me
from bot.services.public_holidays import holidays_of
from bot.services.time_values import Key
from bot.services.times import schedule_for
from domain.calendars import Calendar
from domain.hours import Week
from domain.objects import ObjectStatus
from domain.spans import Span
from storage.database import Database
from tests.builders import NOW, add_company, add_object, key
from tests.domain.test_calendars import Oracle, places


@settings(max_examples=40, deadline=None)
@given(places(), st.sampled_from([None, "DE", ""]), st.integers(0, 4), st.integers(1, 20))
def test_days_off_are_no_working_days_of_anybody(
    place: tuple[str, Week, frozenset[date], datetime], country: str | None, days: int, hours: int
) -> None:
    zone, week, days_off, since = place
    free = holidays_of(country, sorted(days_off))
    around = [since.date() + timedelta(days=number) for number in range(-10, 40)]
    public = frozenset(day for day in around if holidays_of(country)(day))
    assert {day for day in around if free(day)} == (public | days_off) & set(around)
    span = Span(days, hours, working=True)
    assert Calendar(zone, week, free).after(since, span) == Oracle(zone, week, public | days_off).after(
        since, span
    )


def test_days_off_hold_for_everybody_and_reckon_deadlines_anew(database: Database) -> None:
    day = date(2026, 3, 3)
    with database.write() as unit:
        company = add_company(unit)
        me = as_me(unit, company.administrator)
        add_object(unit, company.client, ObjectStatus.SERVICE)
        set_own(unit, me, choice(unit, me, key(company.client), Key.HOLIDAYS), "DE-BY", NOW)
        before = unit.reckoning.count(key(company.client))
        assert put_in_force(unit, parse({"calendar": {"days_off": [str(day)]}}), NOW) >= before == 1
        for one in (company.client, company.group_client):
            calendar = schedule_for(unit, one).calendar
            assert calendar.is_holiday(day)
            assert not calendar.works_on(day)
        assert schedule_for(unit, company.client).calendar.is_holiday(date(2026, 1, 6))
