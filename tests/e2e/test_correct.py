"""Corrections: every field, its trail in the history, and who may."""

from collections.abc import Callable

import pytest

from storage.tables import EntryKind
from tests.e2e.world import World
from tests.talk import Talk

FIELDS = [
    ("Number", "number", "FIX-1"),
    ("Name", "name", "Pump <3>"),
    ("Plate", "plate", "BB 77"),
    ("VIN", "vin", "VIN77"),
    ("Address", "address", "Barn 7"),
    ("Contact on site", "contact", "Oksana"),
    ("Terminal", "terminal", "8630511771"),
]


@pytest.mark.parametrize(("label", "field", "value"), FIELDS, ids=[field for _, field, _ in FIELDS])
def test_a_field_is_corrected_with_a_trail(world: World, label: str, field: str, value: str) -> None:
    machine, ivan = world.machine(), world.ivan
    before = getattr(machine, field) or "–"
    world.open(ivan, machine)
    ivan.press("Correct")
    ivan.shows("What is not right?")
    ivan.press(label)
    ivan.says(value)
    corrected = world.reload(machine)
    assert getattr(corrected, field) == value
    ivan.shows(corrected.number, value)
    [line] = world.history(machine)
    assert (line.record.kind, line.person) == (EntryKind.CORRECTION, "Ivan")
    assert line.record.comment == f"{field}: {before} → {value}"
    assert world.told(line.record.id or 0) == []
    ivan.press("History")
    ivan.shows("Correction", f"{label}: {before} → {value}")


@pytest.mark.parametrize("give", [lambda t: t.sends_place(50.45, 30.52), lambda t: t.says("50.45, 30.52")])
def test_a_position_is_sent_or_typed_and_taken_away(world: World, give: Callable[[Talk], None]) -> None:
    machine, ivan = world.machine(), world.ivan
    world.open(ivan, machine)
    ivan.press("Correct")
    ivan.press("Position")
    ivan.says("91, 30")
    ivan.shows("no place I can read")
    give(ivan)
    ivan.shows(machine.number)
    assert "On the map" in ivan.buttons()
    assert (world.reload(machine).latitude, world.reload(machine).longitude) == (50.45, 30.52)
    ivan.press("Correct")
    ivan.press("Position")
    ivan.press("Clear it")
    ivan.toast("Position: corrected")
    assert world.reload(machine).latitude is None
    assert len(world.history(machine)) == 2


def test_what_is_known_can_be_cleared_but_the_number(world: World) -> None:
    machine, ivan = world.machine(plate="CC 1"), world.ivan
    world.open(ivan, machine)
    ivan.press("Correct")
    ivan.press("Number")
    assert "Clear it" not in ivan.buttons()
    ivan.forge("skip:number:0")
    ivan.shows(machine.number)
    assert world.reload(machine).number == machine.number
    world.open(ivan, machine)
    ivan.press("Correct")
    ivan.press("Plate")
    ivan.press("Clear it")
    assert world.reload(machine).plate == ""


def test_what_does_not_fit_is_asked_again(world: World) -> None:
    other = world.machine(terminal="USED-5")
    machine, ivan = world.machine(), world.ivan
    world.open(ivan, machine)
    ivan.press("Correct")
    ivan.press("Terminal")
    ivan.says("!!")
    ivan.shows("4 to 32 digits")
    ivan.says("used-5")
    ivan.shows("Another machine carries this terminal")
    ivan.press("« Back")
    ivan.press("Number")
    ivan.says(other.number)
    ivan.shows("a machine of this number already")
    ivan.press(f"Open {other.number}")
    ivan.shows(other.number, "USED-5")
    assert world.history(machine) == []


def test_the_same_value_leaves_no_trail(world: World) -> None:
    machine, ivan = world.machine(), world.ivan
    world.open(ivan, machine)
    ivan.press("Correct")
    ivan.press("Name")
    ivan.says("Loader")
    ivan.shows(machine.number)
    assert world.history(machine) == []


@pytest.mark.parametrize("name", ["Anna", "Olga", "Adam", "Clara", "Stan", "Tina"])
def test_others_may_not_correct(world: World, name: str) -> None:
    machine, person = world.machine(), world.talks[name]
    person.starts(f"o{machine.id}")
    assert "Correct" not in person.buttons()
    person.forge(f"fix:{machine.id}")
    person.shows_not("What is not right?")
    person.forge(f"fixf:{machine.id}:name")
    person.says("Stolen")
    assert world.reload(machine).name == "Loader"
    assert world.history(machine) == []
