"""Each row of the objects' process, walked through chat by everybody who may take it."""

import itertools

import pytest

from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import ClientReason, Route
from domain.roles import Role
from tests.builders import key
from tests.domain.oracle import State, targets
from tests.e2e.walking import (
    Walk,
    answer_steps,
    asks_terminal,
    choice,
    expected_hearers,
    offered,
    opening,
    walks_of,
)  # fmt: skip
from tests.e2e.world import TAKES, World

WALKS = [walk for row in OBJECT_PROCESS.rows if row.source is not None for walk in walks_of(row)]
BLANK = "\u2800 \u200b"
"""White space that Telegram carries: it trims the usual kinds itself."""
_numbers = itertools.count(1)


def test_every_row_is_walked_by_every_role_that_may_take_it() -> None:
    walked = {(walk.row.no, walk.role) for walk in WALKS}
    in_table = {(row.no, role) for row in OBJECT_PROCESS.rows[1:] for role in row.roles | row.late}
    assert in_table - walked == {(22, Role.SYSTEM)}


@pytest.mark.parametrize("walk", WALKS, ids=str)
def test_row(world: World, walk: Walk) -> None:
    row, person, machine = walk.row, world.talks[walk.person], walk.machine(world)
    comment = f"Row {row.no}, {walk.person} <{next(_numbers)}> & done"
    terminal = f"TERM-{next(_numbers):06}" if asks_terminal(row) else None
    since = world.stage.last_call

    world.open(person, machine)
    person.shows(machine.number, str(row.source))
    person.press(opening(walk.role, row.source))
    following = targets(walk.role, walk.state)
    if len(following) > 1:
        if not (walk.role is Role.CLIENT and row.source is ObjectStatus.VERIFIED):
            assert offered(person) == {str(status) for status in following}
        person.press(choice(walk.role, row.source, row.target))
    answer_steps(person, row, terminal)
    person.says(BLANK)
    person.shows("A comment is needed")
    person.says(comment)
    person.shows(comment, str(row.target))
    assert world.status(machine) is row.source, "nothing changes before it is confirmed"
    person.press(f"Change status to {row.target}")

    hearers = expected_hearers(walk.client, row.target, walk.person, commissioned=walk.commissioned)
    person.toast(machine.number, str(row.target))
    if hearers:
        person.toast(f"{len(hearers)} {'person is' if len(hearers) == 1 else 'people are'} told")
    assert comment in person.shows(machine.number, str(row.target), walk.person)
    assert world.status(machine) is row.target
    line = world.history(machine)[0]
    assert (line.record.before, line.record.after, line.record.row) == (row.source, row.target, row.no)
    assert (line.person, line.record.role, line.record.comment) == (walk.person, walk.role.key, comment)
    assert line.record.route is Route.CHAT
    assert line.record.rating == (4 if row.no == 10 else None)
    assert line.record.reason == (ClientReason.BREAKDOWN if row.no == 18 else None)
    assert line.record.terminal == terminal
    assert sorted(world.told(key(line.record))) == sorted(hearers)
    assert received(world, since, comment, walk.person, hearers) == hearers


def received(world: World, since: int, comment: str, author: str, expected: set[str]) -> set[str]:
    """Who has got a message with this comment, once all who are expected have."""
    names = {talk.account: name for name, talk in world.talks.items()}

    def people(calls: list[dict]) -> set[str]:
        found = [
            names[c["chat_id"]]
            for c in calls
            if c["method"] == "sendMessage" and c["ok"] and _html(comment) in str(c["params"]["text"])
        ]
        others = [name for name in found if name != author]
        assert len(others) == len(set(others)), "nobody is told twice"
        return set(others)

    return people(
        world.stage.calls_until(since, lambda calls: people(calls) >= expected, "alerts are missing")
    )


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


REFUSED = [(status, role) for status in ObjectStatus for role in TAKES]


@pytest.mark.parametrize(("status", "role"), REFUSED, ids=lambda one: getattr(one, "name", "").lower())
def test_what_a_role_may_not_do_is_not_offered_and_refused_when_forged(
    world: World, status: ObjectStatus, role: Role
) -> None:
    person = world.talks[TAKES[role]]
    machine = world.machine(status)
    allowed = targets(role, State(status))
    world.open(person, machine)
    if not allowed:
        assert not any(opening(role, status) in label for label in person.buttons())
    else:
        person.press(opening(role, status))
        if len(allowed) > 1 and not (role is Role.CLIENT and status is ObjectStatus.VERIFIED):
            assert offered(person) == {str(target) for target in allowed}
    leaving = [row for row in OBJECT_PROCESS.rows if row.source is status]
    elsewhere = next(row for row in OBJECT_PROCESS.rows if row.source not in {None, status})
    for row in [*leaving, elsewhere]:
        if row in leaving and row.target in allowed and role & row.roles:
            continue
        person.forge(f"pick:o:{machine.id}:{machine.version}:{row.no}")
        assert "Change status to" not in " ".join(person.buttons())
        person.says("A comment that must not be kept")
    assert world.status(machine) is status
    assert world.history(machine) == []
