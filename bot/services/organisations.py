"""Organisations: finding and adding them."""

from dataclasses import dataclass
from datetime import datetime

from bot.services.clients import add_client, checked_name
from bot.services.people import Me
from domain.process import Reason, Refused, Route
from domain.roles import OrganisationKind, Role
from storage.database import UnitOfWork
from storage.tables import OrganisationRecord

MAY_ADD = Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """What an organisation is to be; ``comment`` is for a client's history."""

    name: str
    kind: OrganisationKind
    parent: OrganisationRecord | None = None
    time_zone: str | None = None
    comment: str = ""


def all_organisations(uow: UnitOfWork) -> list[OrganisationRecord]:
    """All, group first, then partners and clients, each by name."""
    return [one for kind in OrganisationKind for one in uow.organisations.of_kind(kind)]


def add_organisation(
    uow: UnitOfWork, me: Me, wish: NewOrganisation, now: datetime, *, route: Route = Route.CHAT
) -> OrganisationRecord:
    """Add one; ``Refused`` if the name is taken, the parent does not fit or the person may not."""
    if not me.has(MAY_ADD):
        raise Refused(Reason.WRONG_ROLE)
    if not may_look_after(wish.parent, wish.kind):
        raise Refused(Reason.BAD_VALUE)
    if wish.kind is OrganisationKind.CLIENT and wish.parent is not None:
        client = add_client(uow, me, wish.name, wish.parent, wish.comment, now, route=route)
        client.time_zone = wish.time_zone or client.time_zone
        uow.session.add(client)
        return client
    name = checked_name(wish.name)
    if uow.organisations.by_name(name) is not None:
        raise Refused(Reason.ALREADY_EXISTS)
    inherited = wish.parent.time_zone if wish.parent else "UTC"
    return uow.organisations.add(
        OrganisationRecord(
            name=name,
            kind=wish.kind,
            parent_id=wish.parent.id if wish.parent else None,
            time_zone=wish.time_zone or inherited,
            created_at=now,
        )
    )


def may_look_after(parent: OrganisationRecord | None, kind: OrganisationKind) -> bool:
    """Whether an organisation of this kind may stand under that parent; None: under nobody."""
    if kind is OrganisationKind.ADMINISTRATIVE_GROUP:
        return parent is None
    if kind is OrganisationKind.PARTNER:
        return parent is None or parent.kind is OrganisationKind.ADMINISTRATIVE_GROUP
    return parent is not None and parent.kind is not OrganisationKind.CLIENT
