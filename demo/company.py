"""Who is in the demo company: organisations, people, and what the sandbox's page says of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.roles import NOBODY, OrganisationKind, Role

GROUP = "Greenlight Telematics"
NORTH = "North Partner"
SOUTH = "South Partner"
AGRO = "Agro-Trans"
LOGISTICS = "Dnipro Logistics"
BUILD = "Bukovyna Build"
TIMBER = "Polissia Timber"
AQUA = "Aqua Service"

TIME_ZONE = "Europe/Kyiv"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation; ``parent`` names who looks after it, ``support`` a client's responsible person."""

    name: str
    kind: OrganisationKind
    parent: str | None = None
    support: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account in the sandbox. Without an organisation the bot does not know them."""

    telegram_id: int
    name: str
    title: str
    hint: str
    organisation: str | None = None
    roles: Role = NOBODY
    group: str = ""

    def account(self) -> dict[str, object]:
        """The account as the sandbox wants it declared."""
        first, _, last = self.name.partition(" ")
        known = self.organisation is not None
        return {
            "id": self.telegram_id,
            "first_name": first,
            "last_name": last,
            "username": self.name.lower().replace(" ", "_"),
            "language_code": "en",
            "title": self.title,
            "group": self.organisation or self.group,
            "hint": self.hint,
            **({"started": True} if known else {}),
        }


ORGANISATIONS: Sequence[Organisation] = (
    Organisation(GROUP, OrganisationKind.ADMINISTRATIVE_GROUP),
    Organisation(NORTH, OrganisationKind.PARTNER, GROUP),
    Organisation(SOUTH, OrganisationKind.PARTNER, GROUP),
    Organisation(AGRO, OrganisationKind.CLIENT, NORTH, "Ivan Petrov"),
    Organisation(LOGISTICS, OrganisationKind.CLIENT, NORTH),
    Organisation(BUILD, OrganisationKind.CLIENT, SOUTH, "Nadia Shevchuk"),
    Organisation(TIMBER, OrganisationKind.CLIENT, SOUTH),
    Organisation(AQUA, OrganisationKind.CLIENT, GROUP, "Iryna Tkachenko"),
)

PEOPLE: Sequence[Person] = (
    Person(
        7001, "Anna Kovalenko", "installer", "Press Start, find T-01 and say that it is equipped.",
        NORTH, Role.INSTALLER,
    ),
    Person(
        7002, "Ivan Petrov", "support, responsible for Agro-Trans",
        "Once Anna has equipped T-01, Ivan is told: check it and set it to Verified.", NORTH, Role.SUPPORT,
    ),
    Person(
        7003, "Olga Lysenko", "manager", "Opens /clients, and moves what nobody else moves.",
        NORTH, Role.MANAGER,
    ),
    Person(
        7011, "Sofia Romanenko", "client",
        "Once Ivan has verified T-01, Sofia has 8 days to accept it and to rate it.", AGRO, Role.CLIENT,
    ),
    Person(
        7004, "Taras Bondar", "installer", "Sees only the machines of South Partner's clients.",
        SOUTH, Role.INSTALLER,
    ),
    Person(
        7005, "Nadia Shevchuk", "support and manager", "Has two roles at once, as in a small partner.",
        SOUTH, Role.SUPPORT | Role.MANAGER,
    ),
    Person(
        7012, "Yurii Kravets", "client", "Takes a machine out of service, or asks for something.",
        BUILD, Role.CLIENT,
    ),
    Person(
        7006, "Marta Hrytsenko", "moderator", "Sees everything; steps in when something is red.",
        GROUP, Role.MODERATOR,
    ),
    Person(
        7007, "Viktor Danylenko", "administrator", "Invites people and takes roles away.",
        GROUP, Role.ADMINISTRATOR,
    ),
    Person(
        7008, "Iryna Tkachenko", "support", "Checks the machines of Aqua Service.", GROUP, Role.SUPPORT,
    ),
    Person(
        7009, "Oleh Savchenko", "manager", "Looks after the clients of the group itself.",
        GROUP, Role.MANAGER,
    ),
    Person(
        7010, "Petro Melnyk", "installer", "Installs for the clients of the group itself.",
        GROUP, Role.INSTALLER,
    ),
)  # fmt: skip

OUTSIDE = "Outside the company"

STRANGER = Person(
    7014, "Maksym Rudenko", "stranger", "Nobody invited him. Press Start to see what he gets.", group=OUTSIDE
)
NEWCOMER = Person(
    7013, "Daryna Polishchuk", "invited as an installer of North Partner", "Was invited.", group=OUTSIDE
)
NEWCOMER_ROLES = Role.INSTALLER
NEWCOMER_ORGANISATION = NORTH


def accounts(newcomer_hint: str) -> list[dict[str, object]]:
    """Everybody whom the sandbox's page lists: the 12 people, the newcomer and the stranger."""
    newcomer = NEWCOMER.account() | {"hint": newcomer_hint}
    return [*(person.account() for person in PEOPLE), newcomer, STRANGER.account()]
