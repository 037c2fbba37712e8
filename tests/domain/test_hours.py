"""Working hours as people write them."""

from datetime import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.hours import (
    DAY,
    WEEKDAYS,
    Interval,
    Week,
    as_lines,
    parse_clock,
    parse_week,
    read_interval,
    read_week,
)
from domain.spans import Fault, Unfit


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """A week of up to three intervals a day."""

    def day() -> tuple[Interval, ...]:
        borders = sorted(draw(st.sets(st.integers(0, DAY), max_size=6)))
        pairs = zip(borders[::2], borders[1::2], strict=False)
        return tuple(Interval(begins, ends) for begins, ends in pairs)

    one, other = day(), day()
    return tuple(draw(st.sampled_from([(), one, other])) for _day in WEEKDAYS)


@given(weeks())
def test_what_is_written_is_read_again(week: Week) -> None:
    assume(sum(one.ends - one.begins for day in week for one in day) >= 300)
    lines = as_lines(week)
    assert parse_week(lines) == week
    assert read_week("; ".join(f"{days} {' '.join(hours)}" for days, hours in lines.items())) == week


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Mon-Fri 09:00-18:00", {"Mon-Fri": ["09:00-18:00"]}),
        ("mon–fri 9–13, 14–18", {"Mon-Fri": ["09:00-13:00", "14:00-18:00"]}),
        ("Monday - Friday: 9:00 - 18:00\nSat 10-14", {"Mon-Fri": ["09:00-18:00"], "Sat": ["10:00-14:00"]}),
        ("Mon-Fri 9-18, Sat 10-14", {"Mon-Fri": ["09:00-18:00"], "Sat": ["10:00-14:00"]}),
        ("Mon, Wed, Fri 8-16", {"Mon": ["08:00-16:00"], "Wed": ["08:00-16:00"], "Fri": ["08:00-16:00"]}),
        ("Sun-Thu 08:30-17:00", {"Mon-Thu": ["08:30-17:00"], "Sun": ["08:30-17:00"]}),
        ("Sat-Sun 10-16;", {"Sat-Sun": ["10:00-16:00"]}),
        ("Mon-Sun 0:00-24:00", {"Mon-Sun": ["00:00-24:00"]}),
    ],
)
def test_what_people_write(text: str, lines: dict[str, list[str]]) -> None:
    assert as_lines(read_week(text)) == lines


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.WEEK),
        (" ; \n", Fault.WEEK),
        ("always", Fault.WEEK),
        ("09:00-18:00", Fault.WEEK),
        ("Mo-Fr 9-18", Fault.WEEK),
        ("Moo 9-18", Fault.WEEK),
        ("Mon-Fri-Sun 9-18", Fault.WEEK),
        ("Mon- 9-18", Fault.WEEK),
        ("Mon 9 to 18", Fault.WEEK),
        ("Mon 9-18 or so", Fault.WEEK),
        ("Mon 9-25", Fault.CLOCK),
        ("Mon 9:60-18", Fault.CLOCK),
        ("Mon 9-24:01", Fault.CLOCK),
        ("Mon 22:00-06:00", Fault.OVER_MIDNIGHT),
        ("Mon 9-9", Fault.OVER_MIDNIGHT),
        ("Mon 9-13 12-18", Fault.OVERLAP),
        ("Mon 9-18; Mon 19-20", Fault.DAY_TWICE),
        ("Mon-Fri 9-18; Fri 9-13", Fault.DAY_TWICE),
        ("Mon, Mon 9-18", Fault.DAY_TWICE),
        ("Mon 9:00-13:59", Fault.WEEK_TOO_SHORT),
    ],
)
def test_what_are_no_working_hours(text: str, fault: Fault) -> None:
    with pytest.raises(Unfit) as unfit:
        read_week(text)
    assert unfit.value.fault is fault


def test_a_week_without_hours_is_refused() -> None:
    for lines in ({}, {"Mon-Sun": []}):
        with pytest.raises(Unfit) as unfit:
            parse_week(lines)
        assert unfit.value.fault is Fault.WEEK_TOO_SHORT


def test_times_of_the_day() -> None:
    assert parse_clock(" 9:05 ") == time(9, 5)
    assert parse_clock("23") == time(23)
    assert read_interval("22:00 – 7") == (time(22), time(7))
    for text in ("", "24:00", "9:5", "-1", "09:00:00", "noon"):
        with pytest.raises(Unfit):
            parse_clock(text)
    for text in ("22:00", "22:00-", "22:00-7-8", "a-b"):
        with pytest.raises(Unfit):
            read_interval(text)


@given(st.text(alphabet="MonFriSatSun0123456789:-–; ,\n", max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        week = read_week(text)
    except Unfit:
        return
    assert parse_week(as_lines(week)) == week
