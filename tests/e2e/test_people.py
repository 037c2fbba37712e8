"""People and their roles, as an administrator changes them; each takes effect with the next press."""

import itertools

import pytest

from domain.roles import Role
from storage.tables import OrganisationRecord, PersonRecord
from tests.builders import key
from tests.e2e.world import World
from tests.talk import Talk

_numbers = itertools.count(1)


def newcomer(world: World, role: Role) -> tuple[Talk, str]:
    """Somebody of South, whom no other test meets."""
    name = f"Ned{next(_numbers)}"
    return world.newcomer(name, "South", role), name


def roles_of(world: World, name: str) -> Role:
    return world.read(lambda unit: unit.people.roles(key(world.people[name])))


def commands_of(world: World, talk: Talk) -> list[str]:
    return [one["command"] for one in world.stage.http("GET", f"people/{talk.account}/chat")["commands"]]


def open_person(world: World, name: str) -> None:
    world.adam.says("/people")
    world.adam.press("South")
    world.adam.press(f"{name} ·")
    world.adam.shows(name, "South", "partner")


def test_a_role_is_given_and_taken(world: World) -> None:
    ned, name = newcomer(world, Role.INSTALLER)
    open_person(world, name)
    assert [label for label in world.adam.buttons() if label.startswith(("✅", "▫️"))] == [
        "✅ installer", "▫️ support", "▫️ manager",
    ]  # fmt: skip
    world.adam.press("▫️ support")
    world.adam.toast(f"Given to {name}: support")
    assert roles_of(world, name) == Role.INSTALLER | Role.SUPPORT
    ned.starts()
    ned.shows("installer, support")
    assert "new" in commands_of(world, ned)
    world.adam.press("✅ support")
    world.adam.toast(f"Taken from {name}: support")
    ned.says("/new")
    ned.shows("Your role may not do this")
    assert "new" not in commands_of(world, ned)
    world.adam.press("✅ installer")
    world.adam.shows("No role: the bot does not answer them")
    ned.says("/tasks")
    ned.shows("This bot is for invited people")


def test_whoever_is_removed_is_a_stranger_with_the_next_press(world: World) -> None:
    ned, name = newcomer(world, Role.INSTALLER | Role.SUPPORT)
    person = world.people[name]
    machine = world.machine(client="Terra", installer_id=person.id)
    terra = key(world.organisations["Terra"])
    world.write(
        lambda unit: setattr(unit.session.get_one(OrganisationRecord, terra), "support_id", person.id)
    )
    ned.starts(f"o{machine.id}")
    ned.press("Note")
    ned.says("I was here")
    ned.press("Leave this note")
    open_person(world, name)
    world.adam.press("Remove")
    world.adam.shows(f"Remove {name}?")
    assert world.read(lambda unit: unit.session.get_one(PersonRecord, person.id).removed_at) is None
    world.adam.press("« Back")
    world.adam.press("Remove")
    world.adam.press("Yes, remove")
    world.adam.toast(f"{name} is removed")
    assert not [label for label in world.adam.buttons() if name in label]
    ned.press("History")
    ned.shows("This bot is for invited people")
    assert commands_of(world, ned) == []
    assert world.reload(machine).installer_id is None
    assert world.read(lambda unit: unit.session.get_one(OrganisationRecord, terra).support_id) is None
    [line] = world.history(machine)
    assert line.person == name


def test_a_machine_that_lost_its_installer_goes_to_all_of_them(world: World) -> None:
    _, name = newcomer(world, Role.INSTALLER)
    machine = world.machine(client="Terra", installer_id=world.people[name].id)
    open_person(world, name)
    world.adam.press("✅ installer")
    assert world.reload(machine).installer_id is None


def test_the_last_administrator_stays(world: World) -> None:
    adam = world.adam
    adam.says("/people")
    adam.press("Group")
    adam.press("Adam")
    adam.press("✅ administrator")
    adam.toast("There has to be one administrator at least")
    adam.shows("Adam", "administrator")
    adam.press("Remove")
    adam.press("Yes, remove")
    adam.toast("There has to be one administrator at least")
    assert roles_of(world, "Adam") == Role.ADMINISTRATOR
    adam.press("▫️ manager")
    adam.press("✅ manager")
    assert roles_of(world, "Adam") == Role.ADMINISTRATOR


def test_one_of_two_administrators_may_step_back(world: World) -> None:
    other = world.newcomer("Second", "Group", Role.ADMINISTRATOR)
    other.says("/people")
    other.says("second")
    other.shows("Second", "Group", "administrator")
    other.press("Remove")
    other.press("Yes, remove")
    other.shows("This bot is for invited people")
    other.says("/people")
    other.shows("This bot is for invited people")


def test_somebody_is_found_by_a_part_of_the_name(world: World) -> None:
    adam = world.adam
    adam.says("/people")
    adam.says("CLAR")
    adam.shows("Clara", "Agro", "client")
    assert [label for label in adam.buttons() if "client" in label] == ["✅ client"]
    adam.says("/people")
    adam.says("nobody of this name")
    adam.shows("Nobody is called so")
    adam.press("« Back")
    adam.says("na")
    adam.shows("People", "«na»")


def test_a_role_must_fit_the_organisation(world: World) -> None:
    ned, name = newcomer(world, Role.INSTALLER)
    world.adam.starts()
    for role in (Role.ADMINISTRATOR, Role.MODERATOR, Role.CLIENT, Role.SYSTEM, Role.SUPPORT | Role.MANAGER):
        world.adam.forge(f"role:{world.people[name].id}:{role.value}")
        world.adam.toast("This does not fit here")
    assert roles_of(world, name) == Role.INSTALLER
    ned.starts()
    ned.shows("installer")


@pytest.mark.parametrize("name", ["Mona", "Gwen", "Ivan", "Clara"])
def test_others_change_nobody(world: World, name: str) -> None:
    person, anna = world.talks[name], world.people["Anna"].id
    person.says("/people")
    person.shows("Your role may not do this")
    for data in ("ppl:0:", "ppl:0:1", f"prs:{anna}", f"role:{anna}:{Role.SUPPORT.value}", f"rm:{anna}:1"):
        person.forge(data)
        person.toast("Your role may not do this")
    assert roles_of(world, "Anna") == Role.INSTALLER
    world.anna.starts()
    world.anna.shows("Anna · installer")
