"""Writes the demo company into an empty database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from demo.comments import NOTES
from demo.company import ORGANISATIONS, PEOPLE, TIME_ZONE, Organisation
from demo.plans import WAITS_FOR_INSTALLER, Plan, plans
from demo.sales import SalesStep, sales
from demo.walks import Step, walk, working_hour
from domain.clients import ClientStatus
from domain.deadlines import soon_at
from domain.objects import ObjectStatus
from domain.process import Route
from domain.roles import Actor, OrganisationKind, Role
from storage.database import UnitOfWork
from storage.tables import EntryKind, HistoryRecord, ObjectRecord, OrganisationRecord, PersonRecord

SEEDED_AT = "demo_seeded_at"
"""The setting that says when the company was written."""

_FOUNDED = timedelta(days=900)

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Company:
    """The stored organisations and people, by name."""

    organisations: dict[str, OrganisationRecord]
    people: dict[str, PersonRecord]
    actors: list[Actor]

    def crew(self, client: OrganisationRecord) -> list[Actor]:
        """Who acts on a client's objects: its users, the people of whoever looks after it, the centre."""
        central = Role.MODERATOR | Role.ADMINISTRATOR
        return [
            a for a in self.actors if a.organisation_id in {client.id, client.parent_id} or a.roles & central
        ]

    def installer(self, client: OrganisationRecord) -> Actor:
        """The installer of whoever looks after the client."""
        return next(
            a for a in self.actors if a.organisation_id == client.parent_id and a.roles & Role.INSTALLER
        )


def is_seeded(uow: UnitOfWork) -> datetime | None:
    """When the company was written; None: not yet."""
    value = uow.settings.get(SEEDED_AT)
    return datetime.fromisoformat(value) if value else None


def seed(uow: UnitOfWork, now: datetime, progress: Progress = lambda _done, _total: None) -> None:
    """Write everything; tells nobody. The same ``now`` writes the same company."""
    now = now.replace(microsecond=0)
    random = Random(7)  # noqa: S311  # a company, not a secret
    company = _people(uow, now)
    lines: list[HistoryRecord] = []
    for client in company.organisations.values():
        if client.kind is OrganisationKind.CLIENT:
            lines += _sales_lines(uow, client, company, now, random)
    todo = plans()
    for number, plan in enumerate(todo, 1):
        lines += _object_lines(uow, plan, company, now, random)
        progress(number, len(todo))
    # The history is read by its ids: the oldest line gets the lowest.
    lines.sort(key=_moment)
    uow.session.add_all(lines)
    uow.settings.put(SEEDED_AT, now.isoformat())
    uow.session.flush()


def _moment(line: HistoryRecord) -> datetime:
    return line.at


def _people(uow: UnitOfWork, now: datetime) -> _Company:
    founded = now - _FOUNDED
    company = _Company({}, {}, [])
    for organisation in ORGANISATIONS:
        record = uow.organisations.add(_organisation(organisation, company, founded))
        company.organisations[organisation.name] = record
    for person in PEOPLE:
        home = company.organisations[person.organisation or ""]
        record_ = PersonRecord(
            organisation_id=home.id or 0,
            name=person.name,
            telegram_id=person.telegram_id,
            created_at=founded,
        )
        stored = company.people[person.name] = uow.people.add(record_, person.roles)
        company.actors.append(Actor(stored.id, home.id, home.kind, person.roles))
    for organisation in ORGANISATIONS:
        if organisation.support:
            responsible = company.people[organisation.support]
            company.organisations[organisation.name].support_id = responsible.id
    return company


def _organisation(organisation: Organisation, company: _Company, founded: datetime) -> OrganisationRecord:
    parent = company.organisations[organisation.parent] if organisation.parent else None
    is_client = organisation.kind is OrganisationKind.CLIENT
    return OrganisationRecord(
        name=organisation.name,
        kind=organisation.kind,
        parent_id=parent.id if parent else None,
        time_zone=TIME_ZONE,
        created_at=founded,
        # The sales case sets the real one; a client is never without.
        status=ClientStatus.NEW if is_client else None,
        status_since=founded if is_client else None,
    )


def _sales_lines(
    uow: UnitOfWork, client: OrganisationRecord, company: _Company, now: datetime, random: Random
) -> list[HistoryRecord]:
    steps = list(sales(client.name, company.crew(client), now, random))
    client.status, client.status_since = steps[-1].decision.row.target, steps[-1].at
    client.created_at, client.version = steps[0].at, len(steps)
    uow.session.add(client)
    return [_sales_line(client, step) for step in steps]


def _sales_line(client: OrganisationRecord, step: SalesStep) -> HistoryRecord:
    return HistoryRecord(
        client_id=client.id,
        kind=EntryKind.STATUS,
        at=step.at,
        before=step.before,
        after=step.decision.row.target,
        row=step.decision.row.no,
        person_id=step.actor.person_id,
        role=step.decision.role.key,
        comment=step.decision.comment,
        route=Route.CHAT,
    )


def _object_lines(
    uow: UnitOfWork, plan: Plan, company: _Company, now: datetime, random: Random
) -> list[HistoryRecord]:
    client = company.organisations[plan.machine.client]
    crew = company.crew(client)
    steps = list(walk(plan, crew, now, random))
    state = steps[-1].after
    assigned = plan.told or (state.status in WAITS_FOR_INSTALLER and random.random() < 0.5)  # noqa: PLR2004  # half of them
    installer = company.installer(client) if assigned else None
    record = _object(uow, plan, client, steps, installer)
    lines = _status_lines(record, steps, plan.machine.terminal)
    if installer is not None:
        lines.append(_assignment(record, company, crew, steps, now))
    if not plan.told and random.random() < 0.2:  # noqa: PLR2004  # a fifth
        lines.append(_note(record, crew, steps[-1].at, now, random))
    return lines


def _object(
    uow: UnitOfWork, plan: Plan, client: OrganisationRecord, steps: Sequence[Step], installer: Actor | None
) -> ObjectRecord:
    state, machine = steps[-1].after, plan.machine
    deadline = state.deadline
    return uow.objects.add(
        ObjectRecord(
            client_id=client.id or 0,
            number=machine.number,
            name=machine.name,
            plate=machine.plate,
            vin=machine.vin,
            address=machine.address,
            latitude=machine.latitude,
            longitude=machine.longitude,
            contact=machine.contact,
            terminal=machine.terminal if any(_equips(step) for step in steps) else None,
            installer_id=installer.person_id if installer else None,
            status=state.status or ObjectStatus.NEW,
            status_since=steps[-1].at,
            version=len(steps),
            commissioned=state.commissioned,
            open_request=state.open_request,
            main_at=deadline.main_at if deadline else None,
            urgent_at=deadline.urgent_at if deadline else None,
            next_at=soon_at(steps[-1].at, deadline) if deadline else None,
            created_at=steps[0].at,
        )
    )


def _equips(step: Step) -> bool:
    return step.after.status is ObjectStatus.EQUIPPED


def _status_lines(record: ObjectRecord, steps: Sequence[Step], terminal: str) -> list[HistoryRecord]:
    equipped = False
    lines = []
    for step in steps:
        equipped = equipped or _equips(step)
        lines.append(
            HistoryRecord(
                object_id=record.id,
                kind=EntryKind.STATUS,
                at=step.at,
                before=step.before,
                after=step.after.status,
                row=step.decision.row.no,
                person_id=step.actor.person_id,
                role=step.decision.role.key,
                comment=step.decision.comment,
                reason=step.decision.reason,
                rating=step.decision.rating,
                terminal=terminal if equipped else None,
                route=step.route,
            )
        )
    return lines


def _assignment(
    record: ObjectRecord, company: _Company, crew: Sequence[Actor], steps: Sequence[Step], now: datetime
) -> HistoryRecord:
    """Support names the installer a while after the machine came to where it is."""
    support = next(actor for actor in crew if actor.roles & Role.SUPPORT)
    installer = next(p.name for p in company.people.values() if p.id == record.installer_id)
    return HistoryRecord(
        object_id=record.id,
        kind=EntryKind.ASSIGNMENT,
        at=min(steps[-1].at + timedelta(minutes=25), now),
        person_id=support.person_id,
        role=Role.SUPPORT.key,
        comment=f"installer: – → {installer}",
        route=Route.CHAT,
    )


def _note(
    record: ObjectRecord, crew: Sequence[Actor], since: datetime, now: datetime, random: Random
) -> HistoryRecord:
    author = random.choice([a for a in crew if a.roles & (Role.INSTALLER | Role.SUPPORT | Role.CLIENT)])
    at = since + (now - since) * random.uniform(0.3, 0.9)
    return HistoryRecord(
        object_id=record.id,
        kind=EntryKind.NOTE,
        at=max(working_hour(at, random), since),
        person_id=author.person_id,
        role=next(iter(author.roles)).key,
        comment=random.choice(NOTES),
        route=Route.CHAT,
    )
