"""The board as a value: what it says, what is left out, and where its buttons lead."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.buttons import Board as BoardButton
from bot.buttons import BoardClients, Menu, ObjectFilters, ObjectList
from bot.screens import TEXT_LIMIT, Key, Screen, packed, units
from bot.screens.board import board_screen, choose_client
from bot.screens.bulk_buttons import SelectFrom
from bot.screens.lists import filter_screen, filters_of, list_of, object_list, select_from
from bot.screens.menu import commands_of, menu
from bot.services.board import Board, Day, board
from bot.services.objects import Listing
from bot.services.people import Me, as_me
from domain.board import Due
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import Reason, Refused
from domain.roles import Role
from sandbox.entities import parse
from storage.database import Database, UnitOfWork
from storage.object_lists import MANY
from tests.builders import NOW, Company, add_client, add_company, add_object, add_person, key

S = ObjectStatus
DAY = timedelta(days=1)
PHONE = 44
"""Characters of a label that a phone of 360 pixels shows."""


@pytest.fixture
def unit(sqlite_database: Database) -> Iterator[UnitOfWork]:
    with sqlite_database.write() as made:
        yield made


@pytest.fixture
def company(unit: UnitOfWork) -> Company:
    """The small world, with machines of the partner's client; the group's client has one that is red."""
    made = add_company(unit)
    for status, days in (
        (S.SERVICE, 7.1), (S.SERVICE, 3.5), (S.SERVICE, 1), (S.VERIFIED, 6.9), (S.VERIFIED, 1),
        (S.VERIFIED, 9), (S.ACTIVE, 100), (S.ACTIVE, 1),
    ):  # fmt: skip
        add_object(unit, made.client, status, since=NOW - days * DAY)
    add_object(unit, made.group_client, S.NEW, since=NOW - 11 * DAY)
    return made


def shown(unit: UnitOfWork, me: Me, client_id: int | None = None) -> Screen:
    screen = board_screen(board(unit, me, client_id, NOW), me, NOW)
    assert units(parse(screen.text, "HTML")[0]) <= TEXT_LIMIT
    packed(screen.keyboard)
    for line in screen.keyboard:
        assert 1 <= len(line) <= 2
        assert sum(len(one.label) for one in line) <= PHONE, [one.label for one in line]
    return screen


def plain(screen: Screen) -> list[str]:
    return parse(screen.text, "HTML")[0].splitlines()


def keys(screen: Screen) -> list[Key]:
    return [one for line in screen.keyboard for one in line]


def test_a_board_says_how_it_is_and_what_is_next(unit: UnitOfWork, company: Company) -> None:
    screen = shown(unit, as_me(unit, company.support))
    title, _as_of, empty, *lines = plain(screen)
    assert title == f"Board · {company.partner.name}"
    assert empty == ""
    assert lines == [
        "🔴 2 red · 🟡 2 yellow · 🔵 2 in time · 🟢 2 permanent",
        "Turned red today: 1",
        "⏳ Waiting for the client: 2 (the first has 26 h left)",
        "",
        "In the next 7 days: 3 turn red, 2 turn yellow",
        "Tue 3 Mar: 🔴 1 red",
        "Wed 4 Mar: 🟡 1 yellow",
        "Fri 6 Mar: 🔴 1 red · 🟡 1 yellow",
        "Sun 8 Mar: 🔴 1 red",
    ]
    index = list(S).index
    assert [(one.label, one.button) for one in keys(screen)] == [
        ("🔴 Red · 2", ObjectList(colour=3, due=0)),
        ("🟡 Yellow · 2", ObjectList(colour=2, due=0)),
        ("🔵 Blue · 2", ObjectList(colour=1, due=0)),
        ("🟢 Green · 2", ObjectList(colour=0, due=0)),
        ("Turned red today · 1", ObjectList(due=Due.TURNED_RED)),
        ("⏳ Waiting for the client · 2", ObjectList(due=Due.TO_ANSWER)),
        ("Turn red within 7 d · 3", ObjectList(due=Due.TURNS_RED)),
        ("Turn yellow within 7 d · 2", ObjectList(due=Due.TURNS_YELLOW)),
        ("⏳ Verified · 3: 1 red, 1 yellow, 1 blue", ObjectList(status=index(S.VERIFIED), due=0)),
        ("🛠 Service · 3: 1 red, 1 yellow, 1 blue", ObjectList(status=index(S.SERVICE), due=0)),
        ("✅ Active · 2 green", ObjectList(status=index(S.ACTIVE), due=0)),
        ("« Menu", Menu()),
        ("Refresh", BoardButton()),
    ]


def test_a_client_is_asked_to_answer(unit: UnitOfWork, company: Company) -> None:
    screen = shown(unit, as_me(unit, company.client_user))
    assert any(line.startswith("⏳ For you to answer: 2") for line in plain(screen))
    assert "⏳ For you to answer · 2" in [one.label for one in keys(screen)]


def test_the_board_of_one_client(unit: UnitOfWork, company: Company) -> None:
    me = as_me(unit, company.moderator)
    whole = shown(unit, me)
    assert plain(whole)[3].startswith("🔴 3 red")
    assert Key("One client…", BoardClients()) in keys(whole)
    number = key(company.group_client)
    screen = shown(unit, me, number)
    assert plain(screen)[0] == f"Board · {company.group_client.name}"
    assert plain(screen)[3:] == ["🔴 1 red"]
    assert keys(screen) == [
        Key("🔴 Red · 1", ObjectList(colour=3, client_id=number, due=0)),
        Key("🆕 New · 1 red", ObjectList(status=0, client_id=number, due=0)),
        Key("One client…", BoardClients()),
        Key("All clients", BoardButton()),
        Key("« Menu", Menu()),
        Key("Refresh", BoardButton(number)),
    ]
    chosen = choose_client([company.client, company.group_client], 1, more=True)
    assert [one.button for one in keys(chosen)] == [
        BoardButton(key(company.client)), BoardButton(number), BoardClients(0), BoardClients(2),
        BoardButton(),
    ]  # fmt: skip


def test_where_nothing_waits_the_board_says_so(unit: UnitOfWork, company: Company) -> None:
    me = as_me(unit, company.moderator)
    calm = add_client(unit, company.partner)
    assert plain(shown(unit, me, key(calm)))[3:] == ["There are no machines here yet."]
    add_object(unit, calm, S.ACTIVE)
    assert plain(shown(unit, me, key(calm)))[3:] == ["All green: nothing waits.", "🟢 1 permanent"]
    add_object(unit, calm, S.BLOCKED)
    assert plain(shown(unit, me, key(calm)))[3:] == [
        "🔵 1 in time · 🟢 1 permanent",
        "Nothing is late, and nothing is due in the next 7 days.",
    ]


def test_a_board_is_of_what_one_sees(unit: UnitOfWork, company: Company) -> None:
    near, far = key(company.client), key(company.group_client)
    for person in (company.support, company.manager, company.client_user):
        me = as_me(unit, person)
        assert sum(board(unit, me, None, NOW).colours.values()) == 8
        assert sum(board(unit, me, near, NOW).colours.values()) == 8
        for unseen in (far, 99_999, key(company.partner)):
            with pytest.raises(Refused) as refused:
                board(unit, me, unseen, NOW)
            assert refused.value.reason is Reason.NOT_FOUND
    for person in (company.moderator, company.administrator, company.group_support, company.group_manager):
        assert sum(board(unit, as_me(unit, person), None, NOW).colours.values()) == 9
    assert sum(board(unit, as_me(unit, company.group_client_user), None, NOW).colours.values()) == 1


@pytest.mark.parametrize("role", [*Role], ids=lambda role: role.key)
def test_who_is_offered_a_board(unit: UnitOfWork, company: Company, role: Role) -> None:
    organisation = company.client if role is Role.CLIENT else company.group
    me = as_me(unit, add_person(unit, organisation, role))
    offered = role not in {Role.INSTALLER, Role.SYSTEM}
    assert ("board" in dict(commands_of(me))) == offered
    assert (BoardButton() in [one.button for one in keys(menu(me, 0, 0))]) == offered
    if not offered:
        for client_id in (None, key(company.client)):
            with pytest.raises(Refused):
                board(unit, me, client_id, NOW)
        both = as_me(unit, add_person(unit, company.partner, Role.INSTALLER | Role.SUPPORT))
        assert "board" in dict(commands_of(both))
        assert board(unit, both, None, NOW).colours


def test_a_board_at_its_longest_fits(unit: UnitOfWork, company: Company) -> None:
    me = as_me(unit, company.support)
    full = Board(
        9_999_999, "</b>&" * 24, {status: dict.fromkeys(sorted(Colour, reverse=True), MANY) for status in S},
        dict.fromkeys(Due, MANY), [Day((NOW + n * DAY).date(), NOW, 999, 999) for n in range(8)],
        NOW + DAY, by_client=True,
    )  # fmt: skip
    screen = board_screen(full, me, NOW)
    assert units(parse(screen.text, "HTML")[0]) <= TEXT_LIMIT
    packed(screen.keyboard)
    assert "🔴 1000+ red · 🟡 1000+ yellow · 🔵 1000+ in time · 🟢 1000+ permanent" in plain(screen)
    assert "⏳ Verified · 1000+: 1000+ red, 1000+ yellow, 1000+ blue, 1000+ green" in [
        one.label for one in keys(screen)
    ]
    assert "Mon 9 Mar until 12:00: 🔴 999 red · 🟡 999 yellow" in plain(screen)


def test_a_list_leads_back_to_the_board_that_it_came_from() -> None:
    for due in (0, Due.TURNS_RED.value):
        view = ObjectList(client_id=7, due=due)
        assert Key("« Board", BoardButton(7)) in keys(object_list(Listing([], 0), view, "", None, NOW))
        assert isinstance(filters_of(view), ObjectFilters)
        assert list_of(filters_of(view)) == view
        chosen = select_from(view)
        assert isinstance(chosen, SelectFrom)
        assert chosen.due == due
        free = [one.button for one in keys(filter_screen(filters_of(view), [], more=False))]
        assert ObjectList(due=0) in free
    back = keys(object_list(Listing([], 0), ObjectList(), "", None, NOW))
    assert Key("« Menu", Menu()) in back
    assert Key("« Board", BoardButton()) not in back


def test_a_list_says_which_line_of_the_board_it_is() -> None:
    for due, words in (
        (Due.TURNED_RED, "turned red today"), (Due.TURNS_YELLOW, "turns yellow within 7 days"),
        (Due.TURNS_RED, "turns red within 7 days"), (Due.TO_ANSWER, "waiting for the client"),
    ):  # fmt: skip
        assert words in object_list(Listing([], 0), ObjectList(due=due.value), "", None, NOW).text


def test_a_button_of_a_list_of_before_is_no_button_any_more() -> None:
    assert ObjectList.unpack("list:0:0:::::0:0:") is None
    for of_before in ("list:0:0::::0:0", "list:1:2:3:4:5:1:1"):
        assert ObjectList.unpack(of_before) is None
    assert ObjectFilters.unpack("filt:0::0::::0:0") is None
    assert SelectFrom.unpack("sel:0:0::::0:0") is None
    assert ObjectList.unpack("list:0:0::::0:0:2") == ObjectList(due=2)
