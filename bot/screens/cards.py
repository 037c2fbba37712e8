"""An object's card and the lines by which lists name objects."""

from datetime import datetime

from bot.buttons import (
    Assign,
    ChangeStatus,
    Correct,
    FollowUp,
    History,
    MapPin,
    ObjectList,
    Open,
    WhyNot,
    WriteNote,
)
from bot.screens import Key, Screen, esc, quote, rows
from bot.services.objects import Card, Line
from bot.services.people import Me
from bot.texts import gettext as _
from bot.texts.times import moment, span
from bot.texts.words import (
    COLOUR_ICONS,
    answer_name,
    client_reason,
    field_name,
    role_names,
    status_icon,
    status_name,
)
from domain.deadlines import Deadline, time_left
from domain.objects import ObjectStatus
from domain.process import Kind, right_ends
from domain.roles import Role
from storage.history import Entry
from storage.tables import EntryKind, ObjectRecord

STARS = "★"


def card_screen(card: Card, me: Me, now: datetime, way: ObjectList | None = None) -> Screen:
    """All that one needs to know about an object, the most important first. ``way``: the list it is from."""
    record = card.record
    lines = [
        f"{COLOUR_ICONS[card.colour]} <b>{esc(card.case.title)}</b>",
        _status_line(card, me, now),
        _owner_line(card),
        _terminal_line(record),
        _people_line(card),
        f"📍 {esc(record.address)}" if record.address else None,
        f"☎ {esc(record.contact)}" if record.contact else None,
        *_last_lines(card, me),
    ]
    return Screen(
        "\n".join(line for line in lines if line), _keyboard(card, me, way or ObjectList(tasks=True))
    )


def state_of(status: ObjectStatus, deadline: Deadline | None, since: datetime, now: datetime) -> str:
    """A status with its time: «Service · 2 d overdue», «Verified · 6 d to answer»."""
    name = status_name(status)
    if status is ObjectStatus.VERIFIED:
        # What counts here is the client's right to answer: 8 days, whatever the deadlines say.
        ends = right_ends(since)
        if now < ends:
            return _("{status} · {span} to answer").format(status=name, span=span(ends - now))
        return _("{status} · the 8 days are over").format(status=name)
    if deadline is None:
        return name
    left = time_left(deadline, now)
    if left.total_seconds() > 0:
        return _("{status} · {span} left").format(status=name, span=span(left))
    return _("{status} · {span} overdue").format(status=name, span=span(left))


def line_label(line: Line, now: datetime) -> str:
    """The label of an object in a list of buttons. The name stands last: a phone cuts the end off."""
    record = line.record
    state = state_of(record.status, line.deadline, record.status_since, now)
    parts = " · ".join(filter(None, (record.number, state, record.name)))
    return f"{COLOUR_ICONS[line.colour]}{status_icon(record.status)} {parts}"


def _status_line(card: Card, me: Me, now: datetime) -> str:
    record = card.record
    line = f"{status_icon(record.status)} {state_of(record.status, card.deadline, record.status_since, now)}"
    if card.deadline is not None:
        # The moment from which the line before counts: the two of one line have to fit.
        verified = record.status is ObjectStatus.VERIFIED
        due = right_ends(record.status_since) if verified else card.deadline.main_at
        line += " " + _("(due {moment})").format(moment=moment(due, me.time_zone))
    elif record.status is ObjectStatus.ACTIVE:
        line += " " + _("since {moment}").format(moment=moment(record.status_since, me.time_zone))
    if not card.case.process.leaving(record.status):
        line += "\n" + _("This is for ever: there is no way on.")
    if record.open_request is not None:
        line += "\n" + _("The client asks: {reason}").format(reason=client_reason(record.open_request))
    return line


def _owner_line(card: Card) -> str:
    record = card.record
    parts = [esc(card.case.client.name)]
    if record.plate:
        parts.append(_("plate {plate}").format(plate=f"<code>{esc(record.plate)}</code>"))
    if record.vin:
        parts.append(f"VIN <code>{esc(record.vin)}</code>")
    return " · ".join(parts)


def _terminal_line(record: ObjectRecord) -> str:
    if record.terminal is None:
        return _("No terminal yet")
    return _("Terminal {number}").format(number=f"<code>{esc(record.terminal)}</code>")


def _people_line(card: Card) -> str | None:
    # Who is responsible stands first: it is whom one asks.
    parts = [
        _("support {name}").format(name=esc(card.support)) if card.support else None,
        _("installer {name}").format(name=esc(card.installer)) if card.installer else None,
    ]
    return " · ".join(part for part in parts if part) or None


def _last_lines(card: Card, me: Me) -> list[str]:
    if card.last is None:
        return []
    return ["", change_line(card.last, me.time_zone), quote(card.last.record.comment)]


def change_line(entry: Entry, time_zone: str) -> str:
    """When, what and who: the first line of a change of status."""
    record = entry.record
    after = status_name(record.after or "")
    change = f"{status_name(record.before)} → {after}" if record.before else after
    parts = [moment(record.at, time_zone), f"<b>{esc(change)}</b>", esc(author(entry))]
    if record.rating:
        parts.append(STARS * record.rating)
    return " · ".join(parts)


def author(entry: Entry) -> str:
    """Who wrote a line of the history."""
    if entry.person:
        return entry.person
    if entry.record.role == Role.SYSTEM.key:
        return role_names(Role.SYSTEM)
    return _("the operator")


def words_of(entry: Entry) -> str:
    """The comment of a line of the history; what a correction or assignment changed, in words."""
    record = entry.record
    if record.kind not in {EntryKind.CORRECTION, EntryKind.ASSIGNMENT}:
        return record.comment
    field, colon, change = record.comment.partition(": ")
    return f"{field_name(field)}{colon}{change}"


def _keyboard(card: Card, me: Me, way: ObjectList) -> tuple[tuple[Key, ...], ...]:
    case, moves = card.case, _moves(card, me)
    why = []
    if case.process.leaving(case.status):
        why = [Key(_("Why can't I…?"), WhyNot(Kind.OBJECT, case.id, card=True))]
    return rows(
        *(moves or [why]),
        [
            Key(_("History"), History(Kind.OBJECT, case.id)),
            Key(_("Note"), WriteNote(Kind.OBJECT, case.id)),
        ],
        [
            Key(_("Assign"), Assign(case.id)) if card.may_assign else None,
            Key(_("Correct"), Correct(case.id)) if card.may_correct else None,
        ],
        why if moves else [],
        [
            Key(_("On the map"), MapPin(case.id)) if card.record.latitude is not None else None,
            Key(_("« Tasks") if way.tasks else _("« List"), way),
        ],
    )


def _moves(card: Card, me: Me) -> list[list[Key]]:
    if not card.choices:
        return []
    label = _("Change status")
    if me.has(Role.CLIENT):
        label = {
            ObjectStatus.VERIFIED: _("Does it work?"),
            ObjectStatus.ACTIVE: _("Something is needed"),
        }.get(card.record.status, label)
    change = [Key(label, ChangeStatus(Kind.OBJECT, card.case.id))]
    if card.answer is not None:
        return [[answer_key(card.case.id, card.case.version, card.answer.target)], change]
    return [change]


def answer_key(object_id: int, version: int, target: ObjectStatus) -> Key:
    """The button that answers a client's request in one step."""
    return Key(f"{status_icon(target)} {answer_name(target)}", FollowUp(object_id, version))


def open_key(kind: Kind, case_id: int, *, fresh: bool = False) -> Key:
    """The button that opens a card or window."""
    return Key(_("Open"), Open(kind, case_id, fresh))
