"""Picking an organisation from a list inside a dialogue."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.buttons import PickOrganisation, Skip
from bot.screens import Key, Screen, esc, pages, rows, way_out
from bot.texts import gettext as _
from storage.tables import OrganisationRecord

SEARCH = "search"
"""The question that «Show all» leaves unanswered: what to look for."""


@dataclass(frozen=True, slots=True)
class Picking:
    """A page of organisations, how many there are, and the words that they have in their names."""

    organisations: Sequence[OrganisationRecord]
    total: int
    size: int
    page: int = 0
    words: str = ""


def pick_organisation(head: str, picking: Picking, *, back: bool = True) -> Screen:
    """A list whose lines are buttons; words that are typed shorten it."""
    lines = [head]
    if picking.words:
        lines.append(f"🔎 «{esc(picking.words)}»" + ("" if picking.total else " · " + _("nothing found")))
    if picking.total > picking.size:
        lines.append(_("Send me a part of the name to find it faster."))
    return Screen(
        "\n".join(lines),
        rows(
            *[[Key(one.name, PickOrganisation(one.id))] for one in picking.organisations],
            pages(picking.page, picking.total, picking.size, lambda page: PickOrganisation(None, page)),
            [Key(_("Show all"), Skip(SEARCH))] if picking.words else [],
            way_out(back=back),
        ),
    )
