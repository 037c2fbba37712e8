"""The board: counts, the most urgent first, and what is due next. Each number leads to its list."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from babel.dates import format_date, format_time

from bot.buttons import Board as BoardButton
from bot.buttons import BoardClients, Menu, ObjectList
from bot.screens import Key, Screen, counted, esc, in_pairs, rows
from bot.services.board import REDDEST_FIRST, Board, Day
from bot.services.people import Me
from bot.texts import gettext as _
from bot.texts import language, ngettext
from bot.texts.times import moment, span, zone
from bot.texts.words import COLOUR_ICONS, colour_name, status_icon, status_name
from domain.board import Due
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.roles import Role
from storage.object_lists import MANY
from storage.tables import OrganisationRecord


def board_screen(board: Board, me: Me, now: datetime) -> Screen:
    """The board of one reader."""
    lines = [
        f"<b>{_('Board')}</b> · {esc(board.client or me.organisation)}",
        _("as of {moment}").format(moment=moment(now, me.time_zone)),
        "",
        *_state(board),
        *_soon(board, me, now),
    ]
    keys = (*_colour_keys(board), *_due_keys(board, me), *_status_keys(board), *_ways(board))
    return Screen("\n".join(lines), rows(*keys))


def _state(board: Board) -> list[str]:
    """How it is, in one line for each thing that is worth one."""
    if not board.colours:
        return [_("There are no machines here yet.")]
    lines = [" · ".join(_total(colour, number) for colour, number in board.colours.items())]
    if set(board.colours) == {Colour.GREEN}:
        return ["<b>" + _("All green: nothing waits.") + "</b>", *lines]
    if not board.due and not {Colour.RED, Colour.YELLOW} & set(board.colours):
        lines.append(_("Nothing is late, and nothing is due in the next 7 days."))
    return lines


def _total(colour: Colour, number: int) -> str:
    words = {
        Colour.RED: ngettext("{n} red", "{n} red", number),
        Colour.YELLOW: ngettext("{n} yellow", "{n} yellow", number),
        Colour.BLUE: ngettext("{n} in time", "{n} in time", number),
        Colour.GREEN: ngettext("{n} permanent", "{n} permanent", number),
    }
    return f"{COLOUR_ICONS[colour]} {words[colour].format(n=counted(number))}"


def _soon(board: Board, me: Me, now: datetime) -> list[str]:
    due, lines = board.due, []
    if Due.TURNED_RED in due:
        lines.append(_("Turned red today: {n}").format(n=counted(due[Due.TURNED_RED])))
    if board.answer_by is not None and Due.TO_ANSWER in due:
        line = _("⏳ For you to answer: {n}") if me.has(Role.CLIENT) else _("⏳ Waiting for the client: {n}")
        left = _("the first has {span} left").format(span=span(board.answer_by - now))
        lines.append(f"{line.format(n=counted(due[Due.TO_ANSWER]))} ({left})")
    if Due.TURNS_YELLOW in due or Due.TURNS_RED in due:
        turning = _turning(due.get(Due.TURNS_YELLOW, 0), due.get(Due.TURNS_RED, 0))
        lines += ["", _("In the next 7 days: {what}").format(what=turning)]
        lines += [_day_line(day, me, now) for day in board.days]
    return lines


def _turning(yellow: int, red: int) -> str:
    """Red stands first: it is the more urgent."""
    parts = [
        ngettext("{n} turns red", "{n} turn red", red).format(n=counted(red)) if red else None,
        ngettext("{n} turns yellow", "{n} turn yellow", yellow).format(n=counted(yellow)) if yellow else None,
    ]
    return ", ".join(part for part in parts if part)


def _day_line(day: Day, me: Me, now: datetime) -> str:
    name = format_date(day.date, "EEE d MMM", locale=language())
    if day.date == now.astimezone(zone(me.time_zone)).date():
        name = _("Today")
    elif day.end is not None:
        until = format_time(day.end, "HH:mm", locale=language())
        name = _("{day} until {time}").format(day=name, time=until)
    parts = [_total(colour, n) for colour, n in ((Colour.RED, day.red), (Colour.YELLOW, day.yellow)) if n]
    return f"{name}: {' · '.join(parts)}"


def _colour_keys(board: Board) -> list[tuple[Key, ...]]:
    return in_pairs(
        [
            Key(
                f"{COLOUR_ICONS[colour]} {colour_name(colour).capitalize()} · {counted(number)}",
                ObjectList(colour=colour.value, client_id=board.client_id, due=0),
            )
            for colour, number in board.colours.items()
        ]
    )


def _due_keys(board: Board, me: Me) -> list[tuple[Key, ...]]:
    answer = _("⏳ For you to answer · {n}") if me.has(Role.CLIENT) else _("⏳ Waiting for the client · {n}")
    labels = {
        Due.TURNED_RED: _("Turned red today · {n}"),
        Due.TO_ANSWER: answer,
        Due.TURNS_RED: _("Turn red within 7 d · {n}"),
        Due.TURNS_YELLOW: _("Turn yellow within 7 d · {n}"),
    }
    return [
        (Key(label.format(n=counted(board.due[due])), _line_of(due, board.client_id)),)
        for due, label in labels.items()
        if due in board.due
    ]


def _line_of(due: Due, client_id: int | None) -> ObjectList:
    return ObjectList(client_id=client_id, due=due.value)


def _status_keys(board: Board) -> list[tuple[Key, ...]]:
    def urgency(status: ObjectStatus) -> list[int]:
        return [-board.statuses[status].get(colour, 0) for colour in REDDEST_FIRST[:-1]]

    return [
        (Key(_status_label(status, board.statuses[status]), _list_of(status, board.client_id)),)
        for status in sorted(board.statuses, key=urgency)
    ]


def _list_of(status: ObjectStatus, client_id: int | None) -> ObjectList:
    return ObjectList(status=list(ObjectStatus).index(status), client_id=client_id, due=0)


def _status_label(status: ObjectStatus, counts: Mapping[Colour, int]) -> str:
    parts = [f"{counted(counts[c])} {colour_name(c)}" for c in REDDEST_FIRST if c in counts]
    label = f"{status_icon(status)} {status_name(status)} · "
    if len(parts) == 1:
        return label + parts[0]
    return f"{label}{counted(min(sum(counts.values()), MANY))}: {', '.join(parts)}"


def _ways(board: Board) -> list[list[Key | None]]:
    return [
        [
            Key(_("One client…"), BoardClients()) if board.by_client else None,
            Key(_("All clients"), BoardButton()) if board.client_id is not None and board.by_client else None,
        ],
        [Key(_("« Menu"), Menu()), Key(_("Refresh"), BoardButton(board.client_id))],
    ]


def choose_client(clients: Sequence[OrganisationRecord], page: int, *, more: bool) -> Screen:
    """Whose board? ``more``: there are clients after these."""
    keys = [Key(client.name, BoardButton(client.id)) for client in clients]
    turn = [
        Key("◀", BoardClients(page - 1)) if page else None,
        Key("▶", BoardClients(page + 1)) if more else None,
    ]
    return Screen(_("<b>Whose board?</b>"), rows(*in_pairs(keys), turn, [Key(_("« Board"), BoardButton())]))
