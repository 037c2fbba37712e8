"""Deadlines and colours, on the exact borders."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import PLAIN, Calendar, no_holidays
from domain.deadlines import (
    DEFAULT_POLICY,
    DEFAULT_SCHEDULE,
    REQUEST,
    Colour,
    Deadline,
    Policy,
    Schedule,
    Times,
    check_order,
    colour,
    parse_times,
    soon_at,
    time_left,
)
from domain.hours import OFFICE_WEEK
from domain.objects import ObjectStatus
from domain.process import CLIENT_RIGHT
from domain.spans import Fault, Span, Unfit
from tests.domain.oracle import MOMENT, NOW
from tests.domain.test_spans import SPANS

DAY = timedelta(days=1)
PERMANENT = {
    ObjectStatus.CANCELED,
    ObjectStatus.ACTIVE,
    ObjectStatus.OUT_OF_SERVICE,
    ObjectStatus.DECOMMISSIONED,
}


@pytest.mark.parametrize("status", ObjectStatus)
def test_a_status_turns_yellow_and_red_on_the_microsecond(status: ObjectStatus) -> None:
    deadline = DEFAULT_SCHEDULE.deadline(status, NOW)
    assert (deadline is None) == (status in PERMANENT)
    if deadline is None:
        assert colour(deadline, NOW + 1000 * DAY) is Colour.GREEN
        return
    times = DEFAULT_POLICY.times_of(status)
    assert times is not None
    for elapsed, expected in (
        (0 * DAY, Colour.BLUE),
        (times.main.plain - MOMENT, Colour.BLUE),
        (times.main.plain, Colour.YELLOW),
        (times.urgent.plain - MOMENT, Colour.YELLOW),
        (times.urgent.plain, Colour.RED),
        (1000 * DAY, Colour.RED),
    ):
        assert colour(deadline, NOW + elapsed) is expected, elapsed


def test_verified_turns_red_when_the_clients_right_ends() -> None:
    deadline = DEFAULT_SCHEDULE.deadline(ObjectStatus.VERIFIED, NOW)
    assert deadline is not None
    assert deadline.urgent_at == NOW + CLIENT_RIGHT
    assert timedelta(hours=8 * 24) == CLIENT_RIGHT


def test_only_an_open_request_gives_out_of_service_a_deadline() -> None:
    assert DEFAULT_SCHEDULE.deadline(ObjectStatus.OUT_OF_SERVICE, NOW) is None
    asked = DEFAULT_SCHEDULE.deadline(ObjectStatus.OUT_OF_SERVICE, NOW, open_request=True)
    assert asked == Deadline(NOW + DAY, NOW + 3 * DAY)
    for status in set(ObjectStatus) - {ObjectStatus.OUT_OF_SERVICE}:
        with_request = DEFAULT_SCHEDULE.deadline(status, NOW, open_request=True)
        assert with_request == DEFAULT_SCHEDULE.deadline(status, NOW)


def test_a_deployment_may_have_times_of_its_own() -> None:
    policy = Policy({ObjectStatus.NEW: Times(Span(1), Span(2))}, request=Times(Span(1), Span(2)))
    schedule = Schedule(policy, PLAIN)
    assert schedule.deadline(ObjectStatus.NEW, NOW) == Deadline(NOW + DAY, NOW + 2 * DAY)
    assert schedule.deadline(ObjectStatus.FAULTY, NOW) is None


def test_time_left_counts_to_yellow_and_then_below_zero() -> None:
    deadline = Deadline(NOW + DAY, NOW + 3 * DAY)
    assert time_left(deadline, NOW) == DAY
    assert time_left(deadline, NOW + DAY) == 0 * DAY
    assert time_left(deadline, NOW + 4 * DAY) == -3 * DAY


@given(
    st.sampled_from(list(ObjectStatus)), st.timedeltas(0 * DAY, 100 * DAY), st.timedeltas(0 * DAY, 100 * DAY)
)
def test_time_only_makes_an_object_more_urgent(
    status: ObjectStatus, earlier: timedelta, more: timedelta
) -> None:
    deadline = DEFAULT_SCHEDULE.deadline(status, NOW)

    def at(moment: datetime) -> Colour:
        return colour(deadline, moment)

    assert at(NOW + earlier) <= at(NOW + earlier + more)


WORKING = Calendar("Europe/Kyiv", OFFICE_WEEK, no_holidays)


def worked(days: int, hours: int = 0) -> Span:
    return Span(days, hours, working=True)


def test_a_policy_is_changed_by_name() -> None:
    changed = DEFAULT_POLICY.changed({
        "Service": Times(worked(2), worked(4)),
        REQUEST: Times(Span(0, 4), Span(1)),
    })  # fmt: skip
    assert changed.times_of(ObjectStatus.SERVICE) == Times(worked(2), worked(4))
    assert changed.times_of(ObjectStatus.OUT_OF_SERVICE, open_request=True) == Times(Span(0, 4), Span(1))
    assert changed.times_of(ObjectStatus.OUT_OF_SERVICE) is None
    assert changed.times_of(ObjectStatus.NEW) == DEFAULT_POLICY.times_of(ObjectStatus.NEW)
    assert DEFAULT_POLICY.changed({}) == DEFAULT_POLICY


@pytest.mark.parametrize("main", [Span(5), Span(0, 1), worked(1), worked(5), worked(100), Span(300)])
def test_verified_is_red_when_the_right_ends_whatever_is_set(main: Span) -> None:
    anything = Times(main, worked(1))
    schedule = Schedule(DEFAULT_POLICY.changed({ObjectStatus.VERIFIED: anything}), WORKING)
    for hours in range(0, 24 * 14, 5):
        since = NOW + timedelta(hours=hours)
        deadline = schedule.deadline(ObjectStatus.VERIFIED, since)
        assert deadline is not None
        assert deadline.urgent_at == since + CLIENT_RIGHT
        assert since < deadline.main_at < deadline.urgent_at


@given(
    st.sampled_from(list(DEFAULT_POLICY.times)),
    SPANS,
    SPANS,
    st.integers(0, 2000),
    st.frozensets(st.integers(0, 90)),
)
def test_red_comes_after_yellow_and_yellow_after_now(
    status: ObjectStatus, main: Span, urgent: Span, hours: int, holidays: frozenset[int]
) -> None:
    free = {date(2026, 3, 1) + timedelta(days=day) for day in holidays}
    calendar = Calendar("America/New_York", OFFICE_WEEK, free.__contains__)
    schedule = Schedule(DEFAULT_POLICY.changed({status: Times(main, urgent)}), calendar)
    since = NOW + timedelta(hours=hours)
    deadline = schedule.deadline(status, since)
    assert deadline is not None
    assert since < deadline.main_at < deadline.urgent_at
    assert since < soon_at(since, deadline) < deadline.main_at


def test_soon_is_when_a_quarter_of_the_main_time_is_left() -> None:
    assert soon_at(NOW, Deadline(NOW + 4 * DAY, NOW + 5 * DAY)) == NOW + 3 * DAY


@pytest.mark.parametrize(
    ("name", "text", "times"),
    [
        ("Service", "3 d / 7 d", Times(Span(3), Span(7))),
        ("Service", "2 working days/4 working days", Times(worked(2), worked(4))),
        ("Service", "36 h / 7 working days", Times(Span(0, 36), worked(7))),
        ("Verified", "5 d", Times(Span(5), Span(8))),
        ("Verified", "4 working days / 8 d", Times(worked(4), Span(8))),
        (REQUEST, "4 working h / 1 working day", Times(worked(0, 4), worked(1))),
    ],
)
def test_times_as_people_write_them(name: str, text: str, times: Times) -> None:
    assert parse_times(name, text) == times
    assert parse_times(name, str(times)) == times
    check_order(name, times, WORKING)


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("Service", "3 d", Fault.PAIR),
        ("Service", "", Fault.SPAN),
        ("Service", "soon", Fault.SPAN),
        ("Service", "3 d /", Fault.SPAN),
        ("Service", "3 d / 7 d / 9 d", Fault.SPAN),
        ("Service", "7 d / 3 d", Fault.NOT_LATER),
        ("Service", "3 d / 3 d", Fault.NOT_LATER),
        ("Service", "36 h / 1 d 12 h", Fault.NOT_LATER),
        ("Service", "5 working days / 7 d", Fault.NOT_LATER),  # the same moment, from a Monday
        ("Service", "3 working days / 27 working h", Fault.NOT_LATER),
        ("Verified", "5 d / 9 d", Fault.CLIENT_RIGHT),
        ("Verified", "8 d", Fault.CLIENT_RIGHT),
        ("Verified", "7 working days", Fault.CLIENT_RIGHT),
    ],
)
def test_times_that_cannot_be(name: str, text: str, fault: Fault) -> None:
    with pytest.raises(Unfit) as unfit:
        check_order(name, parse_times(name, text), WORKING)
    assert unfit.value.fault is fault


def test_a_deadline_is_the_same_moment_in_every_time_zone() -> None:
    schedule = Schedule(DEFAULT_POLICY.changed({"New": Times(worked(3), worked(5))}), WORKING)
    assert schedule.deadline(ObjectStatus.NEW, NOW) == schedule.deadline(
        ObjectStatus.NEW, NOW.astimezone(ZoneInfo("America/New_York"))
    )
