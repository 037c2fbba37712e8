"""A new client as a sales case."""

import pytest

from domain.clients import ClientStatus
from storage.tables import OrganisationRecord
from tests.builders import key
from tests.e2e.world import World


def made(world: World, name: str) -> OrganisationRecord | None:
    return world.read(lambda unit: unit.organisations.by_name(name))


@pytest.mark.parametrize("name", ["Adam", "Mona", "Gwen"])
def test_the_group_says_who_looks_after_it(world: World, name: str) -> None:
    person, client = world.talks[name], f"Farm <{name}>"
    person.says("/newclient")
    person.says(client)
    person.shows("Who looks after this client?")
    person.says("nor")
    person.press("North")
    person.says("\u2800")
    person.shows("A comment is needed")
    person.says("They called & asked")
    person.shows(client, "Looked after by North", "They called & asked")
    assert made(world, client) is None
    person.press("Create this client")
    person.toast(f"{client} is created")
    person.shows(client, "New", "They called & asked", name)
    record = made(world, client)
    assert record is not None
    assert (record.status, record.parent_id) == (ClientStatus.NEW, key(world.organisations["North"]))
    [line] = world.client_history(record)
    assert (line.person, line.record.after, line.record.comment) == (name, "New", "They called & asked")


def test_a_partner_looks_after_its_own(world: World) -> None:
    olga = world.olga
    olga.says("/newclient")
    olga.says("Olga's farm")
    olga.shows("Looked after by North", "Write a comment")
    for question in ("What is the client called?", "Olga · manager"):
        olga.press("« Back")
        olga.shows(question)
    assert made(world, "Olga's farm") is None


def test_a_name_that_is_taken(world: World) -> None:
    olga, mona = world.olga, world.mona
    olga.says("/newclient")
    olga.says("Terra")
    olga.shows("This name is taken")
    assert not [label for label in olga.buttons() if label.startswith("Open")]
    mona.says("/newclient")
    mona.says(" Terra ")
    mona.press("Open Terra")
    mona.shows("Terra", "New")
    mona.says("/newclient")
    mona.says("x" * 121)
    mona.shows("1 to 120 characters")
    mona.says("\u2800")
    mona.shows("1 to 120 characters")


def test_a_partner_cannot_give_it_to_others(world: World) -> None:
    mona = world.mona
    mona.says("/newclient")
    mona.says("Nobody's farm")
    mona.forge(f"org:{key(world.organisations['Agro'])}:0")
    mona.shows("There is no such thing here")
    assert made(world, "Nobody's farm") is None


@pytest.mark.parametrize("name", ["Anna", "Ivan", "Clara"])
def test_others_may_not_create_clients(world: World, name: str) -> None:
    person = world.talks[name]
    person.says("/newclient")
    person.shows("Your role may not do this")
    person.forge("newc")
    person.says("Smuggled farm")
    assert made(world, "Smuggled farm") is None
