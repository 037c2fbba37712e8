"""Inviting somebody, for administrators.

/invite, «Invite» -> roles -> [organisation that they fit] -> the link
«Open invitations» -> «Revoke»
"""

from enum import StrEnum

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.buttons import (
    Back,
    Cancel,
    Confirm,
    InvitationList,
    Invite,
    RevokeInvitation,
    ToggleRole,
)
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import MESSAGE, begin, inner, look_for, looked_for, on, picking
from bot.conversations.ways import cancel, show_menu
from bot.screens.choosing import Picking
from bot.screens.invitations import (
    ask_organisation,
    ask_roles,
    invitations_screen,
    letter_screen,
    link_screen,
)
from bot.services.administration import PAGE, check, fitting, invite_into, open_invitations, revoke
from bot.services.people import INVITATION_LIFE
from bot.texts import gettext as _
from domain.process import Reason, Refused
from domain.roles import STAFF, Role

OWN_ROLE = rf"^{ToggleRole.TAG}::"
"""A role of nobody yet: of the person who is invited."""


class Step(StrEnum):
    """What the dialogue waits for."""

    ROLES = "roles"
    ORGANISATION = "organisation"


@step
def start(talk: Talk) -> object:
    """/invite."""
    check(talk.me)
    begin(talk, roles=0)
    return _ask_roles(talk)


def _roles(talk: Talk) -> Role:
    return Role(talk.draft["roles"])


def _ask_roles(talk: Talk) -> object:
    talk.draft["step"] = Step.ROLES
    talk.show(ask_roles(_roles(talk)))
    return Step.ROLES


@step
def toggle(talk: Talk) -> object:
    """A role more or less; a client's user is nothing else."""
    pressed = button(talk, ToggleRole).role
    if pressed not in tuple(STAFF | Role.CLIENT):
        raise Refused(Reason.BAD_VALUE)
    together = Role.CLIENT if pressed is Role.CLIENT else STAFF
    talk.draft["roles"] = ((_roles(talk) & together) ^ pressed).value
    return _ask_roles(talk)


@step
def choose(talk: Talk) -> object:
    """The roles are chosen: where to? With one possible answer the link comes at once."""
    if not _roles(talk):
        return _ask_roles(talk)
    look_for(talk, "")
    found = fitting(talk.uow, talk.me, _roles(talk), "", 0)
    if found.total == 1:
        return _invite(talk, found.organisations[0].id or 0)
    return _ask_organisation(talk)


def _ask_organisation(talk: Talk) -> object:
    talk.draft["step"] = Step.ORGANISATION
    words, page = looked_for(talk)
    found = fitting(talk.uow, talk.me, _roles(talk), words, page)
    picking = Picking(found.organisations, found.total, PAGE, page, words)
    talk.show(ask_organisation(_roles(talk), picking))
    return Step.ORGANISATION


def _invite(talk: Talk, organisation_id: int) -> object:
    roles, until = _roles(talk), talk.now + INVITATION_LIFE
    secret = invite_into(talk.uow, talk.me, roles, organisation_id, talk.now)
    organisation = talk.uow.organisations.get(organisation_id)
    name = organisation.name if organisation else ""
    link = f"https://t.me/{talk.unit.bot_name}?start={secret}"
    talk.show(letter_screen(roles, name, until, talk.me.time_zone))
    # A message of its own: a later press, or a second tap, must not edit the link away.
    talk.hand_over(link_screen(roles, name, link, until, talk.me.time_zone), secret=True)
    return END


@step
def back_to_roles(talk: Talk) -> object:
    """Back to the roles."""
    return _ask_roles(talk)


@step
def again(talk: Talk) -> object:
    """Something came that is no answer: ask once more."""
    return _ask_organisation(talk) if talk.draft["step"] == Step.ORGANISATION else _ask_roles(talk)


@step
def back_to_menu(talk: Talk) -> object:
    """Back to the menu."""
    show_menu(talk)
    return END


@step
def listing(talk: Talk) -> object:
    """«Open invitations»."""
    return _list(talk, button(talk, InvitationList).page)


def _list(talk: Talk, page: int) -> object:
    found = open_invitations(talk.uow, talk.me, talk.now)
    last = max(0, (len(found) - 1) // PAGE)
    talk.show(invitations_screen(found, min(max(page, 0), last), talk.me.time_zone))
    return END


@step
def withdraw(talk: Talk) -> object:
    """«Revoke»."""
    done = revoke(talk.uow, talk.me, button(talk, RevokeInvitation).invitation_id, talk.now)
    talk.toast(
        _("Withdrawn: nobody can use it any more.") if done else _("It was used or withdrawn already.")
    )
    return _list(talk, 0)


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its states."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Dialogue(
        family,
        name="invite",
        entry_points=[
            CommandHandler("invite", start, filters=private),
            on(Invite, start),
            on(InvitationList, listing),
            on(RevokeInvitation, withdraw),
        ],
        states={
            Step.ROLES: [
                CallbackQueryHandler(toggle, pattern=OWN_ROLE),
                on(Confirm, choose),
                on(Back, back_to_menu),
            ],
            Step.ORGANISATION: [
                *picking(_ask_organisation, _invite),
                on(Back, back_to_roles),
            ],
        },
        fallbacks=[
            on(Cancel, cancel),
            inner(again),
            CallbackQueryHandler(again, pattern=OWN_ROLE),
            MessageHandler(MESSAGE, again),
        ],
        allow_reentry=True,
    )
