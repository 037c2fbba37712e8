"""Who acts: roles, the kinds of organisations they belong to, and who sees whose objects."""

from dataclasses import dataclass
from enum import Flag, StrEnum, auto


class Role(Flag):
    """What a person may be; a person may be several at once, so roles combine with ``|``."""

    INSTALLER = auto()
    SUPPORT = auto()
    MANAGER = auto()
    MODERATOR = auto()
    ADMINISTRATOR = auto()
    CLIENT = auto()
    SYSTEM = auto()  # the bot itself, on a telemetry signal; no person has it

    @property
    def key(self) -> str:
        """The lower-case name of a single role, as documents, settings and the database write it."""
        return str(self.name).lower()

    @classmethod
    def from_key(cls, key: str) -> "Role":
        """The role of that name; ``KeyError`` when there is none."""
        return cls[key.upper()]


NOBODY = Role(0)
STAFF = Role.INSTALLER | Role.SUPPORT | Role.MANAGER | Role.MODERATOR | Role.ADMINISTRATOR


class OrganisationKind(StrEnum):
    """The three types of organisation ("agents" in the customer's document)."""

    ADMINISTRATIVE_GROUP = "administrative-group"
    PARTNER = "partner"
    CLIENT = "client"


ROLES_OF = {
    OrganisationKind.ADMINISTRATIVE_GROUP: STAFF,
    OrganisationKind.PARTNER: Role.INSTALLER | Role.SUPPORT | Role.MANAGER,
    OrganisationKind.CLIENT: Role.CLIENT,
}
"""Which roles people of an organisation of that kind may have."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as the rules see one: what they may be and where they belong.

    ``person_id`` is None for the bot itself and for the operator at the command line.
    """

    person_id: int | None
    organisation_id: int | None
    kind: OrganisationKind
    roles: Role

    @property
    def is_staff(self) -> bool:
        """Whether the person belongs to an administrative group or a partner."""
        return self.kind is not OrganisationKind.CLIENT


OPERATOR = Actor(None, None, OrganisationKind.ADMINISTRATIVE_GROUP, Role.MODERATOR | Role.ADMINISTRATOR)
"""Whoever may run the command line on the server: holds the database anyway."""

SYSTEM = Actor(None, None, OrganisationKind.ADMINISTRATIVE_GROUP, Role.SYSTEM)
"""The bot itself."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Which client organisations somebody sees: all, those looked after by one organisation, or one.

    Exactly one of the three holds; what is outside does not exist for them.
    """

    everything: bool = False
    looked_after_by: int | None = None
    own: int | None = None

    def covers(self, client_id: int, parent_id: int | None) -> bool:
        """Whether the client organisation, looked after by ``parent_id``, is seen."""
        if self.everything:
            return True
        if self.looked_after_by is not None:
            return parent_id == self.looked_after_by
        return self.own is not None and client_id == self.own


def sight(actor: Actor) -> Sight:
    """What an actor sees: the group everything, a partner its clients, a client user its own objects."""
    if actor.kind is OrganisationKind.ADMINISTRATIVE_GROUP:
        return Sight(everything=True)
    if actor.kind is OrganisationKind.PARTNER:
        return Sight(looked_after_by=actor.organisation_id)
    return Sight(own=actor.organisation_id)
