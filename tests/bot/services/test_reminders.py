"""Time passes: who is told of what, once, and never of what is not true any more."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.services import claims
from bot.services.cases import Wish, change_status, load
from bot.services.people import as_me, welcome_back
from domain.objects import ObjectStatus
from domain.process import Kind, Reason, Refused, Request
from domain.roles import Role
from storage.database import Database, UnitOfWork
from storage.reminder_tables import OrganisationSettingRecord
from storage.tables import ObjectRecord, OrganisationRecord, PersonRecord
from tests.bot.services.passing import Sent, Time, to
from tests.builders import NOW, Company, add_company, add_entry, add_object, add_person, key

S = ObjectStatus
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def time(database: Database) -> Time:
    return Time(database, NOW)


@pytest.fixture
def company(time: Time) -> Company:
    with time.database.write() as unit:
        made = add_company(unit)
    time.tick()  # everybody's next morning is reckoned
    return made


def machine(time: Time, company: Company, status: ObjectStatus, **fields: object) -> ObjectRecord:
    """A machine that has just come to a status, of which everybody was told."""
    with time.database.write() as unit:
        record = add_object(unit, company.client, status, since=time.now, **fields)
        add_entry(unit, record, after=status, at=time.now)
    return record


def move(
    time: Time, person: PersonRecord, record: ObjectRecord, target: ObjectStatus, **fields: object
) -> None:
    with time.database.write() as unit:
        me = as_me(unit, person)
        case = load(unit, me, Kind.OBJECT, key(record))
        change_status(unit, me, case, Wish(Request(target, "Done", **fields), case.version), time.now)  # type: ignore[arg-type]  # by name


def names(sent: list[Sent], company: Company) -> set[str]:
    """Who got something."""
    return {
        name
        for name in Company.__dataclass_fields__
        if isinstance(person := getattr(company, name), PersonRecord) and to(person, sent)
    }


LOCAL = {"installer", "support", "manager"}


def test_from_soon_to_red(time: Time, company: Company) -> None:
    machine(time, company, S.SERVICE)  # 3 d / 7 d, since Monday noon UTC
    early = time.passes(2 * DAY)
    assert early == []
    soon = time.passes(DAY - 2 * HOUR)  # soon is 2 d 6 h; the digest comes at 9
    assert names(soon, company) == LOCAL
    assert {one.kind for one in soon} == {"digest"}
    assert all(one.at.hour == 9 for one in soon)
    yellow = time.passes(3 * HOUR)
    assert names(yellow, company) == LOCAL
    assert {one.kind for one in yellow} == {"alert"}
    assert "time for it is over" in yellow[0].text
    assert yellow[0].labels == ["I take it", "Open", "Why did I get this?"]
    daily = time.passes(3 * DAY)
    assert {one.kind for one in daily} == {"digest"}
    assert len(daily) == 3 * len(LOCAL)
    red = time.passes(DAY)
    alerts = [one for one in red if one.kind == "alert"]
    assert names(alerts, company) == {*LOCAL, "moderator", "administrator"}
    assert "urgent since" in alerts[0].text
    later = time.passes(2 * DAY)
    assert {one.kind for one in later} == {"digest"}
    assert names(later, company) == {*LOCAL, "moderator", "administrator"}
    assert len(later) == 2 * 5


def test_nothing_comes_after_it_has_moved(time: Time, company: Company) -> None:
    record = machine(time, company, S.SERVICE)
    time.passes(4 * DAY)
    move(time, company.installer, record, S.SERVICED)
    time.now += HOUR
    moved = time.send()
    edits = [one for one in moved if one.kind == "redraw"]
    assert len(edits) == 3  # each of the yellow alerts
    assert all("Settled: Serviced by" in one.text and one.labels == ["Open"] for one in edits)
    assert names([one for one in moved if one.kind == "alert"], company) == {"support", "manager"}


def test_what_changes_between_the_tick_and_the_sending_is_not_told(time: Time, company: Company) -> None:
    record = machine(time, company, S.SERVICE)
    time.passes(3 * DAY - HOUR)
    time.now += 2 * HOUR
    time.tick()  # the yellow alerts wait in the outbox
    move(time, company.installer, record, S.SERVICED)
    sent = time.send()
    assert all("time for it is over" not in one.text for one in sent)
    assert names(sent, company) == {"support", "manager"}


def test_many_at_the_same_moment_are_one_message(time: Time, company: Company) -> None:
    for _ in range(250):
        machine(time, company, S.SERVICE)
    sent = [one for one in time.passes(3 * DAY) if one.kind == "alert"]
    assert sorted(one.chat_id for one in sent) == sorted({one.chat_id for one in sent})
    assert names(sent, company) == LOCAL
    assert "250" in sent[0].text
    assert len(sent[0].labels) == 12  # ten of them, the way to all, and why


def test_after_a_long_outage_one_message_a_person(time: Time, company: Company) -> None:
    for status in (S.SERVICE, S.NEW, S.EQUIPPED, S.DIAGNOSTICS):
        machine(time, company, status)
    time.now += 20 * DAY
    time.tick()
    sent = time.send()
    people = [one.chat_id for one in sent]
    assert len(people) == len(set(people))
    assert {one.kind for one in sent} == {"digest"}
    assert names(sent, company) == {*LOCAL, "moderator", "administrator"}
    time.tick()
    assert time.send() == []


def test_the_client_of_a_verified_object_is_asked_daily_until_its_right_ends(
    time: Time, company: Company
) -> None:
    record = machine(time, company, S.SERVICED)
    move(time, company.support, record, S.VERIFIED)
    [first] = to(company.client_user, time.send(), "alert")
    assert any("👍" in label for label in first.labels)
    asked = to(company.client_user, time.passes(7 * DAY + 20 * HOUR))
    assert [one.kind for one in asked].count("digest") == 7
    over = time.passes(6 * HOUR)
    told = to(company.client_user, over, "alert")
    assert len(told) == 1
    assert "The 8 days to answer are over" in told[0].text
    assert told[0].labels == ["Write a note", "Open", "Why did I get this?"]
    assert "nobody but you can go on" in to(company.moderator, over, "alert")[0].text
    assert "only a moderator can go on" in to(company.administrator, over, "alert")[0].text
    redrawn = to(company.client_user, over, "redraw")
    assert first.message_id in {one.message_id for one in redrawn}
    assert all(one.labels == ["Open"] for one in redrawn)
    [to_moderator] = to(company.moderator, over, "alert")
    assert "Active" in " ".join(to_moderator.labels)
    assert to(company.client_user, time.passes(3 * DAY)) == []


def test_a_client_hears_once_that_it_is_equipped(time: Time, company: Company) -> None:
    record = machine(time, company, S.NEW)
    move(time, company.installer, record, S.EQUIPPED)
    heard = to(company.client_user, time.passes(3 * DAY))
    assert [one.kind for one in heard] == ["digest"]
    assert "is equipped" in heard[0].text


def take(time: Time, person: PersonRecord, record: ObjectRecord) -> None:
    with time.database.write() as unit:
        version = unit.watch.version(key(record)) or 0
        claims.take(unit, as_me(unit, person), key(record), version, time.now)


def test_a_claim_keeps_the_others_quiet_and_comes_back(time: Time, company: Company) -> None:
    record = machine(time, company, S.SERVICE)
    time.passes(3 * DAY)
    take(time, company.support, record)
    edits = time.send()
    assert {one.kind for one in edits} == {"redraw"}
    assert len(edits) == 3
    [mine] = to(company.support, edits)
    assert "You took it" in mine.text
    assert mine.labels == ["Open", "Give it up"]
    assert "took it, until" in to(company.manager, edits)[0].text
    assert to(company.manager, edits)[0].labels == ["Open"]
    assert time.passes(3 * HOUR) == []
    back = time.passes(2 * HOUR)
    assert names([one for one in back if one.kind == "alert"], company) == LOCAL
    assert all(one.labels == ["Open"] for one in back if one.kind == "redraw")
    with pytest.raises(Refused) as refused, time.database.write() as unit:
        claims.give_up(unit, as_me(unit, company.support), key(record), time.now)
    assert refused.value.reason is Reason.NOT_TAKEN


def test_what_is_given_up_comes_back_to_the_others(time: Time, company: Company) -> None:
    record = machine(time, company, S.SERVICE)
    time.passes(3 * DAY)
    take(time, company.support, record)
    with pytest.raises(Refused) as refused:
        take(time, company.manager, record)
    assert refused.value.reason is Reason.TAKEN
    time.send()
    with time.database.write() as unit:
        claims.give_up(unit, as_me(unit, company.support), key(record), time.now)
    time.tick()
    assert names([one for one in time.send() if one.kind == "alert"], company) == {"installer", "manager"}


def test_others_digests_leave_out_what_somebody_has_in_hand(time: Time, company: Company) -> None:
    record = machine(time, company, S.SERVICE)
    time.passes(3 * DAY + 19 * HOUR)  # 7 in the morning
    take(time, company.support, record)
    time.send()
    assert names(time.passes(3 * HOUR), company) == {"support"}


def test_moving_on_ends_the_claim(time: Time, company: Company) -> None:
    record = machine(time, company, S.SERVICE)
    take(time, company.support, record)
    move(time, company.installer, record, S.SERVICED)
    with time.database.read() as unit:
        assert unit.claims.open_of(key(record)) is None


def test_one_whom_the_bot_cannot_reach(time: Time, company: Company) -> None:
    time.blocked.add(company.support.telegram_id or 0)
    record = machine(time, company, S.EQUIPPED)
    with time.database.write() as unit:  # only support and moderators are concerned; support is told first
        me = as_me(unit, company.manager)
        case = load(unit, me, Kind.OBJECT, key(record))
        change_status(unit, me, case, Wish(Request(S.FAULTY, "Broken"), case.version), time.now)
    time.send()
    with time.database.read() as unit:
        found = unit.people.get(key(company.support))
        assert found is not None
        assert not found.reachable
    time.tick()
    up = time.send()
    assert "manager" not in names(up, company)  # the author
    time.passes(6 * DAY)
    time.blocked.clear()
    with time.database.write() as unit:
        person = unit.people.get(key(company.support))
        assert person is not None
        welcome_back(unit, person, time.now)
    time.tick()
    missed = to(company.support, time.send())
    assert [one.kind for one in missed] == ["digest"]


def test_it_goes_up_when_the_only_one_is_out_of_reach(time: Time, company: Company) -> None:
    time.blocked |= {company.installer.telegram_id or 0, company.support.telegram_id or 0}
    with time.database.write() as unit:
        other = add_person(unit, company.group, Role.MODERATOR)
    time.tick()
    machine(time, company, S.SERVICE)
    time.passes(3 * DAY - HOUR)  # the digests of «soon» do not arrive
    yellow = time.passes(2 * HOUR)
    assert names(yellow, company) == {"manager"}
    assert to(other, yellow) == []


def test_quiet_hours_wait_for_the_morning(database: Database) -> None:
    evening = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    time = Time(database, evening)
    with database.write() as unit:
        company = add_company(unit)
        value = {"from": "21:00", "to": "08:00", "red_passes": False}
        set_of(unit, company.partner, "quiet", value)
    time.tick()
    record = machine(time, company, S.NEW)
    move(time, company.installer, record, S.EQUIPPED)
    night = time.passes(8 * HOUR)
    assert names(night, company) == {"moderator"}  # whose organisation has no quiet hours
    morning = time.passes(4 * HOUR)
    assert names(morning, company) >= {"support", "manager"}
    assert {one.kind for one in to(company.support, morning)} == {"digest"}
    assert "Equipped" in to(company.support, morning)[0].labels[0]


def test_a_step_of_the_clock_doubles_nothing(time: Time, company: Company) -> None:
    machine(time, company, S.SERVICE)
    first = time.passes(3 * DAY + HOUR)
    time.now -= 5 * HOUR
    again = time.passes(5 * HOUR)
    assert [one for one in again if one.kind == "alert"] == []
    assert len(first) == 6
    time.now += 400 * DAY
    time.tick()
    time.send()
    time.now -= 400 * DAY
    assert to(company.support, time.passes(2 * DAY), "digest") != []


def set_of(unit: UnitOfWork, organisation: OrganisationRecord, name: str, value: dict[str, object]) -> None:
    """What an administrator has set."""
    unit.organisation_settings.add(
        OrganisationSettingRecord(organisation_id=key(organisation), key=name, value=value, at=NOW)
    )


def test_one_object_that_fails_stops_nobody(
    time: Time, company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    with time.database.write() as unit:
        set_of(unit, company.group_client, "times:Service", {"times": "nonsense"})
        bad = add_object(unit, company.group_client, S.SERVICE, since=time.now)
    machine(time, company, S.SERVICE)
    sent = [one for one in time.passes(3 * DAY) if one.kind == "alert"]
    assert names(sent, company) == LOCAL
    assert bad.id in [vars(record).get("object") for record in caplog.records]
    assert to(company.support, time.passes(DAY), "digest")
