"""Deadlines and colours, on the exact borders."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import PLAIN
from domain.deadlines import (
    DEFAULT_POLICY,
    DEFAULT_SCHEDULE,
    Colour,
    Deadline,
    Policy,
    Schedule,
    Times,
    colour,
    time_left,
)
from domain.objects import ObjectStatus
from domain.process import CLIENT_RIGHT
from domain.spans import Span
from tests.domain.oracle import MOMENT, NOW

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
