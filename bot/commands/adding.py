"""``greenlight organisation add`` and ``greenlight object add``."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from bot.commands.common import OPERATOR_ME, REFUSED, Stop, now, opened
from bot.services.objects import add_object
from bot.services.organisations import (
    NewOrganisation,
    add_organisation,
    all_organisations,
    may_look_after,
)
from bot.settings import load
from bot.texts import cli as words
from bot.texts import gettext as _
from bot.texts.words import kind_name, refusal
from domain.process import Reason, Refused, Route
from domain.roles import OrganisationKind
from storage.database import UnitOfWork
from storage.tables import OrganisationRecord


def organisation(
    name: Annotated[str, typer.Argument(metavar="NAME", help=words.HELP_NAME)],
    type_: Annotated[
        str,
        typer.Option("--type", metavar="TYPE", help=words.HELP_ORGANISATION_TYPE),
    ],
    parent: Annotated[str | None, typer.Option(metavar="NAME", help=words.HELP_ORGANISATION_PARENT)] = None,
    time_zone: Annotated[str | None, typer.Option(metavar="ZONE", help=words.HELP_ORGANISATION_ZONE)] = None,
) -> None:
    """Add an organisation."""
    kind = _kind(type_)
    _check_zone(time_zone)
    with opened(load()) as database, database.write() as uow:
        above = _parent(uow, kind, parent)
        wish = NewOrganisation(name, kind, above, time_zone, _(words.ADDED_HERE))
        try:
            added = add_organisation(uow, OPERATOR_ME, wish, now(), route=Route.COMMAND_LINE)
        except Refused as refused:
            raise _refusal(refused, name, words.name_taken(name)) from None
    typer.echo(words.organisation_added(added.name, kind_name(kind), above.name if above else None))


def machine(  # noqa: PLR0913, PLR0917  # one parameter an option
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=words.HELP_OBJECT_NUMBER)],
    client: Annotated[str, typer.Option(metavar="NAME", help=words.HELP_OBJECT_CLIENT)],
    name: Annotated[str, typer.Option(help=words.HELP_NAME)] = "",
    plate: Annotated[str, typer.Option(help=words.HELP_PLATE)] = "",
    vin: Annotated[str, typer.Option(help=words.HELP_VIN)] = "",
    address: Annotated[str, typer.Option(help=words.HELP_ADDRESS)] = "",
    contact: Annotated[str, typer.Option(help=words.HELP_CONTACT)] = "",
    terminal: Annotated[str, typer.Option(help=words.HELP_OBJECT_TERMINAL)] = "",
    comment: Annotated[str, typer.Option(help=words.HELP_OBJECT_COMMENT)] = "",
) -> None:
    """Add an object."""
    values = {
        "number": number, "name": name, "plate": plate, "vin": vin,
        "address": address, "contact": contact, "terminal": terminal,
    }  # fmt: skip
    said = comment or _(words.ADDED_HERE)
    with opened(load()) as database, database.write() as uow:
        owner = client_named(uow, client)
        try:
            added = add_object(uow, OPERATOR_ME, owner, values, said, now(), route=Route.COMMAND_LINE)
        except Refused as refused:
            raise _refusal(refused, number, words.number_taken(number, owner.name)) from None
    typer.echo(words.object_added(added.number, owner.name))


def _kind(key: str) -> OrganisationKind:
    try:
        return OrganisationKind(key.lower())
    except ValueError:
        raise Stop(words.unknown_kind(key, OrganisationKind)) from None


def _check_zone(name: str | None) -> None:
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Stop(words.unknown_zone(str(name))) from None


def _parent(uow: UnitOfWork, kind: OrganisationKind, name: str | None) -> OrganisationRecord | None:
    if kind is OrganisationKind.ADMINISTRATIVE_GROUP:
        if name is not None:
            raise Stop(words.group_has_no_parent())
        return None
    if name is None:
        return _only_group(uow)
    found = uow.organisations.by_name(" ".join(name.split()))
    if found is None:
        known = (one.name for one in all_organisations(uow) if may_look_after(one, kind))
        raise Stop(words.unknown_organisation(name, known))
    if not may_look_after(found, kind):
        raise Stop(words.wrong_parent(found.name, kind_name(found.kind)))
    return found


def _only_group(uow: UnitOfWork) -> OrganisationRecord:
    groups = uow.organisations.of_kind(OrganisationKind.ADMINISTRATIVE_GROUP)
    if not groups:
        raise Stop(words.group_needed())
    if len(groups) > 1:
        raise Stop(words.group_ambiguous((group.name for group in groups), "--parent"))
    return groups[0]


def client_named(uow: UnitOfWork, name: str) -> OrganisationRecord:
    """The client of that name; ``Stop`` names those that there are."""
    found = uow.organisations.by_name(" ".join(name.split()))
    if found is None or found.kind is not OrganisationKind.CLIENT:
        clients = uow.organisations.of_kind(OrganisationKind.CLIENT)
        raise Stop(words.unknown_organisation(name, (client.name for client in clients)))
    return found


def _refusal(refused: Refused, what: str, taken: str) -> Stop:
    if refused.reason is Reason.ALREADY_EXISTS:
        return Stop(taken, REFUSED)
    return Stop(words.refused(what, refusal(refused.reason)), REFUSED)
