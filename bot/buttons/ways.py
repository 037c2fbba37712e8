"""Buttons that lead somewhere: menu, lists, cards, histories."""

from dataclasses import dataclass

from bot.buttons.base import Button
from domain.process import Kind


@dataclass(frozen=True, slots=True)
class Menu(Button):
    """The person's menu."""

    TAG = "menu"


@dataclass(frozen=True, slots=True)
class More(Button):
    """What is rarely needed."""

    TAG = "more"


@dataclass(frozen=True, slots=True)
class Help(Button):
    """How this works."""

    TAG = "help"


@dataclass(frozen=True, slots=True)
class Board(Button):
    """What is happening and what is due next, with all that one sees or with one client."""

    TAG = "board"
    client_id: int | None = None


@dataclass(frozen=True, slots=True)
class BoardClients(Button):
    """Choose the client of the board."""

    TAG = "bclients"
    page: int = 0


@dataclass(frozen=True, slots=True)
class Find(Button):
    """Ask for what to search; ``kind`` says among what."""

    TAG = "find"
    kind: Kind


@dataclass(frozen=True, slots=True)
class ObjectList(Button):
    """A page of objects. ``tasks``: those that I can move on; ``mine``: those named for me."""

    TAG = "list"
    tasks: bool = False
    page: int = 0
    colour: int | None = None
    status: int | None = None  # the position in ObjectStatus: the names would be too long
    client_id: int | None = None
    mine: bool = False
    found: bool = False  # only what matches the words that the person searched for last
    due: int | None = None  # come from the board: 0, or which of its lines about time (domain.board.Due)

    @property
    def origin(self) -> int | None:
        """``due`` without a line: whether one has come from the board."""
        return None if self.due is None else 0


@dataclass(frozen=True, slots=True)
class ObjectFilters(Button):
    """Choose what the list shows; ``of`` is what is being chosen: colour, status or client."""

    TAG = "filt"
    tasks: bool = False
    of: str | None = None
    page: int = 0
    colour: int | None = None
    status: int | None = None
    client_id: int | None = None
    mine: bool = False
    found: bool = False
    due: int | None = None


@dataclass(frozen=True, slots=True)
class ClientList(Button):
    """A page of clients."""

    TAG = "clients"
    page: int = 0
    status: int | None = None  # the position in ClientStatus
    found: bool = False


@dataclass(frozen=True, slots=True)
class ClientFilters(Button):
    """Choose the status of the clients in the list."""

    TAG = "cfilt"


@dataclass(frozen=True, slots=True)
class Open(Button):
    """The card of an object, or the window of a client. ``fresh``: as a message of its own."""

    TAG = "open"
    kind: Kind
    id: int
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class History(Button):
    """A page of the history."""

    TAG = "hist"
    kind: Kind
    id: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class Photos(Button):
    """The photos of a line of the history."""

    TAG = "photos"
    kind: Kind
    id: int
    history_id: int


@dataclass(frozen=True, slots=True)
class MapPin(Button):
    """The object's position as a pin."""

    TAG = "pin"
    object_id: int


@dataclass(frozen=True, slots=True)
class WhyNot(Button):
    """Why the other statuses are not offered. ``card``: asked on the card, where the way back leads."""

    TAG = "why"
    kind: Kind
    id: int
    card: bool = False


@dataclass(frozen=True, slots=True)
class Groups(Button):
    """A page of the groups that are bound."""

    TAG = "groups"
    page: int = 0


@dataclass(frozen=True, slots=True)
class Unbind(Button):
    """Let a bound group or topic go."""

    TAG = "unbind"
    bound_id: int
