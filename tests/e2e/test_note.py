"""A note on a card: words and photos, told to those whose turn it is, without a change of status."""

import base64

import pytest

from domain.objects import ObjectStatus
from storage.tables import EntryKind
from tests.builders import key
from tests.e2e.world import World

S = ObjectStatus
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def photos(count: int) -> list[bytes]:
    """So many different photos."""
    return [PIXEL + bytes([number]) for number in range(count)]


@pytest.mark.parametrize(
    ("name", "hearers"), [("Anna", ["Mona", "Ivan", "Olga"]), ("Clara", ["Mona", "Ivan", "Olga"])]
)
def test_a_note_is_told_to_those_whose_turn_it_is(world: World, name: str, hearers: list[str]) -> None:
    machine, person = world.machine(S.EQUIPPED), world.talks[name]
    world.open(person, machine)
    person.press("Note")
    person.says("The gate is <closed> & locked")
    person.shows(machine.number, "The gate is <closed> & locked", *hearers)
    assert world.history(machine) == []
    person.press("Leave this note")
    person.toast("3 people are told")
    person.shows(machine.number, "Equipped")
    assert "Note" in person.buttons()
    [line] = world.history(machine)
    assert (line.record.kind, line.record.comment) == (EntryKind.NOTE, "The gate is <closed> & locked")
    assert line.person == name
    assert world.status(machine) is S.EQUIPPED
    assert sorted(world.told(key(line.record))) == sorted(hearers)
    world.ivan.shows(machine.number, "wrote a note", "The gate is <closed> & locked")


def test_staff_are_told_that_the_client_reads_it(world: World) -> None:
    machine = world.machine()
    world.open(world.anna, machine)
    world.anna.press("Note")
    world.anna.shows("The client reads this")
    world.open(world.clara, machine)
    world.clara.press("Note")
    world.clara.shows_not("The client reads this")


def test_photos_before_and_after_the_words(world: World) -> None:
    machine, anna = world.machine(), world.anna
    first, second, third, fourth = photos(4)
    world.open(anna, machine)
    anna.press("Note")
    anna.sends_photo(first, second)
    anna.shows("2 photos are there")
    anna.says("Before")
    anna.sends_photo(third)
    anna.shows("Before", "3 photos")
    anna.sends_photo(fourth, caption="Before and after")
    anna.shows("Before and after", "4 photos")
    anna.press("Leave this note")
    [line] = world.history(machine)
    assert (line.photos, line.record.comment) == (4, "Before and after")
    anna.press("History")
    sent = anna.photos
    anna.press("4 photos")
    anna.toast("Here they are")
    assert anna.photos == sent + 4


def test_no_note_without_words(world: World) -> None:
    machine, anna = world.machine(), world.anna
    world.open(anna, machine)
    anna.press("Note")
    anna.says("\u2800 ")
    anna.shows("A comment is needed")
    anna.says("x" * 1001)
    anna.shows("1,000 characters at most")
    anna.sends_place(50.0, 30.0)
    anna.shows("Write your note")
    anna.says("x" * 1000)
    anna.shows("Will be told")
    anna.press("Change the text")
    anna.shows("Write your note")
    anna.says("Short")
    anna.press("« Back")
    anna.press("« Back")
    anna.shows(machine.number, "New")
    anna.press("Note")
    anna.says("Never mind")
    anna.press("Cancel")
    anna.toast("Nothing was changed")
    anna.shows(machine.number, "New")
    assert world.history(machine) == []


def test_a_second_tap_leaves_one_note(world: World) -> None:
    machine, anna = world.machine(), world.anna
    world.open(anna, machine)
    anna.press("Note")
    anna.says("Once")
    leave = anna.data_of("Leave this note")
    anna.press("Leave this note")
    anna.forge(leave)
    anna.shows(machine.number, "New")
    assert len(world.history(machine)) == 1


def test_who_does_not_see_the_machine_leaves_no_note(world: World) -> None:
    machine = world.machine()
    world.stan.starts()
    world.stan.forge(f"note:o:{machine.id}")
    world.stan.shows("There is no such thing here")
    world.stan.says("Hello")
    assert world.history(machine) == []
