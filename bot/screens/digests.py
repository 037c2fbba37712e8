"""Messages about several objects: what turned yellow or red, and the digest of the morning."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.buttons import ObjectList, Open
from bot.buttons.alerts import WhyMe
from bot.screens import Key, Screen, counted, esc, rows
from bot.screens.cards import line_label
from bot.services.objects import Line
from bot.services.people import Me
from bot.services.telling import Waiting
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.times import zone
from bot.texts.words import COLOUR_ICONS, colour_name
from domain.deadlines import Colour
from domain.process import Kind
from domain.roles import Role

ALL_LINK = "all"
"""The deep link ``?start=all`` opens the list of objects, the most urgent first."""
LINES = 10
"""Objects that one message shows; the list has the rest."""
NOON, EVENING = 12, 18
"""Hours at which one greets differently."""


class Links(Protocol):
    """Where things lead from a group: into the private chat; None: it is one."""

    def link(self, object_id: int) -> str | None:
        """To an object."""

    def link_to_all(self) -> str | None:
        """To the list of objects."""


class Private:
    """In a private chat lines are buttons."""

    def link(self, _object_id: int) -> None:
        """No link."""

    def link_to_all(self) -> None:
        """No link."""


def digest_screen(waiting: Waiting, me: Me, now: datetime) -> Screen:
    """One message in the morning, each line with its button."""
    count = len(waiting.lines)
    lines = [f"<b>{_greeting(me, now)}</b> " + _needs(count, waiting.red)]
    if waiting.heard:
        numbers = ", ".join(f"<b>{esc(line.record.number)}</b>" for line in waiting.heard[:LINES])
        lines.append(
            ngettext(
                "{numbers} is equipped: it is checked now, and then you are asked whether it works.",
                "{numbers} are equipped: they are checked now, and then you are asked whether they work.",
                len(waiting.heard),
            ).format(numbers=numbers)
        )
    if waiting.over:
        over = ", ".join(f"<b>{esc(line.record.number)}</b>" for line in waiting.over[:LINES])
        lines.append(
            _("The 8 days to answer are over: {numbers}. The moderator decides.").format(numbers=over)
        )
    return Screen("\n".join(lines), _keyboard([*waiting.lines, *waiting.over], me, now, Private()))


def several_screen(lines: Sequence[Line], me: Me, now: datetime, links: Links) -> Screen:
    """Several objects at once: how many of each colour, each line with its button."""
    count = len(lines)
    head = ngettext("{n} object needs you", "{n} objects need you", count).format(n=count)
    found = [line.colour for line in lines]
    colours = [
        f"{COLOUR_ICONS[colour]} {found.count(colour)} {colour_name(colour)}"
        for colour in sorted(Colour, reverse=True)
        if colour in found
    ]
    return Screen(f"<b>{head}</b>\n" + " · ".join(colours), _keyboard(lines, me, now, links))


def _greeting(me: Me, now: datetime) -> str:
    hour = now.astimezone(ZoneInfo(zone(me.time_zone).key)).hour
    first = esc(me.name.split()[0]) if me.name.split() else ""
    if hour < NOON:
        return _("Good morning, {name}.").format(name=first)
    if hour < EVENING:
        return _("Good afternoon, {name}.").format(name=first)
    return _("Good evening, {name}.").format(name=first)


def _needs(count: int, red: int) -> str:
    if not count:
        return _("Nothing waits for you today.")
    line = ngettext("{n} needs you today", "{n} need you today", count).format(n=counted(count))
    if red:
        line += ngettext(", {n} of them red", ", {n} of them red", red).format(n=counted(red))
    return line + "."


def _keyboard(lines: Sequence[Line], me: Me, now: datetime, links: Links) -> tuple[tuple[Key, ...], ...]:
    shown = [[_line_key(line, now, links.link(line.record.id or 0))] for line in lines[:LINES]]
    rest = [_all_key(me, links)] if len(lines) > LINES else []
    return rows(*shown, rest, [] if links.link_to_all() else [why_key()])


def _all_key(me: Me, links: Links) -> Key:
    """The rest. What went up to moderators and administrators are not their tasks."""
    if url := links.link_to_all():
        return Key(_("All, the most urgent first"), url=url)
    if me.has(Role.MODERATOR | Role.ADMINISTRATOR):
        return Key(_("All, the most urgent first"), ObjectList())
    return Key(_("All of them: my tasks"), ObjectList(tasks=True))


def why_key() -> Key:
    """The button under a message about several objects."""
    return Key(_("Why did I get this?"), WhyMe())


def _line_key(line: Line, now: datetime, url: str | None) -> Key:
    label = line_label(line, now)
    return Key(label, url=url) if url else Key(label, Open(Kind.OBJECT, line.record.id or 0, fresh=True))
