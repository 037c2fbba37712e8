"""Moments as people type them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

# ruff: noqa: RUF001  # words of people who write Cyrillic
from bot.texts.date_words import LONG_OVER, MORNING, Unreadable, next_monday, on_day, read_moment

KYIV = "Europe/Kyiv"
NOW = datetime(2026, 11, 24, 13, 0, tzinfo=ZoneInfo(KYIV))
"""A Tuesday."""
ZONES = ("UTC", KYIV, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "No/Where")

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds are naive


def local(text: str, now: datetime = NOW, time_zone: str = KYIV) -> str:
    return read_moment(text, now, time_zone).astimezone(ZoneInfo(time_zone)).strftime("%a %d %b %Y %H:%M")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("until Fri", "Fri 27 Nov 2026 09:00"),
        ("FRIDAY!", "Fri 27 Nov 2026 09:00"),
        ("next Monday", "Mon 30 Nov 2026 09:00"),
        ("Tue", "Tue 01 Dec 2026 09:00"),
        ("thurs 6pm", "Thu 26 Nov 2026 18:00"),
        ("Thu, 17 Dec", "Thu 17 Dec 2026 09:00"),
        ("until 3 Dec", "Thu 03 Dec 2026 09:00"),
        ("back on the 3rd of December at 10:00", "Thu 03 Dec 2026 10:00"),
        ("Dec 3", "Thu 03 Dec 2026 09:00"),
        ("december 3rd, 2026", "Thu 03 Dec 2026 09:00"),
        ("3.12.", "Thu 03 Dec 2026 09:00"),
        ("3/12", "Thu 03 Dec 2026 09:00"),
        ("12/31", "Thu 31 Dec 2026 09:00"),
        ("03.12.26", "Thu 03 Dec 2026 09:00"),
        ("2026-12-03 18:30", "Thu 03 Dec 2026 18:30"),
        ("5 Jan", "Tue 05 Jan 2027 09:00"),
        ("29 Feb", "Tue 29 Feb 2028 09:00"),
        ("until 18:00", "Tue 24 Nov 2026 18:00"),
        ("18.30", "Tue 24 Nov 2026 18:30"),
        ("8:00", "Wed 25 Nov 2026 08:00"),
        ("12 am", "Wed 25 Nov 2026 00:00"),
        ("12 pm tomorrow", "Wed 25 Nov 2026 12:00"),
        ("6:30pm", "Tue 24 Nov 2026 18:30"),
        ("tonight", "Tue 24 Nov 2026 20:00"),
        ("today", "Tue 24 Nov 2026 20:00"),
        ("today 15:00", "Tue 24 Nov 2026 15:00"),
        ("tomorrow", "Wed 25 Nov 2026 09:00"),
        ("tomorrow evening", "Wed 25 Nov 2026 20:00"),
        ("noon on Friday", "Fri 27 Nov 2026 12:00"),
        ("2 weeks", "Tue 08 Dec 2026 09:00"),
        ("for two weeks", "Tue 08 Dec 2026 09:00"),
        ("3d", "Fri 27 Nov 2026 09:00"),
        ("a week, 18:00", "Tue 01 Dec 2026 18:00"),
        ("next week", "Mon 30 Nov 2026 09:00"),
        ("a month", "Thu 24 Dec 2026 09:00"),
        ("4 hours", "Tue 24 Nov 2026 17:00"),
        ("90 min", "Tue 24 Nov 2026 14:30"),
        ("3 Nov", "Tue 03 Nov 2026 09:00"),
        ("до п’ятниці", "Fri 27 Nov 2026 09:00"),
        ("до пятницы 18:00", "Fri 27 Nov 2026 18:00"),
        ("Пт", "Fri 27 Nov 2026 09:00"),
        ("наступного тижня", "Mon 30 Nov 2026 09:00"),
        ("на следующей неделе", "Mon 30 Nov 2026 09:00"),
        ("в неділю", "Sun 29 Nov 2026 09:00"),
        ("2 тижні", "Tue 08 Dec 2026 09:00"),
        ("на две недели", "Tue 08 Dec 2026 09:00"),
        ("завтра ввечері", "Wed 25 Nov 2026 20:00"),
        ("сегодня 15:00", "Tue 24 Nov 2026 15:00"),
        ("післязавтра", "Thu 26 Nov 2026 09:00"),
        ("3 грудня", "Thu 03 Dec 2026 09:00"),
        ("5 января 2027 года", "Tue 05 Jan 2027 09:00"),
        ("через 4 години", "Tue 24 Nov 2026 17:00"),
        ("місяць", "Thu 24 Dec 2026 09:00"),
        ("28 лютого", "Sun 28 Feb 2027 09:00"),
    ],
)
def test_what_people_type(text: str, means: str) -> None:
    assert local(text) == means


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "?", "soon", "18", "31 Nov", "0 Dec", "3 Dec 4 Dec", "Fri 3 Dec", "25:00", "12:60", "13 pm",
        "2 weeks 3 hours", "until", "99999 days", "٣ days", "2²", "<b>Fri</b>", "Fri\x00", "fri; drop table",
        "1/2/3/4", "2026-13-01", "tomorrow 18:00 19:00", "fri" * 40, "🌴", "mo",
        "скоро", "до", "31 листопада", "у понеділок у вівторок",
        "9999 months 1h",
    ],
)  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(Unreadable):
        read_moment(text, NOW, KYIV)


@pytest.mark.parametrize(
    ("day", "length"),
    [
        ("2026-01-31", "Sat 28 Feb 2026 09:00"),
        ("2028-01-31", "Tue 29 Feb 2028 09:00"),
        ("2026-12-31", "Sun 31 Jan 2027 09:00"),
    ],
)
def test_a_month_that_is_too_short_ends_with_its_last_day(day: str, length: str) -> None:
    assert local("a month", datetime.fromisoformat(day).replace(tzinfo=UTC), "UTC") == length


def test_an_hour_that_is_left_out_is_the_one_after_it_and_one_that_comes_twice_is_the_first() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert read_moment("tomorrow 3:30", before, KYIV) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert read_moment("tomorrow", before, KYIV) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    assert read_moment("tomorrow 3:30", before, KYIV) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert read_moment("tomorrow", before, KYIV) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


@given(st.text(max_size=120), moments, st.sampled_from(ZONES))
@example("9999 weeks", NOW, KYIV)
@example("9999 months", NOW, KYIV)
def test_any_text_is_a_moment_or_none(text: str, now: datetime, time_zone: str) -> None:
    try:
        found = read_moment(text, now, time_zone)
    except Unreadable:
        return
    assert found.tzinfo is UTC


PARTS = (
    "fri",
    "3",
    "dec",
    "18:00",
    "2",
    "weeks",
    "tomorrow",
    "next",
    "until",
    "pm",
    "2026",
    "31.12",
    "h",
    "the",
)


@given(st.lists(st.sampled_from(PARTS), max_size=6).map(" ".join), moments, st.sampled_from(ZONES))
def test_any_words_in_any_order_are_a_moment_or_none(text: str, now: datetime, time_zone: str) -> None:
    try:
        found = read_moment(text, now, time_zone)
    except Unreadable:
        return
    assert found > now - LONG_OVER - timedelta(days=1)


@given(
    moments, st.sampled_from(ZONES[:-1]), st.integers(1, 270), st.times(timezones=st.none()),
    st.sampled_from(["%d %b", "%B %d", "%d %b %Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m", "%A, %d %B"]),
)  # fmt: skip
def test_a_date_that_is_written_out_is_read_back(
    now: datetime, time_zone: str, ahead: int, at: time, form: str
) -> None:
    at = at.replace(second=0, microsecond=0)
    day = now.astimezone(ZoneInfo(time_zone)).date() + timedelta(days=ahead)
    found = read_moment(day.strftime(form) + at.strftime(" %H:%M"), now, time_zone)
    assert found == datetime.combine(day, at, ZoneInfo(time_zone)).astimezone(UTC)


@given(
    moments, st.sampled_from(ZONES[:-1]), st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
)
def test_a_weekday_is_one_of_the_next_seven_days(now: datetime, time_zone: str, name: str) -> None:
    local_zone = ZoneInfo(time_zone)
    day = read_moment(name, now, time_zone).astimezone(local_zone).date()
    assert 1 <= (day - now.astimezone(local_zone).date()).days <= 7
    assert day.strftime("%a").lower() == name


@given(moments, st.sampled_from(ZONES), st.times(timezones=st.none()))
def test_a_time_alone_is_the_next_such_time(now: datetime, time_zone: str, at: time) -> None:
    found = read_moment(at.strftime("%H:%M"), now, time_zone)
    assert now < found <= now + timedelta(hours=26)  # a day with a clock change, and the hour that it moves


@given(moments, st.sampled_from(ZONES[:-1]))
def test_the_next_monday_and_other_days_of_buttons(now: datetime, time_zone: str) -> None:
    zone = ZoneInfo(time_zone)
    monday = next_monday(now, time_zone).astimezone(zone)
    assert (monday.weekday(), monday.time()) == (0, MORNING)
    today: date = now.astimezone(zone).date()
    assert today < monday.date() <= today + timedelta(days=7)
    assert on_day(14, MORNING, now, time_zone).astimezone(zone).date() == today + timedelta(days=14)
