"""Names and meanings of what the rules know: statuses, colours, roles, reasons."""

from bot.texts import N_
from bot.texts import gettext as _
from domain.board import Due
from domain.clients import ClientStatus
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import ClientReason, Reason
from domain.roles import OrganisationKind, Role

COLOUR_ICONS = {Colour.GREEN: "🟢", Colour.BLUE: "🔵", Colour.YELLOW: "🟡", Colour.RED: "🔴"}

_COLOURS = {
    Colour.GREEN: N_("green"),
    Colour.BLUE: N_("blue"),
    Colour.YELLOW: N_("yellow"),
    Colour.RED: N_("red"),
}

OBJECT_ICONS = {
    ObjectStatus.NEW: "🆕", ObjectStatus.CANCELED: "🚫", ObjectStatus.EQUIPPED: "🔧",
    ObjectStatus.VERIFIED: "⏳", ObjectStatus.FAULTY: "⚠️", ObjectStatus.ACTIVE: "✅",
    ObjectStatus.OUT_OF_SERVICE: "💤", ObjectStatus.DIAGNOSTICS: "🩺", ObjectStatus.SERVICE: "🛠",
    ObjectStatus.DISMANTLING: "📤", ObjectStatus.INSTALLATION: "📥",
    ObjectStatus.ADDITIONAL_ORDER: "📦", ObjectStatus.SERVICED: "☑️", ObjectStatus.BLOCKED: "🔒",
    ObjectStatus.DECOMMISSIONED: "⛔",
}  # fmt: skip

CLIENT_ICONS = {
    ClientStatus.NEW: "🆕", ClientStatus.POTENTIAL: "🌱", ClientStatus.IN_DEVELOPMENT: "📈",
    ClientStatus.TEST: "🧪", ClientStatus.FOR_REGISTRATION: "📝", ClientStatus.IMPLEMENTATION: "🚚",
    ClientStatus.WORKS: "✅", ClientStatus.HAVE_WORKED: "🌙", ClientStatus.LOST: "🍂",
    ClientStatus.REFUSAL: "🚫",
}  # fmt: skip

_OBJECT_MEANINGS = {
    ObjectStatus.NEW: N_("to be installed"),
    ObjectStatus.CANCELED: N_("nothing to install, now or ever"),
    ObjectStatus.EQUIPPED: N_("all equipment is installed and set up"),
    ObjectStatus.VERIFIED: N_("checked and right, the client answers next"),
    ObjectStatus.FAULTY: N_("the client has to correct something"),
    ObjectStatus.ACTIVE: N_("accepted and in operation"),
    ObjectStatus.OUT_OF_SERVICE: N_("not in operation"),
    ObjectStatus.DIAGNOSTICS: N_("errors have to be looked into"),
    ObjectStatus.SERVICE: N_("service work has to be carried out"),
    ObjectStatus.DISMANTLING: N_("equipment taken off, not replaced yet"),
    ObjectStatus.INSTALLATION: N_("the equipment is back on the machine"),
    ObjectStatus.ADDITIONAL_ORDER: N_("the client wants more equipment"),
    ObjectStatus.SERVICED: N_("the work is complete"),
    ObjectStatus.BLOCKED: N_("blocked for a while"),
    ObjectStatus.DECOMMISSIONED: N_("for ever: there is no way back"),
}

_CLIENT_MEANINGS = {
    ClientStatus.NEW: N_("nobody has talked to them yet"),
    ClientStatus.POTENTIAL: N_("they may become a client"),
    ClientStatus.IN_DEVELOPMENT: N_("we are talking about an offer"),
    ClientStatus.TEST: N_("they are trying it on some machines"),
    ClientStatus.FOR_REGISTRATION: N_("the contract is being made"),
    ClientStatus.IMPLEMENTATION: N_("their machines are being equipped"),
    ClientStatus.WORKS: N_("they are a client"),
    ClientStatus.HAVE_WORKED: N_("they were a client"),
    ClientStatus.LOST: N_("they went to somebody else"),
    ClientStatus.REFUSAL: N_("they said no"),
}

_STATUSES = [
    N_("New"), N_("Canceled"), N_("Equipped"), N_("Verified"), N_("Faulty"), N_("Active"),
    N_("Out of service"), N_("Diagnostics"), N_("Service"), N_("Dismantling"), N_("Installation"),
    N_("Additional order"), N_("Serviced"), N_("Blocked"), N_("Decommissioned"), N_("Potential"),
    N_("In development"), N_("Test"), N_("For registration"), N_("Implementation"), N_("Works"),
    N_("Have worked"), N_("Lost"), N_("Refusal"),
]  # fmt: skip

_ROLES = {
    Role.INSTALLER: N_("installer"),
    Role.SUPPORT: N_("support"),
    Role.MANAGER: N_("manager"),
    Role.MODERATOR: N_("moderator"),
    Role.ADMINISTRATOR: N_("administrator"),
    Role.CLIENT: N_("client"),
    Role.SYSTEM: N_("automatic"),
}

_ONE_OF = {
    Role.INSTALLER: N_("an installer"),
    Role.SUPPORT: N_("technical support"),
    Role.MANAGER: N_("a manager"),
    Role.MODERATOR: N_("a moderator"),
    Role.ADMINISTRATOR: N_("an administrator"),
    Role.CLIENT: N_("the client"),
}

_KINDS = {
    OrganisationKind.ADMINISTRATIVE_GROUP: N_("administrative group"),
    OrganisationKind.PARTNER: N_("partner"),
    OrganisationKind.CLIENT: N_("client"),
}

_DUE = {
    Due.TURNED_RED: N_("turned red today"),
    Due.TURNS_YELLOW: N_("turns yellow within 7 days"),
    Due.TURNS_RED: N_("turns red within 7 days"),
    Due.TO_ANSWER: N_("waiting for the client"),
}

_CLIENT_REASONS = {
    ClientReason.NOT_IN_USE: N_("It is not in use"),
    ClientReason.BREAKDOWN: N_("It broke down"),
    ClientReason.ADDITIONAL_EQUIPMENT: N_("More equipment, please"),
    ClientReason.BLOCK: N_("Block it"),
}

_ANSWERS = {
    ObjectStatus.DIAGNOSTICS: N_("Order diagnostics"),
    ObjectStatus.ADDITIONAL_ORDER: N_("Take the additional order"),
    ObjectStatus.BLOCKED: N_("Block it"),
}

_FIELDS = {
    "number": N_("Number"),
    "name": N_("Name"),
    "plate": N_("Plate"),
    "vin": N_("VIN"),
    "contact": N_("Contact on site"),
    "address": N_("Address"),
    "terminal": N_("Terminal"),
    "position": N_("Position"),
    "installer": N_("Installer"),
    "support": N_("Responsible support"),
}

_REASONS = {
    Reason.NOT_ALLOWED: N_("There is no way from this status to that one."),
    Reason.WRONG_ROLE: N_("Your role may not do this."),
    Reason.NOT_CENTRAL: N_("Only moderators and administrators may bind groups. Ask one of them."),
    Reason.WRONG_ROUTE: N_("This cannot be done in this way."),
    Reason.NOT_LATE_YET: N_("A moderator or administrator may do this only when the main time is over."),
    Reason.EIGHT_DAYS_OVER: N_("The 8 days to answer are over. Only a moderator can do this now."),
    Reason.NEVER_COMMISSIONED: N_("This is only for a machine that was in operation before."),
    Reason.ALREADY_COMMISSIONED: N_("This is only for the first commissioning."),
    Reason.OPEN_REQUEST: N_("A request of the client is open."),
    Reason.COMMENT_MISSING: N_("A comment is needed: a few words are enough."),
    Reason.COMMENT_TOO_LONG: N_("A comment has 1,000 characters at most. Please shorten it."),
    Reason.RATING_MISSING: N_("A rating from 1 to 5 is needed."),
    Reason.CLIENT_REASON_MISSING: N_("A reason is needed."),
    Reason.SECOND_CONFIRMATION_MISSING: N_("This cannot be undone, so it has to be confirmed twice."),
    Reason.SOMEBODY_WAS_FASTER: N_("Somebody was faster."),
    Reason.NOT_FOUND: N_("There is no such thing here, or not any more."),
    Reason.ALREADY_EXISTS: N_("That one is already there."),
    Reason.TERMINAL_IN_USE: N_("Another machine carries this terminal. Check the number, or ask support."),
    Reason.BAD_VALUE: N_("This does not fit here."),
    Reason.INVITATION_INVALID: N_(
        "This invitation was used, withdrawn or has expired. Whoever sent it can send a new one."
    ),
    Reason.TAKEN: N_("Somebody has taken it already: the alert says who, and until when."),
    Reason.NOT_TAKEN: N_("You have not taken it, or no longer."),
    Reason.LAST_ADMINISTRATOR: N_("There has to be one administrator at least."),
    Reason.NO_MOMENT: N_("I do not see when that is. Write it like Fri, 3 Dec, 18:00 or 2 weeks."),
    Reason.IN_THE_PAST: N_("That moment is over already. When does it end?"),
    Reason.TOO_FAR_AHEAD: N_("One year ahead is the longest. When does it end?"),
}


def status_name(status: str) -> str:
    """The name of an object's or client's status, as the history keeps it."""
    return _(status)


def status_icon(status: ObjectStatus | ClientStatus) -> str:
    """The icon of a status."""
    if isinstance(status, ObjectStatus):
        return OBJECT_ICONS[status]
    return CLIENT_ICONS[status]


def status_meaning(status: ObjectStatus | ClientStatus) -> str:
    """One line on what a status means."""
    if isinstance(status, ObjectStatus):
        return _(_OBJECT_MEANINGS[status])
    return _(_CLIENT_MEANINGS[status])


def colour_name(colour: Colour) -> str:
    """The word for a colour: colour alone is never enough."""
    return _(_COLOURS[colour])


def due_name(due: Due) -> str:
    """What a list shows that a line of the board about time leads to."""
    return _(_DUE[due])


def role_names(roles: Role) -> str:
    """The names of all the roles, separated by commas."""
    return ", ".join(_(_ROLES[role]) for role in roles)


def one_of(role: Role) -> str:
    """Somebody who has this role, in plain words."""
    return _(_ONE_OF[role])


def kind_name(kind: OrganisationKind) -> str:
    """The name of a type of organisation."""
    return _(_KINDS[kind])


def client_reason(reason: ClientReason) -> str:
    """The client's reason in the client's words."""
    return _(_CLIENT_REASONS[reason])


def answer_name(status: ObjectStatus) -> str:
    """What somebody does who answers a client's request by this status."""
    return _(_ANSWERS[status])


def field_name(field: str) -> str:
    """The name of a field of an object, as corrections and assignments call it."""
    return _(_FIELDS[field]) if field in _FIELDS else field


def refusal(reason: Reason) -> str:
    """Why something was refused, and what can be done."""
    return _(_REASONS[reason])


def nothing_saved() -> str:
    """While the database is away; no longer than a window over the chat has room for."""
    return _(
        "Greenlight cannot save anything right now. What you just did is kept, and is done as soon as it can."
    )
