"""Public holidays of countries and of their parts: UA, DE-BY; and days off that a company names itself."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import cache, partial

from domain.calendars import no_holidays
from domain.spans import Fault, Unfit

NOBODY = ""
"""No public holidays at all, as somebody set it."""
_YEARS = 3
"""How far ahead the next holidays are looked for: in times of war a country may have none."""
MOST_DAYS_OFF = 500
"""Days off that may be named: so few that there is working time left."""


def parse_country(text: str) -> str:
    """The code of a country, or of a part of one; ``Unfit`` when its holidays are not known."""
    import holidays  # noqa: PLC0415  # reading 300 modules takes a while, and few need them

    code, dash, part = (word.strip().upper() for word in text.partition("-"))
    countries = holidays.list_supported_countries(include_aliases=False)
    if code not in countries:
        raise Unfit(Fault.COUNTRY, text)
    if not dash:
        return code
    known = {one.upper(): one for one in countries[code]}
    if part not in known:
        raise Unfit(Fault.SUBDIVISION, f"{code}: {', '.join(known.values()) or '–'}")
    return f"{code}-{known[part]}"


def parse_days_off(days: Sequence[str | date]) -> tuple[date, ...]:
    """The days, each once, in their order; ``Unfit`` names one that is none."""
    found = {one if type(one) is date else _day(str(one)) for one in days}
    if len(found) > MOST_DAYS_OFF:
        raise Unfit(Fault.DAYS_OFF, str(len(found)))
    return tuple(sorted(found))


def _day(text: str) -> date:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        raise Unfit(Fault.DAY_OFF, text) from None


def holidays_of(country: str | None, days_off: Sequence[date] = ()) -> Callable[[date], bool]:
    """Whether a day is a public holiday there, or one of the days off."""
    if days_off:
        return partial(_is_free, country, frozenset(days_off))
    return partial(_is_holiday, country) if country else no_holidays


def next_holidays(country: str, after: date, count: int) -> list[tuple[date, str]]:
    """The next public holidays with their names."""
    found = (day for year in range(after.year, after.year + _YEARS) for day in _days(country, year))
    coming = (day for day in found if day[0] >= after)
    return [day for day, _number in zip(coming, range(count), strict=False)]


def _is_free(country: str | None, days_off: frozenset[date], day: date) -> bool:
    return day in days_off or (country is not None and country != NOBODY and _is_holiday(country, day))


def _is_holiday(country: str, day: date) -> bool:
    return day in _dates(country, day.year)


@cache
def _dates(country: str, year: int) -> frozenset[date]:
    return frozenset(day for day, _name in _days(country, year))


def _days(country: str, year: int) -> Iterator[tuple[date, str]]:
    import holidays  # noqa: PLC0415  # see above

    code, _dash, part = country.partition("-")
    # A calendar of its own for each year: theirs fills itself as it is asked, which threads must not share.
    yield from sorted(holidays.country_holidays(code, subdiv=part or None, years=year).items())
