"""The demo company: what the documentation promises of it, and that nothing in it breaks the rules."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from demo.company import AGRO, NEWCOMER, PEOPLE, STRANGER, accounts
from demo.fleet import imei
from demo.seeding import is_seeded, seed
from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.deadlines import DEFAULT_POLICY, DEFAULT_SCHEDULE, Colour, Deadline, colour
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import ClientReason, Request, Route, Subject
from domain.roles import ROLES_OF, SYSTEM, OrganisationKind, Role, Sight, sight
from domain.search import fold
from storage.database import Database, UnitOfWork
from storage.object_terms import ObjectFilter
from storage.objects import Seen
from storage.tables import EntryKind, HistoryRecord, ObjectRecord, OrganisationRecord
from tests.conftest import Databases

NOW = datetime(2026, 11, 24, 2, 17, 43, 999, tzinfo=UTC)
"""At night, so that nothing depends on the hour of the start."""


@pytest.fixture(scope="module")
def company(databases: Databases) -> Iterator[UnitOfWork]:
    database = databases.fresh("sqlite")
    with database.write() as unit:
        seed(unit, NOW)
    with database.read() as unit:
        yield unit
    databases.drop(database)


def objects(unit: UnitOfWork) -> list[Seen]:
    return unit.objects.page(Sight(everything=True), ObjectFilter(), NOW, limit=1000)


def deadline(record: ObjectRecord) -> Deadline | None:
    if record.main_at is None or record.urgent_at is None:
        return None
    return Deadline(record.main_at, record.urgent_at)


def changes(unit: UnitOfWork, **of: int | None) -> list[HistoryRecord]:
    [(field, value)] = of.items()
    column = getattr(HistoryRecord, field)
    return list(
        unit.session.exec(
            select(HistoryRecord)
            .where(column == value, HistoryRecord.kind == EntryKind.STATUS)
            .order_by(HistoryRecord.id)
        )
    )


def test_is_as_large_as_promised(company: UnitOfWork) -> None:
    kinds = {kind: len(company.organisations.of_kind(kind)) for kind in OrganisationKind}

    assert kinds == {
        OrganisationKind.ADMINISTRATIVE_GROUP: 1, OrganisationKind.PARTNER: 2, OrganisationKind.CLIENT: 5,
    }  # fmt: skip
    assert len(company.people.all()) == 12
    assert len(objects(company)) == 200


def test_every_role_has_somebody_and_nobody_has_a_role_that_does_not_fit(company: UnitOfWork) -> None:
    roles = Counter[Role]()
    for person in company.people.all():
        actor = company.people.actor(person)
        assert actor.roles
        assert not actor.roles & ~ROLES_OF[actor.kind]
        roles.update(actor.roles)

    assert set(roles) == set(Role) - {Role.SYSTEM}


def test_every_status_with_a_deadline_shows_in_blue_yellow_and_red(company: UnitOfWork) -> None:
    shown: dict[ObjectStatus, set[Colour]] = {status: set() for status in ObjectStatus}
    for seen in objects(company):
        shown[seen.object.status].add(colour(deadline(seen.object), NOW))

    urgent = {Colour.BLUE, Colour.YELLOW, Colour.RED}
    for status, colours in shown.items():
        expected = urgent if DEFAULT_POLICY.times_of(status) else {Colour.GREEN}
        if status is ObjectStatus.OUT_OF_SERVICE:
            expected = urgent | {Colour.GREEN}
        assert colours == expected, status


def test_every_history_is_a_legal_walk_to_where_the_object_stands(company: UnitOfWork) -> None:
    for seen in objects(company):
        record = seen.object
        subject: Subject[ObjectStatus] = Subject(None)
        terminal, request = None, None
        for line in changes(company, object_id=record.id):
            assert line.before == subject.status
            assert subject.since is None or subject.since < line.at
            person = company.people.get(line.person_id) if line.person_id else None
            actor = company.people.actor(person) if person else SYSTEM
            assert person is not None or line.route is Route.TELEMETRY
            assert sight(actor).covers(record.client_id, seen.client.parent_id)
            wish = Request(
                ObjectStatus(str(line.after)), line.comment, line.rating, line.reason, confirmed_twice=True
            )
            decision = OBJECT_PROCESS.decide(actor, subject, wish, line.at, line.route)
            assert (decision.row.no, decision.role.key) == (line.row, line.role)
            assert (decision.rating, decision.reason) == (line.rating, line.reason)
            request = line.reason if line.reason and line.reason.is_request else None
            due = DEFAULT_SCHEDULE.deadline(wish.target, line.at, open_request=request is not None)
            subject = Subject(
                wish.target,
                line.at,
                due.main_at if due else None,
                subject.commissioned or wish.target is ObjectStatus.ACTIVE,
                request is not None,
            )
            terminal = line.terminal
        assert (record.status, record.status_since) == (subject.status, subject.since)
        assert record.commissioned == subject.commissioned
        assert (record.open_request, record.terminal) == (request, terminal)
        assert record.main_at == subject.late_from
        assert record.version == len(changes(company, object_id=record.id))
        assert (terminal is not None) == any(c.row == 4 for c in changes(company, object_id=record.id))
        assert seen.client.created_at <= record.created_at
        assert record.status_since <= NOW


def test_every_row_of_both_processes_was_taken(company: UnitOfWork) -> None:
    lines = company.session.exec(select(HistoryRecord)).all()

    assert {line.row for line in lines if line.object_id and line.row} == set(range(1, 36))
    assert {line.row for line in lines if line.client_id} == set(range(1, 14))
    assert {line.reason for line in lines if line.reason} == set(ClientReason)
    assert {line.route for line in lines} == {Route.CHAT, Route.IMPORT, Route.TELEMETRY}
    late = [line for line in lines if line.role in {"moderator", "administrator"} and line.row in {23, 24}]
    assert late


def test_every_sales_case_is_a_legal_walk_and_no_two_clients_stand_alike(company: UnitOfWork) -> None:
    clients = company.organisations.of_kind(OrganisationKind.CLIENT)
    for client in clients:
        subject: Subject[ClientStatus] = Subject(None)
        for line in changes(company, client_id=client.id):
            assert line.before == subject.status
            assert subject.since is None or subject.since < line.at
            person = company.people.get(line.person_id or 0)
            assert person is not None
            actor = company.people.actor(person)
            wish = Request(ClientStatus(str(line.after)), line.comment)
            assert CLIENT_PROCESS.decide(actor, subject, wish, line.at).row.no == line.row
            subject = Subject(wish.target, line.at)
        assert (client.status, client.status_since) == (subject.status, subject.since)

    assert len({client.status for client in clients}) == 5


def test_the_machines_that_the_documentation_tells_of(company: UnitOfWork) -> None:
    client = company.organisations.by_name(AGRO)
    anna, ivan, sofia = (company.people.by_telegram_id(number) for number in (7001, 7002, 7011))
    assert client
    assert anna
    assert ivan
    assert sofia
    found = {n: company.objects.by_number(client.id or 0, n) for n in ("T-01", "T-17", "T-22", "K-03")}

    told = {
        number: (record.name, record.status, colour(deadline(record), NOW), record.installer_id)
        for number, record in found.items()
        if record
    }
    assert told == {
        "T-01": ("Claas Lexion 770", ObjectStatus.NEW, Colour.BLUE, anna.id),
        "T-17": ("John Deere 8R", ObjectStatus.SERVICE, Colour.RED, anna.id),
        "T-22": ("Loader", ObjectStatus.NEW, Colour.YELLOW, anna.id),
        "K-03": ("Fuel pump", ObjectStatus.DISMANTLING, Colour.BLUE, anna.id),
    }
    assert client.support_id == ivan.id
    assert sofia.organisation_id == client.id
    tasks = ObjectFilter(movable_by=company.people.actor(anna))
    first = company.objects.page(sight(company.people.actor(anna)), tasks, NOW)[0]
    assert first.object.number == "T-17"


def test_an_assigned_installer_works_for_whoever_looks_after_the_client(company: UnitOfWork) -> None:
    assigned = [seen for seen in objects(company) if seen.object.installer_id]

    for seen in assigned:
        person = company.people.get(seen.object.installer_id or 0)
        assert person is not None
        assert person.organisation_id == seen.client.parent_id
        lines = company.history.of_object(seen.object.id or 0)
        assert any(person.name in e.record.comment for e in lines if e.record.kind is EntryKind.ASSIGNMENT)
    assert len(assigned) > 10


def test_the_history_reads_in_the_order_in_which_it_happened(company: UnitOfWork) -> None:
    lines = company.session.exec(select(HistoryRecord).order_by(HistoryRecord.id)).all()

    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert lines[-1].at <= NOW


def test_numbers_of_terminals_pass_the_check_and_plates_come_in_both_alphabets(company: UnitOfWork) -> None:
    terminals = [seen.object.terminal for seen in objects(company) if seen.object.terminal]
    plates = [seen.object.plate for seen in objects(company) if seen.object.plate]

    assert imei(0) == "863051000000009"
    assert {len(terminal) for terminal in terminals} == {15}
    assert all(_luhn(terminal) for terminal in terminals)
    assert any(plate.isascii() for plate in plates)
    assert any(not plate.isascii() and fold(plate).isascii() for plate in plates)


def _luhn(number: str) -> bool:
    digits = [int(d) for d in reversed(number)]
    return sum(d if i % 2 == 0 else sum(divmod(d * 2, 10)) for i, d in enumerate(digits)) % 10 == 0


def test_tells_nobody_and_remembers_when(database: Database) -> None:
    with database.write() as unit:
        assert is_seeded(unit) is None
        seed(unit, NOW)

    with database.read() as unit:
        assert unit.outbox.counts() == {}
        assert is_seeded(unit) == NOW.replace(microsecond=0)
        # What comes next gets ids of its own: nothing was written beside the database's own counting.
        unit.organisations.add(
            OrganisationRecord(name="One more", kind=OrganisationKind.PARTNER, created_at=NOW)
        )


def test_is_the_same_whenever_it_is_made(databases: Databases) -> None:
    made = []
    for at in (NOW, NOW, NOW + timedelta(days=100)):
        database = databases.fresh("sqlite")
        with database.write() as unit:
            seed(unit, at)
        with database.read() as unit:
            made.append(
                [
                    (s.object.number, s.object.status, s.object.plate, at - s.object.status_since)
                    for s in sorted(objects(unit), key=lambda seen: seen.object.id or 0)
                ]
            )
        databases.drop(database)

    assert made[0] == made[1] == made[2]


def test_the_page_lists_everybody_with_a_hint_and_a_stranger_who_is_not_known() -> None:
    listed = {account["id"]: account for account in accounts("a hint of its own")}

    assert len(listed) == 14
    assert {person.telegram_id for person in PEOPLE} | {NEWCOMER.telegram_id, STRANGER.telegram_id} == set(
        listed
    )
    assert all(isinstance(number, int) and number > 7000 for number in listed)
    assert all(account["hint"] and account["title"] and account["group"] for account in listed.values())
    assert listed[NEWCOMER.telegram_id]["hint"] == "a hint of its own"
    assert "started" not in listed[STRANGER.telegram_id]
    assert next(iter(listed.values()))["first_name"] == "Anna"
