"""Why somebody got an alert."""

from collections.abc import Sequence
from datetime import datetime

from bot.buttons import ObjectList
from bot.screens import Key, Screen, esc, rows
from bot.screens.alerts import title
from bot.screens.cards import author, open_key
from bot.services.people import Me
from bot.services.why import Why
from bot.texts import gettext as _
from bot.texts.times import moment
from bot.texts.words import role_names, status_name
from domain.alerts import Because
from domain.deadlines import Deadline
from domain.objects import ObjectStatus
from domain.process import Kind
from domain.reminders import Stage
from domain.roles import Role
from storage.history import Entry
from storage.tables import EntryKind

NAMES = 8


def why_screen(found: Why, me: Me) -> Screen:
    """The rule, the deadline, who else was told, and what ends it."""
    record = found.seen.object
    lines = [
        f"<b>{esc(title(found.seen))}</b>",
        _("Why you got this:"),
        f"• {_stage(found, me)}",
        f"• {_times(found.deadline, me)}" if _is_of_a_change(found) and found.deadline else None,
        f"• {_rule(found)}",
        f"• {_others(found)}" if found.others else None,
        f"• {_end(found)}",
    ]
    keys = rows([open_key(Kind.OBJECT, record.id or 0)])
    return Screen("\n".join(line for line in lines if line), keys)


def why_several(me: Me, next_digest: datetime, asked: Sequence[Key]) -> Screen:
    """The same for a message about several objects. ``asked``: its lines, each leading to its own answer."""
    roles = role_names(me.actor.roles)
    lines = [
        _("Why you got this:"),
        "• " + _("As {roles} you can move these on, or you are named for them.").format(roles=roles),
        "• " + _("What is red goes to moderators and administrators, too.")
        if me.has(Role.MODERATOR | Role.ADMINISTRATOR)
        else None,
        "• " + _("Several of one moment are one message, so that they do not come one by one."),
        "• "
        + _("What waits for you comes once a day; the next time {moment}.").format(
            moment=moment(next_digest, me.time_zone)
        ),
        "• " + _("Each one ends when its status is changed."),
        _("Press one to see why it is in here.") if asked else None,
    ]
    return Screen(
        "\n".join(line for line in lines if line),
        rows(*[[key] for key in asked], [Key(_("« Tasks"), ObjectList(tasks=True))]),
    )


def _stage(found: Why, me: Me) -> str:
    status, deadline = status_name(found.seen.object.status), found.deadline
    if not found.is_current:
        return _("It was told of a status that is past; now it is {status}.").format(status=esc(status))
    if _is_of_a_change(found) or deadline is None:
        return _event(found.entry) if found.entry else _("Something was changed or written on it.")
    return _time(found.stage, deadline, me, esc(status))


def _is_of_a_change(found: Why) -> bool:
    return found.is_current and found.stage <= Stage.SET


def _event(entry: Entry) -> str:
    """What happened, and who did it."""
    line, who = entry.record, esc(author(entry))
    if line.kind is EntryKind.NOTE:
        return _("{who} wrote a note on it.").format(who=who)
    if line.kind is EntryKind.ASSIGNMENT:
        return _("{who} changed who is named for it.").format(who=who)
    if line.before is None:
        return _("{who} created it.").format(who=who)
    return _("{who} set it to {status}.").format(who=who, status=esc(status_name(line.after or "")))


def _times(deadline: Deadline, me: Me) -> str:
    """When it becomes late: of a change, all of this lies ahead."""
    yellow, red = (moment(at, me.time_zone) for at in (deadline.main_at, deadline.urgent_at))
    return _("Its time: it is yellow from {yellow}, red from {red}.").format(yellow=yellow, red=red)


def _time(stage: Stage, deadline: Deadline, me: Me, status: str) -> str:
    if stage is Stage.RED:
        at = moment(deadline.urgent_at, me.time_zone)
        return _("{status}: the urgent time was over {moment}, so it is red.").format(
            status=status, moment=at
        )
    at = moment(deadline.main_at, me.time_zone)
    if stage is Stage.YELLOW:
        return _("{status}: the main time was over {moment}, so it is yellow.").format(
            status=status, moment=at
        )
    return _("{status}: a quarter of its time is left, until {moment}.").format(status=status, moment=at)


def _rule(found: Why) -> str:
    role = role_names(found.role)
    rules = {
        Because.TURN: _("As {role} you can move it on.").format(role=role),
        Because.NAMED: _("You are the one who is named for it, as {role}.").format(role=role),
        Because.ESCALATION: _("What is red goes to moderators and administrators, too."),
        Because.OVER: _("It is yours, and your 8 days to answer have ended."),
        Because.HEARS_ONCE: _("It is yours, and has been equipped."),
        Because.NOBODY_BELOW: _("Nobody whose turn it is can be reached, so it came up to you, as {role}.")
        .format(role=role),
        Because.ASSIGNED: _("You have been named for it, as {role}.").format(role=role),
    }  # fmt: skip
    said = rules[found.because]
    if found.instead_of:
        said += " " + _("You stand in for {name}.").format(name=esc(found.instead_of))
    return said


def _others(found: Why) -> str:
    names = esc(", ".join(found.others[:NAMES]))
    more = len(found.others) - NAMES
    names += f" +{more}" if more > 0 else ""
    return _("Told of it, too: {names}.").format(names=names)


def _end(found: Why) -> str:
    if found.because in {Because.OVER, Because.HEARS_ONCE}:
        return _("You are told of this once.")
    if found.seen.object.status is ObjectStatus.VERIFIED and found.role == Role.CLIENT:
        return _("It ends when you answer, or after 8 days; until then you are asked every morning.")
    if found.stage is Stage.SET:
        return _("You hear of it again only when its time runs out, or when it changes.")
    return _("It ends when the status is changed; until then it is in your digest every morning.")
