"""What is said to somebody who can move an object on."""

from datetime import datetime

from bot.screens import Key, Screen, esc, quote, rows
from bot.screens.cards import STARS, author, open_key, state_of, words_of
from bot.screens.change import answer_keys
from bot.services.alerts import AlertFacts
from bot.services.cases import deadline_of
from bot.services.people import Me
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.words import COLOUR_ICONS, client_reason, status_icon, status_name
from domain.deadlines import colour
from domain.objects import ObjectStatus
from domain.process import Kind
from domain.roles import Role
from storage.tables import EntryKind


def alert_screen(facts: AlertFacts, me: Me, now: datetime) -> Screen:
    """The object as it is now, what happened, and the button that opens its card."""
    record, line = facts.seen.object, facts.entry.record
    deadline = deadline_of(record)
    title = f"{record.number} · {record.name}" if record.name else record.number
    state = state_of(record.status, deadline, record.status_since, now)
    lines = [
        f"{COLOUR_ICONS[colour(deadline, now)]} <b>{esc(title)}</b>",
        f"{status_icon(record.status)} {esc(state)} · {esc(facts.seen.client.name)}",
        _what(facts),
        _("The client asks: {reason}").format(reason=client_reason(line.reason)) if line.reason else None,
        quote(words_of(facts.entry)),
        ngettext("{n} photo", "{n} photos", facts.entry.photos).format(n=facts.entry.photos)
        if facts.entry.photos
        else None,
        _question(facts, me),
    ]
    return Screen(
        "\n".join(part for part in lines if part),
        rows(*_answers(facts, me), [open_key(Kind.OBJECT, record.id or 0, fresh=True)]),
    )


def _answers(facts: AlertFacts, me: Me) -> list[list[Key]]:
    """A client may answer at once: the alert becomes the dialogue."""
    record = facts.seen.object
    if not me.has(Role.CLIENT) or record.status is not ObjectStatus.VERIFIED:
        return []
    return answer_keys(record.id or 0, facts.version, facts.choices)


def _what(facts: AlertFacts) -> str:
    line = facts.entry.record
    who = esc(author(facts.entry))
    if line.kind is EntryKind.NOTE:
        return _("{who} wrote a note:").format(who=who)
    if line.kind is EntryKind.ASSIGNMENT:
        return _("{who} changed who is named for it:").format(who=who)
    stars = f" {STARS * line.rating}" if line.rating else ""
    if line.before is None:
        return _("{who} created it:").format(who=who)
    change = f"{status_name(line.before)} → {status_name(line.after or '')}"
    return f"{esc(change)}{stars}, {who}:"


def _question(facts: AlertFacts, me: Me) -> str | None:
    if me.has(Role.CLIENT) and facts.seen.object.status is ObjectStatus.VERIFIED:
        return _("It is ready. Does it work to your satisfaction? You have 8 days to answer.")
    if me.has(Role.CLIENT) and facts.seen.object.status is ObjectStatus.FAULTY:
        return _("Please correct what is described, and tell us here when it is done.")
    return None
