"""Two at once, too late, pressed twice, pressed by the wrong person, and buttons of what is gone."""

import pytest

from domain.objects import ObjectStatus
from domain.roles import Role
from storage.tables import EntryKind, ObjectRecord
from tests.builders import key
from tests.e2e.test_dialogue import photo
from tests.e2e.world import World
from tests.talk import Talk

S = ObjectStatus


def to_summary(world: World, talk: Talk, machine: ObjectRecord, target: str, comment: str) -> None:
    world.open(talk, machine)
    talk.press("Change status")
    talk.press(target)
    if any("Skip" in label for label in talk.buttons()):
        talk.press("Skip")
    talk.says(comment)
    talk.shows(comment)


def test_of_two_at_once_one_wins_and_the_other_keeps_the_comment(world: World) -> None:
    for number in range(5):
        machine = world.machine(S.SERVICE)
        to_summary(world, world.anna, machine, "Serviced", f"Anna's {number}")
        to_summary(world, world.olga, machine, "Dismantling", f"Olga's {number}")
        world.anna.press("Change status to Serviced", wait=False)
        world.olga.press("Change status to Dismantling", wait=False)
        world.anna.settled()
        world.olga.settled()
        [line] = world.history(machine)
        won, lost = (world.anna, world.olga) if line.person == "Anna" else (world.olga, world.anna)
        assert world.status(machine) == line.record.after
        won.toast(machine.number, str(line.record.after))
        lost.shows("Somebody was faster", won.name, str(line.record.after), line.record.comment)
        lost.press("Add as a note")
        lost.toast("kept as a note")
        note = world.history(machine)[0]
        assert note.record.kind is EntryKind.NOTE
        assert (note.person, note.record.comment) == (lost.name, f"{lost.name}'s {number}")


def test_too_late_keeps_the_photos_too(world: World) -> None:
    machine = world.machine(S.SERVICE)
    world.open(world.anna, machine)
    world.anna.press("Change status")
    world.anna.press("Dismantling")
    world.anna.sends_photo(photo(40), caption="Look")
    to_summary(world, world.olga, machine, "Dismantling", "First")
    world.olga.press("Change status to")
    world.anna.press("Change status to")
    world.anna.press("Add as a note")
    note = world.history(machine)[0]
    assert (note.record.kind, note.record.comment, note.photos) == (EntryKind.NOTE, "Look", 1)


@pytest.mark.parametrize("step", ["choice", "terminal", "comment"])
def test_too_late_is_said_at_the_next_press_or_text(world: World, step: str) -> None:
    machine, anna = world.machine(S.INSTALLATION), world.anna
    other = world.machine(S.SERVICE)
    target = machine if step != "choice" else other
    world.open(anna, target)
    anna.press("Change status")
    if step == "comment":
        anna.press("Skip")
    to_summary(world, world.olga, target, "Serviced", "Faster") if step == "choice" else _olga(world, target)
    if step == "choice":
        world.olga.press("Change status to")
        anna.press("Dismantling")
    elif step == "terminal":
        anna.press("Skip")
    else:
        anna.says("My comment took long to write")
    anna.shows("Somebody was faster", "Olga", "Serviced", "Faster")
    if step == "comment":
        anna.press("Add as a note")
        assert world.history(target)[0].record.comment == "My comment took long to write"
    assert world.status(target) is S.SERVICED


def _olga(world: World, machine: ObjectRecord) -> None:
    world.open(world.olga, machine)
    world.olga.press("Change status")
    world.olga.press("Skip")
    world.olga.says("Faster")
    world.olga.press("Change status to")


def test_two_taps_on_confirm_are_one_change(world: World) -> None:
    for number in range(5):
        machine = world.machine(S.SERVICE)
        to_summary(world, world.anna, machine, "Serviced", f"Double {number}")
        confirm, message = world.anna.data_of("Change status to"), world.anna.living["message_id"]
        world.anna.press("Change status to", wait=False)
        world.anna.forge(confirm, message)
        world.anna.shows(machine.number, "Serviced")
        assert [line.record.comment for line in world.history(machine)] == [f"Double {number}"]


def test_two_taps_on_a_step_do_not_skip_a_question(world: World) -> None:
    machine, ivan = world.machine(S.NEW), world.ivan
    world.open(ivan, machine)
    ivan.press("Change status")
    pick, message = ivan.data_of("Equipped"), ivan.living["message_id"]
    ivan.press("Equipped", wait=False)
    ivan.forge(pick, message)
    ivan.shows("terminal's number")
    keep = ivan.data_of("Skip")
    ivan.press("Skip", wait=False)
    ivan.forge(keep, message)
    ivan.shows("Write what was done")
    ivan.says("Once")
    ivan.press("Change status to")
    assert [line.record.comment for line in world.history(machine)] == ["Once"]


def test_old_buttons_are_answered_with_what_is_true_now(world: World) -> None:
    machine, olga = world.machine(S.SERVICE), world.olga
    world.open(olga, machine)
    change = olga.data_of("Change status")
    olga.press("Change status")
    pick = olga.data_of("Serviced")
    message = olga.living["message_id"]
    olga.press("Serviced")
    olga.press("Skip")
    olga.says("Done")
    confirm = olga.data_of("Change status to")
    olga.press("Change status to")
    for data in (
        pick,
        confirm,
        "back",
        "stop",
        "say:0",
        "keep",
        "rate:3",
        "why18:block",
        "sure",
        "rewrite",
        "asnote",
    ):
        olga.forge(data, message)
        assert olga.text
        assert world.status(machine) is S.SERVICED
        assert len(world.history(machine)) == 1
    olga.forge(change, message)
    olga.shows(machine.number, "What happened?", "Verified")


HOSTILE = [
    "", ":", "pick", "pick:", "pick:o:1", "pick:o:x:1:1", "pick:z:1:1:1", "open:o:99999999999999999999:0",
    "open:o:-1:0", "hist:o:1:99999999999", "list:1:999999999:9:99:999:1:1", "list:::::::", "clients:-5::0",
    "filt:1:nonsense:0::::0:0", "filt:1:client:999999:::::", "photos:o:1:999999999999", "\x00", "😀" * 16,
    "why18:", "rate:", "asgto:1:0:1", "rm:1:1", "role:1:32", "fixf:1:status", "org:99999999999999999999:0",
    "do:o:99999999999999999999", "x" * 64, "chg:o:9223372036854775808", "pin:9223372036854775807",
]  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["Mona", "Clara"])
def test_whatever_data_comes_it_is_answered(world: World, data: str, name: str) -> None:
    talk = world.talks[name]
    talk.says("/menu")
    talk.forge(data)
    assert talk.text
    assert talk.living


FORGED = [
    "open:o:{}:0", "open:o:{}:1", "chg:o:{}", "pick:o:{}:1:26", "hist:o:{}:0", "why:o:{}:0", "note:o:{}",
    "why:o:{}:1", "next:{}:1", "pin:{}", "asg:{}:0:0", "asgto:{}:0:", "fix:{}", "fixf:{}:name", "do:o:{}",
]  # fmt: skip


@pytest.mark.parametrize("name", ["Stan", "Tina", "Dora"])
@pytest.mark.parametrize("data", FORGED)
def test_what_one_may_not_see_answers_like_what_is_not_there(world: World, name: str, data: str) -> None:
    machine, talk = world.machine(S.SERVICE, name="Secret", latitude=50.0, longitude=30.0), world.talks[name]
    answers = []
    for number in (key(machine), 99_999_999):
        talk.says("/menu")
        message = talk.living["message_id"]
        talk.forge(data.format(number), message)
        answers.append((talk.toast(), talk.text, talk.buttons()))
    assert answers[0] == answers[1]
    assert "Secret" not in str(answers)
    assert machine.number not in str(answers)


@pytest.mark.parametrize("name", ["Stan", "Tina", "Dora"])
def test_a_deep_link_to_what_one_may_not_see(world: World, name: str) -> None:
    machine, talk = world.machine(S.SERVICE, name="Secret"), world.talks[name]
    talk.starts(f"o{machine.id}")
    unseen = talk.text, talk.buttons()
    talk.starts("o99999999")
    assert (talk.text, talk.buttons()) == unseen


def test_another_persons_photos_are_not_shown(world: World) -> None:
    machine = world.machine(S.SERVICE)
    world.open(world.anna, machine)
    world.anna.press("Change status")
    world.anna.press("Dismantling")
    world.anna.sends_photo(photo(50), caption="Private")
    world.anna.press("Change status to")
    line = world.history(machine)[0]
    other = world.machine(S.SERVICE, "Terra")
    for data in (f"photos:o:{machine.id}:{line.record.id}", f"photos:o:{other.id}:{line.record.id}"):
        world.tina.says("/menu")
        before = world.tina.photos
        world.tina.forge(data)
        assert world.tina.photos == before


def test_a_removed_role_and_a_removed_person_count_at_the_next_press(world: World) -> None:
    guest = world.newcomer("Greta", "North", Role.SUPPORT)
    machine = world.machine(S.NEW)
    to_summary(world, guest, machine, "Canceled", "Not allowed any more")
    world.write(lambda unit: unit.people.revoke(key(world.people["Greta"]), Role.SUPPORT))
    world.write(lambda unit: unit.people.grant(key(world.people["Greta"]), Role.MANAGER))
    guest.press("Change status to Canceled")
    guest.toast("Your role may not do this")
    guest.shows(machine.number, "New")
    assert world.status(machine) is S.NEW
    world.open(guest, machine)
    guest.press("Change status")
    world.remove(guest)
    guest.press("Skip")
    guest.shows("for invited people")
    assert machine.number not in guest.text
    guest.says("/tasks")
    guest.shows("for invited people")


@pytest.mark.parametrize("act", ["text", "/start", "/tasks", "/new", "photo", "press", "place", "o1"])
def test_a_stranger_gets_one_polite_line_for_anything(world: World, act: str) -> None:
    nobody = world.stranger()
    if act == "photo":
        nobody.sends_photo(photo(60), caption="hello")
    elif act == "press":
        nobody.forge("open:o:1:0", 1)
    elif act == "place":
        nobody.sends_place(50.0, 30.0)
    elif act == "o1":
        nobody.starts("o1")
    else:
        nobody.says(act)
    assert len([m for m in nobody.messages() if m["from"] == "bot"]) == 1
    nobody.shows("This bot is for invited people")
    assert not any(message["keyboard"] for message in nobody.messages())
