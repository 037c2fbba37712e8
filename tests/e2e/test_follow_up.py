"""A client asks, and support answers in one step."""

import pytest

from domain.objects import ObjectStatus
from storage.tables import EntryKind, ObjectRecord
from tests.builders import key
from tests.e2e.test_dialogue import photo
from tests.e2e.walking import expected_hearers
from tests.e2e.world import World
from tests.talk import Talk

S = ObjectStatus
REQUESTS = {
    "It broke down": ("Order diagnostics", S.DIAGNOSTICS, 19),
    "More equipment": ("Take the additional order", S.ADDITIONAL_ORDER, 20),
    "Block it": ("Block it", S.BLOCKED, 21),
}


def asked(world: World, reason: str, *hearers: Talk) -> ObjectRecord:
    """A machine that Clara took out of service, of which these people have been told."""
    machine, clara = world.machine(S.ACTIVE, commissioned=True), world.clara
    for one in hearers:
        one.says("/menu")
    world.open(clara, machine)
    clara.press("Something is needed")
    clara.press(reason)
    clara.says(f"Please look at {machine.number}")
    clara.press("Change status to Out of service")
    for one in hearers:
        one.shows(machine.number, "Active → Out of service, Clara", "The client asks:", "Please look at")
    return machine


@pytest.mark.parametrize("reason", REQUESTS)
@pytest.mark.parametrize("name", ["Ivan", "Mona"])
def test_from_the_clients_request_to_the_answer(world: World, reason: str, name: str) -> None:
    label, wanted, number = REQUESTS[reason]
    person = world.talks[name]
    machine = asked(world, reason, person)
    person.press(label)
    person.shows(machine.number, f"Out of service → Active → {wanted}", reason, "Please look at")
    assert person.buttons()[-2:] == ["« Back", "Cancel"]
    person.says("\u2800")
    person.shows("A comment is needed")
    person.sends_photo(photo(71), caption=f"{name} comes on Monday")
    person.shows(f"{name} comes on Monday", "1 photo", "Will be told:", reason)
    assert person.buttons()[-2:] == ["« Back", "Cancel"]
    assert world.status(machine) is S.OUT_OF_SERVICE
    person.press(f"Change status to {wanted}")

    hearers = expected_hearers("Agro", wanted, name, commissioned=True)
    person.toast(machine.number, str(wanted), f"{len(hearers)} p")
    person.shows(machine.number, str(wanted), f"{name} comes on Monday")
    person.shows_not("The client asks")
    last, first, _request = world.history(machine)
    assert [(one.record.row, one.record.after) for one in (first, last)] == [(22, "Active"), (number, wanted)]
    assert (first.record.comment, first.photos) == (last.record.comment, 0)
    assert last.photos == 1
    assert world.reload(machine).open_request is None
    assert world.told(key(first.record)) == []
    assert sorted(world.told(key(last.record))) == sorted(hearers)

    person.press("History")
    person.shows(f"Active · {name}", f"{wanted} · {name}", "Out of service · Clara")
    world.open(world.clara, machine)
    world.clara.shows(machine.number, str(wanted), f"Active → {wanted} · {name}", f"{name} comes on Monday")


def test_what_is_not_in_use_is_no_request_and_nothing_to_take(world: World) -> None:
    machine, clara, ivan = world.machine(S.ACTIVE, commissioned=True), world.clara, world.ivan
    world.open(clara, machine)
    clara.press("Something is needed")
    clara.press("It is not in use")
    clara.says("In the garage till spring")
    clara.press("Change status to Out of service")
    ivan.shows("🟢", machine.number, "The client says: It is not in use", "In the garage till spring")
    assert ivan.buttons() == ["Open", "Why did I get this?"]


def test_the_step_stands_on_the_card_and_first_among_the_next_statuses(world: World) -> None:
    machine, ivan = asked(world, "It broke down"), world.ivan
    world.open(ivan, machine)
    assert ivan.buttons()[0].endswith("Order diagnostics")
    ivan.press("Change status")
    ivan.shows("Order diagnostics", "what the client asks for", "Active")
    assert ivan.buttons()[0].endswith("Order diagnostics")
    ivan.press("Order diagnostics")
    ivan.press("« Back")
    ivan.shows("What happened?")
    ivan.press("Order diagnostics")
    ivan.press("Cancel")
    ivan.toast("Nothing was changed")
    ivan.shows(machine.number, "Out of service", "The client asks: It broke down")
    ivan.press("Change status")
    ivan.press(" Active")
    ivan.says("It was nothing")
    ivan.press("Change status to Active")
    assert [one.record.after for one in world.history(machine)] == [S.ACTIVE, S.OUT_OF_SERVICE]
    assert "🩺 Order diagnostics" not in ivan.buttons()


def test_ones_own_words_are_offered_again(world: World) -> None:
    ivan = world.ivan
    for press in (False, True):
        machine = asked(world, "Block it")
        world.open(ivan, machine)
        ivan.press("🔒 Block it")
        if press:
            ivan.press("❝ Blocked as you wish ❞")
        else:
            ivan.says("Blocked as you wish")
        ivan.press("Change status to Blocked")
        assert world.history(machine)[0].record.comment == "Blocked as you wish"


def test_an_old_button_shows_how_it_is_now(world: World) -> None:
    mona = world.mona
    machine = asked(world, "It broke down", mona)
    message = max(mona.with_button("🩺 Order diagnostics"))
    data = mona.data_of("Order diagnostics")
    world.open(world.ivan, machine)
    world.ivan.press("Order diagnostics")
    world.ivan.says("Ivan is on his way")
    world.ivan.press("Change status to Diagnostics")
    mona.shows("Settled: Diagnostics by Ivan")
    mona.forge(data, message)  # pressed before that arrived
    mona.toast("It was changed meanwhile")
    mona.shows(machine.number, "Diagnostics", "Active → Diagnostics · Ivan", "Ivan is on his way")
    assert "🩺 Order diagnostics" not in mona.buttons()
    assert len(world.history(machine)) == 3


def test_too_late_keeps_the_comment_as_a_note(world: World) -> None:
    mona, ivan = world.mona, world.ivan
    machine = asked(world, "More equipment")
    for one in (mona, ivan):
        world.open(one, machine)
        one.press("Take the additional order")
        one.says(f"{one.name} has ordered it")
    ivan.press("Change status to Additional order")
    mona.press("Change status to Additional order")
    mona.shows("Somebody was faster", "«Additional order» was not saved", "Ivan has ordered it")
    mona.press("Add as a note")
    note = world.history(machine)[0].record
    assert (note.kind, note.comment) == (EntryKind.NOTE, "Mona has ordered it")
    assert len(world.history(machine)) == 4


@pytest.mark.parametrize("name", ["Olga", "Anna", "Adam", "Clara"])
def test_others_are_not_offered_it_and_refused_when_they_forge_it(world: World, name: str) -> None:
    machine, person = asked(world, "It broke down"), world.talks[name]
    world.open(person, machine)
    assert "🩺 Order diagnostics" not in person.buttons()
    person.forge(f"next:{machine.id}:{world.reload(machine).version}")
    person.toast("Your role may not do this")
    person.says("A comment that must not be kept")
    assert world.status(machine) is S.OUT_OF_SERVICE
    assert len(world.history(machine)) == 1
