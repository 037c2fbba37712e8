"""What a board tells beside colours: what turned red today, what turns soon, what waits for an answer."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import IntEnum, StrEnum

from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import CLIENT_RIGHT

SOON = timedelta(days=7)
"""How far a board looks ahead."""
MOMENT = timedelta(microseconds=1)
"""The smallest step of time that is kept: what comes after now begins with it."""


class Due(IntEnum):
    """A line of the board about time. Buttons carry the number."""

    TURNED_RED = 1  # since the reader's midnight
    TURNS_YELLOW = 2  # from now on, within SOON
    TURNS_RED = 3  # the same
    TO_ANSWER = 4  # Verified, and not red yet: the client may still answer


class Mark(StrEnum):
    """A moment at which an object turns yellow or red."""

    MAIN = "main_at"
    URGENT = "urgent_at"


@dataclass(frozen=True, slots=True)
class Window:
    """The objects whose ``mark`` lies from ``start`` on and before ``end``, in the status, if any.

    ``colours`` are those that they can have now, the reddest first.
    """

    mark: Mark
    start: datetime
    end: datetime
    colours: tuple[Colour, ...]
    status: ObjectStatus | None = None


def window(due: Due, now: datetime, midnight: datetime) -> Window:
    """The objects that a line of the board counts. ``midnight`` began the reader's day."""
    after, early = now + MOMENT, (Colour.YELLOW, Colour.BLUE)
    return {
        Due.TURNED_RED: Window(Mark.URGENT, midnight, after, (Colour.RED,)),
        Due.TURNS_YELLOW: Window(Mark.MAIN, after, now + SOON, (Colour.BLUE,)),
        Due.TURNS_RED: Window(Mark.URGENT, after, now + SOON, early),
        Due.TO_ANSWER: Window(Mark.URGENT, after, after + CLIENT_RIGHT, early, ObjectStatus.VERIFIED),
    }[due]


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """When the reader's day began."""
    return datetime.combine(now.astimezone(zone).date(), time.min, zone).astimezone(UTC)
