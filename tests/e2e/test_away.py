"""Being away: until when, who stands in, what both see, and being back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.buttons import Away, ImBack, ObjectList, StandIn, StandInPage, UntilWhen
from bot.screens.absences import minutes_of
from domain.objects import ObjectStatus
from domain.roles import Role
from storage.reminder_tables import AbsenceRecord
from tests.builders import key
from tests.e2e.world import World

S = ObjectStatus
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def everybody_is_back(world: World) -> Iterator[None]:
    """Each test begins and ends with everybody being there."""
    yield
    world.write(
        lambda unit: [unit.absences.end(one, world.now()) for one in unit.absences.all_open(world.now())]
    )


def absence(world: World, name: str) -> AbsenceRecord | None:
    return world.read(lambda unit: unit.absences.open_of(key(world.people[name]), world.now()))


def goes_away(world: World, name: str, stand_in: str | None, length: timedelta = DAY) -> None:
    person, other = key(world.people[name]), key(world.people[stand_in]) if stand_in else None
    now = world.now()
    world.write(lambda unit: unit.absences.start(person, other, now, now + length))


def test_the_dialogue_from_the_menu_to_being_back(world: World) -> None:
    anna, ivan = world.anna, world.ivan
    world.machine(S.SERVICE, installer_id=world.people["Anna"].id)
    world.machine(S.SERVICED, installer_id=world.people["Anna"].id)
    anna.says("/menu")
    anna.press("More")
    anna.press("I am away")
    anna.shows("Away until when?")
    anna.press("2 weeks")
    anna.shows("Away until", "Who gets your alerts and tasks meanwhile?")
    assert [label for label in anna.buttons() if "·" in label] == ["Ivan · support", "Olga · manager"]
    assert anna.buttons()[-3:] == ["Nobody", "« Back", "Cancel"]
    anna.press("Ivan")
    anna.shows("Ivan gets your alerts and tasks until", "depends on their own roles")
    anna.shows("1 task is named for you now. Ivan can move on 2 of what is named for you.")
    assert absence(world, "Anna") is None
    anna.press("I am away")
    anna.toast("You are away")
    anna.shows("Anna · installer", "You are away until", "Ivan stands in")
    found = absence(world, "Anna")
    assert found is not None
    assert found.stand_in_id == world.people["Ivan"].id
    assert timedelta(days=13) < found.until - world.now() < timedelta(days=15)
    ivan.shows(
        "You stand in for Anna until", "depends on your own roles", "2 tasks of theirs you can move on"
    )
    ivan.says("/menu")
    ivan.shows("You stand in for Anna until")
    anna.says("/away")
    anna.shows("You are away until", "Ivan stands in")
    assert anna.buttons() == ["I am back", "Change", "« Menu"]
    anna.press("I am back")
    anna.toast("Welcome back!")
    anna.shows_not("You are away")
    ivan.shows("Anna is back")
    ivan.says("/menu")
    ivan.shows_not("You stand in")
    assert absence(world, "Anna") is None


@pytest.mark.parametrize("words", ["until Fri", "until 18:00", "2 weeks", "tomorrow evening", "for 4 hours"])
def test_the_end_is_said_with_the_command(world: World, words: str) -> None:
    world.anna.says(f"/away {words}")
    world.anna.shows("Away until", "Who gets")
    world.anna.press("Nobody")
    world.anna.shows("Nobody stands in: what comes for you alone waits")
    world.anna.press("I am away")
    world.anna.shows("You are away until", "Nobody stands in")
    assert absence(world, "Anna") is not None


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("until whenever", "I do not see when that is"),
        ("2020-01-01", "That moment is over already"),
        ("400 days", "One year ahead is the longest"),
        ("9999 weeks", "One year ahead is the longest"),
        ("<b>Fri</b>", "I do not see when that is"),
        ("'; DROP TABLE absence --", "I do not see when that is"),
    ],
)
def test_what_is_no_end_is_asked_again(world: World, words: str, problem: str) -> None:
    world.anna.says(f"/away {words}")
    world.anna.shows(problem, "Away until when?")
    world.anna.says(words)
    world.anna.shows(problem, "Away until when?")
    world.anna.says("tomorrow")
    world.anna.shows("Who gets")
    assert absence(world, "Anna") is None


@pytest.mark.parametrize("label", ["Tomorrow", "Next Monday", "2 weeks"])
def test_each_moment_that_is_offered(world: World, label: str) -> None:
    world.anna.says("/away")
    if label not in " ".join(world.anna.buttons()):
        pytest.skip("tomorrow is Monday")
    world.anna.press(label)
    world.anna.press("Nobody")
    world.anna.press("I am away")
    found = absence(world, "Anna")
    assert found is not None
    assert found.until.time().isoformat() == "09:00:00"  # the world lives in UTC


def test_back_cancel_and_double_taps(world: World) -> None:
    anna = world.anna
    anna.says("/away")
    until = anna.data_of("2 weeks")
    anna.press("2 weeks")
    nobody = anna.data_of("Nobody")
    anna.forge(until)  # a double tap
    anna.shows("Who gets")
    anna.press("« Back")
    anna.shows("Away until when?")
    anna.press("2 weeks")
    anna.press("Nobody")
    anna.forge(nobody)
    anna.shows("Nobody stands in: what")
    anna.says("what?")
    anna.shows("Nobody stands in: what")
    anna.press("« Back")
    anna.shows("Who gets")
    anna.press("Cancel")
    anna.toast("Nothing was changed")
    assert absence(world, "Anna") is None
    anna.forge(nobody)
    anna.toast("This button is from before")


def test_a_stand_in_is_found_by_a_part_of_the_name(world: World) -> None:
    anna = world.anna
    anna.says("/away 2 weeks")
    anna.says("zzz")
    anna.shows("nothing found")
    anna.press("Show all")
    anna.says("OL")
    anna.shows("Olga gets your alerts and tasks")


def test_only_colleagues_stand_in(world: World) -> None:
    gone = world.newcomer("Gone", "North", Role.INSTALLER)
    ids = [world.people[name].id for name in ("Anna", "Mona", "Clara", "Stan", "Gone")]
    world.remove(gone)
    for other in [*ids, 0, -1, 999_999]:
        world.anna.says("/away 2 weeks")
        world.anna.forge(StandIn(other).pack())
        world.anna.shows("There is no such thing here", "Who gets")
    for page in (-5, 99, 2**31 - 1):
        world.anna.forge(StandInPage(page).pack())
        world.anna.shows("Who gets")
    assert absence(world, "Anna") is None


@pytest.mark.parametrize("minutes", [0, 1 - 2**31, 2**31 - 1])
def test_a_forged_moment_is_refused(world: World, minutes: int) -> None:
    world.anna.says("/away")
    world.anna.forge(UntilWhen(minutes).pack())
    world.anna.shows("Away until when?")
    assert absence(world, "Anna") is None


def test_buttons_outside_of_the_dialogue_do_nothing(world: World) -> None:
    world.anna.says("/menu")
    for button in (UntilWhen(minutes_of(datetime.now(UTC) + DAY)), StandIn(None), StandInPage(0)):
        world.anna.forge(button.pack())
        world.anna.toast("This button is from before")
    world.anna.forge(ImBack().pack())
    world.anna.toast("You were not away any more")
    world.anna.forge(Away(change=True).pack())
    world.anna.shows("Away until when?")
    stranger = world.stranger()
    stranger.says("/away 2 weeks")
    stranger.shows("This bot is for invited people")


def test_a_stand_in_who_is_gone_when_it_is_confirmed_is_asked_for_again(world: World) -> None:
    other = world.newcomer("Otto", "North", Role.INSTALLER)
    world.anna.says("/away 2 weeks")
    world.anna.press("Otto")
    world.anna.shows("Otto gets")
    world.remove(other)
    world.anna.press("I am away")
    world.anna.shows("There is no such thing here", "Who gets")
    assert absence(world, "Anna") is None
    world.anna.press("Olga")
    world.anna.press("I am away")
    found = absence(world, "Anna")
    assert found is not None
    assert found.stand_in_id == world.people["Olga"].id


def test_a_change_relieves_the_one_and_tells_the_other(world: World) -> None:
    anna, ivan, olga = world.anna, world.ivan, world.olga
    anna.says("/away 2 weeks")
    anna.press("Ivan")
    anna.press("I am away")
    ivan.shows("You stand in for Anna")
    anna.says("/away")
    anna.press("Change")
    anna.press("Tomorrow")
    anna.press("Olga")
    anna.press("I am away")
    olga.shows("You stand in for Anna")
    ivan.shows("You do not stand in for Anna any more")
    assert len(world.read(lambda unit: unit.absences.all_open(world.now()))) == 1


def test_chains_go_to_whoever_is_there(world: World) -> None:
    anna, ivan, olga = world.anna, world.ivan, world.olga
    goes_away(world, "Ivan", "Olga", 3 * DAY)
    anna.says("/away 2 weeks")
    assert any(label.startswith("Ivan · support · 🌴 until") for label in anna.buttons())
    anna.press("Ivan")
    anna.shows("Ivan is away as well, so Olga stands in")
    anna.press("I am away")
    anna.shows("Ivan is away as well, so Olga stands in")
    olga.shows("Anna is away until", "and so is Ivan, who was named: you stand in")
    olga.says("/menu")
    olga.shows("You stand in for Ivan until", "You stand in for Anna until")
    goes_away(world, "Olga", "Anna")
    olga.says("/menu")
    olga.shows("You are away until", "Anna is away as well, and nobody stands in")
    olga.shows_not("You stand in")
    ivan.says("/away")
    ivan.press("I am back")
    olga.shows("Ivan is back")
    ivan.shows("You stand in for Anna", "You stand in for Olga")


def test_an_absence_that_is_over_needs_nothing(world: World) -> None:
    person, other = key(world.people["Anna"]), key(world.people["Ivan"])
    now = world.now()
    world.write(lambda unit: unit.absences.start(person, other, now - 2 * DAY, now - DAY))
    world.anna.says("/menu")
    world.anna.shows_not("You are away")
    world.ivan.says("/menu")
    world.ivan.shows_not("You stand in")
    world.anna.says("/away")
    world.anna.shows("Away until when?")


def test_mine_has_what_is_named_for_those_one_stands_in_for(world: World) -> None:
    oleg = world.newcomer("Oleg", "North", Role.INSTALLER)
    world.newcomer("Alan", "North", Role.INSTALLER)
    mine = world.machine(S.SERVICE, installer_id=world.people["Oleg"].id)
    his = world.machine(S.SERVICE, installer_id=world.people["Alan"].id)
    checked = world.machine(S.SERVICED, installer_id=world.people["Alan"].id)  # not an installer's turn
    view = ObjectList(tasks=True, mine=True).pack()
    oleg.forge(view, 1)
    oleg.shows("Your tasks · 1", "mine only")
    goes_away(world, "Alan", "Oleg")
    oleg.forge(view, 1)
    oleg.shows("Your tasks · 2", "mine only")
    labels = " ".join(oleg.buttons())
    assert mine.number in labels
    assert his.number in labels
    assert checked.number not in labels
    world.open(oleg, checked)
    assert not oleg.offers("Change status")


def test_an_administrator_sees_it_and_a_removal_ends_it(world: World) -> None:
    otto = world.newcomer("Otto", "North", Role.INSTALLER)
    otto.says("/away 2 weeks")
    otto.press("Ivan")
    otto.press("I am away")
    goes_away(world, "Anna", "Otto")
    adam = world.adam
    adam.says("/people")
    adam.says("Otto")
    adam.shows("Away until", "Ivan stands in")
    adam.says("/people")
    adam.says("Ivan")
    adam.shows("Stands in for Otto until", "Stands in for Anna until")
    adam.says("/people")
    adam.says("Otto")
    adam.press("Remove")
    adam.press("Yes, remove")
    world.ivan.shows("You do not stand in for Otto any more")
    world.anna.shows("Otto, who stood in for you, is not here any more")
    assert world.read(lambda unit: unit.absences.all_open(world.now())) == {}


def test_whoever_loses_the_last_role_stands_in_for_nobody(world: World) -> None:
    world.newcomer("Otto", "North", Role.INSTALLER)
    goes_away(world, "Anna", "Otto")
    adam = world.adam
    adam.says("/people")
    adam.says("Otto")
    adam.press("✅ installer")
    world.anna.shows("Otto, who stood in for you, is not here any more")
    assert absence(world, "Anna") is None


def test_whoever_has_no_colleagues_is_not_asked(world: World) -> None:
    world.clara.says("/away tomorrow")
    world.clara.shows("Away until", "Nobody stands in: what")
    world.clara.press("« Back")
    world.clara.shows("Away until when?")
