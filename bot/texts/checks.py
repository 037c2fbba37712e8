"""What the command line says of Telegram, and what ``greenlight doctor`` finds."""

from collections.abc import Sequence
from datetime import timedelta

from bot.texts import N_
from bot.texts import gettext as _
from bot.texts import ngettext as _n
from bot.texts.times import span

SHOWN = 8
"""Names that a line has; the rest are counted."""


def telegram_unreachable(api: str, reason: str) -> str:
    """No answer from the Bot API."""
    return _("Telegram cannot be reached at {api}: {reason}. Is GREENLIGHT_PROXY needed?").format(
        api=api, reason=reason
    )


def token_refused(reason: str) -> str:
    """The Bot API knows no such token."""
    return _(
        "Telegram refuses GREENLIGHT_TELEGRAM_TOKEN ({reason}): copy it from @BotFather once more."
    ).format(reason=reason)


CHECK_SETTINGS = N_("settings")
CHECK_TIMES = N_("times")
CHECK_DATABASE = N_("database")
CHECK_MIGRATIONS = N_("migrations")
CHECK_PEOPLE = N_("people")
CHECK_FILES = N_("files")
CHECK_TOKEN = N_("token")
CHECK_CLOCK = N_("clock")
CHECK_ROLES = N_("roles")
CHECK_CLIENTS = N_("clients")
CHECK_CHATS = N_("chats")
CHECK_GROUPS = N_("groups")
CHECK_TICKS = N_("reminders")
CHECK_OUTBOX = N_("outbox")
CHECK_INBOX = N_("inbox")


def settings_ok() -> str:
    """All settings can be read."""
    return _("all can be read")


def times_ok(path: str | None) -> str:
    """The file of times can be used."""
    if path is None:
        return _("the defaults (no GREENLIGHT_TIMES)")
    return _("{path} can be used").format(path=path)


def token_ok(username: str) -> str:
    """Telegram answers."""
    return _("Telegram answers: @{username}").format(username=username)


def clock_ok(seconds: float) -> str:
    """This machine's clock and Telegram's agree."""
    return _("within {seconds:.0f} s of Telegram's").format(seconds=seconds)


def clock_wrong(seconds: float) -> str:
    """This machine's clock is wrong."""
    return _("{seconds:.0f} s away from Telegram's: set this machine's clock (NTP)").format(seconds=seconds)


def clock_unknown() -> str:
    """Nothing to compare with."""
    return _("not compared, since Telegram did not answer")


def people_ok(count: int) -> str:
    """There is somebody who can invite others."""
    return _n("{count} administrator", "{count} administrators", count).format(count=count)


def nobody_yet() -> str:
    """Nobody can use the bot."""
    return _("no administrator yet: greenlight invite --role administrator")


def team_missing(organisation: str, roles: str) -> str:
    """Nobody hears in these roles."""
    return _("{organisation}: {roles}").format(organisation=organisation, roles=roles)


def centre_missing(roles: str) -> str:
    """Nobody hears what is red."""
    return _("for what is red: {roles}").format(roles=roles)


def roles_missing(teams: Sequence[str]) -> str:
    """Where nobody can be reached, and what to do about it."""
    if not teams:
        return _("in every role that is needed somebody can be reached")
    return _(
        "nobody can be reached as – {teams}. Alerts go up to others meanwhile: greenlight invite, or have"
        " them press Start, or name a stand-in (/away)"
    ).format(teams=listed(teams, "; "))


def clients_deaf(clients: Sequence[tuple[str, int]]) -> str:
    """Clients that are to answer and do not hear."""
    if not clients:
        return _("whoever is to answer can be reached")
    found = [
        _n("{client} ({n} machine)", "{client} ({n} machines)", number).format(client=client, n=number)
        for client, number in clients
    ]
    return _(
        "no user can be reached of whoever is to answer: {clients}. greenlight invite --role client"
        " --organisation NAME"
    ).format(clients=listed(found))


def chats_closed(names: Sequence[str]) -> str:
    """People to whom the bot cannot write."""
    if not names:
        return _("the bot can write to everybody")
    line = _n(
        "the bot cannot write to {n} person: {names}. Others hear instead; have them press Start",
        "the bot cannot write to {n} people: {names}. Others hear instead; have them press Start",
        len(names),
    )
    return line.format(n=len(names), names=listed(names))


def groups_deaf(titles: Sequence[str]) -> str:
    """Bound groups that get nothing."""
    if not titles:
        return _("every bound group gets its alerts")
    return _(
        "nothing comes to {groups}: whoever bound it is no moderator or administrator any more. One of them"
        " has to write /unbind and /bind there"
    ).format(groups=listed([f"«{title}»" for title in titles]))


def ticks(overdue: int, untold: timedelta, *, late: bool) -> str:
    """Whether time is noticed."""
    waits = _("the longest waits for {span}").format(span=span(untold)) if untold else ""
    if not late:
        return _("nobody waits to be reminded") if not untold else waits
    found = _n("{n} machine is overdue to be looked at", "{n} machines are overdue to be looked at", overdue)
    return _("{overdue}; {waits}. Is `greenlight run` running? Its log says what fails").format(
        overdue=found.format(n=overdue), waits=waits or _("nobody waits to be told")
    )


def listed(names: Sequence[str], between: str = ", ") -> str:
    """The first of them, and how many more there are."""
    shown = between.join(names[:SHOWN])
    more = len(names) - SHOWN
    return shown + (" " + _n("and {n} more", "and {n} more", more).format(n=more) if more > 0 else "")


def files_ok(path: str) -> str:
    """Photos can be kept."""
    return _("photos are kept in {path}").format(path=path)


def files_wrong(path: str) -> str:
    """Photos cannot be kept."""
    return _("GREENLIGHT_FILES: {path} cannot be written: name a folder that can").format(path=path)


def outbox_ok(waiting: int) -> str:
    """Nothing was given up."""
    return _n(
        "{count} message waits, none was given up", "{count} messages wait, none was given up", waiting
    ).format(count=waiting)


def outbox_dead(count: int, errors: str) -> str:
    """Messages that Telegram refused."""
    return _n(
        "{count} message was given up: {errors}", "{count} messages were given up: {errors}", count
    ).format(count=count, errors=errors)


def inbox_ok(waiting: int) -> str:
    """Nothing was put aside."""
    return _n(
        "{count} update waits, none was put aside", "{count} updates wait, none was put aside", waiting
    ).format(count=waiting)


def inbox_parked(count: int, errors: str) -> str:
    """Updates that could not be handled."""
    return _n(
        "{count} update was put aside after three tries; please report: {errors}",
        "{count} updates were put aside after three tries; please report: {errors}",
        count,
    ).format(count=count, errors=errors)


def database_ok(url: str) -> str:
    """The database answers."""
    return _("{url} answers").format(url=url)


def database_absent(url: str) -> str:
    """There is no such file yet."""
    return _("{url} is not there yet: `greenlight run` or `greenlight invite` makes it").format(url=url)


def migrations_ok(revision: str) -> str:
    """The database is at the newest revision."""
    return _("at {revision}, the newest").format(revision=revision)


def migrations_behind(revision: str | None, newest: str | None) -> str:
    """The database has to be migrated."""
    return _("at {revision}, the newest is {newest}: `greenlight run` brings it there").format(
        revision=revision or _("nothing"), newest=newest
    )
