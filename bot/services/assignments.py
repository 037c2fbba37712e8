"""Who is named: the installer of an object, and the support employee responsible for its client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.alerts import tell_named
from bot.services.cases import Case, load
from bot.services.objects import MAY_ASSIGN, history_line, person_name
from bot.services.people import Me
from domain.process import Kind, Reason, Refused
from domain.roles import Role
from storage.database import UnitOfWork
from storage.tables import EntryKind, HistoryRecord, PersonRecord


@dataclass(frozen=True, slots=True)
class Naming:
    """Who is named for an object now, and who may be."""

    case: Case
    support: bool
    named_id: int | None
    named: str | None
    people: Sequence[PersonRecord]
    parent: str


def naming(uow: UnitOfWork, me: Me, object_id: int, *, support: bool) -> Naming:
    """The people with the role in the organisation that looks after the client; ``Refused`` if not yours."""
    case = load(uow, me, Kind.OBJECT, object_id)
    if not me.has(MAY_ASSIGN):
        raise Refused(Reason.WRONG_ROLE)
    client = case.client
    named_id = client.support_id if support else case.seen.object.installer_id
    people = uow.people.with_role(Role.SUPPORT if support else Role.INSTALLER, client.parent_id)
    parent = uow.organisations.get(client.parent_id) if client.parent_id is not None else None
    return Naming(
        case, support, named_id, person_name(uow, named_id), people, parent.name if parent else client.name
    )


def assign(
    uow: UnitOfWork, me: Me, object_id: int, person_id: int | None, now: datetime, *, support: bool = False
) -> int | None:
    """Name somebody, None: nobody; how many are told, or None when it was so already.

    Only whoever is named hears of it: nobody else has to act on it.
    """
    found = naming(uow, me, object_id, support=support)
    entry = assign_quietly(uow, me, found, person_id, now)
    if entry is None:
        return None
    heard = [p for p in found.people if p.id == person_id != me.actor.person_id and p.telegram_id]
    if support:
        uow.watch.look_soon(now, client_id=found.case.client.id)
    role = Role.SUPPORT if support else Role.INSTALLER
    record = found.case.seen.object
    return sum(tell_named(uow, record, person.id or 0, role, entry, now) for person in heard)


def assign_quietly(
    uow: UnitOfWork, me: Me, found: Naming, person_id: int | None, now: datetime
) -> HistoryRecord | None:
    """Name somebody and write it into the history; None when it was so already. Nobody is told."""
    names = {person.id: person.name for person in found.people}
    if person_id is not None and person_id not in names:
        raise Refused(Reason.NOT_FOUND)
    if person_id == found.named_id:
        return None
    case, after = found.case, names.get(person_id)
    if found.support:
        case.client.support_id = person_id
        uow.session.add(case.client)
    else:
        case.seen.object.installer_id = person_id
        uow.session.add(case.seen.object)
    uow.session.flush()
    what = "support" if found.support else "installer"
    return uow.history.add(
        history_line(me, case.id, EntryKind.ASSIGNMENT, f"{what}: {found.named or '–'} → {after or '–'}", now)
    )
