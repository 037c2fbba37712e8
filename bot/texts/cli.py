"""What the command line says: help, answers, and the one line that tells what is wrong."""

from collections.abc import Iterable

from bot.texts import N_
from bot.texts import gettext as _
from bot.texts import ngettext as _n

HELP = N_("Greenlight: a Telegram bot that walks every machine through its statuses until it is green.")
HELP_RUN = N_("Run the bot until Ctrl-C or SIGTERM.")
HELP_DEMO = N_(
    "Try everything without Telegram: a sandbox, the bot and an invented company in one browser page."
)
HELP_DEMO_PORT = N_("Port of the page; 0 takes a free one.")
HELP_DEMO_RESET = N_("Begin anew: delete what the demonstration keeps in demo-data, and nothing else.")
HELP_DEMO_AT = N_("How late it is there: +12h, +3d, +2w, or a moment such as 2026-12-01 08:00.")
HELP_RUN_AGAIN = N_("Wait for the database as long as it is away: for a process that starts over.")
HELP_RUN_AHEAD = N_("Seconds by which the clock goes ahead: for the demonstration.")
HELP_INVITE = N_(
    "Print a link that makes whoever opens it a person with these roles. Single use, for 7 days."
)
HELP_INVITE_ROLE = N_(
    "installer, support, manager, moderator, administrator or client; may be given several times."
)
HELP_INVITE_ORGANISATION = N_(
    "Where the person belongs; staff: the administrative group, if nothing is said."
)
HELP_ORGANISATION = N_("Administrative groups, partners and clients.")
HELP_ORGANISATION_ADD = N_("Add an organisation. A client starts as a sales case at New.")
HELP_ORGANISATION_TYPE = N_("administrative-group, partner or client.")
HELP_ORGANISATION_PARENT = N_("Who looks after it; the administrative group, if nothing is said.")
HELP_ORGANISATION_ZONE = N_("Such as Europe/Kyiv; the parent's, if nothing is said.")
HELP_OBJECT = N_("The clients' machines.")
HELP_OBJECT_ADD = N_("Add a machine at New; whoever can install it is told.")
HELP_OBJECT_NUMBER = N_("The client's own number of the machine.")
HELP_OBJECT_CLIENT = N_("The client whose machine it is.")
HELP_OBJECT_TERMINAL = N_("The number (IMEI) of the terminal that it carries already.")
HELP_OBJECT_COMMENT = N_("For the history.")
HELP_NAME = N_("Its name.")
HELP_PLATE = N_("Its number plate.")
HELP_VIN = N_("Its vehicle identification number.")
HELP_ADDRESS = N_("Where it stands.")
HELP_CONTACT = N_("Whom to call on site.")
HELP_PROCESSES = N_("Show the two status processes: every allowed change and who may make it.")
HELP_PROCESSES_JSON = N_("For other programs.")
HELP_DOCTOR = N_("Check settings, database, token, clock and queues; say what to do about each.")

DEFAULT_GROUP = N_("Administrative group")
ADDED_HERE = N_("Added at the command line")


def see_help(message: str, command: str) -> str:
    """A mistake in the use of a command, and where to read on."""
    return _("{message} See: {command} --help").format(message=message, command=command)


# --- database


def database_unreachable(url: str, reason: str) -> str:
    """The database does not answer."""
    return _("GREENLIGHT_DATABASE_URL: {url} cannot be used: {reason}").format(url=url, reason=reason)


def database_newer(url: str, revision: str) -> str:
    """The database was migrated by a newer program."""
    return _(
        "The database {url} is newer than this program (revision {revision}): install the newer program."
    ).format(url=url, revision=revision)


def database_foreign(url: str) -> str:
    """The database holds tables, but not by this program's migrations."""
    return _(
        "The database {url} holds tables that this program did not make: name an empty one in"
        " GREENLIGHT_DATABASE_URL."
    ).format(url=url)


# --- invite


def unknown_role(key: str, known: Iterable[str]) -> str:
    """There is no such role."""
    return _("There is no role «{key}». The roles are: {known}.").format(key=key, known=", ".join(known))


def no_role(known: Iterable[str]) -> str:
    """An invitation without a role."""
    return _("Say who is invited: --role with one of {known}.").format(known=", ".join(known))


def role_needs_organisation(names: Iterable[str]) -> str:
    """A client's user belongs to a client."""
    return _("A client's user belongs to a client: say --organisation with one of {names}.").format(
        names=", ".join(names) or _("(there is none yet: greenlight organisation add)")
    )


def roles_do_not_fit(organisation: str, kind: str, roles: Iterable[str]) -> str:
    """An organisation of that type has other roles."""
    return _("{organisation} is of type {kind}: its people may be {roles}.").format(
        organisation=organisation, kind=kind, roles=", ".join(roles)
    )


def unknown_organisation(name: str, known: Iterable[str]) -> str:
    """There is no such organisation."""
    return _("There is no organisation «{name}». There are: {known}.").format(
        name=name, known=", ".join(known) or _("none yet (greenlight organisation add)")
    )


def database_in_use(database: str, pid: str) -> str:
    """A second `run` on the same file."""
    return _("The database {database} is in use by another «greenlight run», process {pid}.").format(
        database=database, pid=pid or "?"
    )


def no_bot_name() -> str:
    """The link needs the bot's username."""
    return _(
        "The link needs the bot's name: set GREENLIGHT_TELEGRAM_TOKEN, as @BotFather gives it,"
        " or run the bot once."
    )


def invitation(roles: str, organisation: str, days: int) -> str:
    """What stands above the link."""
    return _n(
        "Invitation for {roles} of {organisation}: for one person, for {days} day. Keep it secret.",
        "Invitation for {roles} of {organisation}: for one person, for {days} days. Keep it secret.",
        days,
    ).format(roles=roles, organisation=organisation, days=days)


def group_created(name: str) -> str:
    """The first invitation makes the administrative group."""
    return _("Created the administrative group «{name}».").format(name=name)


# --- organisations and objects


def unknown_kind(key: str, known: Iterable[str]) -> str:
    """There is no such type of organisation."""
    return _("There is no type «{key}». The types are: {known}.").format(key=key, known=", ".join(known))


def unknown_zone(name: str) -> str:
    """There is no such time zone."""
    return _("There is no time zone «{name}»; one is called Europe/Kyiv, for example.").format(name=name)


def group_needed() -> str:
    """Partners and clients are looked after by somebody."""
    return _("First add who looks after it: greenlight organisation add NAME --type administrative-group")


def group_ambiguous(names: Iterable[str], option: str) -> str:
    """There are several administrative groups."""
    return _("There are several administrative groups: say {option} with one of {names}.").format(
        option=option, names=", ".join(names)
    )


def wrong_parent(name: str, kind: str) -> str:
    """Somebody of that type cannot look after this."""
    return _("«{name}» is of type {kind} and cannot look after this one.").format(name=name, kind=kind)


def group_has_no_parent() -> str:
    """An administrative group stands alone."""
    return _("An administrative group has nobody above it: leave --parent out.")


def name_taken(name: str) -> str:
    """Names are unique."""
    return _("There is an organisation «{name}» already.").format(name=name)


def number_taken(number: str, client: str) -> str:
    """A client's numbers are unique."""
    return _("{client} has an object «{number}» already.").format(number=number, client=client)


def refused(what: str, why: str) -> str:
    """Something else that the rules refuse."""
    return _("{what} was not added: {why}").format(what=what, why=why)


def organisation_added(name: str, kind: str, parent: str | None) -> str:
    """It is there now."""
    if parent is None:
        return _("Added the {kind} «{name}».").format(kind=kind, name=name)
    return _("Added the {kind} «{name}», looked after by {parent}.").format(
        kind=kind, name=name, parent=parent
    )


def object_added(number: str, client: str) -> str:
    """It is there now."""
    return _("Added {number} of {client} at New; whoever can install it is told.").format(
        number=number, client=client
    )


# --- processes

TITLE_OBJECT = N_("Statuses of an object")
TITLE_CLIENT = N_("Statuses of a client")
COLUMNS = (N_("#"), N_("from"), N_("to"), N_("who"), N_("conditions"))
