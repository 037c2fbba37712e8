"""The times of an organisation, as an administrator sees and sets them."""

from collections.abc import Sequence
from datetime import date

from bot.buttons import Menu
from bot.buttons.times import Instead, KeepTime, PickInstead, SetTime, Times, TimesTrail
from bot.screens import Key, Screen, cut, esc, in_pairs, pages, rows, way_out
from bot.screens.choosing import Picking, pick_organisation
from bot.screens.fields import with_problem
from bot.services.own_times import PAGE, Choice, Trail, may_take_back, trail_values
from bot.services.public_holidays import next_holidays
from bot.services.sources import Setting, Source
from bot.services.time_values import Key as TimeKey
from bot.services.time_values import Quiet, Value, timed_name, times_key
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts import schedules as words
from bot.texts.schedule_values import (
    from_default,
    from_file,
    from_organisation,
    key_name,
    next_holidays_text,
    value_text,
)
from bot.texts.times import full_moment
from domain.objects import ObjectStatus
from domain.spans import Unfit
from storage.organisation_settings import SettingChange
from storage.tables import OrganisationRecord

HOLIDAYS_SHOWN = 3
NAME_SHOWN = 40
VALUE_SHOWN = 160
"""Characters: seventeen settings with their sources, or a page of the trail, have to fit into a message."""


def ask_organisation(picking: Picking) -> Screen:
    """Whose times?"""
    head = f"<b>{_('Times')}</b>\n" + _("Deadlines, working hours, quiet hours. Whose?")
    return pick_organisation(head, picking)


def times_screen(organisation: OrganisationRecord, settings: Sequence[Setting], time_zone: str) -> Screen:
    """All that holds for an organisation, and where it comes from; each is a button."""
    of_statuses = [one for one in settings if timed_name(one.key) is not None]
    others = [one for one in settings if timed_name(one.key) is None]
    lines = [f"<b>{_('Times')}</b> · {esc(organisation.name)}"]
    if of_statuses:
        lines.append(_("Main time (then yellow) / urgent time (then red)"))
    lines += [_line(one, time_zone) for one in of_statuses]
    lines += ["", *(_line(one, time_zone) for one in others), "", _("What would you like to change?")]
    keys = [Key(key_name(one.key), SetTime(organisation.id or 0, name_of(one.key))) for one in settings]
    return Screen(
        "\n".join(lines),
        rows(
            *in_pairs(keys[: len(of_statuses)]),
            *in_pairs(keys[len(of_statuses) :]),
            [Key(_("Trail"), TimesTrail(organisation.id or 0))],
            [Key(_("« Back"), Times()), Key(_("Menu"), Menu())],
        ),
    )


def ask_value(of: Choice, time_zone: str) -> Screen:
    """What it is to be."""
    lines = [_head(of), _("Now: {value}").format(value=_sourced(of.now, time_zone)), "", _ask(of.now.key)]
    name = name_of(of.now.key)
    none = {TimeKey.QUIET.value: _("No quiet hours"), TimeKey.HOLIDAYS.value: _("No public holidays")}
    offered = none.get(of.now.key) if of.now.value else None
    return Screen(
        "\n".join(lines),
        rows(
            [Key(offered, PickInstead(name, Instead.NONE))] if offered else [],
            [Key(_inherited(of), PickInstead(name, Instead.INHERITED))] if may_take_back(of) else [],
            way_out(),
        ),
    )


def wrong_value(screen: Screen, unfit: Unfit) -> Screen:
    """What was typed cannot be used."""
    return with_problem(screen, words.fault(unfit.fault, unfit.what))


def ask_red(of: Choice, value: Value) -> Screen:
    """May an escalation be said in the quiet hours?"""
    name = name_of(of.now.key)
    text = _("May red alerts to moderators and administrators come in the quiet hours, too?")
    return Screen(
        f"{_head(of)}\n{esc(shown(of.now.key, value))}\n\n{text}",
        rows(
            [
                Key(_("No, they wait"), PickInstead(name, Instead.RED_WAITS)),
                Key(_("Yes, red passes"), PickInstead(name, Instead.RED_PASSES)),
            ],
            way_out(),
        ),
    )


def summary(of: Choice, value: Value, moved: int, today: date) -> Screen:
    """What will change, and what that does."""
    change = f"{short(of.now.key, of.now.value)} → {short(of.now.key, value)}"
    return Screen(
        f"{_head(of)}\n{esc(change)}\n{_coming(of, value, today)}\n{_consequence(of, moved)}",
        rows([Key(_("Set it"), KeepTime(of.organisation.id or 0, name_of(of.now.key)))], way_out()),
    )


def trail_screen(trail: Trail, page: int, time_zone: str) -> Screen:
    """Who changed what, and when."""
    organisation = trail.organisation
    lines = [f"<b>{_('Times')}</b> · {esc(organisation.name)} · {_('trail')}"]
    lines += [_trail_line(line, time_zone) for line in trail.lines] or [
        _("Nothing was set for this organisation.")
    ]
    return Screen(
        "\n\n".join(lines),
        rows(
            pages(page, trail.total, PAGE, lambda number: TimesTrail(organisation.id or 0, number)),
            [Key(_("« Back"), Times(organisation.id or 0)), Key(_("Menu"), Menu())],
        ),
    )


def name_of(key: str) -> str:
    """How a button calls a setting."""
    return timed_name(key) or key


def key_of(name: str) -> str:
    """The setting that a button calls so."""
    return name if name in set(TimeKey) else times_key(name)


def shown(key: str, value: Value) -> str:
    """A value in words."""
    return value_text(key, value, red_passes=isinstance(value, Quiet) and value.red_passes)


def short(key: str, value: Value) -> str:
    """The same, cut when it is long: a week may have many hours."""
    whole = shown(key, value)
    return whole if len(whole) <= VALUE_SHOWN else f"{whole[:VALUE_SHOWN]}…"


def _head(of: Choice) -> str:
    return f"<b>{esc(of.organisation.name)}</b> · {esc(key_name(of.now.key))}"


def _line(setting: Setting, time_zone: str) -> str:
    return f"{esc(key_name(setting.key))}: {_sourced(setting, time_zone)}"


def _sourced(setting: Setting, time_zone: str) -> str:
    """A value, and in brackets who set it if it was not the default."""
    value = f"<b>{esc(short(setting.key, setting.value))}</b>"
    if setting.source is Source.DEFAULT:
        return value
    if setting.source is Source.FILE:
        return f"{value} ({from_file()})"
    home = cut(setting.organisation or "", NAME_SHOWN) if setting.source is Source.ABOVE else None
    by = cut(setting.by, NAME_SHOWN) if setting.by else None
    return f"{value} ({esc(from_organisation(home, by, setting.at, time_zone))})"


def _inherited(of: Choice) -> str:
    source = {Source.FILE: from_file(), Source.DEFAULT: from_default()}.get(of.inherited.source)
    value = cut(short(of.inherited.key, of.inherited.value), NAME_SHOWN)
    source = source or cut(of.inherited.organisation or "", NAME_SHOWN)
    return _("Back to {value} ({source})").format(value=value, source=source)


def _ask(key: str) -> str:
    name = timed_name(key)
    if name == ObjectStatus.VERIFIED:
        return _(
            "Write the main time, such as <code>5 d</code> or <code>3 working days</code>. Red it is after 8"
            " days, always: then the client's right to answer ends."
        )
    if name is not None:
        return _(
            "Write the main and the urgent time, such as <code>3 d / 7 d</code> or <code>2 working days / 4"
            " working days</code>."
        )
    return {
        TimeKey.TIME_ZONE: _("Write a time zone, such as <code>Europe/Kyiv</code>."),
        TimeKey.HOURS: _(
            "Write the working hours of a week, such as <code>Mon-Fri 09:00-13:00 14:00-18:00; Sat"
            " 10:00-14:00</code>."
        ),
        TimeKey.HOLIDAYS: _(
            "Write the country whose public holidays are free, such as <code>UA</code>, or a part of one,"
            " such as <code>DE-BY</code>."
        ),
        TimeKey.QUIET: _(
            "Write when nobody is to be disturbed, such as <code>22:00-07:00</code>. What falls into these"
            " hours comes with the morning's digest."
        ),
        TimeKey.DIGEST: _("Write when the morning's digest comes, such as <code>09:00</code>."),
    }[TimeKey(key)]


def _coming(of: Choice, value: Value, today: date) -> str:
    """The next public holidays, so that one sees whether the right ones are meant."""
    if of.now.key != TimeKey.HOLIDAYS or not value:
        return ""
    days = next_holidays_text(next_holidays(str(value), today, HOLIDAYS_SHOWN))
    return _("The next: {days}").format(days=esc(days)) + "\n"


def _consequence(of: Choice, moved: int) -> str:
    if of.now.key in {TimeKey.QUIET, TimeKey.DIGEST}:
        return _("It holds for messages to the people of {name}.").format(name=esc(of.organisation.name))
    name = timed_name(of.now.key)
    if name is None:
        anew = ngettext(
            "{n} machine has a deadline by this calendar: it is reckoned anew.",
            "{n} machines have a deadline by this calendar: they are reckoned anew.",
            moved,
        ).format(n=moved)
        people = _("Messages to its people go by this time zone, too.")
        return f"{anew}\n{people}" if of.now.key == TimeKey.TIME_ZONE else anew
    return ngettext(
        "{n} machine of {name} has that status now: its deadline is reckoned anew.",
        "{n} machines of {name} have that status now: their deadlines are reckoned anew.",
        moved,
    ).format(n=moved, name=esc(of.organisation.name))


def _trail_line(line: SettingChange, time_zone: str) -> str:
    record = line.record
    before, after = (
        _("not set") if isinstance(one, Source) else short(record.key, one) for one in trail_values(line)
    )
    if line.record.value is None and line.record.held is not None:
        after = _("back to {value}").format(value=after)
    who = f"{full_moment(record.at, time_zone)} · {cut(line.person or '–', NAME_SHOWN)}"
    return f"{esc(who)}\n{esc(key_name(record.key))}: {esc(before)} → <b>{esc(after)}</b>"
