"""Naming an installer, or the support employee responsible for a client."""

import itertools

import pytest

from domain.roles import Role
from storage.tables import EntryKind, ObjectRecord, OrganisationRecord
from tests import builders
from tests.builders import key
from tests.e2e.world import World

_numbers = itertools.count(1)


def machine_of_its_own(world: World) -> ObjectRecord:
    """A machine of a client that no other test meets: who is responsible holds for all its machines."""
    name = f"Assign {next(_numbers)}"
    made = world.write(lambda unit: builders.add_client(unit, world.organisations["North"], name))
    world.organisations[name] = made
    return world.machine(client=name)


def client_of(world: World, machine: ObjectRecord) -> OrganisationRecord:
    return world.read(lambda unit: unit.session.get_one(OrganisationRecord, machine.client_id))


@pytest.mark.parametrize("name", ["Ivan", "Olga", "Mona"])
def test_an_installer_is_named_and_hears_of_it(world: World, name: str) -> None:
    machine, person = machine_of_its_own(world), world.talks[name]
    world.open(person, machine)
    person.press("Assign")
    person.shows(machine.number, "Installer: nobody")
    assert "Nobody" not in person.buttons()
    person.press("Anna")
    person.toast("Anna is named now", "1 person is told")
    person.shows(machine.number, "installer Anna")
    assert world.reload(machine).installer_id == world.people["Anna"].id
    [line] = world.history(machine)
    assert (line.record.kind, line.record.comment) == (EntryKind.ASSIGNMENT, "installer: – → Anna")
    assert world.told(key(line.record)) == ["Anna"]
    world.anna.shows(machine.number, "changed who is named", "Anna")
    person.press("Assign")
    person.shows("Installer: Anna")
    person.press("Nobody")
    assert world.reload(machine).installer_id is None
    assert world.told(key(world.history(machine)[0].record)) == []


def test_the_responsible_support_holds_for_all_machines_of_the_client(world: World) -> None:
    machine, olga = machine_of_its_own(world), world.olga
    world.open(olga, machine)
    olga.press("Assign")
    olga.press("Support instead")
    olga.shows("Responsible support: nobody", "all machines of")
    olga.press("Ivan")
    olga.shows("support Ivan")
    assert client_of(world, machine).support_id == world.people["Ivan"].id
    world.ivan.shows(machine.number, "changed who is named")
    olga.press("Assign")
    olga.press("Support instead")
    olga.press("Installer instead")
    olga.shows("Installer: nobody")


def test_one_who_names_oneself_is_not_told(world: World) -> None:
    machine, ivan = machine_of_its_own(world), world.ivan
    world.open(ivan, machine)
    ivan.press("Assign")
    ivan.press("Support instead")
    ivan.press("Ivan")
    ivan.toast("Ivan is named now.")
    assert world.told(key(world.history(machine)[0].record)) == []


def test_only_people_of_the_organisation_that_looks_after_it(world: World) -> None:
    machine, mona = machine_of_its_own(world), world.mona
    world.open(mona, machine)
    mona.press("Assign")
    assert "Gus" not in mona.buttons()
    for name in ("Gus", "Ivan", "Clara"):
        mona.forge(f"asgto:{machine.id}:0:{world.people[name].id}")
        mona.toast("There is no such thing here")
    assert world.history(machine) == []
    assert world.reload(machine).installer_id is None


@pytest.mark.parametrize("name", ["Anna", "Adam", "Clara", "Stan"])
def test_others_may_not_assign(world: World, name: str) -> None:
    machine, person = machine_of_its_own(world), world.talks[name]
    person.starts(f"o{machine.id}")
    assert "Assign" not in person.buttons()
    person.forge(f"asg:{machine.id}:0:0")
    person.shows_not("Installer:")
    person.forge(f"asgto:{machine.id}:0:{world.people['Anna'].id}")
    assert world.reload(machine).installer_id is None


def test_many_people_have_pages(world: World) -> None:
    name = f"Crew {next(_numbers)}"

    def crew(unit: builders.UnitOfWork) -> OrganisationRecord:
        partner = builders.add_partner(unit, name)
        for number in range(10):
            builders.add_person(unit, partner, Role.INSTALLER, f"Crew member {number}")
        return builders.add_client(unit, partner, f"Client of {name}")

    world.organisations[name] = world.write(crew)
    machine, mona = world.machine(client=name), world.mona
    world.open(mona, machine)
    mona.press("Assign")
    assert "Crew member 0" in mona.buttons()
    assert "Crew member 9" not in mona.buttons()
    mona.press("▶")
    mona.press("Crew member 9")
    mona.shows("installer Crew member 9")
