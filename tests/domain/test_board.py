"""The lines of a board about time, on the exact borders and across changes of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.board import MOMENT, SOON, Due, Window, midnight, window
from domain.deadlines import Colour, Deadline, colour
from domain.objects import ObjectStatus
from domain.process import CLIENT_RIGHT
from tests.domain.oracle import NOW

DAY = timedelta(days=1)
ZONES = ["UTC", "Europe/Kyiv", "America/New_York", "Pacific/Apia", "America/Havana", "Asia/Kathmandu"]


def has(found: Window, at: datetime) -> bool:
    return found.start <= at < found.end


@pytest.mark.parametrize(
    ("due", "inside", "outside"),
    [
        (
            Due.TURNED_RED,
            [-12 * timedelta(hours=1), timedelta()],
            [-12 * timedelta(hours=1) - MOMENT, MOMENT],
        ),
        (Due.TURNS_YELLOW, [MOMENT, SOON - MOMENT], [timedelta(), SOON]),
        (Due.TURNS_RED, [MOMENT, SOON - MOMENT], [timedelta(), SOON]),
        (Due.TO_ANSWER, [MOMENT, CLIENT_RIGHT], [timedelta(), CLIENT_RIGHT + MOMENT]),
    ],
)
def test_a_line_begins_and_ends_on_the_microsecond(
    due: Due, inside: list[timedelta], outside: list[timedelta]
) -> None:
    found = window(due, NOW, NOW - timedelta(hours=12))
    assert [has(found, NOW + offset) for offset in inside] == [True] * len(inside)
    assert [has(found, NOW + offset) for offset in outside] == [False] * len(outside)
    assert found.status is (ObjectStatus.VERIFIED if due is Due.TO_ANSWER else None)


@given(st.timedeltas(-20 * DAY, 20 * DAY), st.timedeltas(timedelta(), 20 * DAY))
def test_what_a_line_counts_has_the_colours_that_it_speaks_of(main: timedelta, more: timedelta) -> None:
    deadline = Deadline(NOW + main, NOW + main + more)
    now, later = colour(deadline, NOW), colour(deadline, NOW + SOON)
    for due, mark in ((Due.TURNED_RED, deadline.urgent_at), (Due.TURNS_RED, deadline.urgent_at)):
        if has(window(due, NOW, NOW - DAY / 2), mark):
            assert (now is Colour.RED) == (due is Due.TURNED_RED)
            assert later is Colour.RED
            assert now in window(due, NOW, NOW - DAY / 2).colours
    if has(window(Due.TURNS_YELLOW, NOW, NOW), deadline.main_at):  # and so before it is red
        assert (now,) == window(Due.TURNS_YELLOW, NOW, NOW).colours
        assert later in {Colour.YELLOW, Colour.RED}


@given(st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001  # UTC, said below
def test_a_day_begins_at_the_readers_midnight(at: datetime, name: str) -> None:
    now, zone = at.replace(tzinfo=UTC), ZoneInfo(name)
    start = midnight(now, zone)
    assert start <= now
    assert start.astimezone(zone).date() == now.astimezone(zone).date()
    # The instant before is the day before, whatever the clocks do.
    assert (start - MOMENT).astimezone(zone).date() < now.astimezone(zone).date()
