"""The board: what is happening with the machines that somebody sees, and what is due next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from bot.services.people import Me
from bot.texts.times import zone
from domain.board import SOON, Due, Window, midnight, window
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import Reason, Refused
from domain.roles import Role, sight
from storage.database import UnitOfWork
from storage.object_lists import MANY
from storage.object_terms import ObjectFilter
from storage.organisations import ClientFilter

REDDEST_FIRST = sorted(Colour, reverse=True)
TURNS = (Due.TURNS_YELLOW, Due.TURNS_RED)
MAY_SEE = Role.SUPPORT | Role.MANAGER | Role.MODERATOR | Role.ADMINISTRATOR | Role.CLIENT


@dataclass(frozen=True, slots=True)
class Day:
    """How many turn yellow and red on a day of the reader's, or until ``end`` on the last one."""

    date: date
    end: datetime | None
    yellow: int
    red: int


@dataclass(frozen=True, slots=True)
class Board:
    """Counts, each of a list that can be opened; ``storage.objects.MANY`` is that many or more."""

    client_id: int | None
    client: str | None
    statuses: Mapping[ObjectStatus, Mapping[Colour, int]]
    due: Mapping[Due, int]
    days: Sequence[Day]
    answer_by: datetime | None
    by_client: bool

    @property
    def colours(self) -> dict[Colour, int]:
        """How many objects each colour has, the reddest first; a colour of none is left out."""
        counts = {c: sum(some.get(c, 0) for some in self.statuses.values()) for c in REDDEST_FIRST}
        return {colour: min(number, MANY) for colour, number in counts.items() if number}


def board(uow: UnitOfWork, me: Me, client_id: int | None, now: datetime) -> Board:
    """The board of what the person sees, or of one client; ``Refused`` when either is not for them."""
    view = sight(me.actor)
    client = uow.organisations.client(client_id, view) if client_id is not None else None
    if not me.has(MAY_SEE) or (client_id is not None and client is None):
        raise Refused(Reason.NOT_FOUND)
    windows = {line: due_window(me, line, now) for line in Due}
    lists = {line: ObjectFilter(client_id=client_id, due=due) for line, due in windows.items()}
    due = uow.boards.counts(view, lists, now)
    answer = windows[Due.TO_ANSWER]
    return Board(
        client_id,
        client.name if client else None,
        _statuses(uow, me, client_id, now),
        {line: number for line, number in due.items() if number},
        _days(uow, me, [windows[line] for line in TURNS], client_id, now) if _is_countable(due) else [],
        uow.boards.first(view, answer, client_id, now) if due[Due.TO_ANSWER] else None,
        by_client=len(uow.organisations.clients(view, ClientFilter(), limit=2)) > 1,
    )


def due_window(me: Me, due: Due, now: datetime) -> Window:
    """What a line of the board about time means for this reader now."""
    return window(due, now, midnight(now, zone(me.time_zone)))


def _statuses(
    uow: UnitOfWork, me: Me, client_id: int | None, now: datetime
) -> dict[ObjectStatus, dict[Colour, int]]:
    pairs = product(ObjectStatus, Colour)
    lists = {pair: ObjectFilter(status=pair[0], colour=pair[1], client_id=client_id) for pair in pairs}
    counts = uow.boards.counts(sight(me.actor), lists, now)
    found: dict[ObjectStatus, dict[Colour, int]] = {}
    for (status, colour), number in counts.items():
        if number:
            found.setdefault(status, {})[colour] = number
    return found


def _is_countable(due: Mapping[Due, int]) -> bool:
    """Whether it can be said by day what turns: lists are counted no further than ``MANY``."""
    return any(due[line] for line in TURNS) and all(due[line] < MANY for line in TURNS)


def _days(
    uow: UnitOfWork, me: Me, turns: Sequence[Window], client_id: int | None, now: datetime
) -> list[Day]:
    here, view = zone(me.time_zone), sight(me.actor)
    yellow, red = (
        Counter(at.astimezone(here).date() for at in uow.boards.moments(view, due, client_id, now))
        for due in turns
    )
    last = (now + SOON).astimezone(here)
    return [
        Day(day, last if day == last.date() else None, yellow[day], red[day])
        for day in sorted({*yellow, *red})
    ]
