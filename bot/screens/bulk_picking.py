"""Picking the objects of a change of many: a list with ticks, and numbers that were sent."""

from datetime import datetime

from bot.buttons import ObjectList
from bot.screens import Key, Screen, esc, pages, rows, way_out
from bot.screens.bulk_buttons import BulkDo, PickPage, Tick, TickList
from bot.screens.cards import line_label
from bot.screens.lists import filtered
from bot.services.bulk import LIMIT, PickingPage, Taken
from bot.services.objects import PAGE
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.bulk import outcome_reason
from storage.object_lists import MANY

MISSING_SHOWN = 8


def objects_said(count: int) -> str:
    """«37 objects»."""
    return ngettext("{n} object", "{n} objects", count).format(n=count)


def picking(
    page: PickingPage, view: ObjectList, words: str, client: str | None, now: datetime, note: str = ""
) -> Screen:
    """A page of a list, each line with its tick; numbers may be sent instead."""
    chosen = ngettext("{n} chosen", "{n} chosen", page.count).format(n=page.count)
    lines = [
        note,
        f"<b>{_('Select objects')}</b> · {chosen}",
        filtered(view, words, client),
        _("Tick them here, or send me their numbers: a text, one a line, or a file (XLSX, XLS, ODS, CSV)."),
    ]
    ticks = [
        [
            Key(
                ("☑️ " if line.record.id in page.chosen else "⬜ ") + line_label(line, now),
                Tick(line.record.id or 0, line.record.id not in page.chosen),
            )
        ]
        for line in page.listing.lines
    ]
    whole = _("All {n} of this list").format(n=page.listing.total)
    if page.listing.total >= MANY:  # counted no further
        whole = _("All of this list")
    go_on = _("Go on with {objects}").format(objects=objects_said(page.count))
    return Screen(
        "\n".join(filter(None, lines)),
        rows(
            *ticks,
            pages(view.page, page.listing.total, PAGE, PickPage),
            [
                Key(whole, TickList(on=True)) if page.listing.total else None,
                Key(_("None"), TickList(on=False)) if page.count or page.missing else None,
            ],
            [Key(go_on, BulkDo()) if page.count else None],
            way_out(),
        ),
    )


def taken_note(taken: Taken) -> str:
    """What became of numbers that were sent; each that led nowhere is named, up to some."""
    if taken.too_many:
        return "⚠️ " + full()
    lines = [_("Taken from your numbers: {objects}.").format(objects=objects_said(taken.found))]
    if taken.twice > 0:
        lines.append(
            ngettext("{n} was there twice.", "{n} were there twice.", taken.twice).format(n=taken.twice)
        )
    missing = taken.missing or {}
    lines += [
        f"⚠️ <code>{esc(number)}</code> – {esc(outcome_reason(reason))}"
        for number, reason in list(missing.items())[:MISSING_SHOWN]
    ]
    more = len(missing) - MISSING_SHOWN
    if more > 0:
        lines.append(
            ngettext(
                "… and {n} more like these; the results will name it.",
                "… and {n} more like these; the results will name them.",
                more,
            ).format(n=more)
        )
    return "\n".join(lines) + "\n"


def trouble_note(said: str) -> str:
    """Why nothing was taken from what was sent."""
    return f"⚠️ {esc(said)}\n"


def full() -> str:
    """More was asked for than one change takes."""
    return _("One change takes {n} objects at most. Shorten the list with a filter.").format(n=f"{LIMIT:,}")
