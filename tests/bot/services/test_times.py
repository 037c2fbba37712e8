"""Whose times hold: the client's own, its partner's, the deployment's, the defaults."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select, text

from bot.services import own_times
from bot.services.cases import Wish, change_status, load
from bot.services.deployment import IN_FORCE, Deployment, as_data, in_force, parse, put_in_force
from bot.services.objects import add_object as create
from bot.services.own_times import choice, moved, set_own, take_back, trail, trail_values
from bot.services.people import Me, as_me
from bot.services.sources import Source
from bot.services.time_values import Key, Quiet, from_text, times_key
from bot.services.times import claim_length, rhythm_of, schedule_for
from domain.calendars import PLAIN
from domain.deadlines import DEFAULT_POLICY, DEFAULT_SCHEDULE, Times, soon_at
from domain.hours import read_week
from domain.objects import ObjectStatus
from domain.process import ClientReason, Kind, Reason, Refused, Request
from domain.rhythm import Rhythm
from domain.roles import Role
from domain.spans import Span
from storage.database import Database, UnitOfWork
from storage.reminder_tables import OrganisationSettingRecord
from storage.tables import ObjectRecord, OrganisationRecord, PersonRecord
from tests.builders import NOW, Company, add_company, add_object, add_person, key

S = ObjectStatus
WEEK = read_week("Mon-Sat 08:00-16:00")
WORKING = Times(Span(2, working=True), Span(4, working=True))


def everything(unit: UnitOfWork) -> tuple[Company, Me]:
    company = add_company(unit)
    return company, as_me(unit, company.administrator)


def set_(unit: UnitOfWork, me: Me, organisation: OrganisationRecord, name: str, typed: str) -> None:
    of = choice(unit, me, key(organisation), name)
    set_own(unit, me, of, from_text(name, typed, own_times.checked_against(unit, of)), NOW)


def due(unit: UnitOfWork) -> list[int | None]:
    """The objects that are due now."""
    query = select(ObjectRecord.id).where(col(ObjectRecord.next_at) <= NOW).order_by(col(ObjectRecord.id))
    return list(unit.session.exec(query))


def test_without_settings_the_defaults_hold(database: Database) -> None:
    with database.write() as unit:
        company, _me = everything(unit)
        schedule = schedule_for(unit, company.client)
        assert schedule.policy == DEFAULT_POLICY
        assert schedule.calendar == PLAIN
        assert rhythm_of(unit, company.client) == Rhythm()
        assert claim_length(unit) == timedelta(hours=4)


def test_the_nearest_setting_holds(database: Database) -> None:
    with database.write() as unit:
        company, me = everything(unit)
        put_in_force(unit, parse({
            "times": {"Service": "3 working days / 7 working days", "Faulty": "1 d / 2 d"},
            "calendar": {"time_zone": "America/New_York", "holidays": "DE"},
            "digest": {"at": "08:00"},
            "quiet": {"from": "22:00", "to": "06:00"},
            "claims": {"hours": 6},
        }), NOW)  # fmt: skip
        set_(unit, me, company.partner, Key.HOURS, "Mon-Sat 8-16")
        set_(unit, me, company.partner, Key.HOLIDAYS, "UA")
        set_(unit, me, company.client, times_key("Service"), "2 working days / 4 working days")
        set_(unit, me, company.client, Key.HOLIDAYS, "DE-BY")
        set_(unit, me, company.client, Key.DIGEST, "10:30")
        for _ in range(2):  # the second time from what the unit has read
            mine, theirs = schedule_for(unit, company.client), schedule_for(unit, company.group_client)
            assert mine.policy.times_of(S.SERVICE) == WORKING
            assert mine.policy.times_of(S.FAULTY) == Times(Span(1), Span(2))
            assert theirs.policy.times_of(S.SERVICE) == Times(Span(3, working=True), Span(7, working=True))
            assert (mine.calendar.week, theirs.calendar.week) == (WEEK, PLAIN.week)
            assert mine.calendar.time_zone == theirs.calendar.time_zone == "America/New_York"
            epiphany, unity = date(2026, 1, 6), date(2026, 10, 3)
            assert mine.calendar.is_holiday(epiphany)
            assert not theirs.calendar.is_holiday(epiphany)
            assert theirs.calendar.is_holiday(unity)
        quiet = (time(22), time(6))
        assert rhythm_of(unit, company.client) == Rhythm("UTC", time(10, 30), quiet)
        assert rhythm_of(unit, company.partner) == Rhythm("UTC", time(8), quiet)
        assert claim_length(unit) == timedelta(hours=6)
    with database.read() as unit:
        assert schedule_for(unit, company.client).policy.times_of(S.SERVICE) == WORKING


def test_a_status_gets_the_deadline_of_its_client(database: Database) -> None:
    with database.write() as unit:
        company, me = everything(unit)
        set_(unit, me, company.client, times_key("New"), "2 working days / 4 working days")
        set_(unit, me, company.client, times_key("Equipped"), "6 working h / 1 working day")
        support = as_me(unit, company.support)
        friday = datetime(2026, 3, 6, 16, tzinfo=UTC)
        record = create(unit, support, company.client, {"number": "T-1"}, "New here", friday)
        assert (record.main_at, record.urgent_at) == (friday + timedelta(4), friday + timedelta(6))
        assert record.next_at == friday + timedelta(3)
        case = load(unit, support, Kind.OBJECT, key(record))
        change_status(unit, support, case, Wish(Request(S.EQUIPPED, "Done"), case.version), friday)
        record = unit.session.get_one(ObjectRecord, record.id)
        assert record.main_at == datetime(2026, 3, 9, 13, tzinfo=UTC)
        assert record.urgent_at == datetime(2026, 3, 9, 16, tzinfo=UTC)
        case = load(unit, support, Kind.OBJECT, key(record))
        change_status(unit, support, case, Wish(Request(S.VERIFIED, "Right"), case.version), friday)
        client = as_me(unit, company.client_user)
        case = load(unit, client, Kind.OBJECT, key(record))
        wish = Wish(Request(S.ACTIVE, "Thanks", rating=5), case.version)
        change_status(unit, client, case, wish, friday)
        record = unit.session.get_one(ObjectRecord, record.id)
        assert (record.main_at, record.urgent_at, record.next_at) == (None, None, None)


def test_what_changes_between_two_starts_makes_deadlines_due(database: Database) -> None:
    with database.write() as unit:
        company, _me = everything(unit)
        machine = add_object(unit, company.client, S.SERVICE)
        add_object(unit, company.client, S.ACTIVE)
        assert put_in_force(unit, Deployment(), NOW) == 0
        assert put_in_force(unit, replace(Deployment(), digest=time(7)), NOW) == 0
        assert due(unit) == []
        working = parse({"times": {"Service": "3 working days / 7 working days"}})
        assert put_in_force(unit, working, NOW) == 1
        unit.session.expire_all()
        assert due(unit) == [machine.id]
        assert unit.session.get_one(ObjectRecord, machine.id).next_at == machine.status_since
        assert put_in_force(unit, working, NOW) == 0
        assert in_force(unit) == working
    with database.read() as unit:
        assert json.loads(unit.settings.get(IN_FORCE) or "") == as_data(working)


@pytest.mark.parametrize(
    ("name", "typed", "who"),
    [
        (times_key("Service"), "2 working days / 4 working days", "service"),
        (times_key("Request"), "2 h / 4 h", "request"),
        (Key.HOURS, "Mon-Fri 8-16", "client"),
        (Key.TIME_ZONE, "Europe/Kyiv", "client"),
        (Key.HOLIDAYS, "UA", "client"),
        (Key.QUIET, "22:00-07:00", "nobody"),
        (Key.DIGEST, "08:00", "nobody"),
    ],
)
def test_only_what_a_setting_moves_is_due(database: Database, name: str, typed: str, who: str) -> None:
    with database.write() as unit:
        company, me = everything(unit)
        service = add_object(unit, company.client, S.SERVICE)
        request = add_object(unit, company.client, S.OUT_OF_SERVICE, request=ClientReason.BREAKDOWN)
        for status in (S.OUT_OF_SERVICE, S.ACTIVE):
            add_object(unit, company.client, status)
        add_object(unit, company.group_client, S.SERVICE)
        expected = {
            "service": [service.id], "request": [request.id], "client": [service.id, request.id],
            "nobody": [],
        }[who]  # fmt: skip
        assert moved(unit, choice(unit, me, key(company.client), name)) == len(expected)
        set_(unit, me, company.client, name, typed)
        assert due(unit) == expected


def test_a_partners_calendar_moves_the_deadlines_of_its_clients(database: Database) -> None:
    with database.write() as unit:
        company, me = everything(unit)
        mine = add_object(unit, company.client, S.SERVICE)
        add_object(unit, company.group_client, S.SERVICE)
        set_(unit, me, company.partner, Key.HOURS, "Mon-Fri 8-16")
        assert due(unit) == [mine.id]


def test_a_digest_that_is_not_due_yet_is_reckoned_anew(database: Database) -> None:
    soon = NOW + timedelta(hours=1)
    with database.write() as unit:
        company, me = everything(unit)
        late = add_person(unit, company.client, Role.CLIENT, digest_at=NOW)
        mine = [company.client_user, late, company.installer]
        company.client_user.digest_at = company.installer.digest_at = soon
        unit.session.flush()

        def digests() -> list[datetime | None]:
            unit.session.expire_all()
            return [unit.session.get_one(PersonRecord, one.id).digest_at for one in mine]

        set_(unit, me, company.client, Key.DIGEST, "08:00")
        assert digests() == [None, NOW, soon]
        put_in_force(unit, replace(Deployment(), digest=time(7)), NOW)
        assert digests() == [None, NOW, None]


def test_the_trail_tells_who_set_what_and_cannot_be_rewritten(database: Database) -> None:
    with database.write() as unit:
        company, me = everything(unit)
        set_(unit, me, company.client, Key.TIME_ZONE, "Europe/Kyiv")
        set_(unit, me, company.client, Key.QUIET, "22:00-07:00")
        set_(unit, me, company.client, Key.QUIET, "21:00-07:00")
        take_back(unit, me, choice(unit, me, key(company.client), Key.QUIET), NOW)
        set_(unit, me, company.partner, Key.DIGEST, "07:00")
        found = trail(unit, me, key(company.client), 0)
        late, early = (Quiet(time(hour), time(7)) for hour in (22, 21))
        assert [trail_values(line) for line in found.lines] == [
            (early, None), (late, early), (None, late), ("UTC", "Europe/Kyiv"),
        ]  # fmt: skip
        old = [  # as a release before this one has written them
            replace(line, record=OrganisationSettingRecord(**line.record.model_dump(exclude={"held"})))
            for line in found.lines
        ]
        assert [trail_values(line) for line in old] == [
            (early, Source.DEFAULT), (late, early), (Source.DEFAULT, late), ("UTC", "Europe/Kyiv"),
        ]  # fmt: skip
        assert {line.person for line in found.lines} == {company.administrator.name}
        assert found.total == 4
    for statement in ("UPDATE organisation_setting SET at = at", "DELETE FROM organisation_setting"):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as unit:
            unit.session.exec(text(statement))  # type: ignore[call-overload]  # plain SQL
    with database.read() as unit:
        assert unit.organisation_settings.count_trail(key(company.client)) == 4


def test_the_same_row_is_the_base_of_one_change(database: Database) -> None:
    with database.write() as unit:
        company, me = everything(unit)
        seen = choice(unit, me, key(company.client), Key.DIGEST)
        set_(unit, me, company.client, Key.DIGEST, "08:00")
        with pytest.raises(Refused) as refused:
            set_own(unit, me, seen, time(10), NOW)
        assert refused.value.reason is Reason.SOMEBODY_WAS_FASTER
        assert rhythm_of(unit, company.client).digest == time(8)


def test_a_savepoint_that_is_undone_leaves_what_was(database: Database) -> None:
    with database.write() as unit:
        company, me = everything(unit)

        def refused() -> None:
            with unit.savepoint():
                set_(unit, me, company.client, times_key("Service"), "1 d / 2 d")
                assert schedule_for(unit, company.client).policy.times_of(S.SERVICE) == Times(
                    Span(1), Span(2)
                )
                raise Refused(Reason.NOT_ALLOWED)

        with pytest.raises(Refused):
            refused()
        assert schedule_for(unit, company.client).policy == DEFAULT_POLICY


@pytest.mark.parametrize("who", ["moderator", "support", "manager", "installer", "client_user"])
def test_nobody_but_an_administrator_sees_or_sets_anything(database: Database, who: str) -> None:
    with database.write() as unit:
        company, me = everything(unit)
        seen = choice(unit, me, key(company.client), Key.DIGEST)
        other = as_me(unit, getattr(company, who))
        tries: list[Any] = [
            lambda: own_times.organisations(unit, other, "", 0),
            lambda: own_times.shown(unit, other, key(company.client)),
            lambda: choice(unit, other, key(company.client), Key.DIGEST),
            lambda: trail(unit, other, key(company.client), 0),
            lambda: set_own(unit, other, seen, time(10), NOW),
        ]
        for attempt in tries:
            with pytest.raises(Refused) as refused:
                attempt()
            assert refused.value.reason is Reason.NOT_FOUND
        assert unit.organisation_settings.count_trail(key(company.client)) == 0


def test_objects_of_the_builders_have_what_the_services_would_give(database: Database) -> None:
    with database.write() as unit:
        company, _me = everything(unit)
        record = add_object(unit, company.client, S.SERVICE)
        deadline = DEFAULT_SCHEDULE.deadline(S.SERVICE, NOW)
        assert deadline is not None
        assert record.next_at == soon_at(NOW, deadline)
