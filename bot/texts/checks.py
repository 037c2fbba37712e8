"""What the command line says of Telegram, and what ``greenlight doctor`` finds."""

from bot.texts import N_
from bot.texts import gettext as _
from bot.texts import ngettext as _n


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
