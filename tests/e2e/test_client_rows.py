"""Each row of the clients' process, walked from the list's status icon, and who may not even see it."""

import pytest

from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.process import Route, Row
from domain.roles import Role
from storage.tables import OrganisationRecord
from tests.builders import key
from tests.e2e.walking import offered
from tests.e2e.world import TAKES, World

FOLLOWS = {
    "New": {"Potential", "Refusal"},
    "Potential": {"In development"},
    "In development": {"Test"},
    "Test": {"For registration", "Refusal"},
    "For registration": {"Implementation"},
    "Implementation": {"Works"},
    "Works": {"Have worked"},
    "Have worked": {"Lost"},
    "Lost": {"Potential"},
    "Refusal": {"Potential"},
}
STAFF = [role for role in TAKES if role is not Role.CLIENT]
ROWS = [(row, role) for row in CLIENT_PROCESS.rows[1:] for role in STAFF]


def test_the_table_of_rows_is_the_one_that_is_walked() -> None:
    rows = {(str(row.source), str(row.target)) for row in CLIENT_PROCESS.rows[1:]}
    assert rows == {(source, target) for source, targets in FOLLOWS.items() for target in targets}


@pytest.mark.parametrize(
    ("row", "role"), ROWS, ids=lambda one: str(one.no) if isinstance(one, Row) else one.key
)
def test_row(world: World, row: Row[ClientStatus], role: Role) -> None:
    person, case = world.talks[TAKES[role]], world.case(row.source or ClientStatus.NEW)
    comment = f"Talked to {case.name} <b>twice</b> & more"
    person.says("/clients")
    person.press("🔎 Find")
    person.says(case.name)
    person.press(f" {row.source}")
    following = FOLLOWS[str(row.source)]
    if len(following) > 1:
        assert offered(person) == following
        person.press(f" {row.target}")
    person.shows(case.name, str(row.source), str(row.target))
    person.says("\u2800")
    person.shows("A comment is needed")
    person.says(comment)
    person.shows(comment)
    assert status(world, case) is row.source
    person.press(f"Change status to {row.target}")
    person.toast(case.name, str(row.target))
    person.shows(case.name, str(row.target), comment, TAKES[role])
    assert status(world, case) is row.target
    [line] = world.client_history(case)
    assert (line.record.before, line.record.after, line.record.row) == (row.source, row.target, row.no)
    assert (line.person, line.record.role, line.record.comment) == (TAKES[role], role.key, comment)
    assert line.record.route is Route.CHAT


def test_a_window_without_a_pick_only_shows(world: World) -> None:
    case = world.case(ClientStatus.TEST)
    world.olga.says("/clients")
    world.olga.press("🔎 Find")
    world.olga.says(case.name)
    world.olga.press(case.name)
    world.olga.shows(case.name, "Test")
    assert status(world, case) is ClientStatus.TEST


@pytest.mark.parametrize("name", ["Clara", "Stan"])
def test_others_cannot_learn_that_a_client_is_a_case(world: World, name: str) -> None:
    """Client users have nothing to do with sales; a partner sees its own clients only."""
    case, person = world.case(ClientStatus.NEW), world.talks[name]
    person.says("/menu")
    unknown = key(case) + 1_000_000
    for tag in ("open:c:{}:0", "chg:c:{}", "pick:c:{}:0:2", "hist:c:{}:0", "why:c:{}:0"):
        answers = []
        for number in (key(case), unknown):
            person.forge(tag.format(number))
            answers.append((person.toast(), person.text, person.buttons()))
        assert answers[0] == answers[1]
        assert case.name not in answers[0][1]
    assert status(world, case) is ClientStatus.NEW


@pytest.mark.parametrize("name", ["Olga", "Mona", "Adam"])
def test_a_new_client(world: World, name: str) -> None:
    person = world.talks[name]
    called = f"Newcomer of {name}"
    person.says("/newclient")
    person.says(called)
    if name != "Olga":
        person.press("North")
    person.says("\u2800")
    person.shows("A comment is needed")
    person.says("They rang us")
    person.shows(called, "They rang us")
    person.press("Create this client")
    person.shows(called, "New", "They rang us")
    made = world.read(lambda unit: unit.organisations.by_name(called))
    assert made is not None
    assert (made.status, made.parent_id) == (ClientStatus.NEW, world.organisations["North"].id)
    [line] = world.client_history(made)
    assert (line.record.before, line.record.after, line.record.row) == (None, "New", 1)
    assert (line.person, line.record.comment, line.record.route) == (name, "They rang us", Route.CHAT)


@pytest.mark.parametrize("name", ["Anna", "Ivan", "Clara"])
def test_others_cannot_create_a_client(world: World, name: str) -> None:
    person = world.talks[name]
    person.says("/newclient")
    person.shows("Your role may not do this")
    person.says("Smuggled Ltd")
    person.says("in")
    assert world.read(lambda unit: unit.organisations.by_name("Smuggled Ltd")) is None


def status(world: World, case: OrganisationRecord) -> ClientStatus | None:
    """The status of a client now."""
    return world.read(lambda unit: unit.session.get_one(OrganisationRecord, case.id).status)
