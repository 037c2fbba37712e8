"""Clients as sales cases: the list, the status window, a new client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.people import Me
from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.process import Reason, Refused, Request, Route, Subject, is_readable
from domain.roles import STAFF, OrganisationKind, sight
from storage.database import UnitOfWork
from storage.organisations import ClientFilter
from storage.tables import EntryKind, HistoryRecord, OrganisationRecord

PAGE = 8
NAME_LIMIT = 120
MAY_CREATE = CLIENT_PROCESS.rows[0].roles


@dataclass(frozen=True, slots=True)
class ClientListing:
    """A page of the clients, and how long the list is."""

    clients: Sequence[OrganisationRecord]
    total: int


def client_listing(uow: UnitOfWork, me: Me, wanted: ClientFilter, page: int) -> ClientListing:
    """A page of the clients that the person sees; ``Refused`` for all but staff."""
    if not me.has(STAFF):
        raise Refused(Reason.NOT_FOUND)
    view = sight(me.actor)
    found = uow.organisations.clients(view, wanted, offset=max(page, 0) * PAGE, limit=PAGE)
    return ClientListing(found, uow.organisations.count_clients(view, wanted))


def parents(uow: UnitOfWork, me: Me) -> list[OrganisationRecord]:
    """Who may look after a client that this person creates."""
    group = uow.organisations.of_kind(OrganisationKind.ADMINISTRATIVE_GROUP)
    everyone = [*group, *uow.organisations.of_kind(OrganisationKind.PARTNER)]
    if me.actor.kind is OrganisationKind.ADMINISTRATIVE_GROUP:
        return everyone
    return [one for one in everyone if one.id == me.actor.organisation_id]


def may_create(me: Me) -> None:
    """``Refused`` if the person may not create clients."""
    if not me.has(MAY_CREATE):
        raise Refused(Reason.WRONG_ROLE)


def parent_of_new(uow: UnitOfWork, me: Me, parent_id: int | None) -> OrganisationRecord:
    """Who will look after a client that the person creates; ``Refused`` if those may not."""
    found = next((one for one in parents(uow, me) if one.id == parent_id), None)
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found


def add_client(
    uow: UnitOfWork,
    me: Me,
    name: str,
    parent: OrganisationRecord,
    comment: str,
    now: datetime,
    *,
    route: Route = Route.CHAT,
) -> OrganisationRecord:
    """Create a client at New, in its parent's time zone; ``Refused`` if it is there or may not be."""
    nothing: Subject[ClientStatus] = Subject(None)
    decision = CLIENT_PROCESS.decide(me.actor, nothing, Request(ClientStatus.NEW, comment), now, route)
    parent_of_new(uow, me, parent.id)
    clean = free_name(uow, name)
    client = uow.organisations.add(
        OrganisationRecord(
            name=clean,
            kind=OrganisationKind.CLIENT,
            parent_id=parent.id,
            time_zone=parent.time_zone,
            status=ClientStatus.NEW,
            status_since=now,
            version=1,
            created_at=now,
        )
    )
    uow.history.add(
        HistoryRecord(
            client_id=client.id,
            kind=EntryKind.STATUS,
            at=now,
            after=ClientStatus.NEW,
            row=decision.row.no,
            person_id=me.actor.person_id,
            role=decision.role.key,
            comment=decision.comment,
            route=route,
        )
    )
    return client


def free_name(uow: UnitOfWork, name: str) -> str:
    """A checked name that no organisation has; ``Refused`` otherwise."""
    clean = checked_name(name)
    if uow.organisations.by_name(clean) is not None:
        raise Refused(Reason.ALREADY_EXISTS)
    return clean


def checked_name(name: str) -> str:
    """An organisation's name without needless white space; ``Refused`` when empty or too long."""
    clean = " ".join(name.split())
    if not is_readable(clean) or len(clean) > NAME_LIMIT:
        raise Refused(Reason.BAD_VALUE)
    return clean
