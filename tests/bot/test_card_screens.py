"""Cards as values: the time that they say."""

from datetime import timedelta

import pytest

from bot.screens.cards import card_screen
from bot.services.objects import card
from bot.services.people import as_me
from bot.texts.times import moment
from domain.objects import ObjectStatus
from storage.database import Database
from tests.builders import NOW, add_company, add_object, key


@pytest.mark.parametrize(("days", "span"), [(1, "2 d left"), (4, "24 h overdue"), (9, "6 d overdue")])
def test_the_time_and_its_date_fit_each_other(sqlite_database: Database, days: int, span: str) -> None:
    since = NOW - timedelta(days=days)
    with sqlite_database.write() as unit:
        company = add_company(unit)
        machine = add_object(unit, company.client, ObjectStatus.SERVICE, since=since)
        me = as_me(unit, company.support)
        shown = card_screen(card(unit, me, key(machine), NOW), me, NOW)
        due = moment(since + timedelta(days=3), me.time_zone)
        assert f"Service · {span} (due {due})" in shown.text
