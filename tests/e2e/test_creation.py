"""Row 1: a new object by hand."""

import pytest

from domain.objects import ObjectStatus
from domain.process import Route
from tests.builders import key
from tests.e2e.walking import expected_hearers
from tests.e2e.world import World


@pytest.mark.parametrize(("name", "role"), [("Ivan", "support"), ("Mona", "moderator")])
def test_row_1(world: World, name: str, role: str) -> None:
    person, number = world.talks[name], f"N-{name}"
    person.says("/new")
    if "Agro" in " ".join(person.buttons()) or name == "Mona":
        person.says("Agro")
        person.press("Agro")
    person.says(number)
    person.says("Pump <1>")
    person.press("To the comment")
    person.says("\u2800")
    person.shows("A comment is needed")
    person.says("From the list & checked")
    person.shows(number, "From the list & checked")
    person.press(f"Create {number}")
    hearers = expected_hearers("Agro", ObjectStatus.NEW, name, commissioned=False)
    person.toast(number)
    person.shows(number, "Pump <1>", "New")
    client = key(world.organisations["Agro"])
    made = world.read(lambda unit: unit.objects.by_number(client, number))
    assert made is not None
    assert made.status is ObjectStatus.NEW
    [line] = world.history(made)
    assert (line.record.before, line.record.after, line.record.row) == (None, "New", 1)
    assert (line.person, line.record.role, line.record.route) == (name, role, Route.CHAT)
    assert line.record.comment == "From the list & checked"
    assert sorted(world.told(key(line.record))) == sorted(hearers)


@pytest.mark.parametrize("name", ["Anna", "Olga", "Adam", "Clara"])
def test_others_cannot_create_an_object(world: World, name: str) -> None:
    person = world.talks[name]
    person.says("/new")
    person.shows("Your role may not do this")
    assert "/new " not in person.text
    person.says("SMUGGLED-1")
    client = key(world.organisations["Agro"])
    assert world.read(lambda unit: unit.objects.by_number(client, "SMUGGLED-1")) is None
