"""What is said to somebody whom an object concerns: a change, a note, time that is over."""

from datetime import datetime

from bot.buttons import PickStatus, WriteNote
from bot.buttons.alerts import GiveUp, TakeIt, WhyMe
from bot.screens import Key, Screen, esc, in_pairs, quote, rows
from bot.screens.cards import STARS, answer_key, author, open_key, state_of, words_of
from bot.screens.change import answer_keys
from bot.services.follow_ups import answer_to
from bot.services.people import Me
from bot.services.telling import Fact, Taken
from bot.services.times import deadline_of
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.times import moment, span
from bot.texts.words import COLOUR_ICONS, client_reason, status_icon, status_name
from domain.alerts import Because
from domain.deadlines import colour
from domain.objects import ObjectStatus
from domain.process import ClientReason, Kind, right_ends
from domain.reminders import Stage
from domain.roles import Role
from storage.history import Entry
from storage.objects import Seen
from storage.tables import EntryKind


def alert_screen(fact: Fact, me: Me, now: datetime, *, link: str | None = None) -> Screen:
    """One object and what is to be done about it. ``link``: where «Open» leads from a group."""
    said = (
        _change_lines(fact, me)
        if fact.item.stage is Stage.SET
        else _time_lines(fact, me, now, in_group=link is not None)
    )
    lines = [
        *head(fact.seen, now),
        _("For {name}, for whom you stand in.").format(name=esc(fact.instead_of))
        if fact.instead_of
        else None,
        _("Nobody below can be reached, so this comes to you.")
        if fact.because is Because.NOBODY_BELOW
        else None,
        *said,
    ]
    return Screen("\n".join(line for line in lines if line), _keyboard(fact, me, now, link))


def head(seen: Seen, now: datetime) -> list[str]:
    """The first two lines: colour, number and name; status, time and client."""
    record = seen.object
    deadline = deadline_of(record)
    state = state_of(record.status, deadline, record.status_since, now)
    return [
        f"{COLOUR_ICONS[colour(deadline, now)]} <b>{esc(title(seen))}</b>",
        f"{status_icon(record.status)} {esc(state)} · {esc(seen.client.name)}",
    ]


def title(seen: Seen) -> str:
    """Number and name."""
    record = seen.object
    return f"{record.number} · {record.name}" if record.name else record.number


def _change_lines(fact: Fact, me: Me) -> list[str | None]:
    entry = fact.entry
    if entry is None:
        return []
    line = entry.record
    return [
        _what(entry),
        _reason(line.reason) if line.reason else None,
        quote(words_of(entry)),
        ngettext("{n} photo", "{n} photos", entry.photos).format(n=entry.photos) if entry.photos else None,
        _question(fact, me),
    ]


def _reason(reason: ClientReason) -> str:
    """What the client asks for, or only lets one know."""
    line = _("The client asks: {reason}") if reason.is_request else _("The client says: {reason}")
    return line.format(reason=client_reason(reason))


def _what(entry: Entry) -> str:
    line = entry.record
    who = esc(author(entry))
    if line.kind is EntryKind.NOTE:
        return _("{who} wrote a note:").format(who=who)
    if line.kind is EntryKind.ASSIGNMENT:
        return _("{who} changed who is named for it:").format(who=who)
    stars = f" {STARS * line.rating}" if line.rating else ""
    if line.before is None:
        return _("{who} created it:").format(who=who)
    change = f"{status_name(line.before)} → {status_name(line.after or '')}"
    return f"{esc(change)}{stars}, {who}:"


def _question(fact: Fact, me: Me) -> str | None:
    if me.has(Role.CLIENT) and fact.seen.object.status is ObjectStatus.VERIFIED:
        return _("It is ready. Does it work to your satisfaction? You have 8 days to answer.")
    if me.has(Role.CLIENT) and fact.seen.object.status is ObjectStatus.FAULTY:
        return _("Please correct what is described, and tell us here when it is done.")
    return None


def _time_lines(fact: Fact, me: Me, now: datetime, *, in_group: bool) -> list[str | None]:
    """What has passed: the main time, the urgent time, the client's 8 days."""
    record = fact.seen.object
    if record.status is ObjectStatus.VERIFIED and fact.stage is Stage.RED:
        return [_right_is_over(me, in_group=in_group)]
    deadline = deadline_of(record)
    if deadline is None:
        return []
    status = status_name(record.status)
    lasted = span(now - record.status_since)
    if fact.stage is Stage.RED:
        at = moment(deadline.urgent_at, me.time_zone)
        line = _("{status} for {span}: urgent since {moment}.").format(status=status, span=lasted, moment=at)
    elif fact.stage is Stage.YELLOW:
        at = moment(deadline.urgent_at, me.time_zone)
        line = _("{status} for {span}: the time for it is over. It turns red {moment}.").format(
            status=status, span=lasted, moment=at
        )
    else:
        at = moment(deadline.main_at, me.time_zone)
        line = _("{status} for {span}. It turns yellow {moment}.").format(
            status=status, span=lasted, moment=at
        )
    asked = _reason(record.open_request) if record.open_request is not None else None
    return [line, asked, _answer_wanted(fact, me, now), _reminded(fact, me)]


def _right_is_over(me: Me, *, in_group: bool) -> str:
    if me.has(Role.CLIENT):
        return _(
            "The 8 days to answer are over. Now the moderator decides; write a note if something is wrong."
        )
    if in_group or not me.has(Role.MODERATOR):
        return _(
            "The client did not answer within 8 days. After a check, only a moderator can go on from here."
        )
    return _("The client did not answer within 8 days. After a check, nobody but you can go on from here.")


def _answer_wanted(fact: Fact, me: Me, now: datetime) -> str | None:
    record = fact.seen.object
    if not me.has(Role.CLIENT) or record.status is not ObjectStatus.VERIFIED:
        return None
    left = span(right_ends(record.status_since) - now)
    return _("Does it work to your satisfaction? {span} are left to answer.").format(span=left)


def _reminded(fact: Fact, me: Me) -> str | None:
    if me.has(Role.CLIENT) or not fact.earlier or fact.stage is not Stage.RED:
        return None
    return _("Reminded before: {names}").format(names=esc(", ".join(fact.earlier[:4])))


def _keyboard(fact: Fact, me: Me, now: datetime, link: str | None) -> tuple[tuple[Key, ...], ...]:
    record = fact.seen.object
    object_id = record.id or 0
    opening = _opening(object_id, link)
    several = fact.told > 1 or link is not None
    take = Key(_("I take it"), TakeIt(object_id, record.version)) if fact.may_take and several else None
    why = WhyMe(object_id, fact.item.stage.value, fact.item.history_id)
    return rows(
        *([] if link else _answers(fact, me, now)),
        [take, opening],
        [] if link else [Key(_("Why did I get this?"), why)],
    )


def _answers(fact: Fact, me: Me, now: datetime) -> list[list[Key]]:
    """What may be answered at once: the alert becomes the dialogue."""
    record = fact.seen.object
    wanted = answer_to(record, me.actor, now)
    if wanted is not None:
        return [[answer_key(record.id or 0, record.version, wanted.target)]]
    if record.status is not ObjectStatus.VERIFIED:
        return []
    if me.has(Role.CLIENT) and fact.because is Because.OVER:
        return [[Key(_("Write a note"), WriteNote(Kind.OBJECT, record.id or 0))]]
    if me.has(Role.CLIENT):
        return answer_keys(record.id or 0, record.version, fact.choices)
    if now < right_ends(record.status_since):
        return []
    keys = [
        Key(
            f"{status_icon(row.target)} {status_name(row.target)}",
            PickStatus(Kind.OBJECT, record.id or 0, record.version, row.no),
        )
        for row in fact.choices
    ]
    return [list(pair) for pair in in_pairs(keys)]


def taken_screen(fact: Fact, taken: Taken, me: Me, now: datetime, *, link: str | None = None) -> Screen:
    """The same alert after somebody took it."""
    object_id = fact.seen.object.id or 0
    mine = taken.person_id == me.id and link is None
    until = moment(taken.until, me.time_zone)
    if mine:
        line = _("You took it, until {moment}. Nobody else is reminded of it.").format(moment=until)
    else:
        line = _("{who} took it, until {moment}.").format(who=esc(taken.name), moment=until)
    opening = _opening(object_id, link)
    give_up = Key(_("Give it up"), GiveUp(object_id)) if mine or link else None
    return Screen("\n".join([*head(fact.seen, now), f"✋ {line}"]), rows([opening, give_up]))


def free_screen(fact: Fact, name: str | None, now: datetime, *, link: str | None = None) -> Screen:
    """The same alert after whoever took it gave it up, or did not end it in time; None: the reader did."""
    opening = _opening(fact.seen.object.id or 0, link)
    if name is None:
        line = _("You have it no more. It is free again.")
    else:
        line = _("{who} took it, and has it no more. It is free again.").format(who=esc(name))
    return Screen("\n".join([*head(fact.seen, now), line]), rows([opening]))


def over_screen(seen: Seen, now: datetime, *, link: str | None = None) -> Screen:
    """The same alert when it is not the reader's turn any more, though the status is the same."""
    opening = _opening(seen.object.id or 0, link)
    return Screen("\n".join([*head(seen, now), _("It is not your turn any more.")]), rows([opening]))


def settled_screen(seen: Seen, entry: Entry | None, me: Me, *, link: str | None = None) -> Screen:
    """The same alert after the object has moved on. No colour and no time left: it is never drawn again."""
    opening = _opening(seen.object.id or 0, link)
    lines = [f"✔ <b>{esc(title(seen))}</b>"]
    if entry is not None:
        lines.append(
            _("Settled: {status} by {who}, {moment}.").format(
                status=esc(status_name(entry.record.after or "")),
                who=esc(author(entry)),
                moment=moment(entry.record.at, me.time_zone),
            )
        )
    lines.append(esc(seen.client.name))
    return Screen("\n".join(lines), rows([opening]))


def _opening(object_id: int, link: str | None) -> Key:
    """The button that opens the card: in a group it leads into the private chat."""
    return Key(_("Open"), url=link) if link else open_key(Kind.OBJECT, object_id, fresh=True)
