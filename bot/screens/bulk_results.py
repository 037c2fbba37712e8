"""What came of a change of many objects: on the way, at the end, and for those who go on from there."""

from collections.abc import Sequence
from datetime import datetime

from bot.buttons import Menu, ObjectList, Open
from bot.screens import Key, Screen, esc, in_pairs, pages, quote, rows
from bot.screens.bulk_buttons import BulkFile, BulkObjects, BulkReport
from bot.screens.bulk_picking import objects_said
from bot.screens.cards import STARS, line_label
from bot.screens.digests import why_key
from bot.services.bulk_results import PAGE, Heard, Report
from bot.services.objects import Line
from bot.services.people import Me
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.bulk import outcome_name, outcome_reason
from bot.texts.words import status_icon, status_name
from domain.objects import ObjectStatus
from domain.process import Kind
from domain.roles import Role
from storage.bulk_tables import BulkKind, Outcome
from storage.bulks import Result

COMMENT_SHOWN, NAME_SHOWN = 300, 60
"""Characters of the comment and of a name, so that a page of results is never too long for a message."""
_MARKS = {Outcome.CHANGED: "✅", Outcome.SAME: "☑️", Outcome.REFUSED: "⚠️", None: "…"}


def report_screen(report: Report) -> Screen:
    """How far it is; at the end what became of each, the refused first."""
    return _results(report) if report.is_done else _progress(report)


def _what(report: Report) -> str:
    bulk = report.bulk
    if bulk.kind is BulkKind.STATUS and bulk.target:
        return f"→ {status_icon(bulk.target)} <b>{esc(status_name(bulk.target))}</b>"
    return _("installer: {name}").format(name=f"<b>{esc(report.installer or _('nobody'))}</b>")


def _counts(report: Report) -> str:
    said = [
        ngettext("{n} changed", "{n} changed", report.changed).format(n=report.changed),
        ngettext("{n} was so already", "{n} were so already", report.same).format(n=report.same)
        if report.same
        else None,
        ngettext("{n} refused", "{n} refused", report.refused).format(n=report.refused)
        if report.refused
        else None,
    ]
    return " · ".join(part for part in said if part)


def _progress(report: Report) -> Screen:
    done = _("{done} of {total} done").format(done=report.done, total=report.total)
    return Screen(
        f"⏳ <b>{objects_said(report.total)}</b> {_what(report)}\n{done} · {_counts(report)}\n"
        + _("You may go on with something else: I write when it is done."),
        rows([Key(_("How far is it?"), BulkReport(report.bulk.id or 0)), Key(_("« Menu"), Menu())]),
    )


def _results(report: Report) -> Screen:
    bulk_id = report.bulk.id or 0
    lines = [
        f"{'⚠️' if report.refused else '✅'} <b>{objects_said(report.total)}</b> {_what(report)}",
        f"<b>{_counts(report)}</b>",
        quote(_cut(report.bulk.comment, COMMENT_SHOWN)) if report.bulk.comment else "",
        *(_result_line(result, report.bulk.kind) for result in report.results),
    ]
    opened = [
        Key(result.object.number, Open(Kind.OBJECT, result.object.id or 0, fresh=True))
        for result in report.results
        if result.object is not None and result.item.outcome is Outcome.REFUSED
    ]
    return Screen(
        "\n".join(filter(None, lines)),
        rows(
            *in_pairs(opened),
            pages(report.page, report.total, PAGE, lambda page: BulkReport(bulk_id, page)),
            [Key(_("All of it as a file"), BulkFile(bulk_id))],
            [Key(_("« Menu"), Menu()), Key(_("Objects"), ObjectList())],
        ),
    )


def _result_line(result: Result, kind: BulkKind | None) -> str:
    item, record = result.item, result.object
    name = " ".join(filter(None, (record.number, record.name))) if record else item.given or "–"
    status = record.status if record and kind is BulkKind.STATUS else None
    why = outcome_reason(item.reason, status) if item.reason else outcome_name(item.outcome)
    return f"{_MARKS[item.outcome]} <b>{esc(_cut(name, NAME_SHOWN))}</b> – {esc(why)}"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def heard_screen(heard: Heard, me: Me) -> Screen:
    """One message for all of them: who did what, why, and the way to the list."""
    bulk, count = heard.bulk, len(heard.seen)
    if bulk.kind is BulkKind.ASSIGN:
        head = ngettext("{n} object is yours now", "{n} objects are yours now", count).format(n=count)
        lines = [f"👷 <b>{head}</b>", _("{who} assigned you.").format(who=esc(heard.author))]
    else:
        target = bulk.target or ObjectStatus.NEW
        head = f"{objects_said(count)} · {status_name(target)}"
        stars = f" {STARS * bulk.rating}" if bulk.rating else ""
        lines = [
            f"{status_icon(target)} <b>{esc(head)}</b>",
            _clients(heard),
            _("{who} changed them all:").format(who=esc(heard.author)) + stars,
            quote(bulk.comment),
            ngettext("{n} photo", "{n} photos", len(bulk.photos)).format(n=len(bulk.photos))
            if bulk.photos
            else "",
            _question(target, me),
        ]
    key = ngettext("Show it", "Show these {n}", count).format(n=count)
    return Screen("\n".join(filter(None, lines)), rows([Key(key, BulkObjects(bulk.id or 0))], [why_key()]))


def _clients(heard: Heard) -> str:
    names = list(dict.fromkeys(seen.client.name for seen in heard.seen))
    more = len(names) - 3
    said = esc(", ".join(names[:3]))
    return said + (ngettext(" and {n} more", " and {n} more", more).format(n=more) if more > 0 else "")


def _question(target: ObjectStatus, me: Me) -> str:
    if me.has(Role.CLIENT) and target is ObjectStatus.VERIFIED:
        return _("They are ready. Do they work to your satisfaction? You have 8 days to answer.")
    if me.has(Role.CLIENT) and target is ObjectStatus.FAULTY:
        return _("Please correct what is described, and tell us here when it is done.")
    return ""


def heard_list(heard: Heard, lines: Sequence[Line], page: int, now: datetime) -> Screen:
    """The objects that are the reader's turn; each line is a button."""
    bulk = heard.bulk
    title = _("Changed together · {n}").format(n=len(heard.seen))
    return Screen(
        f"<b>{title}</b>\n" + _("by {who}").format(who=esc(heard.author)),
        rows(
            *[[Key(line_label(line, now), Open(Kind.OBJECT, line.record.id or 0))] for line in lines],
            pages(page, len(heard.seen), PAGE, lambda number: BulkObjects(bulk.id or 0, number)),
            [Key(_("« Menu"), Menu())],
        ),
    )


def heard_nothing() -> Screen:
    """All of them have moved on."""
    return Screen(
        _("Nothing of that waits for you any more: somebody has gone on from there."),
        rows([Key(_("« Menu"), Menu())]),
    )
