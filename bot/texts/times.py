"""Moments and spans of time in a reader's words."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime

from bot.texts import gettext as _
from bot.texts import language, ngettext

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def zone(name: str) -> ZoneInfo:
    """The time zone of that name; UTC when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment(at: datetime, time_zone: str) -> str:
    """A moment with its day, such as «Sun 22 Nov, 14:00»."""
    return format_datetime(at.astimezone(zone(time_zone)), "EEE d MMM, HH:mm", locale=language())


def full_moment(at: datetime, time_zone: str) -> str:
    """A moment with its year, such as «22 Nov 2026, 14:00»."""
    return format_datetime(at.astimezone(zone(time_zone)), "d MMM y, HH:mm", locale=language())


def day_name(day: date) -> str:
    """A day, such as «Sun 22 Nov»."""
    return format_date(day, "EEE d MMM", locale=language())


def full_day(day: date) -> str:
    """A day with its year, such as «22 Nov 2026»."""
    return format_date(day, "d MMM y", locale=language())


def clock(at: datetime, time_zone: str) -> str:
    """The time of a day, such as «14:00»."""
    return format_datetime(at.astimezone(zone(time_zone)), "HH:mm", locale=language())


def span(length: timedelta) -> str:
    """A length of time in its largest fitting unit: 5 min, 4 h, 2 d."""
    length = abs(length)
    if length < _HOUR:
        minutes = max(1, round(length / timedelta(minutes=1)))
        return ngettext("{n} min", "{n} min", minutes).format(n=minutes)
    if length < 2 * _DAY:
        hours = round(length / _HOUR)
        return ngettext("{n} h", "{n} h", hours).format(n=hours)
    days = round(length / _DAY)
    return ngettext("{n} d", "{n} d", days).format(n=days)


def ago(at: datetime, now: datetime) -> str:
    """How long ago, such as «5 min ago»."""
    if now - at < timedelta(minutes=1):
        return _("just now")
    return _("{span} ago").format(span=span(now - at))
