"""The steps of a new client, each a screen."""

from bot.buttons import Confirm, Open
from bot.screens import Key, Screen, esc, quote, rows, way_out
from bot.screens.choosing import Picking, pick_organisation
from bot.screens.fields import with_problem
from bot.services.clients import NAME_LIMIT
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.words import refusal
from domain.process import Kind, Reason
from storage.tables import OrganisationRecord


def ask_name() -> Screen:
    """What is the client called?"""
    return Screen(f"<b>{_('New client')}</b>\n" + _("What is the client called?"), rows(way_out()))


def name_problem(screen: Screen, reason: Reason, seen: OrganisationRecord | None) -> Screen:
    """The name does not do; ``seen`` is the client that has it, if the person sees it."""
    if reason is Reason.ALREADY_EXISTS:
        problem = _("This name is taken. Add what tells the two apart: a town, a branch.")
    elif reason is Reason.BAD_VALUE:
        problem = ngettext(
            "A name has 1 to {n} character.", "A name has 1 to {n} characters.", NAME_LIMIT
        ).format(n=NAME_LIMIT)
    else:
        problem = refusal(reason)
    complained = with_problem(screen, problem)
    if seen is None:
        return complained
    key = Key(_("Open {number}").format(number=seen.name), Open(Kind.CLIENT, seen.id or 0))
    return Screen(complained.text, ((key,), *complained.keyboard))


def ask_parent(name: str, picking: Picking) -> Screen:
    """Who looks after the client?"""
    return pick_organisation(f"{_head(name)}\n" + _("Who looks after this client?"), picking)


def ask_comment(name: str, parent: str) -> Screen:
    """The comment, which every status needs."""
    text = _("Write a comment: who they are, how they came to us.")
    return Screen(f"{_head(name)}\n{_looked_after(parent)}\n\n{text}", rows(way_out()))


def new_summary(name: str, parent: str, comment: str) -> Screen:
    """The client as it will be."""
    return Screen(
        f"{_head(name)}\n{_looked_after(parent)}\n{quote(comment)}",
        rows([Key(_("Create this client"), Confirm())], way_out()),
    )


def _head(name: str) -> str:
    return f"<b>{_('New client')}</b> · {esc(name)}"


def _looked_after(parent: str) -> str:
    return _("Looked after by {name}").format(name=esc(parent))
