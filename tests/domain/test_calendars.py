"""Working time against an oracle that walks minute by minute, where clocks change and holidays fall."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.calendars import Calendar, NoWorkingTime, no_holidays
from domain.hours import OFFICE_WEEK, Week, read_week
from domain.spans import Span

MINUTE = timedelta(minutes=1)
CHANGES = {
    "Europe/Kyiv": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),  # by half an hour
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),  # at midnight
}
WEEKS = [
    OFFICE_WEEK,
    read_week("Mon-Fri 09:00-13:00 14:00-18:00; Sat 10:00-14:00"),
    read_week("Sun-Thu 08:30-17:15"),
    read_week("Mon-Sun 00:00-24:00"),
    read_week("Mon-Sun 00:00-06:00 22:00-24:00"),
    read_week("Mon-Sat 01:45-02:15 03:15-09:00; Sun 01:20-01:40 02:10-02:50 03:00-03:30"),
    read_week("Sun 02:00-03:00 23:00-24:00; Wed 0:00-24:00"),
]


class Oracle:
    """A calendar that knows nothing but how to look at the clock of each minute."""

    def __init__(self, zone: str, week: Week, holidays: frozenset[date]) -> None:
        self.zone, self.week, self.holidays = ZoneInfo(zone), week, holidays

    def after(self, since: datetime, span: Span) -> datetime:
        """When the span is over."""
        clock = self.clock(since)
        at = next(at for at, shown in clock if at >= since and self.works(shown))
        if span.days:
            at = self.days_on(at, span.days)
        if span.hours:
            working = (at_ for at_, shown in self.clock(at) if at_ >= at and self.works(shown))
            for _ in range(span.hours * 60):
                at = next(working)
            at += MINUTE
        return at

    def days_on(self, at: datetime, days: int) -> datetime:
        """So many working days on, at the same time of the day or what is nearest."""
        local = at.astimezone(self.zone).replace(tzinfo=None)
        day = local.date()
        while days:
            day += timedelta(days=1)
            days -= self.is_working_day(day)
        minutes = self.minutes_of(day)
        while not minutes:
            day += timedelta(days=1)
            minutes = self.minutes_of(day)
        wanted = datetime.combine(day, local.time())
        reached = next(at_ for at_, shown in self.clock(minutes[0] - timedelta(days=2)) if shown >= wanted)
        if reached in minutes or reached - MINUTE in minutes:
            return reached
        return next((minute for minute in minutes if minute > reached), minutes[-1] + MINUTE)

    def minutes_of(self, day: date) -> list[datetime]:
        """The working minutes of a day."""
        if not self.is_working_day(day):
            return []
        begin = datetime.combine(day, time(), UTC) - timedelta(days=2)
        clock = self.clock(begin)
        seen = (next(clock) for _ in range(6 * 24 * 60))
        return [at for at, shown in seen if shown.date() == day and self.works(shown)]

    def clock(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Each minute from two days before, with the local time on a clock that is never put back."""
        at = since - timedelta(days=2)
        shown = at.astimezone(self.zone).replace(tzinfo=None, fold=0)
        while True:
            shown = max(shown, at.astimezone(self.zone).replace(tzinfo=None, fold=0))
            yield at, shown
            at += MINUTE

    def is_working_day(self, day: date) -> bool:
        """Whether there is work on that day."""
        return bool(self.week[day.weekday()]) and day not in self.holidays

    def works(self, shown: datetime) -> bool:
        """Whether there is work while the clock shows this."""
        minute = shown.hour * 60 + shown.minute
        intervals = self.week[shown.weekday()]
        return self.is_working_day(shown.date()) and any(one.begins <= minute < one.ends for one in intervals)


@st.composite
def places(draw: st.DrawFn) -> tuple[str, Week, frozenset[date], datetime]:
    """A calendar and a minute a few days around a change of its clocks."""
    zone = draw(st.sampled_from(list(CHANGES)))
    change = draw(st.sampled_from(CHANGES[zone]))
    holidays = draw(st.frozensets(st.integers(-3, 6), max_size=3))
    since = datetime.combine(change, time(), UTC) + draw(st.integers(-5 * 1440, 3 * 1440)) * MINUTE
    return (
        zone,
        draw(st.sampled_from(WEEKS)),
        frozenset(change + timedelta(days=days) for days in holidays),
        since,
    )


@settings(max_examples=150, deadline=None)
@given(places(), st.integers(0, 4), st.integers(0, 30))
@example(("Europe/Kyiv", WEEKS[5], frozenset(), datetime(2026, 3, 28, 23, 50, tzinfo=UTC)), 1, 0)
@example(("Europe/Kyiv", WEEKS[5], frozenset(), datetime(2026, 10, 24, 23, 50, tzinfo=UTC)), 0, 3)
@example(("America/Havana", WEEKS[4], frozenset(), datetime(2026, 3, 8, 3, 0, tzinfo=UTC)), 1, 0)
def test_working_time_is_what_one_counts_minute_by_minute(
    place: tuple[str, Week, frozenset[date], datetime], days: int, hours: int
) -> None:
    zone, week, holidays, since = place
    span = Span(days, hours, working=True)
    calendar = Calendar(zone, week, holidays.__contains__)
    assert calendar.after(since, span) == Oracle(zone, week, holidays).after(since, span)


@settings(max_examples=200)
@given(places(), st.integers(1, 40), st.integers(1, 60), st.timedeltas(timedelta(), timedelta(days=3)))
def test_more_time_is_never_over_earlier(
    place: tuple[str, Week, frozenset[date], datetime], days: int, hours: int, later: timedelta
) -> None:
    zone, week, holidays, since = place
    calendar = Calendar(zone, week, holidays.__contains__)
    for less, more in ((Span(days), Span(days + 1)), (Span(0, hours), Span(0, hours + 1))):
        short, long = (Span(span.days, span.hours, working=True) for span in (less, more))
        assert since < calendar.after(since, short) < calendar.after(since, long)
        assert calendar.after(since, short) <= calendar.after(since + later, short)


@given(st.datetimes(timezones=st.timezones()), st.integers(0, 366), st.integers(0, 500))
def test_plain_time_is_the_same_everywhere(since: datetime, days: int, hours: int) -> None:
    calendar = Calendar("Europe/Kyiv", OFFICE_WEEK, no_holidays)
    if since.astimezone(UTC) < datetime(9000, 1, 1, tzinfo=UTC):
        passed = calendar.after(since, Span(days, hours)) - since.astimezone(UTC)
        assert passed == timedelta(days=days, hours=hours)


def local(day: str, clock: str, zone: str = "Europe/Kyiv") -> datetime:
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("since", "span", "expected"),
    [
        (("2026-03-06", "16:00"), Span(3, working=True), ("2026-03-11", "16:00")),  # Friday to Wednesday
        (("2026-03-07", "11:00"), Span(1, working=True), ("2026-03-10", "09:00")),  # from Monday's beginning
        (("2026-03-06", "18:00"), Span(1, working=True), ("2026-03-10", "09:00")),
        (("2026-03-06", "17:00"), Span(hours=2, working=True), ("2026-03-09", "10:00")),
        (("2026-03-06", "08:00"), Span(hours=9, working=True), ("2026-03-06", "18:00")),
        (("2026-03-27", "17:30"), Span(1, working=True), ("2026-03-30", "17:30")),  # over the change
        (("2026-10-23", "17:30"), Span(1, working=True), ("2026-10-26", "17:30")),
        (("2028-02-28", "12:00"), Span(1, working=True), ("2028-02-29", "12:00")),
        (("2028-02-29", "12:00"), Span(1, 2, working=True), ("2028-03-01", "14:00")),
        (("2026-05-08", "12:00"), Span(1, working=True), ("2026-05-12", "12:00")),  # Monday is a holiday
    ],
)
def test_what_people_expect(since: tuple[str, str], span: Span, expected: tuple[str, str]) -> None:
    calendar = Calendar("Europe/Kyiv", OFFICE_WEEK, {date(2026, 5, 11)}.__contains__)
    assert calendar.after(local(*since), span) == local(*expected)


def test_a_day_with_other_hours_ends_what_would_end_after_it() -> None:
    calendar = Calendar("Europe/Kyiv", WEEKS[1], no_holidays)
    for clock, expected in (("17:00", "14:00"), ("09:30", "10:00"), ("11:11", "11:11")):
        assert calendar.after(local("2026-03-06", clock), Span(1, working=True)) == local(
            "2026-03-07", expected
        )
    pause = calendar.after(local("2026-03-07", "13:30"), Span(1, working=True))
    assert pause == local("2026-03-09", "14:00")


def test_half_an_hour_of_the_clocks_is_counted() -> None:
    day = Calendar("Australia/Lord_Howe", read_week("Mon-Sun 00:00-24:00"), no_holidays)
    zone = "Australia/Lord_Howe"
    since = local("2026-04-04", "12:00", zone)
    assert day.after(since, Span(1, working=True)) == local("2026-04-05", "12:00", zone)
    assert day.after(since, Span(hours=24, working=True)) == local("2026-04-05", "11:30", zone)


def test_a_day_that_an_island_left_out_is_left_out() -> None:
    samoa = Calendar("Pacific/Apia", read_week("Mon-Sun 09:00-18:00"), no_holidays)
    since = local("2011-12-29", "12:00", "Pacific/Apia")  # the 30th never was
    assert samoa.after(since, Span(1, working=True)) == local("2011-12-31", "12:00", "Pacific/Apia")
    assert samoa.after(since, Span(hours=7, working=True)) == local("2011-12-31", "10:00", "Pacific/Apia")


def test_without_any_working_day_the_search_ends() -> None:
    never = Calendar("UTC", OFFICE_WEEK, lambda _day: True)
    for span in (Span(1, working=True), Span(hours=1, working=True)):
        with pytest.raises(NoWorkingTime):
            never.after(datetime(2026, 1, 1, tzinfo=UTC), span)


def test_the_longest_span_in_the_shortest_week_ends() -> None:
    calendar = Calendar("UTC", read_week("Wed 10:00-15:00"), no_holidays)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert calendar.after(since, Span(366, working=True)) > since + timedelta(days=7 * 366)
    assert calendar.after(since, Span(366, 500, working=True)) > since + timedelta(days=7 * 465)
