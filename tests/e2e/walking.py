"""How a row of a process is walked through chat, and what must be true afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.clients import ClientStatus
from domain.objects import ObjectStatus
from domain.process import Condition, Row
from domain.roles import Role
from storage.tables import ObjectRecord
from tests.domain.oracle import State, targets
from tests.e2e.world import PEOPLE, TAKES, World
from tests.talk import Talk

S = ObjectStatus
TERMINAL_ASKED = {S.EQUIPPED, S.INSTALLATION, S.SERVICED}
SURE_ASKED = {S.DECOMMISSIONED}
MAIN_TIMES = {S.DIAGNOSTICS: timedelta(days=2)}


@dataclass(frozen=True)
class Walk:
    """A row taken by somebody."""

    row: Row[Any]
    role: Role
    person: str
    client: str
    commissioned: bool = False
    late: bool = False

    def __str__(self) -> str:
        late = "-late" if self.late else ""
        return f"{self.row.no}-{self.role.key}-{self.person}{late}".lower()

    @property
    def state(self) -> State:
        """What the rules look at."""
        return State(self.row.source, late=self.late, commissioned=self.commissioned)

    def machine(self, world: World) -> ObjectRecord:
        """An object that waits for this row."""
        ago = MAIN_TIMES[self.row.source] + timedelta(hours=1) if self.late else timedelta(minutes=5)
        return world.machine(self.row.source, self.client, ago=ago, commissioned=self.commissioned)


def walks_of(row: Row[Any]) -> list[Walk]:
    """The row for each role that may take it, on a partner's client and on one of the group."""
    found = []
    for role in (row.roles | row.late) & ~Role.SYSTEM:
        for client, people in (("Agro", TAKES), ("Delta", GROUP_TAKES)):
            if client == "Delta" and people[role] == TAKES[role]:
                continue
            commissioned = row.asks(Condition.WAS_ACTIVE) or row.source in {S.ACTIVE, S.OUT_OF_SERVICE}
            late = not role & row.roles
            found.append(Walk(row, role, people[role], client, commissioned, late))
    return found


GROUP_TAKES = TAKES | {
    Role.INSTALLER: "Gus", Role.SUPPORT: "Gina", Role.MANAGER: "Gwen", Role.CLIENT: "Dora",
}  # fmt: skip


def opening(role: Role, status: ObjectStatus) -> str:
    """The button on the card that begins a change."""
    if role is Role.CLIENT and status is S.VERIFIED:
        return "Does it work?"
    return "Something is needed" if role is Role.CLIENT and status is S.ACTIVE else "Change status"


def choice(role: Role, source: ObjectStatus | ClientStatus, target: ObjectStatus | ClientStatus) -> str:
    """The button of a next status."""
    if role is Role.CLIENT and source is S.VERIFIED:
        return "👍" if target is S.ACTIVE else "👎"
    return f" {target}"


def offered(talk: Talk) -> set[str]:
    """The statuses that the newest keyboard offers."""
    names = {str(status) for status in (*ObjectStatus, *ClientStatus)}
    return {label.split(" ", 1)[-1] for label in talk.buttons()} & names


PARENTS = {"Agro": "North", "Delta": "Group"}


def expected_hearers(
    client: str,
    after: ObjectStatus,
    author: str,
    *,
    commissioned: bool,
    late: bool = False,
    people: Mapping[str, tuple[str, Role]] = PEOPLE,
    parents: Mapping[str, str] = PARENTS,
) -> set[str]:
    """Who can move an object of this client on from its new status, said from the roles alone."""
    parent = parents[client]
    state = State(after, late=late, commissioned=commissioned or after is S.ACTIVE)
    told = set()
    for name, (organisation, role) in people.items():
        near = organisation == (client if role is Role.CLIENT else parent)
        central = role in {Role.MODERATOR, Role.ADMINISTRATOR}
        turn = bool(targets(role, state))
        if role is Role.CLIENT:
            turn = turn and after in {S.VERIFIED, S.FAULTY}
        if turn and (near or central) and name != author:
            told.add(name)
    return told


def asks_terminal(row: Row[Any]) -> bool:
    """Whether the terminal is asked for: not of a client who sends an object back."""
    return row.target in TERMINAL_ASKED and row.roles != Role.CLIENT


def answer_steps(talk: Talk, row: Row[Any], terminal: str | None = None) -> None:
    """Answer all that a row asks before the comment."""
    if row.target in SURE_ASKED:
        talk.shows("cannot be undone")
        talk.press("Yes, I am sure")
    if asks_terminal(row):
        talk.shows("terminal's number")
        if terminal:
            talk.says(f" {terminal.lower()} ")
        else:
            talk.press("Skip")
    if row.no == 18:
        talk.press("It broke down")
    if row.no == 10:
        talk.shows("one star to five")
        talk.press("★★★★")
