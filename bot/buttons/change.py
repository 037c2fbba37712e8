"""Buttons of a change of status, and those that every dialogue has."""

from dataclasses import dataclass

from bot.buttons.base import Button
from domain.process import ClientReason, Kind


@dataclass(frozen=True, slots=True)
class ChangeStatus(Button):
    """Show the next statuses."""

    TAG = "chg"
    kind: Kind
    id: int


@dataclass(frozen=True, slots=True)
class PickStatus(Button):
    """Take the row of this number; ``version`` is the one that the choice was drawn from."""

    TAG = "pick"
    kind: Kind
    id: int
    version: int
    row: int


@dataclass(frozen=True, slots=True)
class FollowUp(Button):
    """Answer the client's open request in one step; ``version`` is the one that it was drawn from."""

    TAG = "next"
    object_id: int
    version: int


@dataclass(frozen=True, slots=True)
class PickReason(Button):
    """The client's reason; it also picks the row that asks for it."""

    TAG = "why18"
    reason: ClientReason


@dataclass(frozen=True, slots=True)
class Rate(Button):
    """The client's rating, 1 to 5."""

    TAG = "rate"
    stars: int


@dataclass(frozen=True, slots=True)
class KeepTerminal(Button):
    """The terminal stays as it is, or is not given."""

    TAG = "keep"


@dataclass(frozen=True, slots=True)
class Sure(Button):
    """The second confirmation of what cannot be undone."""

    TAG = "sure"


@dataclass(frozen=True, slots=True)
class SayAgain(Button):
    """One of the suggested comments, by its position."""

    TAG = "say"
    position: int


@dataclass(frozen=True, slots=True)
class Confirm(Button):
    """«Change status to …», or the last button of another dialogue.

    It says what it is about, so that a second tap can show how that is now.
    """

    TAG = "do"
    kind: Kind | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Rewrite(Button):
    """Change the comment."""

    TAG = "rewrite"


@dataclass(frozen=True, slots=True)
class KeepAsNote(Button):
    """Somebody was faster: keep the comment as a note."""

    TAG = "asnote"


@dataclass(frozen=True, slots=True)
class Back(Button):
    """One step back in the dialogue."""

    TAG = "back"


@dataclass(frozen=True, slots=True)
class Cancel(Button):
    """Leave the dialogue; nothing changes."""

    TAG = "stop"
