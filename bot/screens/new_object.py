"""The steps of a new object, each a screen."""

from collections.abc import Sequence

from bot.buttons import Confirm, Skip
from bot.screens import Key, Screen, esc, quote, rows, way_out
from bot.screens.change import told_line
from bot.screens.choosing import Picking, pick_organisation
from bot.screens.fields import known, question
from bot.texts import gettext as _


def ask_client(picking: Picking) -> Screen:
    """Whose machine is it?"""
    return pick_organisation(f"<b>{_('New object')}</b>\n" + _("Which client's machine is it?"), picking)


def ask_field(field: str, client: str, values: dict[str, str], *, optional: bool) -> Screen:
    """One field; what may be left out has a way round it, and a way round all the rest."""
    keys = [Key(_("Skip"), Skip(field)), Key(_("To the comment »"), Skip(field, rest=True))]
    return Screen(
        f"{_head(client, values)}\n\n{question(field)}",
        rows(keys if optional else [], way_out()),
    )


def ask_comment(client: str, values: dict[str, str]) -> Screen:
    """The comment, which every status needs."""
    text = _("Write what is to be installed, and what the installer has to know. The client reads this.")
    return Screen(f"{_head(client, values)}\n\n{text}", rows(way_out()))


def new_summary(client: str, values: dict[str, str], comment: str, hearers: Sequence[str]) -> Screen:
    """The object as it will be, and who will be told."""
    number = values["number"]
    return Screen(
        "\n".join(filter(None, (_head(client, values), quote(comment), told_line(hearers)))),
        rows([Key(_("Create {number}").format(number=number), Confirm())], way_out()),
    )


def _head(client: str, values: dict[str, str]) -> str:
    head = f"<b>{_('New object')}</b> · {esc(client)}"
    return f"{head}\n{known(values)}" if any(values.values()) else head
