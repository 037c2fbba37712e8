"""``greenlight invite``: a deep link; the first administrator comes this way."""

from typing import Annotated

import typer

from bot.commands import telegram
from bot.commands.common import OPERATOR_ME, REFUSED, Stop, now, opened
from bot.services.organisations import NewOrganisation, add_organisation, all_organisations
from bot.services.people import INVITATION_LIFE
from bot.services.people import invite as write_invitation
from bot.settings import Settings, load
from bot.texts import cli as words
from bot.texts import gettext as _
from bot.texts.words import kind_name, refusal, role_names
from domain.process import Refused, Route
from domain.roles import NOBODY, ROLES_OF, STAFF, OrganisationKind, Role
from storage.database import Database, UnitOfWork
from storage.tables import OrganisationRecord

BOT_USERNAME = "bot_username"
"""The setting in which the running bot remembers its own name."""

ROLES = tuple(role for role in STAFF | Role.CLIENT)


def invite(
    role: Annotated[list[str] | None, typer.Option(help=words.HELP_INVITE_ROLE, metavar="ROLE")] = None,
    organisation: Annotated[
        str | None, typer.Option(help=words.HELP_INVITE_ORGANISATION, metavar="NAME")
    ] = None,
) -> None:
    """Write an invitation and print its link, alone on the last line."""
    roles = parse_roles(role or [])
    settings = load()
    with opened(settings) as database:
        name = bot_name(settings, database)
        with database.write() as uow:
            home = _home(uow, roles, organisation)
            try:
                secret = write_invitation(uow, roles, home, now())
            except Refused as refused:
                raise _unfit(home, refused) from None
    typer.echo(words.invitation(role_names(roles), home.name, INVITATION_LIFE.days))
    typer.echo(f"https://t.me/{name}?start={secret}")


def parse_roles(keys: list[str]) -> Role:
    """The roles of those names; ``Stop`` lists them when one is none."""
    known = {role.key: role for role in ROLES}
    if not keys:
        raise Stop(words.no_role(known))
    roles = NOBODY
    for key in keys:
        if key.lower() not in known:
            raise Stop(words.unknown_role(key, known))
        roles |= known[key.lower()]
    return roles


def bot_name(settings: Settings, database: Database) -> str:
    """The bot's username: Telegram's word, else what the bot remembered."""
    with database.read() as uow:
        remembered = uow.settings.get(BOT_USERNAME)
    if settings.telegram_token is None:
        if remembered is None:
            raise Stop(words.no_bot_name())
        return remembered
    try:
        username = telegram.identity(settings).username
    except telegram.TokenRefused as error:
        raise Stop(str(error)) from None
    except telegram.Unreachable as error:
        if remembered is None:
            raise Stop(str(error)) from None
        return remembered
    if username != remembered:
        with database.write() as uow:
            uow.settings.put(BOT_USERNAME, username)
    return username


def _home(uow: UnitOfWork, roles: Role, name: str | None) -> OrganisationRecord:
    """Where the invited person will belong; the first member of staff brings the group along."""
    groups = uow.organisations.of_kind(OrganisationKind.ADMINISTRATIVE_GROUP)
    if name is None and roles & Role.CLIENT:
        clients = uow.organisations.of_kind(OrganisationKind.CLIENT)
        raise Stop(words.role_needs_organisation(client.name for client in clients))
    if name is not None and (found := uow.organisations.by_name(" ".join(name.split()))) is not None:
        return found
    if not groups and not roles & ~STAFF:
        return _first_group(uow, name or _(words.DEFAULT_GROUP))
    if name is not None:
        raise Stop(words.unknown_organisation(name, (one.name for one in all_organisations(uow))))
    if len(groups) > 1:
        raise Stop(words.group_ambiguous((group.name for group in groups), "--organisation"))
    return groups[0]


def _first_group(uow: UnitOfWork, name: str) -> OrganisationRecord:
    try:
        group = add_organisation(
            uow,
            OPERATOR_ME,
            NewOrganisation(name, OrganisationKind.ADMINISTRATIVE_GROUP),
            now(),
            route=Route.COMMAND_LINE,
        )
    except Refused as refused:
        raise Stop(words.refused(name, refusal(refused.reason)), REFUSED) from None
    typer.echo(words.group_created(group.name))
    return group


def _unfit(home: OrganisationRecord, refused: Refused) -> Stop:
    able = [role.key for role in ROLES_OF[home.kind]]
    line = words.roles_do_not_fit(home.name, kind_name(home.kind), able)
    return Stop(line or refusal(refused.reason))
