"""The history of an object or client, and the window of a client's status."""

from collections.abc import Sequence

from bot.buttons import ChangeStatus, ClientList, History, Open, Photos
from bot.screens import TEXT_LIMIT, Key, Screen, esc, pages, quote, rows, units
from bot.screens.cards import STARS, author, words_of
from bot.services.cases import Case
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.times import full_moment
from bot.texts.words import client_reason, role_names, status_icon, status_meaning, status_name
from domain.process import Kind
from domain.roles import Role
from storage.history import Entry
from storage.tables import EntryKind

PAGE_UNITS = TEXT_LIMIT - 800
"""UTF-16 units for the lines of a page; the rest is for its title."""
PAGE_LINES = 8


def history_screen(case: Case, entries: Sequence[Entry], page: int, time_zone: str) -> Screen:
    """A page of the history, newest first: date, status, user, comment."""
    split = paged(entries, time_zone)
    page = min(max(page, 0), len(split) - 1)
    shown = split[page]
    title = f"<b>{esc(case.title)}</b> · " + _("History")
    body = "\n\n".join(entry_text(entry, time_zone) for entry in shown) or _("Nothing yet.")
    return Screen(
        f"{title}\n\n{body}",
        rows(
            *_photo_keys(case, shown, time_zone),
            pages(page, len(split), 1, lambda number: History(case.kind, case.id, number)),
            [Key(_("« Back"), Open(case.kind, case.id))],
        ),
    )


def window_screen(case: Case, entries: Sequence[Entry], time_zone: str) -> Screen:
    """The status window of a client: the status now, and the table of changes."""
    split = paged(entries, time_zone)
    return Screen(
        window(case, entries, time_zone),
        rows(
            [Key(_("Change status"), ChangeStatus(Kind.CLIENT, case.id))],
            [
                Key(_("All the history"), History(Kind.CLIENT, case.id, 1)) if len(split) > 1 else None,
                Key(_("« Clients"), ClientList()),
            ],
        ),
    )


def window(case: Case, entries: Sequence[Entry], time_zone: str) -> str:
    """The text of the status window; older lines than fit are counted and stand in the history."""
    shown = paged(entries, time_zone)[0]
    lines = [window_head(case), *(entry_text(entry, time_zone) for entry in shown)]
    if older := len(entries) - len(shown):
        line = ngettext("{n} older line is in the history.", "{n} older lines are in the history.", older)
        lines.append(line.format(n=older))
    return "\n\n".join(lines)


def window_head(case: Case) -> str:
    """The first lines of a client's window."""
    status = case.status
    return (
        f"{status_icon(status)} <b>{esc(case.title)}</b>\n"
        f"{esc(status_name(status))} – {esc(status_meaning(status))}"
    )


def paged(entries: Sequence[Entry], time_zone: str) -> list[list[Entry]]:
    """The entries on as many pages as they need; nothing is cut. There is one page at least."""
    result: list[list[Entry]] = [[]]
    room = PAGE_UNITS
    for entry in entries:
        size = units(entry_text(entry, time_zone)) + 2
        if result[-1] and (size > room or len(result[-1]) == PAGE_LINES):
            result.append([])
            room = PAGE_UNITS
        result[-1].append(entry)
        room -= size
    return result


def entry_text(entry: Entry, time_zone: str) -> str:
    """One line of the history with its comment."""
    record = entry.record
    extras = [
        _("reason: {reason}").format(reason=client_reason(record.reason)) if record.reason else None,
        _("terminal {number}").format(number=record.terminal) if record.terminal and record.after else None,
        ngettext("{n} photo", "{n} photos", entry.photos).format(n=entry.photos) if entry.photos else None,
    ]
    extra = " · ".join(part for part in extras if part)
    return "\n".join(filter(None, (_head(entry, time_zone), esc(extra), quote(words_of(entry)))))


def _head(entry: Entry, time_zone: str) -> str:
    record = entry.record
    what = {
        EntryKind.NOTE: _("Note"),
        EntryKind.CORRECTION: _("Correction"),
        EntryKind.ASSIGNMENT: _("Assignment"),
    }.get(record.kind) or status_name(record.after or "")
    who = author(entry)
    if entry.person and record.role:
        who += f" ({role_names(Role.from_key(record.role))})"
    stars = f" {STARS * record.rating}" if record.rating else ""
    return f"{full_moment(record.at, time_zone)} · <b>{esc(what)}</b>{stars} · {esc(who)}"


def _photo_keys(case: Case, shown: Sequence[Entry], time_zone: str) -> list[list[Key]]:
    return [
        [
            Key(
                "📷 "
                + ngettext("{n} photo, {moment}", "{n} photos, {moment}", entry.photos).format(
                    n=entry.photos, moment=full_moment(entry.record.at, time_zone)
                ),
                Photos(case.kind, case.id, entry.record.id or 0),
            )
        ]
        for entry in shown
        if entry.photos
    ]
