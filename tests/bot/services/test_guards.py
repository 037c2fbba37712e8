"""What a use case refuses, whichever way it is called: conversations ask earlier, but not they decide."""

from collections.abc import Callable

import pytest

from bot.services.administration import invite_into, people_of, profile, remove, revoke, toggle_role
from bot.services.assignments import assign, naming
from bot.services.clients import add_client
from bot.services.corrections import correct, place, read_position
from bot.services.objects import add_note, add_object, checked_field, client_for_object
from bot.services.people import Me, as_me
from domain.process import Reason, Refused
from domain.roles import Role
from storage.database import Database, UnitOfWork
from tests.builders import NOW, Company, add_company, key
from tests.builders import add_object as machine_of

Act = Callable[[UnitOfWork, Me, Company], object]


def refusal(unit: UnitOfWork, me: Me, company: Company, act: Act) -> Reason:
    with pytest.raises(Refused) as refused:
        act(unit, me, company)
    return refused.value.reason


OBJECTS: dict[str, Act] = {
    "create": lambda unit, me, c: add_object(unit, me, c.group_client, {"number": "X"}, "words", NOW),
    "pick": lambda unit, me, c: client_for_object(unit, me, key(c.group_client)),
    "note": lambda unit, me, c: add_note(unit, me, key(machine_of(unit, c.group_client)), "words", (), NOW),
    "correct": lambda unit, me, c: correct(unit, me, key(machine_of(unit, c.group_client)), "name", "x", NOW),
    "place": lambda unit, me, c: place(unit, me, key(machine_of(unit, c.group_client)), (1, 1), NOW),
    "naming": lambda unit, me, c: naming(unit, me, key(machine_of(unit, c.group_client)), support=False),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_what_a_partner_does_not_see_is_not_there(database: Database, name: str) -> None:
    with database.write() as unit:
        company = add_company(unit)
        me = as_me(unit, company.support)
        assert refusal(unit, me, company, OBJECTS[name]) is Reason.NOT_FOUND


def test_a_partner_gives_its_client_to_nobody_else(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        me = as_me(unit, company.manager)
        for parent in (company.group, company.client):
            with pytest.raises(Refused) as refused:
                add_client(unit, me, "New farm", parent, "words", NOW)
            assert refused.value.reason is Reason.NOT_FOUND
        assert add_client(unit, me, "New farm", company.partner, "words", NOW).parent_id == company.partner.id


ADMINISTRATION: dict[str, Act] = {
    "people": lambda unit, me, c: people_of(unit, me, key(c.partner)),
    "profile": lambda unit, me, c: profile(unit, me, key(c.installer)),
    "role": lambda unit, me, c: toggle_role(unit, me, key(c.installer), Role.SUPPORT, NOW),
    "remove": lambda unit, me, c: remove(unit, me, key(c.installer), NOW),
    "invite": lambda unit, me, c: invite_into(unit, me, Role.INSTALLER, key(c.partner), NOW),
    "revoke": lambda unit, me, _: revoke(unit, me, 1, NOW),
}


@pytest.mark.parametrize("name", ADMINISTRATION)
@pytest.mark.parametrize("who", ["moderator", "group_manager", "support", "client_user"])
def test_administration_is_for_administrators(database: Database, name: str, who: str) -> None:
    with database.write() as unit:
        company = add_company(unit)
        me = as_me(unit, getattr(company, who))
        assert refusal(unit, me, company, ADMINISTRATION[name]) is Reason.WRONG_ROLE


def test_an_administrator_without_an_account_does_not_count(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        me = as_me(unit, company.administrator)
        toggle_role(unit, me, key(company.moderator), Role.ADMINISTRATOR, NOW)
        company.moderator.telegram_id = None
        unit.session.flush()
        with pytest.raises(Refused) as refused:
            remove(unit, me, key(company.administrator), NOW)
        assert refused.value.reason is Reason.LAST_ADMINISTRATOR


def test_two_people_of_one_name_are_told_apart(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        machine, me = machine_of(unit, company.client), as_me(unit, company.manager)
        for person in (company.installer, company.support):
            unit.people.grant(key(person), Role.INSTALLER)
            person.name = "Ivan Petrov"
            assert assign(unit, me, key(machine), person.id, NOW) == 1
            assert machine.installer_id == person.id
            assert assign(unit, me, key(machine), person.id, NOW) is None


@pytest.mark.parametrize("typed", ["", "50", "a, b", "91, 0", "0, 181", "50.1, 30.2, 1"])
def test_what_is_no_position(typed: str) -> None:
    with pytest.raises(Refused):
        read_position(typed)


@pytest.mark.parametrize("typed", ["50.45, 30.52", "50.45 30.52", " 50.45;30.52 "])
def test_a_position_may_be_typed_in_ways(typed: str) -> None:
    assert read_position(typed) == (50.45, 30.52)


@pytest.mark.parametrize(("field", "typed"), [("number", " "), ("number", "\u2800"), ("name", "x" * 81)])
def test_what_is_no_value(field: str, typed: str) -> None:
    with pytest.raises(Refused):
        checked_field(field, typed)
