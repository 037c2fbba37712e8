"""The forecast of a day as it is shown in chat."""

from datetime import timedelta

import pytest

from bot.screens.forecast import day_screen
from bot.services.forecast_days import DAYS, PAGE, clients, day_ahead, is_too_much, scope_of
from bot.services.people import as_me
from domain.objects import ObjectStatus
from domain.process import Refused
from storage.database import Database
from storage.scope import Scope
from tests.builders import NOW, add_company, add_object, key

SERVICE = ObjectStatus.SERVICE


def test_all_days_together_are_the_forecast_and_no_line_is_said_twice(sqlite_database: Database) -> None:
    with sqlite_database.write() as unit:
        company = add_company(unit)
        machine = add_object(unit, company.client, SERVICE)
        me = as_me(unit, company.moderator)
        days = [day_ahead(unit, me, number, None, NOW) for number in range(DAYS)]
    said = [(day.number, line.about.stage.name, [ear.name for ear in line.ears])
            for day in days for line in day.lines if line.about]  # fmt: skip
    team = [company.installer.name, company.support.name, company.manager.name]
    assert [(number, stage) for number, stage, _ in said] == [(3, "SOON"), (3, "YELLOW"), (7, "RED")]
    assert sorted(said[0][2]) == sorted(said[1][2]) == sorted(team)
    assert set(said[2][2]) == {*team, company.moderator.name, company.administrator.name}
    digests = [day.number for day in days for line in day.lines if line.about is None]
    assert digests == list(range(3, DAYS))
    assert all(line.about is None or line.about.object_id == machine.id for day in days for line in day.lines)


def test_a_page_has_a_button_for_each_object_and_leads_to_the_days_beside(sqlite_database: Database) -> None:
    with sqlite_database.write() as unit:
        company = add_company(unit)
        for number in range(PAGE + 3):
            add_object(unit, company.client, SERVICE, since=NOW - timedelta(days=2, minutes=number))
        me = as_me(unit, company.moderator)
        found = day_ahead(unit, me, 1, None, NOW)
    first, last, beyond = (day_screen(found, page, me) for page in (0, len(found.lines) // PAGE, 99))
    labels = [key.label for line in first.keyboard for key in line]
    assert (
        sum(label.startswith("🟡") for label in labels) + sum("🔵" in label for label in labels) >= PAGE - 1
    )
    assert "◀ Mon 2 Mar" in labels
    assert "Wed 4 Mar ▶" in labels
    assert first.text != last.text == beyond.text


def test_it_is_for_moderators_and_administrators_and_of_clients_that_there_are(
    sqlite_database: Database,
) -> None:
    with sqlite_database.write() as unit:
        company = add_company(unit)
        for person in (company.support, company.manager, company.client_user, company.installer):
            with pytest.raises(Refused):
                day_ahead(unit, as_me(unit, person), 0, None, NOW)
            with pytest.raises(Refused):
                clients(unit, as_me(unit, person), "", 0)
        me = as_me(unit, company.administrator)
        with pytest.raises(Refused):
            scope_of(unit, me, key(company.partner))
        assert day_ahead(unit, me, -5, key(company.client), NOW).number == 0
        assert day_ahead(unit, me, 500, None, NOW).number == DAYS - 1
        found, total = clients(unit, me, company.client.name, 0)
        assert ([one.id for one in found], total) == ([company.client.id], 1)


def test_too_many_objects_are_noticed(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.forecast_days.MOST", 2)
    with sqlite_database.write() as unit:
        company = add_company(unit)
        for _ in range(2):
            add_object(unit, company.client, SERVICE)
        assert not is_too_much(unit, Scope())
        add_object(unit, company.group_client, SERVICE)
        add_object(unit, company.group_client, ObjectStatus.ACTIVE)
        assert is_too_much(unit, Scope())
        assert not is_too_much(unit, Scope(client_ids=(key(company.client),)))
