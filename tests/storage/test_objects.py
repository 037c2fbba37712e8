"""Objects: who sees which, the lists, and the compare-and-set."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from domain.deadlines import Colour
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import CLIENT_RIGHT, ClientReason, Subject
from domain.roles import Actor, OrganisationKind, Role, Sight, sight
from storage.database import Database, UnitOfWork
from storage.object_terms import ObjectFilter, movable
from storage.organisations import ClientFilter
from storage.tables import ObjectRecord
from tests.builders import NOW, Company, add_client, add_company, add_object, add_partner, key
from tests.storage.racing import race

S = ObjectStatus
ALL = Sight(everything=True)
ANY = ObjectFilter()
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def numbers(unit: UnitOfWork, view: Sight = ALL, wanted: ObjectFilter = ANY, **page: int) -> list[str]:
    return [seen.object.number for seen in unit.objects.page(view, wanted, NOW, **page)]


def sights(company: Company) -> dict[str, tuple[Sight, set[int]]]:
    """Everybody's view, with the clients in it."""
    client, other = key(company.client), key(company.group_client)
    return {
        "group": (ALL, {client, other}),
        "partner": (Sight(looked_after_by=key(company.partner)), {client}),
        "of the group alone": (Sight(looked_after_by=key(company.group)), {other}),
        "stranger": (Sight(looked_after_by=99_999), set()),
        "client": (Sight(own=client), {client}),
        "other client": (Sight(own=other), {other}),
        "nobody": (Sight(), set()),
    }


def test_every_question_keeps_to_what_one_sees(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        made = {key(c): key(add_object(unit, c)) for c in (company.client, company.group_client)}
        for name, (view, clients) in sights(company).items():
            assert {c for c, o in made.items() if unit.objects.get(o, view)} == clients, name
            page = unit.objects.page(view, ANY, NOW)
            assert {seen.client.id for seen in page} == clients, name
            assert {seen.object.client_id for seen in page} == clients, name
            assert unit.objects.count(view, ANY, NOW) == len(clients), name
            assert sum(unit.objects.counts_by_colour(view, ANY, NOW).values()) == len(clients), name
            assert {c for c in made if unit.organisations.client(c, view)} == clients, name
            assert {c.id for c in unit.organisations.clients(view, ClientFilter())} == clients, name
            assert unit.organisations.count_clients(view, ClientFilter()) == len(clients), name
            for client in made:
                wanted = ObjectFilter(client_id=client)
                assert unit.objects.count(view, wanted, NOW) == (client in clients), name


def test_an_unknown_object_and_an_unseen_one_are_alike(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        unseen = add_object(unit, company.group_client)
        view = sight(unit.people.actor(company.support))
        assert unit.objects.get(key(unseen), view) is None
        assert unit.objects.get(99_999, view) is None
        assert unit.organisations.client(key(company.partner), ALL) is None


def test_a_list_shows_the_reddest_first_and_then_the_oldest(database: Database) -> None:
    with database.write() as unit:
        client = add_company(unit).client
        for number, status, age in (
            ("green", S.ACTIVE, 100),
            ("blue", S.NEW, 1),
            ("yellow, young", S.NEW, 5),
            ("yellow, old", S.NEW, 9),
            ("red, young", S.SERVICED, 3),
            ("red, old", S.NEW, 10),
            ("blue, old", S.BLOCKED, 29),
            ("red, old, later made", S.NEW, 10),
        ):
            add_object(unit, client, status, since=NOW - age * DAY, number=number)
        order = [
            "red, old", "red, old, later made", "red, young", "yellow, old", "yellow, young",
            "blue, old", "blue", "green",
        ]  # fmt: skip
        assert numbers(unit) == order
        assert numbers(unit, offset=2, limit=3) == order[2:5]
        assert numbers(unit, offset=8) == []
        assert unit.objects.counts_by_colour(ALL, ANY, NOW) == {
            Colour.RED: 3, Colour.YELLOW: 2, Colour.BLUE: 2, Colour.GREEN: 1,
        }  # fmt: skip
        for colour in Colour:
            wanted = ObjectFilter(colour=colour)
            assert numbers(unit, wanted=wanted) == [n for n in order if n.startswith(colour.name.lower())]


@pytest.mark.parametrize(
    ("elapsed", "colour"),
    [
        (5 * DAY - MOMENT, Colour.BLUE),
        (5 * DAY, Colour.YELLOW),
        (10 * DAY - MOMENT, Colour.YELLOW),
        (10 * DAY, Colour.RED),
    ],
)
def test_the_colours_of_a_list_change_on_the_microsecond(
    database: Database, elapsed: timedelta, colour: Colour
) -> None:
    with database.write() as unit:
        add_object(unit, add_company(unit).client, since=NOW)
        assert unit.objects.counts_by_colour(ALL, ANY, NOW + elapsed) == {colour: 1}


def test_lists_are_narrowed_by_status_client_and_person(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        company.group_client.support_id = company.group_support.id
        add_object(unit, company.client, S.NEW, number="new")
        add_object(unit, company.client, S.SERVICE, number="mine", installer_id=company.installer.id)
        add_object(unit, company.group_client, S.SERVICE, number="group")
        assert set(numbers(unit, wanted=ObjectFilter(status=S.SERVICE))) == {"mine", "group"}
        assert numbers(unit, wanted=ObjectFilter(client_id=company.group_client.id)) == ["group"]
        assert numbers(unit, wanted=ObjectFilter(named_for=(key(company.installer),))) == ["mine"]
        assert numbers(unit, wanted=ObjectFilter(named_for=(key(company.group_support),))) == ["group"]
        both = ObjectFilter(status=S.NEW, named_for=(key(company.installer),))
        assert numbers(unit, wanted=both) == []
        unit.objects.unassign(key(company.installer))
        assert numbers(unit, wanted=ObjectFilter(named_for=(key(company.installer),))) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("t17", {"T-17"}),
        ("T-1", {"T-17", "T-18"}),
        ("deere", {"T-17"}),
        ("\u0430\u0432 1234", {"T-17"}),  # Cyrillic letters
        ("ab1234ce", {"T-17"}),
        ("WDB9", {"T-18"}),
        ("863051", {"T-18"}),
        ("50%", {"50%"}),
        ("%", {"50%"}),
        ("17", {"T-17"}),
        ("jo", {"T-17"}),
        ("8", {"T-17", "T-18"}),
        ("0%", set()),  # one or two letters find beginnings alone
        ("\\", set()),
        ("17john", set()),
        ("absent", set()),
        ("", {"T-17", "T-18", "50%"}),
    ],
)
def test_searching(database: Database, query: str, found: set[str]) -> None:
    with database.write() as unit:
        client = add_company(unit).client
        add_object(unit, client, number="T-17", name="John Deere 8R", plate="\u0410\u0412 1234 \u0421\u0415")
        add_object(unit, client, number="T-18", vin="WDB9066571", terminal="863051042")
        add_object(unit, client, number="50%")
        assert set(numbers(unit, wanted=ObjectFilter(query=query))) == found


def test_a_corrected_object_is_found_by_its_new_words(database: Database) -> None:
    with database.write() as unit:
        made = add_object(unit, add_company(unit).client, number="T-17", name="Loader")
        made.name = "Pump"
        unit.objects.save(made)
        assert numbers(unit, wanted=ObjectFilter(query="pump")) == ["T-17"]
        assert numbers(unit, wanted=ObjectFilter(query="loader")) == []


def test_an_object_is_found_by_its_clients_number_and_by_its_terminal(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        made = add_object(unit, company.client, number="T-17", terminal="863051")
        other = add_object(unit, company.group_client, number="T-17")
        assert unit.objects.by_number(key(company.client), "T-17") is made
        assert unit.objects.by_number(key(company.group_client), "T-17") is other
        assert unit.objects.by_number(key(company.client), "T-1") is None
        assert unit.objects.by_terminal("863051") is made
        assert unit.objects.by_terminal("8630") is None


# Compare and set.


def test_a_status_is_set_from_the_version_that_was_seen(database: Database) -> None:
    with database.write() as unit:
        made = add_object(unit, add_company(unit).client)
        values: dict[str, Any] = {
            "status": S.CANCELED,
            "status_since": NOW + DAY,
            "main_at": None,
            "urgent_at": None,
        }
        assert unit.objects.set_status(key(made), 1, values)
        assert (made.status, made.version, made.status_since) == (S.CANCELED, 2, NOW + DAY)
        assert not unit.objects.set_status(key(made), 1, {"status": S.EQUIPPED})
        assert not unit.objects.set_status(99_999, 1, values)
        assert made.status is S.CANCELED


def test_what_else_was_loaded_stays_readable_after_the_unit(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        made = add_object(unit, company.client, installer_id=company.installer.id)
        unit.objects.set_status(key(made), 1, {"status": S.EQUIPPED})
        assert made.status is S.EQUIPPED
        unit.objects.unassign(key(company.installer))
        assert made.installer_id is None
    assert company.installer.name
    assert made.number


@pytest.mark.parametrize("_round", range(3))
def test_of_two_at_once_one_wins(database: Database, _round: int) -> None:
    with database.write() as unit:
        made = add_object(unit, add_company(unit).client)
    won = race(database, lambda u: u.objects.set_status(key(made), 1, {"status": S.EQUIPPED}), runners=4)
    assert sorted(won) == [False, False, False, True]
    with database.read() as unit:
        assert unit.session.get_one(ObjectRecord, made.id).version == 2


def test_of_two_at_once_one_sets_a_clients_status(database: Database) -> None:
    with database.write() as unit:
        client = add_company(unit).client
    status = client.status
    assert status is not None
    won = race(database, lambda u: u.organisations.set_status(key(client), 0, status, NOW))
    assert sorted(won) == [False, True]


# What is next for whom: the process said in SQL.


def everything(unit: UnitOfWork, company: Company) -> None:
    """An object for each status, past and border of time."""
    requests = (None, ClientReason.BLOCK)
    ages = (timedelta(0), CLIENT_RIGHT - MOMENT, CLIENT_RIGHT)
    mains = (None, NOW - MOMENT, NOW, NOW + MOMENT)
    for status, commissioned, request, age, main in itertools.product(
        ObjectStatus, (False, True), requests, ages, mains
    ):
        add_object(
            unit, company.client, status, since=NOW - age, commissioned=commissioned, request=request,
            main_at=main, urgent_at=main,
        )  # fmt: skip


def subject(record: ObjectRecord) -> Subject[ObjectStatus]:
    return Subject(
        record.status,
        record.status_since,
        record.main_at,
        record.commissioned,
        record.open_request is not None,
    )


def test_movable_is_what_may_be_chosen(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        everything(unit, company)
        records = unit.session.exec(select(ObjectRecord)).all()
        assert len(records) == 15 * 2 * 2 * 3 * 4
        pairs = [a | b for a, b in itertools.combinations(Role, 2)]
        for roles in (Role(0), *Role, *pairs):
            actor = Actor(1, 1, OrganisationKind.ADMINISTRATIVE_GROUP, roles)
            chosen = {r.id for r in records if OBJECT_PROCESS.choices(actor, subject(r), NOW)}
            found = set(unit.session.exec(select(ObjectRecord.id).where(movable(actor, NOW))))
            assert found == chosen, roles
            tasks = ObjectFilter(movable_by=actor)
            due = {r.id for r in records if r.id in chosen and r.main_at is not None}
            assert unit.objects.count(ALL, tasks, NOW) == len(due), roles


# Clients and organisations.


def test_clients_are_listed_by_name_and_found_folded(database: Database) -> None:
    with database.write() as unit:
        partner = add_partner(unit)
        for name in ("Beta", "Alpha Trans", "Gamma"):
            add_client(unit, partner, name)
        clients: Callable[..., list[str]] = lambda **page: [  # noqa: E731  # short names for one test
            c.name for c in unit.organisations.clients(ALL, ClientFilter(), **page)
        ]
        assert clients() == ["Alpha Trans", "Beta", "Gamma"]
        assert clients(offset=1, limit=1) == ["Beta"]
        found = unit.organisations.clients(ALL, ClientFilter(query="alpha-trans"))
        assert [c.name for c in found] == ["Alpha Trans"]
        assert unit.organisations.by_name("Beta") is not None
        assert unit.organisations.by_name("beta") is None
        assert [o.id for o in unit.organisations.of_kind(OrganisationKind.PARTNER)] == [partner.id]


def test_a_query_is_ordered_by_the_database_alone(database: Database) -> None:
    with database.write() as unit:
        client = add_company(unit).client
        for _ in range(3):
            add_object(unit, client)
        ids = unit.session.exec(select(ObjectRecord.id).order_by(col(ObjectRecord.id))).all()
        assert [seen.object.id for seen in unit.objects.page(ALL, ANY, NOW)] == list(ids)
