"""The menu, the commands and the help, each fitted to the person's roles."""

from bot.buttons import (
    Away,
    Board,
    ClientList,
    Find,
    Groups,
    Help,
    ImBack,
    InvitationList,
    Invite,
    Menu,
    More,
    NewClient,
    NewObject,
    ObjectList,
    PeopleList,
)  # fmt: skip
from bot.buttons.forecast import Forecast
from bot.buttons.times import Times
from bot.screens import Key, Keyboard, Screen, counted, esc, rows
from bot.screens.importing_buttons import ImportList
from bot.screens.presence import presence
from bot.services import board, clients, objects, own_times
from bot.services.absences import HERE, Whereabouts
from bot.services.forecast import MAY_FORECAST
from bot.services.groups import MAY_BIND
from bot.services.people import Me
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.words import role_names
from domain.process import Kind
from domain.roles import STAFF, Role

MAY_INVITE = Role.ADMINISTRATOR


def menu(me: Me, tasks: int, red: int, where: Whereabouts = HERE, *, arrived: bool = False) -> Screen:
    """Where everything starts: who one is, what waits, and the ways to go. ``arrived``: just now."""
    who = f"<b>{esc(me.name)}</b> · {esc(role_names(me.actor.roles))} · {esc(me.organisation)}"
    if arrived:
        who = _("Welcome! This is who you are here now:") + f"\n{who}"
    lines = [who, *presence(where, me.time_zone), _waiting(tasks, red)]
    back = [Key(_("I am back"), ImBack())] if where.until else []
    return Screen("\n".join(lines), rows(back, *_ways(me, tasks, red)))


def _waiting(tasks: int, red: int) -> str:
    if not tasks:
        return _("Nothing waits for you.")
    line = ngettext("{n} task", "{n} tasks", tasks).format(n=counted(tasks))
    if red:
        line += ngettext(", {n} of them red", ", {n} of them red", red).format(n=counted(red))
    return line


def _ways(me: Me, tasks: int, red: int) -> Keyboard:
    label = _("Tasks · {n}").format(n=counted(tasks))
    staff = me.has(STAFF)
    return rows(
        [Key(f"🔴 {label}" if red else label, ObjectList(tasks=True)), Key(_("🔎 Find"), Find(Kind.OBJECT))],
        [Key(_("Objects"), ObjectList()), Key(_("Clients"), ClientList()) if staff else None],
        [Key(_("Board"), Board()) if me.has(board.MAY_SEE) else None, Key(_("More"), More())],
    )


def more(me: Me) -> Screen:
    """What is rarely needed."""
    return Screen(
        _("<b>More</b>"),
        rows(
            [
                Key(_("New object"), NewObject()) if me.has(objects.MAY_CREATE) else None,
                Key(_("New client"), NewClient()) if me.has(clients.MAY_CREATE) else None,
            ],
            [Key(_("Import a list"), ImportList()) if me.has(objects.MAY_CREATE) else None],
            [
                Key(_("People"), PeopleList()) if me.has(MAY_INVITE) else None,
                Key(_("Invite"), Invite()) if me.has(MAY_INVITE) else None,
            ],
            [
                Key(_("Open invitations"), InvitationList()) if me.has(MAY_INVITE) else None,
                Key(_("Times"), Times()) if me.has(own_times.MAY_SET) else None,
            ],
            [
                Key(_("Groups with alerts"), Groups()) if me.has(MAY_BIND) else None,
                Key(_("Forecast"), Forecast()) if me.has(MAY_FORECAST) else None,
            ],
            [Key(_("I am away"), Away()), Key(_("Help"), Help())],
            [Key(_("« Menu"), Menu())],
        ),
    )


def commands_of(me: Me) -> list[tuple[str, str]]:
    """The commands that Telegram offers to this person, each with a line."""
    offered = [
        ("tasks", _("What I can move on now"), True),
        ("objects", _("All my objects"), True),
        ("board", _("What is happening, and what is due next"), me.has(board.MAY_SEE)),
        ("clients", _("Clients as sales cases"), me.has(STAFF)),
        ("new", _("A new object"), me.has(objects.MAY_CREATE)),
        ("import", _("Import a list of machines"), me.has(objects.MAY_CREATE)),
        ("newclient", _("A new client"), me.has(clients.MAY_CREATE)),
        ("people", _("People and their roles"), me.has(MAY_INVITE)),
        ("invite", _("Invite somebody"), me.has(MAY_INVITE)),
        ("away", _("I am away, somebody stands in"), True),
        ("bind", _("Have alerts come to a group, too"), me.has(MAY_BIND)),
        ("forecast", _("What will be said to whom"), me.has(MAY_FORECAST)),
        ("times", _("Deadlines and working hours"), me.has(own_times.MAY_SET)),
        ("help", _("How this works"), True),
        ("cancel", _("Leave what I am doing"), True),
    ]
    return [(name, line) for name, line, wanted in offered if wanted]


def help_screen(me: Me) -> Screen:
    """How it works, for these roles."""
    commands = "\n".join(f"/{name} – {esc(line)}" for name, line in commands_of(me))
    return Screen(f"{_help_lines(me)}\n\n{commands}", rows([Key(_("« Menu"), Menu())]))


def _help_lines(me: Me) -> str:
    if me.has(Role.CLIENT):
        role = _(
            "When a machine of yours is ready, you get a message. Say within 8 days whether it works: then"
            " it is put into operation, or we look at it again. If something is needed later, open the"
            " machine and press «Something is needed»."
        )
    elif me.actor.roles == Role.INSTALLER:
        role = _(
            "Open /tasks on site: what waits for you, the most urgent first. Press a machine, press what you"
            " did, write a line about it, add photos if you like, and confirm. Those who go on from there are"
            " told."
        )
    else:
        role = _(
            "/tasks shows what you can move on now, the most urgent first. Press a machine, «Change status»,"
            " say what happened in a comment, and confirm: whoever goes on from there is told at once."
        )
    colours = _(
        "🟢 green: permanent, nothing to do\n🔵 blue: in time\n🟡 yellow: the time is over\n🔴 red: urgent\n"
        "⏳ the client has 8 days to answer"
    )
    find = _("Send me any part of a number, a name or a plate, and I look for the machine.")
    return f"<b>{_('How this works')}</b>\n{role}\n\n{colours}\n\n{find}"
