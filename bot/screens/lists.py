"""Lists: the objects and clients themselves are the buttons."""

from dataclasses import replace
from datetime import datetime

from bot.buttons import (
    Board,
    ChangeStatus,
    ClientFilters,
    ClientList,
    Find,
    Menu,
    NewClient,
    ObjectFilters,
    ObjectList,
    Open,
)  # fmt: skip
from bot.screens import Key, Screen, counted, esc, in_pairs, pages, rows
from bot.screens.bulk_buttons import SelectFrom
from bot.screens.cards import line_label
from bot.services.clients import PAGE as CLIENT_PAGE
from bot.services.clients import ClientListing
from bot.services.objects import PAGE, Listing
from bot.texts import gettext as _
from bot.texts.words import COLOUR_ICONS, colour_name, due_name, status_icon, status_name
from domain.board import Due
from domain.clients import ClientStatus
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import Kind
from storage.tables import OrganisationRecord


def object_list(listing: Listing, view: ObjectList, words: str, client: str | None, now: datetime) -> Screen:
    """A page of objects or tasks; each line is a button."""
    lines = [[Key(line_label(line, now), Open(Kind.OBJECT, line.record.id or 0))] for line in listing.lines]
    return Screen(
        f"{_title(listing, view)}\n{filtered(view, words, client)}".strip(),
        rows(
            *lines,
            pages(view.page, listing.total, PAGE, lambda page: replace(view, page=page)),
            [Key(_("Filter"), filters_of(view)), Key(_("🔎 Find"), Find(Kind.OBJECT))],
            [_way_back(view), Key(_("Select…"), select_from(view)) if lines else None],
        ),
    )


def _way_back(view: ObjectList) -> Key:
    return Key(_("« Menu"), Menu()) if view.due is None else Key(_("« Board"), Board(view.client_id))


def select_from(view: ObjectList) -> SelectFrom:
    """The button that begins to pick objects from a list."""
    return SelectFrom(
        view.tasks, 0, view.colour, view.status, view.client_id, view.mine, view.found, view.due
    )  # fmt: skip


def _title(listing: Listing, view: ObjectList) -> str:
    if view.tasks:
        title = _("Your tasks · {n}").format(n=counted(listing.total))
    else:
        title = _("Objects · {n}").format(n=counted(listing.total))
    if not listing.total:
        return f"<b>{title}</b>\n" + (_("Nothing waits for you here.") if view.tasks else _("Nothing found."))
    return f"<b>{title}</b> · " + _("the most urgent first")


def filtered(view: ObjectList, words: str, client: str | None) -> str:
    """What a list is filtered by, in words."""
    shown = [
        f"🔎 «{esc(words)}»" if view.found else None,
        f"{COLOUR_ICONS[Colour(view.colour)]} {colour_name(Colour(view.colour))}"
        if view.colour is not None
        else None,
        status_name(list(ObjectStatus)[view.status]) if view.status is not None else None,
        esc(client) if client else None,
        due_name(Due(view.due)) if view.due else None,
        _("mine only") if view.mine else None,
    ]
    return " · ".join(part for part in shown if part)


def filters_of(view: ObjectList, of: str | None = None) -> ObjectFilters:
    """The button that leads to the filters of a list."""
    return ObjectFilters(
        view.tasks, of, 0, view.colour, view.status, view.client_id, view.mine, view.found, view.due
    )  # fmt: skip


def list_of(filters: ObjectFilters) -> ObjectList:
    """The button that leads back to the list, on its first page."""
    return ObjectList(
        filters.tasks, 0, filters.colour, filters.status, filters.client_id, filters.mine, filters.found,
        filters.due,
    )  # fmt: skip


def filter_screen(filters: ObjectFilters, clients: list[OrganisationRecord], *, more: bool) -> Screen:
    """Choose what to filter by, or the value; ``more``: there are clients after these."""
    view = list_of(filters)
    if filters.of == "colour":
        keys = [
            Key(f"{COLOUR_ICONS[c]} {colour_name(c)}", replace(view, colour=c.value))
            for c in sorted(Colour, reverse=True)
        ]
    elif filters.of == "status":
        keys = [
            Key(f"{status_icon(s)} {status_name(s)}", replace(view, status=position))
            for position, s in enumerate(ObjectStatus)
        ]
    elif filters.of == "client":
        keys = [Key(client.name, replace(view, client_id=client.id)) for client in clients]
        if filters.page:
            keys.append(Key("◀", replace(filters, page=filters.page - 1)))
        if more:
            keys.append(Key("▶", replace(filters, page=filters.page + 1)))
    else:
        return _filter_menu(filters, view, by_client=len(clients) > 1)
    return Screen(_("<b>Show only…</b>"), rows(*in_pairs(keys), [Key(_("« Back"), filters_of(view))]))


def _filter_menu(filters: ObjectFilters, view: ObjectList, *, by_client: bool) -> Screen:
    mine = _("Mine and others'") if view.mine else _("Mine only")
    keys = [
        Key(_("Colour"), replace(filters, of="colour")),
        Key(_("Status"), replace(filters, of="status")),
        *([Key(_("Client"), replace(filters, of="client"))] if by_client else []),
        Key(mine, replace(view, mine=not view.mine)),
    ]
    return Screen(
        _("<b>Filter by</b>"),
        rows(
            *in_pairs(keys),
            [Key(_("No filter"), ObjectList(tasks=view.tasks, due=view.origin)), Key(_("« Back"), view)],
        ),
    )


def client_list(listing: ClientListing, view: ClientList, words: str, *, may_create: bool) -> Screen:
    """A page of clients: the name opens the window, the status icon leads to the next statuses."""
    lines = [
        [
            Key(client.name, Open(Kind.CLIENT, client.id or 0)),
            Key(_status_key(client), ChangeStatus(Kind.CLIENT, client.id or 0)),
        ]
        for client in listing.clients
    ]
    shown = [
        f"🔎 «{esc(words)}»" if view.found else None,
        status_name(list(ClientStatus)[view.status]) if view.status is not None else None,
    ]
    title = "<b>" + _("Clients · {n}").format(n=listing.total) + "</b>"
    hint = _("Press a status to change it, a name to see its history.")
    return Screen(
        "\n".join(
            filter(None, (title, " · ".join(s for s in shown if s), hint if lines else _("Nothing found.")))
        ),
        rows(
            *lines,
            pages(view.page, listing.total, CLIENT_PAGE, lambda page: replace(view, page=page)),
            [Key(_("Filter"), ClientFilters()), Key(_("🔎 Find"), Find(Kind.CLIENT))],
            [Key(_("« Menu"), Menu()), Key(_("New client"), NewClient()) if may_create else None],
        ),
    )


def _status_key(client: OrganisationRecord) -> str:
    status = client.status or ClientStatus.NEW
    return f"{status_icon(status)} {status_name(status)}"


def client_filter_screen() -> Screen:
    """Choose the status that the list of clients shows."""
    keys = [
        Key(f"{status_icon(s)} {status_name(s)}", ClientList(status=position))
        for position, s in enumerate(ClientStatus)
    ]
    return Screen(
        _("<b>Show only…</b>"),
        rows(*in_pairs(keys), [Key(_("No filter"), ClientList()), Key(_("« Menu"), Menu())]),
    )


def ask_words(kind: Kind) -> Screen:
    """Ask for what to search."""
    if kind is Kind.CLIENT:
        return Screen(_("Send me any part of the client's name."), rows([Key(_("« Clients"), ClientList())]))
    return Screen(
        _("Send me any part of a number, a name or a plate."),
        rows([Key(_("« Menu"), Menu())]),
    )
