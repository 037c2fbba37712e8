"""Buttons of the other dialogues: notes, assignments, new things, people, invitations."""

from dataclasses import dataclass

from bot.buttons.base import Button
from domain.process import Kind
from domain.roles import Role


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


@dataclass(frozen=True, slots=True)
class Away(Button):
    """Say that one is away; whoever is sees that, unless they want to ``change`` it."""

    TAG = "away"
    change: bool = False


@dataclass(frozen=True, slots=True)
class UntilWhen(Button):
    """Away until this moment, in minutes since 1970: what the button says, whenever it is pressed."""

    TAG = "until"
    minutes: int


@dataclass(frozen=True, slots=True)
class StandIn(Button):
    """This person stands in; None: nobody does."""

    TAG = "stand"
    person_id: int | None


@dataclass(frozen=True, slots=True)
class StandInPage(Button):
    """A page of those who may stand in."""

    TAG = "standp"
    page: int


@dataclass(frozen=True, slots=True)
class ImBack(Button):
    """«I am back»."""

    TAG = "imback"
