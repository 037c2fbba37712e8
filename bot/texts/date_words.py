"""Moments as people type them: «until Fri», «3 Dec», «18:00», «2 weeks», «tomorrow evening».

A text is read from its first word to its last. Each part says a day, a time of the day, or a length of
time, and each of these at most once; whatever else is in it makes the whole unreadable, because a date
that was guessed would be believed. A day without a time is its morning, a time without a day the next
such time.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from bot.texts.local_words import in_english
from bot.texts.times import zone

MORNING = time(9)
EVENING = time(20)
LONG_OVER = timedelta(days=90)
"""A day without a year that was less than this ago is meant as over, not as one of the next year."""

Said = date | time | timedelta | None
"""What a part of a text says; None: nothing that makes sense."""

_LONGEST_TEXT = 100
_TOKEN = re.compile(r"[0-9]+(?:[:./-][0-9]+)*|[^\W\d_]+")
_BETWEEN = re.compile(r"[\s,.;!?'\"«»()–-]*")
_FILLERS = frozenset(
    {
        "until", "till", "til", "untill", "to", "for", "in", "on", "at", "the", "by", "of", "from", "back",
        "away", "a", "an", "this", "now", "about", "st", "nd", "rd", "th",
    }
)  # fmt: skip
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_TIMES = {
    "morning": MORNING, "noon": time(12), "midday": time(12), "afternoon": time(15), "evening": EVENING,
    "night": EVENING,
}  # fmt: skip


class Unreadable(Exception):  # noqa: N818  # named by what is the case
    """The text says no moment."""


def read_moment(text: str, now: datetime, time_zone: str) -> datetime:
    """The moment that a text means for somebody in that time zone, in UTC; ``Unreadable`` if none.

    It may be over: whoever asked says what they make of that.
    """
    today = now.astimezone(zone(time_zone)).date()
    try:
        said = _read(_words(text), today)
        return _together(said, now, time_zone)
    except (ValueError, OverflowError):
        raise Unreadable(text) from None


def on_day(days: int, at: time, now: datetime, time_zone: str) -> datetime:
    """A time of the day so many days ahead."""
    return _moment(now.astimezone(zone(time_zone)).date() + timedelta(days=days), at, time_zone)


def next_monday(now: datetime, time_zone: str) -> datetime:
    """The morning of the next Monday after today."""
    return on_day(7 - now.astimezone(zone(time_zone)).weekday(), MORNING, now, time_zone)


def _moment(day: date, at: time, time_zone: str) -> datetime:
    # An hour that a clock change leaves out is the one after it; of one that comes twice, the first.
    return datetime.combine(day, at, zone(time_zone)).astimezone(UTC)


def _words(text: str) -> str:
    """The words and numbers of a text, without what only holds them together."""
    clean = " ".join(text.casefold().split())
    if len(clean) > _LONGEST_TEXT:
        raise ValueError(text)
    clean = in_english(clean)
    if not _BETWEEN.fullmatch(_TOKEN.sub("", clean)):
        raise ValueError(text)
    kept = [_NUMBERS.get(word, word) for word in _TOKEN.findall(clean) if word not in _FILLERS]
    words = " ".join(kept).replace("tonight", "today evening")
    return "today evening" if words == "today" else words


def _read(words: str, today: date) -> list[date | time | timedelta]:
    """What the parts of a text say, in their order."""
    said: list[date | time | timedelta] = []
    while words:
        for pattern, meaning in _PARTS:
            found = pattern.match(words)
            part = meaning(found, today) if found else None
            if found is not None and part is not None:
                said.append(part)
                words = words[found.end() :].lstrip()
                break
        else:
            raise ValueError(words)
    return said


def _together(said: list[date | time | timedelta], now: datetime, time_zone: str) -> datetime:
    """The moment that several parts come to."""
    days = [part for part in said if isinstance(part, date)]
    times = [part for part in said if isinstance(part, time)]
    lengths = [part for part in said if isinstance(part, timedelta)]
    if len(days) > 1 and len({day.weekday() for day in days}) == 1:
        days = [max(days)]  # «Thu, 17 Dec»: the weekday alone would be an earlier one
    if max(len(days), len(times), len(lengths)) > 1 or (lengths and len(said) > 1) or not said:
        raise ValueError("not one moment")
    if lengths:
        return now + lengths[0]
    if days:
        return _moment(days[0], times[0] if times else MORNING, time_zone)
    soon = on_day(0, times[0], now, time_zone)
    return soon if soon > now else on_day(1, times[0], now, time_zone)


def _days_on(found: re.Match[str], today: date) -> Said:
    count = int(found["count"] or 1)
    if found["unit"].startswith("m"):
        return _months_on(today, count)
    return today + timedelta(days=count * (7 if found["unit"].startswith("w") else 1))


def _months_on(day: date, count: int) -> date:
    """The same day so many months on, or the last one of a month that is too short."""
    months = day.year * 12 + day.month - 1 + count
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _hours_on(found: re.Match[str], _today: date) -> Said:
    return timedelta(minutes=int(found["count"] or 1) * (60 if found["unit"].startswith("h") else 1))


def _clock(found: re.Match[str], _today: date) -> Said:
    return time(int(found["hours"]), int(found["minutes"]))


def _half_a_day(found: re.Match[str], _today: date) -> Said:
    hours = int(found["hours"])
    if not 1 <= hours <= 12:  # noqa: PLR2004  # the hours of such a clock
        return None
    return time(hours % 12 + (12 if found["half"] == "pm" else 0), int(found["minutes"] or 0))


def _weekday(found: re.Match[str], today: date) -> Said:
    wanted = _begins(found["name"], _WEEKDAYS)
    return None if wanted is None else today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _near_day(found: re.Match[str], today: date) -> Said:
    ahead = {"today": 0, "tomorrow": 1, "next week": 7 - today.weekday(), "next month": 0}
    return _months_on(today, 1) if found[0] == "next month" else today + timedelta(days=ahead[found[0]])


def _day_of_month(found: re.Match[str], today: date) -> Said:
    month = _begins(found["name"], _MONTHS)
    return None if month is None else _date(found["year"], month + 1, int(found["day"]), today)


def _written_date(found: re.Match[str], today: date) -> Said:
    day, month = int(found["day"]), int(found["month"])
    if month > 12 >= day:  # noqa: PLR2004  # no month: they stand the other way round
        day, month = month, day
    return _date(found["year"], month, day, today) if 1 <= month <= 12 else None  # noqa: PLR2004  # months


def _iso_date(found: re.Match[str], _today: date) -> Said:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _date(year: str | None, month: int, day: int, today: date) -> date:
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: PLR2004  # digits
    for number in range(today.year, today.year + 9):  # 29 February may be far
        try:
            found = date(number, month, day)
        except ValueError:
            continue
        if found > today - LONG_OVER:
            return found
    raise ValueError("no such day")


def _begins(word: str, names: tuple[str, ...]) -> int | None:
    """Which of the names begins like this."""
    return next((number for number, name in enumerate(names) if name.startswith(word)), None)


def _part(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?: |$)")


_NAME = r"(?P<name>[a-z]{3,9})"
_DAY_AND_MONTH = r"(?P<day>[0-9]{1,2})[./-](?P<month>[0-9]{1,2})"
_YEAR = r"(?: (?P<year>20[0-9]{2}))?"
_PARTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Said]], ...] = (
    (re.compile(r"(?:today|tomorrow|next week|next month)(?= |$)"), _near_day),
    (_part(r"(?:(?P<count>[0-9]{1,4}) )?(?P<unit>days?|weeks?|wks?|months?)"), _days_on),
    (_part(r"(?P<count>[0-9]{1,4}) (?P<unit>d|w)"), _days_on),
    (_part(r"(?:(?P<count>[0-9]{1,4}) )?(?P<unit>hours?|hrs?|minutes?|mins?)"), _hours_on),
    (_part(r"(?P<count>[0-9]{1,4}) (?P<unit>h)"), _hours_on),
    (_part(rf"(?P<name>{'|'.join(_TIMES)})"), lambda found, _today: _TIMES[found["name"]]),
    (_part(r"(?P<hours>[0-9]{1,2})(?:[:.](?P<minutes>[0-9]{2}))? (?P<half>am|pm)"), _half_a_day),
    (_part(r"(?P<hours>[0-9]{1,2}):(?P<minutes>[0-9]{2})"), _clock),
    (_part(rf"(?P<day>[0-9]{{1,2}}) {_NAME}{_YEAR}"), _day_of_month),
    (_part(rf"{_NAME} (?P<day>[0-9]{{1,2}}){_YEAR}"), _day_of_month),
    (_part(rf"(?:next )?{_NAME}"), _weekday),
    (_part(r"(?P<year>20[0-9]{2})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"), _iso_date),
    (
        _part(r"(?P<day>[0-9]{1,2})[./-](?P<month>[0-9]{1,2})(?:[./-](?P<year>20[0-9]{2}|[0-9]{2}))?"),
        _written_date,
    ),
    (_part(r"(?P<hours>[0-9]{1,2})\.(?P<minutes>[0-9]{2})"), _clock),
)
"""What a part may look like, and what it says then; the first that makes sense holds."""
