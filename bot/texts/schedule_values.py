"""What is set of times, in a reader's words: names of settings, their values, where they come from."""

from collections.abc import Iterable
from datetime import date, datetime, time

from bot.texts import N_, ngettext
from bot.texts import gettext as _
from bot.texts.times import full_day, full_moment
from bot.texts.words import status_name
from domain.deadlines import REQUEST, Times
from domain.hours import Week, as_lines
from domain.spans import Span

_KEYS = {
    "time_zone": N_("Time zone"),
    "hours": N_("Working hours"),
    "holidays": N_("Public holidays"),
    "quiet": N_("Quiet hours"),
    "digest": N_("Digest"),
}


def key_name(key: str) -> str:
    """What a setting is called."""
    if key in _KEYS:
        return _(_KEYS[key])
    name = key.partition(":")[2]
    return _("Client's request") if name == REQUEST else status_name(name)


def span_text(span: Span) -> str:
    """A length of time, such as «3 working days»."""
    parts = []
    if span.days and span.working:
        parts.append(ngettext("{n} working day", "{n} working days", span.days).format(n=span.days))
    elif span.days:
        parts.append(ngettext("{n} d", "{n} d", span.days).format(n=span.days))
    if span.hours and span.working and not span.days:
        parts.append(ngettext("{n} working h", "{n} working h", span.hours).format(n=span.hours))
    elif span.hours:
        parts.append(ngettext("{n} h", "{n} h", span.hours).format(n=span.hours))
    return " ".join(parts)


def times_text(times: Times) -> str:
    """The main and the urgent time."""
    return f"{span_text(times.main)} / {span_text(times.urgent)}"


def week_text(week: Week) -> str:
    """The working hours of a week, as one may type them."""
    return "; ".join(f"{days} {' '.join(hours)}" for days, hours in as_lines(week).items())


def value_text(key: str, value: object, *, red_passes: bool = False) -> str:
    """A value that is set, whatever it is of."""
    if isinstance(value, Times):
        return times_text(value)
    if isinstance(value, tuple):
        return week_text(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if not value:
        return _("none")
    return f"{value}, {_('red passes')}" if key == "quiet" and red_passes else str(value)


def from_default() -> str:
    """Nobody has set it."""
    return _("default")


def from_file() -> str:
    """The operator's file says it."""
    return _("the deployment's file")


def from_organisation(name: str | None, by: str | None, at: datetime | None, time_zone: str) -> str:
    """An administrator has set it in chat."""
    when = full_moment(at, time_zone) if at else None
    return ", ".join(part for part in (name, by, when) if part)


def next_holidays_text(days: Iterable[tuple[date, str]]) -> str:
    """The next public holidays."""
    named = [f"{full_day(day)} {name}" for day, name in days]
    return ", ".join(named) or _("none in three years: a country at war may have none")
