"""Every button that carries data: declared once, packed into Telegram's 64 bytes and read back.

Whatever comes back is hostile input: a button says what is wanted, never that it is allowed.
"""

from dataclasses import dataclass, fields
from types import NoneType
from typing import Any, ClassVar, Self, get_args, get_type_hints

from domain.process import ClientReason, Kind
from domain.roles import Role

LIMIT = 64
"""Bytes that Telegram carries."""
LARGEST = 2**31 - 1
"""The largest number that a database's id may be: anything above was made up."""


@dataclass(frozen=True, slots=True)
class Button:
    """A tag and the values of its fields, between colons. An empty value is None."""

    TAG: ClassVar[str] = ""

    def pack(self) -> str:
        """The data for Telegram; ``ValueError`` when it is longer than Telegram carries."""
        values = (getattr(self, field.name) for field in fields(self))
        data = ":".join([self.TAG, *("" if value is None else _packed(value) for value in values)])
        if len(data.encode()) > LIMIT:
            raise ValueError(f"the button {self.TAG} is longer than {LIMIT} bytes")
        return data

    @classmethod
    def unpack(cls, data: str) -> Self | None:
        """The button that ``data`` says, or None if it is no such button."""
        tag, *values = data.split(":")
        hints = get_type_hints(cls)
        names = [field.name for field in fields(cls)]
        if tag != cls.TAG or len(values) != len(names):
            return None
        try:
            return cls(**{name: _read(hints[name], value) for name, value in zip(names, values, strict=True)})
        except (ValueError, KeyError):
            return None

    @classmethod
    def pattern(cls) -> str:
        """The regular expression by which a handler knows its button."""
        return rf"^{cls.TAG}(:|$)"


def _packed(value: object) -> str:
    if isinstance(value, Role):
        value = value.value
    return str(int(value)) if isinstance(value, int) else str(value)


def _read(hint: Any, value: str) -> Any:  # noqa: ANN401  # types are data here
    options = get_args(hint)
    if NoneType in options:
        if not value:
            return None
        hint = next(option for option in options if option is not NoneType)
    if hint is bool:
        return {"0": False, "1": True}[value]
    if hint is Role:
        return Role(int(value))
    if hint is int:
        return _number(value)
    return hint(value)


def _number(value: str) -> int:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or int(digits) > LARGEST:
        raise ValueError(value)
    return int(value)


# Ways to go


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
    """Why the other statuses are not offered."""

    TAG = "why"
    kind: Kind
    id: int


# The change of a status


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


# Other dialogues


@dataclass(frozen=True, slots=True)
class WriteNote(Button):
    """A comment without a change of status."""

    TAG = "note"
    kind: Kind
    id: int


@dataclass(frozen=True, slots=True)
class Assign(Button):
    """Choose the installer of an object, or the client's responsible support employee."""

    TAG = "asg"
    object_id: int
    support: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class AssignTo(Button):
    """This person; none takes the assignment away."""

    TAG = "asgto"
    object_id: int
    support: bool
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Correct(Button):
    """Choose which field of an object to correct."""

    TAG = "fix"
    object_id: int


@dataclass(frozen=True, slots=True)
class CorrectField(Button):
    """Correct this field."""

    TAG = "fixf"
    object_id: int
    field: str


@dataclass(frozen=True, slots=True)
class NewObject(Button):
    """Start a new object."""

    TAG = "new"


@dataclass(frozen=True, slots=True)
class NewClient(Button):
    """Start a new client."""

    TAG = "newc"


@dataclass(frozen=True, slots=True)
class PickOrganisation(Button):
    """Choose an organisation inside a dialogue; ``page`` turns the list when there is no id."""

    TAG = "org"
    organisation_id: int | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class Skip(Button):
    """Leave a question unanswered. It names the question, so that a double tap does not skip the next.

    ``rest``: and all others that may be left unanswered.
    """

    TAG = "skip"
    question: str
    rest: bool = False


@dataclass(frozen=True, slots=True)
class PeopleList(Button):
    """A page of the organisations that have people, or of one organisation's people."""

    TAG = "ppl"
    page: int = 0
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class OpenPerson(Button):
    """One person's card."""

    TAG = "prs"
    person_id: int


@dataclass(frozen=True, slots=True)
class ToggleRole(Button):
    """Give or take a role; inside the invitation dialogue ``person_id`` is None."""

    TAG = "role"
    person_id: int | None
    role: Role


@dataclass(frozen=True, slots=True)
class RemovePerson(Button):
    """Remove a person; asked twice."""

    TAG = "rm"
    person_id: int
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Invite(Button):
    """Start an invitation."""

    TAG = "inv"


@dataclass(frozen=True, slots=True)
class InvitationList(Button):
    """A page of the invitations that are still open."""

    TAG = "invs"
    page: int = 0


@dataclass(frozen=True, slots=True)
class RevokeInvitation(Button):
    """Make an invitation useless."""

    TAG = "uninv"
    invitation_id: int
