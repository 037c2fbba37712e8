"""Bound groups: the line that is said there, and the list of them in a private chat."""

from collections.abc import Sequence

from bot.buttons import Groups, Menu, Unbind
from bot.screens import Key, Screen, esc, pages, rows
from bot.services.groups import Bound
from bot.texts import gettext as _
from bot.texts.times import moment

PAGE = 8
LABEL = 40
"""Characters of a group's name on a button."""


def bound_line(who: str, *, topic: bool, new: bool) -> Screen:
    """What is said where something was bound: by whom, what comes, how to undo it."""
    if not new:
        return Screen("✅ " + _("It was bound before: the moderators' alerts come here. /unbind ends it."))
    said = (
        _("{name} bound this topic: from now on the moderators' alerts come here, too. /unbind ends it.")
        if topic
        else _("{name} bound this group: from now on the moderators' alerts come here, too. /unbind ends it.")
    )
    return Screen("✅ " + said.format(name=esc(who)))


def unbound_line(who: str, *, was_bound: bool) -> Screen:
    """What is said where something was let go."""
    if not was_bound:
        return Screen(_("Nothing is bound here. /bind has the moderators' alerts come here, too."))
    return Screen(
        _("{name} ended it: the moderators' alerts do not come here any more.").format(name=esc(who))
    )


def lost_line(title: str) -> Screen:
    """What somebody hears whose group is out of reach."""
    return Screen(
        "⚠️ "
        + _(
            "I am not in «{group}» any more, or its topic is gone: the moderators' alerts do not go there."
            " Add me and write /bind there to have them again."
        ).format(group=esc(title))
    )


def groups_screen(bound: Sequence[Bound], page: int, bot_name: str, time_zone: str) -> Screen:
    """How a group is bound, and which are; a press lets one go."""
    page = min(page, max(0, (len(bound) - 1) // PAGE))
    shown = bound[page * PAGE :][:PAGE]
    how = _("Add me to a group and write {command} there; in a topic it holds for that topic alone.")
    lines = [
        f"<b>{_('Groups with alerts')}</b>",
        _("The moderators' alerts can come to a group, too.")
        + " "
        + how.format(command=f"<code>/bind@{esc(bot_name)}</code>"),
        _("Write it under your own name: of an anonymous administrator I cannot tell who it is."),
        "",
        *[_bound_words(one, time_zone) for one in shown],
        "" if bound else _("None is bound yet."),
    ]
    return Screen(
        "\n".join(lines).strip(),
        rows(
            *[[Key(_("Unbind {group}").format(group=one.title[:LABEL]), Unbind(one.id))] for one in shown],
            pages(page, len(bound), PAGE, Groups),
            [Key(_("« Menu"), Menu())],
        ),
    )


def _bound_words(one: Bound, time_zone: str) -> str:
    bound = _("bound by {name}, {when}").format(name=esc(one.by), when=moment(one.at, time_zone))
    return f"• {esc(one.title)} · {bound}"
