"""The board as everybody reads it: each line leads to a list with as many machines as it said."""

import re
from datetime import timedelta

import pytest

from bot.buttons import Open
from domain.objects import ObjectStatus
from domain.process import Kind
from domain.roles import Role
from tests.builders import key
from tests.e2e.world import World
from tests.talk import Talk

S = ObjectStatus
DAY = timedelta(days=1)
COUNT = re.compile(r" · (\d+)(?:$|:| )")
FLEET = (
    (S.SERVICE, 7 * DAY + timedelta(minutes=1)), (S.SERVICE, 4 * DAY), (S.SERVICE, DAY),
    (S.VERIFIED, 7 * DAY), (S.VERIFIED, 9 * DAY), (S.NEW, DAY), (S.ACTIVE, 99 * DAY), (S.BLOCKED, DAY),
)  # fmt: skip


@pytest.fixture(scope="module")
def fleet(whole_world: World) -> None:
    """Machines of three clients, of every colour."""
    for client in ("Agro", "Delta", "Terra"):
        for status, ago in FLEET:
            whole_world.machine(status, client, ago=ago)


def lines(talk: Talk) -> dict[str, int]:
    """The buttons of the board that lead to lists, with the numbers that they say."""
    return {label: int(found[1]) for label in talk.buttons() if (found := COUNT.search(label))}


def length(talk: Talk) -> int:
    """How long the list is by its title, and that it is as long as it says."""
    found = re.search(r"Objects · (\d+)", talk.text)
    assert found, talk.text
    opened = sum(label[:1] in "🔴🟡🔵🟢" for label in talk.buttons())
    assert opened == min(int(found[1]), 8)
    return int(found[1])


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize("name", ["mona", "adam", "gina", "gwen", "ivan", "olga", "stan", "clara", "dora"])
def test_each_line_leads_to_its_list_and_back(world: World, name: str) -> None:
    talk: Talk = getattr(world, name)
    talk.says("/board")
    talk.shows("Board", " red", " yellow", "In the next 7 days", "⏳")
    board = lines(talk)
    assert len(board) >= 11
    for label, number in board.items():
        assert number > 0
        talk.press(label)
        assert length(talk) == number, label
        talk.press("« Board")
        assert lines(talk) == board
    talk.press("« Menu")
    talk.press("Board")
    assert lines(talk) == board


@pytest.mark.usefixtures("fleet")
def test_a_board_is_of_what_one_sees(world: World) -> None:
    everybody, one = world.mona, world.clara
    one.says("/board")
    own = lines(one)
    one.shows("Agro", "For you to answer")
    world.ivan.says("/board")
    assert world.ivan.text.splitlines()[0] == "Board · North"
    everybody.says("/board")
    assert lines(everybody)[_red(everybody)] > own[_red(one)]
    everybody.press("One client")
    everybody.press("Agro")
    everybody.shows("Board · Agro")
    answer = {re.sub("^⏳ [FW].*·", "⏳ ·", label): number for label, number in lines(everybody).items()}
    assert answer == {re.sub("^⏳ [FW].*·", "⏳ ·", label): number for label, number in own.items()}
    everybody.press("🔴 Red")
    everybody.shows("Objects", "red", "Agro")
    everybody.press("« Board")
    everybody.shows("Board · Agro")
    everybody.press("All clients")
    everybody.shows("Board · Group")
    world.tina.says("/board")
    world.tina.shows("Terra")
    world.tina.shows_not("Agro", "North")


def _red(talk: Talk) -> str:
    return next(label for label in lines(talk) if label.startswith("🔴 Red"))


def test_for_an_installer_it_is_a_word_like_any_other(world: World) -> None:
    for talk in (world.anna, world.gus):
        talk.says("/unknown")
        unknown = talk.text.replace("/unknown", "…")
        talk.says("/board")
        assert talk.text.replace("/board", "…") == unknown
        talk.says("/menu")
        assert not any("Board" in label for label in talk.buttons())
        for data in ("board:", "bclients:0", "board:1"):
            talk.forge(data)
            talk.shows("There is no such thing")
        talk.says("/help")
        talk.shows_not("/board")
    both = world.newcomer("Bodo", "North", Role.INSTALLER | Role.MANAGER)
    both.says("/board")
    both.shows("Board · North")
    nobody = world.stranger()
    nobody.says("/board")
    nobody.shows("This bot is for invited people")


@pytest.mark.usefixtures("fleet")
def test_a_card_leads_back_to_the_list_it_was_opened_from(world: World) -> None:
    mona = world.mona
    mona.says("/board")
    mona.press("Turn yellow within 7 d")
    page = mona.buttons()
    mona.press(page[0])
    assert "« Tasks" not in mona.buttons()
    mona.press("History")
    mona.press("« Back")
    mona.press("Why can't I")
    mona.press("« Back")
    mona.press("« List")
    assert mona.buttons() == page
    mona.press("« Board")
    mona.says("/objects")
    mona.press("▶")
    second = mona.buttons()
    mona.press(second[0])
    mona.press("« List")
    assert mona.buttons() == second
    mona.says("/tasks")
    mona.press("▶")
    third = mona.buttons()
    mona.press(third[0])
    mona.press("« Tasks")
    assert mona.buttons() == third


def test_a_link_leads_to_all_that_one_sees(world: World) -> None:
    world.machine(S.ACTIVE)
    for talk in (world.mona, world.clara):
        talk.starts("all")
        talk.shows("Objects", "the most urgent first")
    nobody = world.stranger()
    nobody.starts("all")
    nobody.shows("This bot is for invited people")


def test_a_card_that_no_list_led_to_leads_to_the_tasks(world: World) -> None:
    ivan, machine = world.ivan, world.machine(S.ACTIVE, number="WAY-1")
    ivan.says("/objects")
    ivan.says("WAY-1")
    ivan.shows("WAY-1", "Active")
    assert "« Tasks" in ivan.buttons()
    ivan.says("/objects")
    ivan.starts(f"o{machine.id}")
    ivan.shows("WAY-1", "Active")
    assert "« Tasks" in ivan.buttons()
    ivan.says("/objects")
    ivan.forge(Open(Kind.OBJECT, key(machine), fresh=True).pack())
    ivan.shows("WAY-1", "Active")
    assert "« Tasks" in ivan.buttons()


@pytest.mark.usefixtures("fleet")
def test_a_list_of_the_board_is_filtered_further_and_picked_from(world: World) -> None:
    ivan = world.ivan
    ivan.says("/board")
    ivan.press("Turn red within 7 d")
    ivan.shows("turns red within 7 days")
    whole = length(ivan)
    ivan.press("Filter")
    ivan.press("Colour")
    ivan.press("🟡")
    ivan.shows("yellow · turns red within 7 days")
    assert 0 < length(ivan) < whole
    ivan.press("Select…")
    ivan.shows("Select objects", "yellow · turns red within 7 days")
    ivan.press("Cancel")


def test_old_and_forged_buttons_of_lists_are_answered(world: World) -> None:
    ivan = world.ivan
    ivan.says("/objects")
    for data in ("list:0:0::::0:0", "filt:0::0::::0:0", "sel:0:0::::0:0", "board:999999", "board:x"):
        ivan.forge(data)
        ivan.shows("There is no such thing")
    ivan.forge("list:0:0::::0:0:77")
    ivan.shows("Objects")
    assert ivan.offers("« Board")
    ivan.forge("bclients:-5")
    ivan.shows("Whose board?")
