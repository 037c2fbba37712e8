"""When it is in the demonstration: now, or that much later. Its two programs go by the same clock.

The data remember how far ahead that is, and until when the company has lived: time does not go back.
"""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.common import Stop
from bot.texts import demo as words
from demo.company import TIME_ZONE
from storage.database import UnitOfWork

AHEAD, LIVED = "demo_ahead", "demo_lived_until"
"""The settings that remember it."""
FARTHEST = timedelta(days=400)
MORNING = time(9)
"""A day without a time: digests have just come then."""

_LATER = re.compile(r"\+?(\d{1,5}) ?([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def read_at(text: str | None, now: datetime) -> timedelta | None:
    """How far ahead of now it is to be; None: as before. ``Stop`` says what may be written."""
    if text is None:
        return None
    later = _LATER.fullmatch(text.strip().lower())
    try:
        ahead = int(later[1]) * _UNITS[later[2]] if later else _moment(text.strip()) - now
    except ValueError:
        raise Stop(words.bad_at(text)) from None
    if not timedelta() <= ahead <= FARTHEST:
        raise Stop(words.at_out_of_reach(text, FARTHEST.days))
    return ahead


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    if "T" not in text and ":" not in text:
        read = datetime.combine(read.date(), MORNING)
    return (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(TIME_ZONE))).astimezone(UTC)


def go_to(uow: UnitOfWork, ahead: timedelta | None, now: datetime) -> timedelta:
    """How far ahead the clock goes from now on; ``Stop`` when the company has lived longer already."""
    known = timedelta(seconds=float(uow.settings.get(AHEAD) or 0))
    if ahead is None:
        ahead = known
    lived = lived_until(uow)
    if ahead < known and lived is not None and now + ahead < lived:
        raise Stop(words.going_back(lived, TIME_ZONE))
    uow.settings.put(AHEAD, str(ahead.total_seconds()))
    lives(uow, now + ahead)
    return ahead


def lives(uow: UnitOfWork, now: datetime) -> None:
    """Remember that it has been this late there."""
    lived = lived_until(uow)
    uow.settings.put(LIVED, max(filter(None, (lived, now))).isoformat())


def lived_until(uow: UnitOfWork) -> datetime | None:
    """The latest moment that the data know of; None: they are new."""
    known = uow.settings.get(LIVED)
    moments = (datetime.fromisoformat(known) if known else None, uow.outbox.newest_at())
    return max(filter(None, moments), default=None)
