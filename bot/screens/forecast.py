"""The forecast in chat: a page of a day, each line of an object leads to it."""

from datetime import timedelta

from bot.buttons import Menu, Open
from bot.buttons.forecast import Forecast
from bot.screens import Key, Screen, esc, pages, rows
from bot.screens.choosing import Picking, pick_organisation
from bot.services.forecast_days import DAYS, PAGE, DayAhead, Ear, Line
from bot.services.people import Me
from bot.texts import forecast as words
from bot.texts import gettext as _
from bot.texts.times import clock, day_name
from bot.texts.words import COLOUR_ICONS
from domain.process import Kind

ONE_DAY = timedelta(days=1)
NAMES = 6
"""Readers that a line names; the rest are counted."""


def day_screen(found: DayAhead, page: int, me: Me) -> Screen:
    """A page of what is said on a day."""
    page = min(page, max(0, (len(found.lines) - 1) // PAGE))
    shown = found.lines[page * PAGE :][:PAGE]
    client_id = found.client.id if found.client else None
    head = f"<b>{_('Forecast')} · {day_name(found.day)}</b>"
    lines = [
        head + (f" · {esc(found.client.name)}" if found.client else ""),
        _("What will be said to whom, if nothing changes."),
        "",
        *[_line(line, me) for line in shown],
        "" if found.lines else _("Nothing will be said on this day."),
    ]
    return Screen(
        "\n".join(lines).strip(),
        rows(
            *[[_key(line, me)] for line in shown],
            pages(page, len(found.lines), PAGE, lambda turned: Forecast(found.number, turned, client_id)),
            [_day_key(found, -1), _day_key(found, 1)],
            [Key(_("« Menu"), Menu())],
        ),
    )


def _line(line: Line, me: Me) -> str:
    at = clock(line.at, me.time_zone)
    names = [_name(ear, counted=line.about is None) for ear in line.ears[:NAMES]]
    more = len(line.ears) - NAMES
    whom = ", ".join(names) + (f" +{more}" if more > 0 else "")
    if line.about is None:
        return f"{at} {_('digest')}: {whom}"
    number, stage = esc(line.about.number), _(words.STAGES[line.about.stage])
    return f"{at} {COLOUR_ICONS[line.about.colour]} <b>{number}</b> {stage}: {whom}"


def _name(ear: Ear, *, counted: bool) -> str:
    name = esc(words.in_group(ear.name) if ear.is_group else ear.name)
    return f"{name} {ear.objects}" if counted else name


def _key(line: Line, me: Me) -> Key | None:
    about = line.about
    if about is None:
        return None
    parts = (about.number, clock(line.at, me.time_zone), _(words.STAGES[about.stage]), about.name)
    label = " · ".join(filter(None, parts))
    return Key(f"{COLOUR_ICONS[about.colour]} {label}", Open(Kind.OBJECT, about.object_id))


def _day_key(found: DayAhead, step: int) -> Key | None:
    number = found.number + step
    if not 0 <= number < DAYS:
        return None
    name = day_name(found.day + step * ONE_DAY)
    label = f"◀ {name}" if step < 0 else f"{name} ▶"
    return Key(label, Forecast(number, 0, found.client.id if found.client else None))


def ask_client(picking: Picking) -> Screen:
    """Whose objects? All are too many for a screen."""
    head = f"<b>{_('Forecast')}</b>\n" + _(
        "There are too many machines to look ahead for all of them. Whose?"
    )
    return pick_organisation(head, picking)


def too_much_screen(client: str) -> Screen:
    """One client alone has too many."""
    said = _("{client} has too many machines for a screen: «greenlight forecast» counts them.")
    return Screen(
        f"<b>{_('Forecast')}</b>\n" + said.format(client=esc(client)), rows([Key(_("« Menu"), Menu())])
    )
