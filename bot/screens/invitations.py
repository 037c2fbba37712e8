"""Invitations: whom, where to, the link, and which are open."""

from collections.abc import Sequence
from datetime import datetime

from bot.buttons import Confirm, InvitationList, Invite, Menu, RevokeInvitation, ToggleRole
from bot.screens import Key, Screen, esc, in_pairs, pages, quote, rows, way_out
from bot.screens.choosing import Picking, pick_organisation
from bot.services.administration import PAGE, OpenInvitation
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.times import moment
from bot.texts.words import role_names
from domain.roles import STAFF, Role


def ask_roles(roles: Role) -> Screen:
    """What will the person be?"""
    keys = [
        Key(f"{'✅' if role in roles else '▫️'} {role_names(role)}", ToggleRole(None, role))
        for role in STAFF | Role.CLIENT
    ]
    return Screen(
        f"<b>{_('Invite somebody')}</b>\n" + _("What will they be? More than one role is possible."),
        rows(
            *in_pairs(keys),
            [Key(_("Next: where to »"), Confirm())] if roles else [],
            way_out(),
        ),
    )


def ask_organisation(roles: Role, picking: Picking) -> Screen:
    """Where does the person belong?"""
    head = f"<b>{_('Invite somebody')}</b> · {role_names(roles)}"
    return pick_organisation(f"{head}\n" + _("Where do they belong?"), picking)


def link_screen(roles: Role, organisation: str, link: str, until: datetime, time_zone: str) -> Screen:
    """The link, a message without buttons."""
    head = f"<b>{_('Invitation')}</b> · {role_names(roles)} · {esc(organisation)}"
    how = _(
        "Press the link to copy it, and send it to this one person. It works once, until {moment}. It is"
        " shown only here."
    ).format(moment=moment(until, time_zone))
    return Screen(f"{head}\n<code>{esc(link)}</code>\n{how}")


def letter_screen(roles: Role, organisation: str, until: datetime, time_zone: str) -> Screen:
    """Words to go with the link, and the ways on."""
    letter = _(
        "You are invited to Greenlight as {roles} of {organisation}. Open the link in Telegram and press"
        " Start. It works once, until {moment}."
    ).format(roles=role_names(roles), organisation=organisation, moment=moment(until, time_zone))
    return Screen(
        _("The link is in the message below. Words to go with it:") + "\n" + quote(letter, long=1000),
        rows(
            [Key(_("Invite another"), Invite()), Key(_("Open invitations"), InvitationList())],
            [Key(_("« Menu"), Menu())],
        ),
    )


def invitations_screen(invitations: Sequence[OpenInvitation], page: int, time_zone: str) -> Screen:
    """The invitations that somebody may still use, each with the button that withdraws it."""
    count = len(invitations)
    start = page * PAGE
    shown = list(enumerate(invitations, start=1))[start:][:PAGE]
    title = ngettext("{n} open invitation", "{n} open invitations", count).format(n=count)
    if not count:
        title = _("No invitation is open.")
    lines = [_line(number, invitation, time_zone) for number, invitation in shown]
    keys = [
        Key(_("Revoke {n}").format(n=number), RevokeInvitation(invitation.id)) for number, invitation in shown
    ]
    return Screen(
        "\n".join([f"<b>{title}</b>", *lines]),
        rows(
            *in_pairs(keys),
            pages(page, count, PAGE, InvitationList),
            [Key(_("« Menu"), Menu()), Key(_("Invite"), Invite())],
        ),
    )


def _line(number: int, invitation: OpenInvitation, time_zone: str) -> str:
    parts = [
        f"{number}. {role_names(invitation.roles)}",
        esc(invitation.organisation),
        _("until {moment}").format(moment=moment(invitation.expires_at, time_zone)),
        _("by {name}").format(name=esc(invitation.author or _("the operator"))),
    ]
    return " · ".join(parts)
