"""Who is told when things cross: outages and nights, claims and digests, people who go and come."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.services.absences import come_back, go_away
from bot.services.assignments import assign
from bot.services.people import as_me, welcome_back
from domain.objects import ObjectStatus
from domain.process import ClientReason
from domain.roles import Role
from storage.database import Database
from storage.tables import OrganisationRecord, PersonRecord
from tests.bot.services.passing import Sent, Time, to
from tests.bot.services.test_reminders import DAY, HOUR, LOCAL, machine, move, names, set_of, take
from tests.builders import NOW, Company, add_company, add_entry, add_object, add_person, key

S = ObjectStatus
NIGHT = {"from": "21:00", "to": "08:00", "red_passes": False}


@pytest.fixture
def time(database: Database) -> Time:
    return Time(database, NOW)


@pytest.fixture
def company(time: Time) -> Company:
    with time.database.write() as unit:
        made = add_company(unit)
    time.tick()
    return made


def step(time: Time, length: timedelta = timedelta(0)) -> list[Sent]:
    """Nothing ran for so long; then a tick, and all is sent."""
    time.now += length
    time.tick()
    return time.send()


def has_come_back(time: Time, person: PersonRecord) -> None:
    time.blocked.discard(person.telegram_id or 0)
    with time.database.write() as unit:
        record = unit.people.get(key(person))
        assert record is not None
        welcome_back(unit, record, time.now)


def named(time: Time, author: PersonRecord, record_id: int, person: PersonRecord) -> int | None:
    with time.database.write() as unit:
        return assign(unit, as_me(unit, author), record_id, key(person), time.now)


def test_who_got_a_digest_after_an_outage_gets_no_other_on_that_day(time: Time, company: Company) -> None:
    machine(time, company, S.SERVICE)
    early = step(time, 4 * DAY - 6 * HOUR)  # at 6 in the morning; the digest is at 9
    assert [one.kind for one in early] == ["digest"] * len(LOCAL)
    assert time.passes(20 * HOUR) == []
    assert {one.kind for one in time.passes(8 * HOUR)} == {"digest"}


def test_nor_on_the_day_on_which_the_clocks_go_back(time: Time, company: Company) -> None:
    time.now = datetime(2026, 10, 20, 12, tzinfo=UTC)
    with time.database.write() as unit:
        set_of(unit, company.partner, "digest", {"at": "23:30"})
        unit.session.get_one(OrganisationRecord, key(company.partner)).time_zone = "Europe/Kyiv"
    machine(time, company, S.SERVICE)
    late = step(time, datetime(2026, 10, 24, 21, 10, tzinfo=UTC) - time.now)  # ten past midnight
    assert {one.kind for one in late} == {"digest"}
    assert time.passes(DAY + HOUR) == []  # until after the next midnight
    assert {one.kind for one in time.passes(DAY)} == {"digest"}


def test_after_an_outage_that_ends_at_night_the_morning_speaks(time: Time, company: Company) -> None:
    with time.database.write() as unit:
        set_of(unit, company.partner, "quiet", NIGHT)
    machine(time, company, S.SERVICE)
    assert step(time, 3 * DAY + 11 * HOUR) == []  # at 23
    morning = time.passes(11 * HOUR)
    assert names(morning, company) == LOCAL
    assert {(one.kind, one.at.hour) for one in morning} == {("digest", 9)}


def test_quiet_hours_that_are_new_hold_for_what_was_due_before(time: Time, company: Company) -> None:
    record = machine(time, company, S.NEW)
    time.now = datetime(2026, 3, 2, 20, tzinfo=UTC)
    with time.database.write() as unit:
        set_of(unit, company.partner, "quiet", {**NIGHT, "from": "19:00", "to": "22:00"})
    move(time, company.installer, record, S.EQUIPPED)
    with time.database.write() as unit:
        set_of(unit, company.partner, "quiet", NIGHT)
    assert "support" not in names(time.passes(11 * HOUR), company)
    assert "support" in names(time.passes(3 * HOUR), company)


def test_digests_that_were_not_sent_are_one(time: Time, company: Company) -> None:
    machine(time, company, S.SERVICE)
    time.passes(2 * DAY)
    for _ in range(3):
        time.now += DAY
        time.tick()  # Telegram cannot be reached
    digests = [one for one in time.send() if one.kind == "digest"]
    assert sorted(one.chat_id for one in digests) == sorted({one.chat_id for one in digests})


def test_yellow_is_not_said_of_what_is_red_by_now(time: Time, company: Company) -> None:
    machine(time, company, S.SERVICE)
    time.passes(3 * DAY - HOUR)
    time.now += 2 * HOUR
    time.tick()  # the yellow alerts wait in the outbox
    time.now += 4 * DAY
    assert [one for one in time.send() if one.kind == "alert"] == []
    time.tick()
    assert names(time.send(), company) == {*LOCAL, "moderator", "administrator"}


def test_a_claim_does_not_keep_from_the_client_that_it_is_equipped(time: Time, company: Company) -> None:
    record = machine(time, company, S.NEW)
    move(time, company.installer, record, S.EQUIPPED)
    time.now = datetime(2026, 3, 3, 7, tzinfo=UTC)
    take(time, company.support, record)
    heard = to(company.client_user, time.passes(DAY), "digest")
    assert len(heard) == 1
    assert "is equipped" in heard[0].text


def test_after_an_outage_a_digest_says_for_what_the_8_days_are_over(time: Time, company: Company) -> None:
    over = machine(time, company, S.VERIFIED)
    step(time, 5 * DAY)
    left = machine(time, company, S.VERIFIED)
    [told] = to(company.client_user, step(time, 4 * DAY))
    assert told.kind == "digest"
    assert "1 needs you today." in told.text
    assert f"The 8 days to answer are over: <b>{over.number}</b>. The moderator decides." in told.text
    assert [label for label in told.labels if left.number in label] == told.labels[:1]
    assert [label for label in told.labels if over.number in label] == told.labels[1:2]


def test_of_many_a_moderator_is_led_to_all_that_went_up(time: Time, company: Company) -> None:
    for _ in range(11):
        machine(time, company, S.SERVICE)
    sent = step(time, 8 * DAY)
    labels = {name: to(getattr(company, name), sent)[0].labels[-2] for name in ("support", "moderator")}
    assert labels == {"support": "All of them: my tasks", "moderator": "All, the most urgent first"}


def test_an_escalation_names_others_who_were_reminded_and_the_clients_reason(
    time: Time, company: Company
) -> None:
    with time.database.write() as unit:
        asked = {"request": ClientReason.BREAKDOWN, "commissioned": True}
        record = add_object(unit, company.client, S.OUT_OF_SERVICE, since=time.now, **asked)
        add_entry(unit, record, after=S.OUT_OF_SERVICE, at=time.now)
        name = company.support.name
    yellow = to(company.support, time.passes(30 * HOUR), "alert")[0]
    assert "The client asks: It broke down" in yellow.text
    assert "Reminded before" not in yellow.text
    red = time.passes(2 * DAY)
    [before] = [
        line for line in to(company.administrator, red, "alert")[0].text.splitlines() if "Reminded" in line
    ]
    assert name in before
    own = to(company.support, red, "alert")[0].text
    assert name not in own
    assert "The client asks: It broke down" in own


def test_a_client_who_rejects_it_is_not_told_that_it_is_equipped(time: Time, company: Company) -> None:
    with time.database.write() as unit:
        other = add_person(unit, company.client, Role.CLIENT)
    record = machine(time, company, S.VERIFIED)
    move(time, company.client_user, record, S.EQUIPPED)
    sent = time.passes(2 * DAY)
    assert to(company.client_user, sent) == []
    assert len(to(other, sent)) == 1


def test_a_claim_holds_when_the_clock_is_put_back(time: Time, company: Company) -> None:
    record = machine(time, company, S.SERVICE)
    time.passes(3 * DAY)
    take(time, company.support, record)
    time.send()
    assert step(time, -5 * HOUR) == []
    assert step(time, 7 * HOUR) == []


def test_what_could_not_be_told_is_told_when_they_are_back(time: Time, company: Company) -> None:
    record = machine(time, company, S.NEW)
    time.blocked.add(company.support.telegram_id or 0)
    move(time, company.installer, record, S.EQUIPPED)
    step(time)
    time.now += HOUR
    has_come_back(time, company.support)
    [missed] = to(company.support, step(time))
    assert missed.kind == "digest"
    assert "Equipped" in missed.labels[0]
    assert to(company.support, step(time)) == []


def test_who_comes_back_twice_in_a_moment_misses_nothing(time: Time, company: Company) -> None:
    record = machine(time, company, S.NEW)
    support, back_at = company.support, time.now + DAY
    with time.database.write() as unit:
        go_away(unit, as_me(unit, support), None, back_at, time.now)
        come_back(unit, as_me(unit, support), time.now)
    step(time)
    with time.database.write() as unit:
        go_away(unit, as_me(unit, support), None, back_at, time.now)
    move(time, company.installer, record, S.EQUIPPED)
    with time.database.write() as unit:
        come_back(unit, as_me(unit, support), time.now)
    [missed] = to(support, step(time))
    assert "Equipped" in missed.labels[0]


def test_a_night_away_keeps_what_waits_for_the_morning(time: Time, company: Company) -> None:
    with time.database.write() as unit:
        set_of(unit, company.partner, "quiet", NIGHT)
    record = machine(time, company, S.NEW)
    time.now = datetime(2026, 3, 2, 23, tzinfo=UTC)
    move(time, company.installer, record, S.EQUIPPED)
    with time.database.write() as unit:
        go_away(unit, as_me(unit, company.support), None, time.now + 20 * HOUR, time.now)
    assert to(company.support, time.passes(19 * HOUR)) == []
    assert "Equipped" in to(company.support, time.passes(2 * HOUR), "digest")[0].labels[0]


def test_who_is_not_named_any_more_is_not_told_that_they_are(time: Time, company: Company) -> None:
    with time.database.write() as unit:
        other = add_person(unit, company.partner, Role.INSTALLER)
        set_of(unit, company.partner, "quiet", NIGHT)
    record = machine(time, company, S.SERVICED)  # no installer's turn
    time.now = datetime(2026, 3, 2, 23, tzinfo=UTC)
    named(time, company.manager, key(record), other)
    named(time, company.manager, key(record), company.installer)
    morning = time.passes(12 * HOUR)
    assert to(other, morning) == []
    assert len(to(company.installer, morning)) == 1


def test_a_stand_in_hears_that_somebody_is_named_who_is_away(time: Time, company: Company) -> None:
    with time.database.write() as unit:
        other = add_person(unit, company.partner, Role.INSTALLER)
        go_away(unit, as_me(unit, company.installer), key(other), time.now + DAY, time.now)
    record = machine(time, company, S.SERVICED)
    assert named(time, company.manager, key(record), company.installer) == 1
    sent = step(time)
    assert to(company.installer, sent) == []
    [told] = to(other, sent, "alert")
    assert company.installer.name in told.text


def test_others_do_not_hear_who_was_named(time: Time, company: Company) -> None:
    record = machine(time, company, S.NEW)
    move(time, company.support, record, S.EQUIPPED)
    time.send()
    with time.database.write() as unit:
        other = add_person(unit, company.partner, Role.INSTALLER)
    named(time, company.manager, key(record), other)
    time.send()
    time.blocked.add(company.moderator.telegram_id or 0)
    with time.database.write() as unit:
        go_away(unit, as_me(unit, company.manager), None, time.now + DAY, time.now)
    assert [one for one in step(time) if "who is named" in one.text] == []
