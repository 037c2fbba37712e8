"""What the forecast says: at the command line, and in chat."""

from collections.abc import Iterable

from bot.texts import N_
from bot.texts import gettext as _
from bot.texts import ngettext as _n
from bot.texts.words import role_names
from domain.alerts import Because
from domain.reminders import Stage
from domain.roles import Role

HELP = N_("Show what will be sent to whom, when and why, if nothing changes.")
HELP_DAYS = N_("How many days ahead.")
HELP_OBJECT = N_("Every message about this machine; by its number, as one writes it.")
HELP_CLIENT = N_("Every message about the machines of this client.")
HELP_JSON = N_("For other programs.")

COLUMNS = (N_("when"), N_("to whom"), N_("what"), N_("why"))
COLUMNS_DAYS = (N_("day"), N_("to whom"), N_("digest"), N_("alerts"), N_("objects"), N_("of them red"))

STAGES = {
    Stage.HEARD_ONCE: N_("equipped"),
    Stage.SET: N_("to be answered"),
    Stage.SOON: N_("soon due"),
    Stage.YELLOW: N_("yellow"),
    Stage.RED: N_("red"),
}
WHY = {
    Because.TURN: N_("can move it on, as {role}"),
    Because.NAMED: N_("is named for it, as {role}"),
    Because.ESCALATION: N_("red goes up, to the {role}"),
    Because.OVER: N_("the client's 8 days are over"),
    Because.HEARS_ONCE: N_("the client's machine is equipped"),
    Because.NOBODY_BELOW: N_("nobody below can be reached, so it goes up to the {role}"),
    Because.ASSIGNED: N_("was named for it, as {role}"),
}


def why(because: Because, role: Role, instead_of: str | None) -> str:
    """Why somebody hears of an object."""
    said = _(WHY[because]).format(role=role_names(role))
    return f"{said}; " + _("stands in for {name}").format(name=instead_of) if instead_of else said


def title(days: int, whose: str | None) -> str:
    """What the table shows."""
    span = _n("{n} day, if nothing changes", "{n} days, if nothing changes", days).format(n=days)
    return f"{whose}: {span}" if whose else span


def quiet() -> str:
    """There is no message."""
    return _("Nothing will be said to anybody in this time.")


def zones() -> str:
    """Whose time it is."""
    return _(
        "Times are those of whoever reads; --json says them in UTC. To see each message: --client, --object."
    )


def digest() -> str:
    """The one message of a morning."""
    return _("digest")


def more(count: int) -> str:
    """Objects that are not shown."""
    return _n("and {n} more", "and {n} more", count).format(n=count)


def in_group(title: str) -> str:
    """A bound group reads it."""
    return _("group «{title}»").format(title=title)


def looking() -> str:
    """While time passes in memory."""
    return _("Looking ahead")


def no_object(number: str) -> str:
    """No object has this number."""
    return _("There is no object «{number}».").format(number=number)


def several_objects(number: str, clients: Iterable[str]) -> str:
    """Several clients have an object of this number."""
    return _("«{number}» is a machine of several clients: say --client with one of {clients}.").format(
        number=number, clients=", ".join(clients)
    )
