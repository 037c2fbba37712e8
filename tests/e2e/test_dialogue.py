"""The change of a status, step by step: back, cancel, lengths, photos, and what is not an answer."""

import base64
from collections.abc import Callable

import pytest

from domain.objects import ObjectStatus
from tests.builders import key
from tests.e2e.world import World
from tests.talk import Talk

S = ObjectStatus
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def photo(number: int) -> bytes:
    """A photo that is like no other."""
    return PIXEL + bytes([number])


def test_from_an_alert_to_done_in_five_presses_and_one_text(world: World) -> None:
    machine = world.machine(S.SERVICE)
    world.open(world.ivan, machine)
    world.ivan.press("Change status")
    world.ivan.press("Dismantling")
    world.ivan.says("Taken off")
    world.ivan.press("Change status to Dismantling")
    anna, alert = world.anna, world.anna.shows(machine.number, "Taken off")
    assert "Dismantling" in alert
    acts = [
        lambda: anna.press("Open"),
        lambda: anna.press("Change status"),
        lambda: anna.press("Skip"),
        lambda: anna.says("Back on the machine"),
        lambda: anna.press("Change status to Installation"),
    ]
    for act in acts:
        act()
    anna.shows(machine.number, "Installation")
    assert world.status(machine) is S.INSTALLATION
    presses = len(acts) - 1
    assert presses <= 5


def test_back_leads_through_every_step_and_cancel_changes_nothing(world: World) -> None:
    machine, ivan = world.machine(S.NEW), world.ivan
    world.open(ivan, machine)
    ivan.press("Change status")
    ivan.press("Equipped")
    ivan.says("TERM-BACK-1")
    ivan.says("All is in")
    ivan.shows("All is in", "TERM-BACK-1")
    for question in ("Write what was done", "terminal's number", "What happened?", "New"):
        ivan.press("« Back")
        ivan.shows(machine.number, question)
    assert "Change status" in ivan.buttons()
    assert world.status(machine) is S.NEW


Steps = list[Callable[[Talk], None]]
STEPS: dict[str, Steps] = {
    "sure": [lambda t: t.press("Decommissioned")],
    "terminal": [lambda t: t.press("Equipped")],
    "comment": [lambda t: t.press("Canceled")],
    "summary": [lambda t: t.press("Canceled"), lambda t: t.says("No need")],
}


@pytest.mark.parametrize("leave", ["Cancel", "/cancel", "/menu", "/tasks", "/start", "/help", "/objects"])
@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_every_step_can_be_left(world: World, steps: Steps, leave: str) -> None:
    machine, ivan = world.machine(S.NEW), world.ivan
    world.open(ivan, machine)
    ivan.press("Change status")
    for step in steps:
        step(ivan)
    stale = ivan.data_of("Cancel")
    if leave == "Cancel":
        ivan.press("Cancel")
        ivan.toast("Nothing was changed")
        ivan.shows(machine.number, "New")
    else:
        ivan.says(leave)
    assert stale not in str(ivan.living["keyboard"])
    ivan.says("This is a search, not a comment")
    ivan.shows("Nothing found")
    assert world.status(machine) is S.NEW
    assert world.history(machine) == []


def test_text_at_a_button_step_repeats_the_question(world: World) -> None:
    machine, ivan = world.machine(S.NEW), world.ivan
    world.open(ivan, machine)
    ivan.press("Change status")
    ivan.press("Decommissioned")
    question = ivan.text
    ivan.says("what do you mean?")
    assert ivan.text == question
    assert len(ivan.with_button("Cancel")) == 1, "the old question has lost its buttons"
    ivan.sends_photo(photo(1))
    assert ivan.text == question


def test_a_second_confirmation_is_asked_for_and_cannot_be_jumped(world: World) -> None:
    machine, ivan = world.machine(S.BLOCKED), world.ivan
    world.open(ivan, machine)
    ivan.press("Change status")
    ivan.press("Decommissioned")
    ivan.forge("do")
    ivan.says("Scrapped")
    ivan.forge(f"do:o:{machine.id}")
    assert world.status(machine) is S.BLOCKED
    assert world.history(machine) == []


def test_a_thousand_characters_fit_and_one_more_does_not(world: World) -> None:
    machine, olga = world.machine(S.SERVICE), world.olga
    world.open(olga, machine)
    olga.press("Change status")
    olga.press("Serviced")
    olga.press("Skip")
    olga.says("я" * 1001)
    olga.shows("1,000 characters")
    olga.says("  " + "😀" * 1000 + " ")
    olga.shows("😀" * 1000)
    olga.press("Change status to Serviced")
    olga.shows(machine.number, "Serviced", "😀" * 1000)
    assert world.history(machine)[0].record.comment == "😀" * 1000


def test_a_comment_can_be_rewritten_and_is_offered_again_next_time(world: World) -> None:
    for number in range(2):
        machine, gwen = world.machine(S.ADDITIONAL_ORDER, "Delta"), world.gwen
        world.open(gwen, machine)
        gwen.press("Change status")
        if number == 0:
            gwen.says("Payed")
            gwen.press("Change the comment")
            gwen.says("Paid, go")
            gwen.says("Paid and approved")
        else:
            gwen.press("❝ Paid and approved")
        gwen.shows("Paid and approved")
        gwen.press("Change status to Service")
        assert [line.record.comment for line in world.history(machine)] == ["Paid and approved"]


def test_a_photo_with_a_caption_is_comment_and_photo(world: World) -> None:
    machine, anna = world.machine(S.SERVICE), world.anna
    world.open(anna, machine)
    anna.press("Change status")
    anna.press("Dismantling")
    anna.sends_photo(photo(2), caption="The sensor is off")
    anna.shows("The sensor is off", "1 photo")
    anna.press("Change status to Dismantling")
    line = world.history(machine)[0]
    assert (line.record.comment, line.photos) == ("The sensor is off", 1)
    world.ivan.shows("The sensor is off", "1 photo")


@pytest.mark.parametrize("caption", ["", "Three views"])
def test_an_album_is_kept_whole_and_shown_from_the_history(world: World, caption: str) -> None:
    machine, anna = world.machine(S.SERVICE), world.anna
    world.open(anna, machine)
    anna.press("Change status")
    anna.press("Dismantling")
    base = 10 if caption else 20
    anna.sends_photo(*(photo(base + number) for number in range(3)), caption=caption)
    if not caption:
        anna.shows("3 photos are there")
        anna.says("Three views")
    anna.shows("Three views", "3 photos")
    anna.press("Change status to Dismantling")
    line = world.history(machine)[0]
    assert (line.record.comment, line.photos) == ("Three views", 3)
    anna.press("History")
    anna.shows("Three views", "3 photos")
    before = anna.photos
    anna.press("📷 3 photos")
    anna.toast("Here they are")
    assert anna.photos == before + 3
    kept = world.read(lambda unit: [p.file_unique_id for p in unit.history.photos(key(line.record))])
    world.quiet()  # the photos are fetched while nobody waits for them
    for unique in kept:
        assert (world.stage.folder / "files" / f"{unique}.jpg").read_bytes() in {
            photo(base + number) for number in range(3)
        }


def test_photos_before_and_after_the_comment(world: World) -> None:
    machine, anna = world.machine(S.SERVICE), world.anna
    world.open(anna, machine)
    anna.press("Change status")
    anna.press("Dismantling")
    anna.sends_photo(photo(30))
    anna.shows("1 photo is there")
    anna.says("Off")
    anna.sends_photo(photo(31))
    anna.shows("Off", "2 photos")
    anna.press("Change status to Dismantling")
    assert world.history(machine)[0].photos == 2


def test_a_photo_that_comes_too_early_is_not_lost(world: World) -> None:
    """At the question for the terminal a photo of its label is a likely answer."""
    machine, anna = world.machine(S.DISMANTLING), world.anna
    world.open(anna, machine)
    anna.press("Change status")
    anna.shows("terminal's number")
    anna.sends_photo(photo(32))
    anna.shows("terminal's number")
    anna.press("Skip")
    anna.says("Mounted")
    anna.press("Change status to Installation")
    assert world.history(machine)[0].photos == 1


def test_a_terminal_is_kept_typed_or_refused(world: World) -> None:
    taken = world.machine(S.ACTIVE, terminal="863051000000001")
    machine, anna = world.machine(S.INSTALLATION, terminal="863051000000002"), world.anna
    world.open(anna, machine)
    anna.press("Change status")
    anna.shows("863051000000002")
    anna.says("?")
    anna.shows("terminal")
    anna.says(str(taken.terminal))
    anna.shows("Another machine carries this terminal")
    anna.press("Keep 863051000000002")
    anna.says("Fine")
    anna.press("Change status to Serviced")
    assert world.history(machine)[0].record.terminal == "863051000000002"


def test_a_rating_is_from_one_to_five(world: World) -> None:
    machine, clara = world.machine(S.VERIFIED), world.clara
    world.open(clara, machine)
    clara.press("Does it work?")
    clara.press("👍")
    assert [label for label in clara.buttons() if "★" in label] == ["★" * n for n in range(1, 6)]
    for stars in (0, 6, -1, 99):
        clara.forge(f"rate:{stars}")
        clara.says("Hacked")
        if any("Change status to" in label for label in clara.buttons()):
            clara.press("Change status to Active")
        assert world.status(machine) is S.VERIFIED
        world.open(clara, machine)
        clara.press("Does it work?")
        clara.press("👍")


@pytest.mark.parametrize(
    ("label", "reason", "request_"),
    [
        ("It is not in use", "not_in_use", None),
        ("It broke down", "breakdown", "breakdown"),
        ("More equipment", "additional_equipment", "additional_equipment"),
        ("Block it", "block", "block"),
    ],
)
def test_the_clients_reasons(world: World, label: str, reason: str, request_: str | None) -> None:
    machine, clara = world.machine(S.ACTIVE, commissioned=True), world.clara
    world.open(clara, machine)
    clara.press("Something is needed")
    clara.press(label)
    clara.says("Since this morning")
    clara.press("Change status to Out of service")
    clara.shows("Out of service")
    assert world.history(machine)[0].record.reason == reason
    stored = world.reload(machine)
    assert stored.open_request == request_
    assert (stored.main_at is None) == (request_ is None)


def test_the_client_need_not_know_which_status_follows_a_no(world: World) -> None:
    for commissioned, target in ((False, S.EQUIPPED), (True, S.DIAGNOSTICS)):
        machine = world.machine(S.VERIFIED, commissioned=commissioned)
        world.open(world.clara, machine)
        world.clara.press("Does it work?")
        assert [one[0] for one in world.clara.buttons()] == ["👍", "👎", "«"]
        world.clara.press("👎")
        if target is S.EQUIPPED and any("Skip" in label for label in world.clara.buttons()):
            pytest.fail("a client is not asked for the terminal")
        world.clara.says("The fuel is not shown")
        world.clara.press("Change status to")
        assert world.status(machine) is target
