"""Everybody forges every change of everything that they see; only what the papers allow is taken."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.buttons import AssignTo, Cancel, Confirm, CorrectField, FollowUp, PickStatus
from domain.clients import CLIENT_PROCESS
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Kind
from domain.roles import Role
from storage.tables import EntryKind
from tests.conftest import Databases
from tests.domain import oracle
from tests.hostile.allowing import CLIENT_MOVES, MAIN_DAYS, MAY
from tests.hostile.company import PEOPLE, settle
from tests.hostile.driving import Bot, Clock
from tests.hostile.probes import Yard


@pytest.fixture
def yard(databases: Databases) -> Iterator[Yard]:
    """The company, with everything three days old."""
    database = databases.fresh("sqlite")
    with database.write() as unit:
        company = settle(unit)
    bot = Bot(database, Clock())
    with asyncio.Runner() as runner:
        runner.run(bot.start())
        yield Yard(bot, company, runner)
        runner.run(bot.stop())
    databases.drop(database)


def begins(yard: Yard, name: str, button: PickStatus | FollowUp) -> bool:
    """Whether the press leads to the first question of a change."""
    yard.act(name, "!" + button.pack())
    account = yard.company.accounts[name]
    inside = any(user == account for _chat, user, *_rest in yard.watch.after.dialogues)
    if inside:
        yard.act(name, "!" + Cancel().pack())
    return inside


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("days", [0, 6])
def test_a_change_of_an_object_begins_only_where_it_is_allowed(yard: Yard, name: str, days: int) -> None:
    yard.bot.clock.forward(days=days)
    person = yard.watch.after.of_account(yard.company.accounts[name])
    assert person is not None
    for number, record in yard.watch.after.objects.items():
        status, since = ObjectStatus(record["status"]), record["status_since"]
        now, main = yard.bot.clock.now, 1 if record["open_request"] else MAIN_DAYS.get(status)
        state = oracle.State(
            status,
            late=main is not None and now >= since + timedelta(days=main),
            in_time=now < since + timedelta(days=8),
            commissioned=record["commissioned"],
            open_request=record["open_request"] is not None,
        )
        for row in (*OBJECT_PROCESS.leaving(status), OBJECT_PROCESS.rows[number % 35]):
            seen = yard.watch.after.sees(person, record["client_id"])
            targets = oracle.targets(person.roles, state) if seen and row.source is status else set()
            button = PickStatus(Kind.OBJECT, number, record["version"], row.no)
            # Of rows to one target a person takes the one of their role.
            if row.target not in targets or person.roles & (row.roles | row.late):
                assert begins(yard, name, button) == (row.target in targets), (number, row)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_request_is_answered_only_by_who_may(yard: Yard, name: str) -> None:
    person = yard.watch.after.of_account(yard.company.accounts[name])
    assert person is not None
    for number, record in yard.watch.after.objects.items():
        able = person.roles & (Role.SUPPORT | Role.MODERATOR) and yard.watch.after.sees(
            person, record["client_id"]
        )
        asked = record["open_request"] is not None
        assert begins(yard, name, FollowUp(number, record["version"])) == bool(asked and able), number
        assert not begins(yard, name, FollowUp(number, record["version"] + 1))
        if asked and able:
            for act in (
                "!" + FollowUp(number, record["version"]).pack(),
                "On my way",
                "!" + Confirm().pack(),
            ):
                yard.act(name, act)
            assert [line.after for line in yard.watch.lines] == ["Active", "Diagnostics"]


@pytest.mark.parametrize("name", PEOPLE)
def test_a_change_of_a_client_begins_only_where_it_is_allowed(yard: Yard, name: str) -> None:
    person = yard.watch.after.of_account(yard.company.accounts[name])
    assert person is not None
    for client in ("Agro", "Terra", "Delta"):
        number = yard.company.organisations[client]
        record = yard.watch.after.organisations[number]
        for row in (*CLIENT_PROCESS.leaving(record["status"]), CLIENT_PROCESS.rows[number % 13]):
            seen = person.is_staff and yard.watch.after.sees(person, number)
            roles = CLIENT_MOVES[row.source, row.target] if row.source == record["status"] else None
            allowed = seen and roles is not None and bool(roles & person.roles)
            button = PickStatus(Kind.CLIENT, number, record["version"], row.no)
            assert begins(yard, name, button) == allowed, (client, row)


@pytest.mark.parametrize("name", PEOPLE)
def test_names_and_fields_change_only_for_who_may(yard: Yard, name: str) -> None:
    person = yard.watch.after.of_account(yard.company.accounts[name])
    assert person is not None
    for client, numbers in yard.company.objects.items():
        seen = yard.watch.after.sees(person, yard.company.organisations[client])
        installer = {"Terra": "Stan", "Delta": "Gwen"}.get(client, "Anna")
        assign = AssignTo(numbers[0], support=False, person_id=yard.company.people[installer])
        for kind, acts in (
            (EntryKind.ASSIGNMENT, ["!" + assign.pack()]),
            (EntryKind.CORRECTION, ["!" + CorrectField(numbers[0], "plate").pack(), "AB 1"]),
            (EntryKind.NOTE, [f"!note:o:{numbers[0]}", "A note", "!" + Confirm().pack()]),
        ):
            for act in acts:
                yard.act(name, act)
            allowed = seen and bool(person.roles & MAY[kind])
            assert [EntryKind(line.kind) for line in yard.watch.lines] == [kind] * allowed
