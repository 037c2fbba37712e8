"""The rules said a second time, in another shape: by role, then by status. Reads nothing of the tables."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.objects import ObjectStatus
from domain.process import CLIENT_RIGHT, ClientReason, Request, Route, Subject
from domain.roles import Actor, OrganisationKind, Role

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)

_TEXT = {
    Role.INSTALLER: """
        New: Equipped
        Service: Dismantling, Serviced
        Dismantling: Installation
        Installation: Serviced
    """,
    Role.MANAGER: """
        New: Equipped
        Equipped: Faulty
        Diagnostics: Verified, Service
        Service: Dismantling, Serviced
        Dismantling: Installation
        Installation: Serviced
        Additional order: Service
        Serviced: Verified, Faulty, Service
        Blocked: Active, Diagnostics, Decommissioned
    """,
    Role.SUPPORT: """
        nothing: New
        New: Canceled, Decommissioned, Equipped
        Canceled: New
        Equipped: New, Verified, Faulty
        Faulty: Diagnostics
        Active: Out of service, Diagnostics, Additional order, Blocked
        Out of service: Active
        Diagnostics: Verified, Service
        Service: Dismantling, Serviced
        Dismantling: Installation
        Installation: Serviced
        Additional order: Service
        Serviced: Verified, Faulty, Service
        Blocked: Active, Diagnostics, Decommissioned
    """,
    Role.MODERATOR: """
        nothing: New
        New: Canceled, Decommissioned
        Canceled: New
        Equipped: New, Verified
        Verified: Equipped, Active, Diagnostics
        Faulty: Diagnostics
        Active: Out of service, Diagnostics, Additional order, Blocked
        Out of service: Active
        Diagnostics: Verified when late, Service when late
    """,
    Role.ADMINISTRATOR: """
        Diagnostics: Verified when late, Service when late
    """,
    Role.CLIENT: """
        Verified: Active in time, Equipped in time at first, Diagnostics in time later
        Faulty: Diagnostics
        Active: Out of service
        Out of service: Active
        Blocked: Active, Diagnostics
    """,
    Role.SYSTEM: """
        Out of service: Active
    """,
}


@dataclass(frozen=True)
class State:
    """All that the rules look at, but for who asks."""

    status: ObjectStatus | None
    late: bool = False
    in_time: bool = True
    commissioned: bool = False
    open_request: bool = False
    route: Route = Route.CHAT

    @property
    def subject(self) -> Subject[ObjectStatus]:
        """The same, a microsecond before or exactly on the borders of time."""
        return Subject(
            self.status,
            since=NOW - CLIENT_RIGHT + (MOMENT if self.in_time else 0 * MOMENT),
            late_from=NOW if self.late else NOW + MOMENT,
            commissioned=self.commissioned,
            open_request=self.open_request,
        )

    def allows(self, demand: str) -> bool:
        """Whether what stands behind a target's name holds."""
        met = {
            "when late": self.late,
            "in time": self.in_time,
            "at first": not self.commissioned,
            "later": self.commissioned,
        }
        return all(holds for phrase, holds in met.items() if phrase in demand)


def targets(roles: Role, state: State) -> set[ObjectStatus]:
    """Where somebody with these roles may move an object."""
    if Role.SYSTEM in roles:
        if state.route is not Route.TELEMETRY or state.open_request:
            return set()
    elif state.route is Route.TELEMETRY or (state.route is Route.IMPORT and state.status is not None):
        return set()
    return {target for role in roles for target, demand in moves(role, state.status) if state.allows(demand)}


def moves(role: Role, status: ObjectStatus | None) -> list[tuple[ObjectStatus, str]]:
    """The targets of one role from a status, each with what it demands."""
    return _MOVES.get((role, status), [])


def actor(roles: Role, person_id: int = 1, organisation_id: int = 1) -> Actor:
    """Somebody with these roles, of a kind of organisation that has them."""
    kind = OrganisationKind.CLIENT if Role.CLIENT in roles else OrganisationKind.ADMINISTRATIVE_GROUP
    return Actor(person_id, organisation_id, kind, roles)


def asks(target: ObjectStatus) -> Request[ObjectStatus]:
    """A request with everything that any row may demand."""
    return Request(target, "Done", rating=5, reason=ClientReason.BREAKDOWN, confirmed_twice=True)


def _parsed() -> dict[tuple[Role, ObjectStatus | None], list[tuple[ObjectStatus, str]]]:
    found: dict[tuple[Role, ObjectStatus | None], list[tuple[ObjectStatus, str]]] = {}
    for role, text in _TEXT.items():
        for line in text.strip().splitlines():
            source, _, rest = line.strip().partition(": ")
            status = None if source == "nothing" else ObjectStatus(source)
            found[role, status] = [_target(part) for part in rest.split(", ")]
    return found


def _target(text: str) -> tuple[ObjectStatus, str]:
    # "Service when late" is Service, on that demand: the longest name wins ("Serviced", "Service").
    name = max((s for s in ObjectStatus if text == s or text.startswith(f"{s} ")), key=len)
    return name, text.removeprefix(name)


_MOVES = _parsed()
