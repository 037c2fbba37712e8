"""Saying that one is away: until when, who stands in, what that means; and what the stand-in reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.buttons import (
    Away,
    Back,
    Cancel,
    Confirm,
    ImBack,
    Menu,
    ObjectList,
    Skip,
    StandIn,
    StandInPage,
    UntilWhen,
)
from bot.screens import Key, Screen, counted, esc, pages, rows, way_out
from bot.screens.choosing import SEARCH
from bot.screens.presence import presence, taking
from bot.services.absences import Colleague, Event, Handover, Notice, Whereabouts
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.date_words import EVENING, MORNING, next_monday, on_day
from bot.texts.times import full_moment, moment
from bot.texts.words import role_names

PAGE = 8
FORTNIGHT = 14  # days
SOON = timedelta(minutes=30)
"""An evening that is this near is not offered any more."""
_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def minutes_of(at: datetime) -> int:
    """A moment as a button carries it."""
    return (at - _EPOCH) // _MINUTE


def moment_of(minutes: int) -> datetime:
    """The moment that a button carries; ``OverflowError`` when there is no such time."""
    return _EPOCH + minutes * _MINUTE


def ask_until(now: datetime, time_zone: str) -> Screen:
    """Until when? The next moments that people mean, or a text."""
    evening = on_day(0, EVENING, now, time_zone)
    offered = [
        (_("Tonight"), evening) if evening - now > SOON else None,
        (_("Tomorrow"), on_day(1, MORNING, now, time_zone)),
        (_("Next Monday"), next_monday(now, time_zone)),
        (_("2 weeks"), on_day(FORTNIGHT, MORNING, now, time_zone)),
    ]
    keys: dict[int, Key] = {}
    for one in offered:
        if one is not None:
            pressed = UntilWhen(minutes_of(one[1]))
            keys.setdefault(pressed.minutes, Key(f"{one[0]} · {moment(one[1], time_zone)}", pressed))
    return Screen(
        f"🌴 <b>{_('Away until when?')}</b>\n"
        + _("Press, or write it: Fri, 3 Dec, 18:00, 2 weeks, tomorrow evening."),
        rows(*[[key] for key in keys.values()], way_out(back=False)),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A page of those who may stand in; ``words`` is what their names have."""

    people: Sequence[Colleague]
    page: int = 0
    words: str = ""


def ask_stand_in(until: datetime, choice: Choice, time_zone: str) -> Screen:
    """Who stands in?"""
    page = min(choice.page, max(0, (len(choice.people) - 1) // PAGE))
    shown = choice.people[page * PAGE :][:PAGE]
    lines = [
        _head(until, time_zone),
        _("Who gets your alerts and tasks meanwhile?"),
    ]
    if choice.words:
        lines.append(f"🔎 «{esc(choice.words)}»" + ("" if choice.people else " · " + _("nothing found")))
    return Screen(
        "\n".join(lines),
        rows(
            *[[Key(_colleague(one, time_zone), StandIn(one.id))] for one in shown],
            pages(page, len(choice.people), PAGE, StandInPage),
            [
                Key(_("Show all"), Skip(SEARCH)) if choice.words else None,
                Key(_("Nobody"), StandIn(None)),
            ],
            way_out(),
        ),
    )


def _head(until: datetime, time_zone: str) -> str:
    return "🌴 <b>" + _("Away until {when}").format(when=full_moment(until, time_zone)) + "</b>"


def _colleague(one: Colleague, time_zone: str) -> str:
    label = f"{one.name} · {role_names(one.roles)}"
    if one.away is not None:
        label += " · 🌴 " + _("until {when}").format(when=moment(one.away, time_zone))
    return label if one.reachable else f"{label} 🔕"


def summary(until: datetime, handover: Handover, time_zone: str) -> Screen:
    """What it means, before it is confirmed."""
    return Screen(
        "\n".join([_head(until, time_zone), *_meaning(until, handover, time_zone)]),
        rows(
            [Key(_("I am away"), Confirm())],
            [Key(_("« Back"), Back()), Key(_("Cancel"), Cancel())],
        ),
    )


def _meaning(until: datetime, handover: Handover, time_zone: str) -> list[str]:
    if handover.stand_in is None:
        nobody = _("Nobody stands in: what comes for you alone waits until you are back.")
        return [nobody, _own_tasks(handover)]
    name, when = esc(handover.stand_in.name), moment(until, time_zone)
    lines = [
        _("{name} gets your alerts and tasks until {when}.").format(name=name, when=when),
        _("What {name} may do depends on their own roles.").format(name=name),
    ]
    if handover.stand_in.away is not None:
        where = Whereabouts(until, handover.stand_in.name, handover.taker)
        lines.append("⚠️ " + taking(where))
    return [*lines, _own_tasks(handover)]


def _own_tasks(handover: Handover) -> str:
    """What is named for whoever goes away, and how much of it the stand-in can move on."""
    if not handover.tasks and not handover.movable:
        return _("Nothing that is named for you waits now.")
    tasks = ngettext("{n} task is named for you now.", "{n} tasks are named for you now.", handover.tasks)
    said = tasks.format(n=counted(handover.tasks))
    if handover.taker is not None:
        able = _("{name} can move on {n} of what is named for you.")
        said += " " + able.format(n=counted(handover.movable), name=esc(handover.taker))
    return said


def away_screen(where: Whereabouts, time_zone: str) -> Screen:
    """Somebody who is away looks at it."""
    return Screen(
        "\n".join(presence(where, time_zone)),
        rows(
            [Key(_("I am back"), ImBack()), Key(_("Change"), Away(change=True))],
            [Key(_("« Menu"), Menu())],
        ),
    )


def notice_screen(found: Notice, time_zone: str) -> Screen:
    """What somebody is told of an absence."""
    name = esc(found.absent)
    if found.event is Event.BACK:
        return Screen(_("🤝 {name} is back: alerts and tasks go there again.").format(name=f"<b>{name}</b>"))
    if found.event is Event.RELIEVED:
        return Screen(_("🤝 You do not stand in for {name} any more.").format(name=f"<b>{name}</b>"))
    if found.event is Event.ALONE:
        return Screen(
            _(
                "⚠️ {name}, who stood in for you, is not here any more. Your alerts and tasks come to you"
                " again: /away names somebody else."
            ).format(name=f"<b>{esc(found.stand_in or '')}</b>")
        )
    return Screen("\n".join(_begins(found, time_zone)), rows([Key(_("My tasks"), _MINE)]))


_MINE = ObjectList(tasks=True, mine=True)


def _begins(found: Notice, time_zone: str) -> list[str]:
    name, when = f"<b>{esc(found.absent)}</b>", moment(found.until, time_zone)
    if found.is_named:
        first = _("🤝 You stand in for {name} until {when}.").format(name=name, when=when)
    else:
        away = _("🤝 {name} is away until {when}, and so is {other}, who was named: you stand in.")
        first = away.format(name=name, when=when, other=esc(found.stand_in or ""))
    lines = [
        first,
        _("Alerts and tasks of theirs come to you. What you may do depends on your own roles."),
        _waiting(found.tasks),
    ]
    if found.more:
        lines.append(_("With them comes what is for {names}.").format(names=esc(", ".join(found.more))))
    return lines


def _waiting(tasks: int) -> str:
    if not tasks:
        return _("Nothing of theirs waits for you now.")
    return ngettext(
        "{n} task of theirs you can move on now.", "{n} tasks of theirs you can move on now.", tasks
    ).format(n=counted(tasks))
