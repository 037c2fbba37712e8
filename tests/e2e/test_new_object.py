"""A new object by hand: every question, every way round it, and what is not an answer."""

from storage.tables import ObjectRecord
from tests import builders
from tests.builders import key
from tests.e2e.world import World
from tests.talk import Talk


def made(world: World, client: str, number: str) -> ObjectRecord | None:
    return world.read(lambda unit: unit.objects.by_number(key(world.organisations[client]), number))


def for_agro(talk: Talk) -> None:
    """Begin, and pick Agro by a part of its name."""
    talk.says("/new")
    talk.says("agr")
    talk.press("Agro")
    talk.shows("New object", "Agro", "number")


def test_every_question_is_answered(world: World) -> None:
    mona = world.mona
    for_agro(mona)
    for answer in ("FULL-1", "Pump <2>", "AB 12", "VIN123", "Petro +380 50", "Field 3"):
        mona.says(answer)
    mona.says("somewhere")
    mona.shows("no place I can read")
    mona.sends_place(50.45, 30.52)
    mona.says("As ordered & paid")
    mona.shows("FULL-1", "Pump <2>", "AB 12", "VIN123", "Petro +380 50", "Field 3", "50.45")
    mona.shows("As ordered & paid", "Will be told: Anna, Ivan, Olga")
    assert made(world, "Agro", "FULL-1") is None
    mona.press("Create FULL-1")
    mona.toast("FULL-1 is created", "3 people are told")
    mona.shows("FULL-1 · Pump <2>", "New", "AB 12", "As ordered & paid")
    assert "On the map" in mona.buttons()
    record = made(world, "Agro", "FULL-1")
    assert record is not None
    assert (record.vin, record.contact, record.address) == ("VIN123", "Petro +380 50", "Field 3")
    assert (record.latitude, record.longitude) == (50.45, 30.52)
    world.anna.shows("FULL-1", "created it", "As ordered & paid")


def test_questions_are_skipped_one_by_one_or_all_the_rest(world: World) -> None:
    mona = world.mona
    for_agro(mona)
    mona.says("SKIP-1")
    assert "Skip" not in mona.buttons()
    mona.says("Loader")
    mona.shows("number plate")
    mona.press("Skip")
    mona.shows("VIN")
    mona.press("To the comment")
    mona.says("Bare")
    mona.press("Create SKIP-1")
    record = made(world, "Agro", "SKIP-1")
    assert record is not None
    assert (record.plate, record.vin, record.contact, record.address) == ("", "", "", "")
    assert record.latitude is None


def test_a_second_tap_on_skip_skips_one_question(world: World) -> None:
    mona = world.mona
    for_agro(mona)
    mona.says("TAP-1")
    mona.says("Loader")
    skip = mona.data_of("Skip")
    mona.press("Skip")
    mona.forge(skip)
    mona.shows("VIN")
    mona.press("Cancel")


def test_back_leads_through_every_question(world: World) -> None:
    mona = world.mona
    for_agro(mona)
    for answer in ("BACK-1", "Loader", "P 1", "V 1", "Petro", "Field"):
        mona.says(answer)
    mona.says("50.1, 30.2")
    mona.says("Words")
    for question in (
        "Write what is to be installed", "Send the place", "Where does it stand", "Whom does one call",
        "Send the VIN", "number plate", "What is it?", "Send the machine's number", "Which client's machine",
    ):  # fmt: skip
        mona.press("« Back")
        mona.shows(question)
    mona.press("« Back")
    mona.shows("Mona · moderator")
    assert made(world, "Agro", "BACK-1") is None


def test_a_number_that_is_there_offers_to_open_it(world: World) -> None:
    machine, mona = world.machine(), world.mona
    for_agro(mona)
    mona.says(machine.number)
    mona.shows("a machine of this number already")
    mona.says("y" * 41)
    mona.shows("1 to 40 characters")
    mona.says("\u2800")
    mona.shows("1 to 40 characters")
    mona.says(machine.number)
    mona.press(f"Open {machine.number}")
    mona.shows(machine.number, "Loader", "New")


def test_somebody_else_creates_it_meanwhile(world: World) -> None:
    mona, ivan = world.mona, world.ivan
    for_agro(mona)
    for answer in ("TWICE-1", "Loader"):
        mona.says(answer)
    mona.press("To the comment")
    mona.says("Mine")
    world.machine(number="TWICE-1", name="Theirs")
    mona.press("Create TWICE-1")
    mona.shows("a machine of this number already")
    mona.says("TWICE-2")
    mona.press("Create TWICE-2")
    mona.shows("TWICE-2", "Mine")
    ivan.shows("TWICE-2")


def test_with_one_client_it_is_not_asked_for(world: World) -> None:
    stan = world.stan
    stan.says("/new")
    stan.shows("New object", "Terra", "Send the machine's number")
    stan.press("« Back")
    stan.shows("Stan · support")


def test_a_client_of_others_cannot_be_picked(world: World) -> None:
    world.write(lambda unit: builders.add_client(unit, world.organisations["North"], "A second of North"))
    ivan = world.ivan
    ivan.says("/new")
    ivan.shows("Which client's machine is it?")
    assert "Terra" not in ivan.buttons()
    ivan.forge(f"org:{key(world.organisations['Terra'])}:0")
    ivan.toast("There is no such thing here")
    ivan.says("SMUGGLED-2")
    assert made(world, "Terra", "SMUGGLED-2") is None


def test_a_second_tap_on_create_makes_one_object(world: World) -> None:
    mona = world.mona
    for_agro(mona)
    for answer in ("ONCE-1", "Loader"):
        mona.says(answer)
    mona.press("To the comment")
    mona.says("One")
    create = mona.data_of("Create ONCE-1")
    mona.press("Create ONCE-1")
    mona.forge(create)
    mona.toast("This button is from before")
    record = made(world, "Agro", "ONCE-1")
    assert record is not None
    assert len(world.history(record)) == 1


def test_a_kill_at_each_step_loses_no_answer(world: World) -> None:
    mona, stage = world.mona, world.stage
    for_agro(mona)
    # Each question is waited for: what was sent shortly before a kill is sent once more after it.
    for answer, question in (("KILL-1", "What is it?"), ("Loader", "number plate"), ("P 9", "the VIN")):
        mona.says(answer)
        mona.shows(question)
        stage.kill_bot()
        stage.start_bot()
    mona.press("To the comment")
    mona.shows("Write what is to be installed")
    mona.says("After three kills")
    mona.shows("After three kills", "Will be told")
    stage.kill_bot()
    stage.start_bot()
    mona.press("Create KILL-1")
    mona.shows("KILL-1 · Loader", "P 9", "After three kills")
    record = made(world, "Agro", "KILL-1")
    assert record is not None
    assert len(world.history(record)) == 1
