"""What ``greenlight demo`` says."""

from datetime import datetime

from bot.texts import gettext as _
from bot.texts import ngettext as _n
from bot.texts.times import full_moment


def port_used(port: int) -> str:
    """Somebody else listens there."""
    return _(
        "Port {port} is in use, perhaps by another demonstration: choose another one with --port."
    ).format(port=port)


def port_forbidden(port: int, reason: str) -> str:
    """The system does not let us listen there."""
    return _("Port {port} cannot be used ({reason}): choose another one with --port.").format(
        port=port, reason=reason
    )


def bad_port(port: int) -> str:
    """No such port."""
    return _("--port {port}: a port is a number from 0 to 65535.").format(port=port)


def runs(folder: str) -> str:
    """Two at once would write the same files."""
    return _("A demonstration runs on {folder} already: end that one first.").format(folder=folder)


def folder(folder: str, reason: str) -> str:
    """The folder cannot be used."""
    return _("{folder} cannot be used: {reason}").format(folder=folder, reason=reason)


def making() -> str:
    """While the company is written."""
    return _("Making the demo company")


def starting() -> str:
    """While the two programs start."""
    return _("Starting the sandbox and the bot")


def ready(url: str) -> str:
    """The one line that matters."""
    return _("Open {url} in a browser and play everybody. Ctrl-C ends it.").format(url=url)


def old(days: int) -> str:
    """Everything turns red in the course of time."""
    return _n(
        "The demo company is {days} day old, so more of it is red; --reset makes a fresh one.",
        "The demo company is {days} days old, so more of it is red; --reset makes a fresh one.",
        days,
    ).format(days=days)


def child_ended(name: str, code: int, log: str) -> str:
    """A part died and is started again."""
    how = (
        _("was killed by signal {number}").format(number=-code)
        if code < 0
        else _("ended with {code}").format(code=code)
    )
    return _("The {name} {how}: starting it again (log: {log})").format(name=name, how=how, log=log)


def child_fails(name: str, log: str, last: str) -> str:
    """A part dies again and again."""
    return _("The {name} does not start: {last} (log: {log})").format(name=name, log=log, last=last)


def newcomer(secret: str) -> str:
    """How the invited person comes in; shown on the sandbox's page."""
    return _("Has an invitation. Press Start, then send: /start {secret}").format(secret=secret)


def newcomer_known() -> str:
    """The invited person has come in."""
    return _("Came by an invitation. Press Start.")


def bad_at(text: str) -> str:
    """No time is said."""
    return _("--at {text}: say +12h, +3d, +2w, 2026-12-01 or «2026-12-01 08:00».").format(text=text)


def at_out_of_reach(text: str, days: int) -> str:
    """A time that is past, or too far."""
    return _("--at {text}: the demonstration goes from now up to {days} days ahead.").format(
        text=text, days=days
    )


def going_back(lived: datetime, time_zone: str) -> str:
    """It was later there already."""
    return _(
        "It has been {moment} in the demo company already, and time does not go back: say a later --at,"
        " or --reset for a fresh one."
    ).format(moment=full_moment(lived, time_zone))


def clock_there(at: datetime, time_zone: str) -> str:
    """The clock goes ahead."""
    return _("In the demo company it is {moment}.").format(moment=full_moment(at, time_zone))
