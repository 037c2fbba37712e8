"""Invitations, deep links, lists, searching, histories, and people who have blocked the bot."""

from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlmodel import select

from bot.services.people import invite
from domain.objects import ObjectStatus
from domain.process import ClientReason
from domain.roles import Role
from storage.database import UnitOfWork
from storage.tables import EntryKind, InvitationRecord, PersonRecord
from tests import builders
from tests.builders import key
from tests.e2e.world import World
from tests.talk import Talk

# ruff: noqa: RUF001  # letters of two alphabets that look alike are the point here

S = ObjectStatus
UNITS = 4096


def invitation(world: World, organisation: str, roles: Role, *, age: timedelta = timedelta()) -> str:
    return world.write(lambda unit: invite(unit, roles, world.organisations[organisation], world.now() - age))


def who(world: World, talk: Talk) -> PersonRecord | None:
    return world.read(lambda unit: unit.people.by_telegram_id(talk.account))


def test_an_invitation_links_the_account_once(world: World) -> None:
    secret = invitation(world, "South", Role.INSTALLER | Role.SUPPORT)
    first, second = world.stranger("Ines"), world.stranger("Otto")
    first.starts(secret)
    first.shows("Ines", "installer", "support", "South")
    person = who(world, first)
    assert person is not None
    assert world.read(lambda unit: unit.people.roles(key(person))) == Role.INSTALLER | Role.SUPPORT
    second.starts(secret)
    second.shows("invitation was used, withdrawn or has expired")
    assert who(world, second) is None
    second.says("/tasks")
    second.shows("This bot is for invited people")
    first.says("/tasks")
    first.shows("Your tasks")
    world.remove(first)


@pytest.mark.parametrize("problem", ["expired", "revoked", "unknown"])
def test_an_invitation_that_is_of_no_use(world: World, problem: str) -> None:
    age = timedelta(days=7, minutes=1) if problem == "expired" else timedelta()
    secret = invitation(world, "North", Role.INSTALLER, age=age)
    if problem == "revoked":
        world.write(lambda unit: unit.invitations.revoke(_newest(unit), world.now()))
    nobody = world.stranger()
    nobody.starts("A" * 43 if problem == "unknown" else secret)
    nobody.shows("This invitation was used, withdrawn or has expired")
    assert who(world, nobody) is None


def _newest(unit: UnitOfWork) -> int:
    return unit.session.exec(select(func.max(InvitationRecord.id))).one() or 0


def test_two_accounts_at_once_cannot_use_one_invitation(world: World) -> None:
    secret = invitation(world, "South", Role.INSTALLER)
    people = [world.stranger(f"Guest {number}") for number in range(4)]
    for one in people:
        one.starts(secret, wait=False)
    for one in people:
        one.settled()
    found = [person for one in people if (person := who(world, one))]
    assert len(found) == 1
    world.remove(*people)


def test_commands_are_registered_for_each_person(world: World) -> None:
    secret = invitation(world, "South", Role.INSTALLER)
    ines = world.stranger("Ines")
    before = world.stage.last_call
    ines.starts(secret)
    world.stage.calls_until(
        before,
        lambda calls: any(
            c["method"] == "setMyCommands" and "chat" in str(c["params"]["scope"]) for c in calls
        ),
        "no commands",
    )
    world.remove(ines)


def test_help_fits_the_role(world: World) -> None:
    world.clara.says("/help")
    assert "/new" not in world.clara.text
    assert "/clients" not in world.clara.text
    world.mona.says("/help")
    world.mona.shows("/new", "/clients")


def test_a_deep_link_opens_an_object(world: World) -> None:
    machine = world.machine(S.SERVICE)
    for talk in (world.anna, world.mona, world.clara):
        world.open(talk, machine)
        talk.shows(machine.number, "Service")


def test_search_by_any_part_of_number_name_or_plate(world: World) -> None:
    machine = world.machine(S.SERVICE, number="ZX-7781", name="Wheel Digger", plate="АВ 1234 СЕ")
    for words in ("zx77", "781", "heel dig", "AB1234CE", "ав1234", "1234 ce"):
        world.anna.says(words)
        world.anna.shows("ZX-7781", "Wheel Digger", "АВ 1234 СЕ")
    world.anna.says("/menu")
    world.anna.press("🔎 Find")
    world.anna.says("ZX-7781")
    world.anna.shows("ZX-7781")
    world.stan.says("ZX-7781")
    world.stan.shows("Nothing found")
    world.anna.says("%")
    world.anna.shows_not("ZX-7781")
    assert machine.id


def test_lists_page_and_filter(world: World) -> None:
    for number in range(10):
        world.machine(S.BLOCKED, "Delta", number=f"PG-{number:02}", name="")
    red = world.machine(S.BLOCKED, "Delta", ago=timedelta(days=61), number="PG-RED", name="")
    dora = world.dora
    dora.says("PG-")
    dora.shows("11", "PG-")
    numbers = [label for label in dora.buttons() if "PG-" in label]
    assert "PG-RED" in numbers[0], "the reddest first"
    assert len(numbers) == 8
    dora.press("▶")
    numbers += [label for label in dora.buttons() if "PG-" in label]
    assert len(numbers) == len(set(numbers)) == 11
    dora.press("▶")
    assert any("PG-RED" in label for label in dora.buttons())
    dora.press("Filter")
    dora.press("Colour")
    dora.press("🔴")
    found = [label for label in dora.buttons() if "PG-" in label]
    assert len(found) == 1
    dora.press("PG-RED")
    dora.shows("PG-RED", "Blocked", "overdue")
    assert red.id


def test_tasks_are_what_one_can_move_on(world: World) -> None:
    machine = world.machine(S.DIAGNOSTICS, "Delta", ago=timedelta(days=1), number="TK-1")
    late = world.machine(S.DIAGNOSTICS, "Delta", ago=timedelta(days=3), number="TK-2")
    permanent = world.machine(S.CANCELED, "Delta", number="TK-3")
    for talk, expected in ((world.gina, {"TK-1", "TK-2"}), (world.adam, {"TK-2"}), (world.gus, set())):
        seen, page = set(), None
        talk.says("/tasks")
        while page != talk.buttons():
            page = talk.buttons()
            seen |= {number for number in ("TK-1", "TK-2", "TK-3") for label in page if number in label}
            here, _, last = next((label for label in page if "/" in label), "1/1").partition("/")
            if here != last:
                talk.press("▶")
        assert seen == expected, talk.name
    assert len({machine.id, late.id, permanent.id}) == 3


def test_a_client_who_asked_for_something_is_seen_as_work(world: World) -> None:
    machine = world.machine(S.OUT_OF_SERVICE, request=ClientReason.BREAKDOWN, ago=timedelta(days=2))
    world.open(world.ivan, machine)
    world.ivan.shows("🟡", "Out of service", "overdue", "It broke down")


def test_a_history_of_long_comments_loses_nothing(world: World) -> None:
    machine = world.machine(S.SERVICE, name="<b>&amp;")
    comments = [f"{number:02}" + "😀" * 998 for number in range(12)]

    def write(unit: UnitOfWork) -> None:
        for comment in comments:
            builders.add_entry(
                unit, machine, comment=comment, kind=EntryKind.NOTE, person_id=key(world.people["Anna"])
            )

    world.write(write)
    ivan = world.ivan
    world.open(ivan, machine)
    ivan.press("History")
    seen: list[str] = []
    pages = int(next(label for label in ivan.buttons() if label.startswith("1/")).partition("/")[2])
    for _ in range(pages):
        assert len(ivan.text.encode("utf-16-le")) // 2 <= UNITS
        seen += [comment for comment in comments if comment in ivan.text]
        ivan.press("▶")
    assert seen == comments[::-1]


def test_long_names_and_comments_break_no_limit(world: World) -> None:
    """Everything at its longest: the card, the steps, the summary, the alert and the history."""
    long = {"number": "Ж" * 40, "name": "&" * 80, "plate": "<" * 20, "vin": ">" * 20, "address": "😀" * 200,
            "contact": "😀" * 120, "terminal": "T" * 32}  # fmt: skip
    machine = world.machine(S.INSTALLATION, **long)
    anna = world.anna
    world.open(anna, machine)
    anna.press("Change status")
    anna.press("Keep")
    anna.says("<&>" + "😀" * 997)
    anna.press("Change status to")
    anna.shows("Serviced")
    world.ivan.shows("Serviced", "<&>")
    world.open(world.ivan, machine)
    world.ivan.press("History")
    world.ivan.shows("Serviced", "<&>")


def test_whoever_blocked_the_bot_is_unreachable_and_the_others_are_told(world: World) -> None:
    guest = world.newcomer("Boris", "North", Role.MANAGER)
    machine = world.machine(S.SERVICE)
    guest.says("/menu")
    guest.blocks()
    world.open(world.anna, machine)
    world.anna.press("Change status")
    world.anna.press("Dismantling")
    world.anna.says("While Boris sleeps")
    world.anna.press("Change status to")
    world.ivan.shows("While Boris sleeps")
    world.olga.shows("While Boris sleeps")
    person = who(world, guest)
    assert person is not None
    assert not person.reachable
    guest.starts()
    guest.shows("Boris")
    person = who(world, guest)
    assert person is not None
    assert person.reachable
    world.remove(guest)


def test_nothing_was_refused_by_telegram(world: World) -> None:
    """Of all that these conversations have sent, no message was one that Telegram does not take."""
    dead = world.read(lambda unit: unit.outbox.dead())
    # Some people of some tests have no account in the sandbox.
    assert [(row.kind, row.error) for row in dead if row.error != "Chat not found"] == []
