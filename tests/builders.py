"""Builders: what a test needs in the database, in one line each. Every name and number is unique."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.clients import ClientStatus
from domain.deadlines import DEFAULT_SCHEDULE, soon_at
from domain.objects import ObjectStatus
from domain.process import ClientReason, Route
from domain.roles import OrganisationKind, Role
from storage.database import UnitOfWork
from storage.tables import EntryKind, HistoryRecord, ObjectRecord, OrganisationRecord, PersonRecord

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday."""

_numbers = itertools.count(1)


def key(record: OrganisationRecord | PersonRecord | ObjectRecord | HistoryRecord) -> int:
    """The id of a stored record."""
    assert record.id is not None
    return record.id


def add_group(unit: UnitOfWork, name: str = "", **fields: Any) -> OrganisationRecord:
    """An administrative group."""
    return _organisation(
        unit, OrganisationKind.ADMINISTRATIVE_GROUP, name or f"Group {next(_numbers)}", fields
    )


def add_partner(unit: UnitOfWork, name: str = "", **fields: Any) -> OrganisationRecord:
    """A partner."""
    return _organisation(unit, OrganisationKind.PARTNER, name or f"Partner {next(_numbers)}", fields)


def add_client(
    unit: UnitOfWork,
    parent: OrganisationRecord,
    name: str = "",
    status: ClientStatus = ClientStatus.NEW,
    **fields: Any,
) -> OrganisationRecord:
    """A client organisation that ``parent`` looks after."""
    fields = {"parent_id": parent.id, "status": status, "status_since": NOW, **fields}
    return _organisation(unit, OrganisationKind.CLIENT, name or f"Client {next(_numbers)}", fields)


def add_person(
    unit: UnitOfWork, organisation: OrganisationRecord, roles: Role, name: str = "", **fields: Any
) -> PersonRecord:
    """Somebody with a Telegram account of their own (``telegram_id=None``: without)."""
    number = next(_numbers)
    record = PersonRecord(
        **{
            "organisation_id": organisation.id,
            "name": name or f"Person {number}",
            "telegram_id": 5_000_000_000 + number,
            "created_at": NOW,
            **fields,
        }
    )
    return unit.people.add(record, roles)


def add_object(
    unit: UnitOfWork,
    client: OrganisationRecord,
    status: ObjectStatus = ObjectStatus.NEW,
    *,
    since: datetime = NOW,
    request: ClientReason | None = None,
    commissioned: bool = False,
    **fields: Any,
) -> ObjectRecord:
    """An object that is in a status since then, with the deadline of the default times."""
    asked = request is not None and request.is_request
    deadline = DEFAULT_SCHEDULE.deadline(status, since, open_request=asked)
    record = ObjectRecord(
        **{
            "client_id": client.id,
            "number": f"T-{next(_numbers)}",
            "status": status,
            "status_since": since,
            "commissioned": commissioned,
            "open_request": request if asked else None,
            "main_at": deadline.main_at if deadline else None,
            "urgent_at": deadline.urgent_at if deadline else None,
            "next_at": soon_at(since, deadline) if deadline else None,
            "created_at": since,
            **fields,
        }
    )
    return unit.objects.add(record)


def add_entry(
    unit: UnitOfWork,
    thing: ObjectRecord | OrganisationRecord,
    after: str | None = None,
    comment: str = "",
    **fields: Any,
) -> HistoryRecord:
    """A line of the history of an object or client: a note, or with ``after`` a change of status."""
    of = "object_id" if isinstance(thing, ObjectRecord) else "client_id"
    return unit.history.add(
        HistoryRecord(
            **{
                of: thing.id,
                "kind": EntryKind.STATUS if after else EntryKind.NOTE,
                "after": after,
                "at": NOW,
                "comment": comment or f"Comment {next(_numbers)}",
                "route": Route.CHAT,
                **fields,
            }
        )
    )


@dataclass(frozen=True)
class Company:
    """A small world: a group and a partner, each with staff and with a client that has a user."""

    group: OrganisationRecord
    moderator: PersonRecord
    administrator: PersonRecord
    group_installer: PersonRecord
    group_support: PersonRecord
    group_manager: PersonRecord
    group_client: OrganisationRecord
    group_client_user: PersonRecord
    partner: OrganisationRecord
    installer: PersonRecord
    support: PersonRecord
    manager: PersonRecord
    client: OrganisationRecord
    client_user: PersonRecord


def add_company(unit: UnitOfWork) -> Company:
    """The small world; ``installer``, ``support``, ``manager`` and ``client`` are the partner's."""
    group, partner = add_group(unit), add_partner(unit)
    client, group_client = add_client(unit, partner), add_client(unit, group)
    return Company(
        group=group,
        moderator=add_person(unit, group, Role.MODERATOR),
        administrator=add_person(unit, group, Role.ADMINISTRATOR),
        group_installer=add_person(unit, group, Role.INSTALLER),
        group_support=add_person(unit, group, Role.SUPPORT),
        group_manager=add_person(unit, group, Role.MANAGER),
        group_client=group_client,
        group_client_user=add_person(unit, group_client, Role.CLIENT),
        partner=partner,
        installer=add_person(unit, partner, Role.INSTALLER),
        support=add_person(unit, partner, Role.SUPPORT),
        manager=add_person(unit, partner, Role.MANAGER),
        client=client,
        client_user=add_person(unit, client, Role.CLIENT),
    )


def _organisation(
    unit: UnitOfWork, kind: OrganisationKind, name: str, fields: dict[str, Any]
) -> OrganisationRecord:
    return unit.organisations.add(
        OrganisationRecord(**{"name": name, "kind": kind, "created_at": NOW, **fields})
    )
