"""One status process: its rows, what may be chosen next, and the decision on a request.

``Process.choices()`` makes the buttons and ``Process.decide()`` guards the write; both read the same
rows, so a button is offered exactly when its press would be accepted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Generic, TypeVar

from domain.roles import NOBODY, Actor, Role

COMMENT_LIMIT = 1000
"""Characters a comment may have."""
RATINGS = range(1, 6)
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
CLIENT_RIGHT = timedelta(days=8)
"""How long after Verified the client may answer: always 8 x 24 hours, whatever the deadlines say."""

S = TypeVar("S", bound=StrEnum)


class Kind(StrEnum):
    """What has a status."""

    OBJECT = "o"
    CLIENT = "c"


class Condition(StrEnum):
    """What a row demands besides a role."""

    WITHIN_8_DAYS = "within_8_days"
    NEVER_ACTIVE = "never_active"
    WAS_ACTIVE = "was_active"
    RATING = "rating"
    REASON = "reason"
    CONFIRM_TWICE = "confirm_twice"
    AUTOMATIC = "automatic"


class Route(StrEnum):
    """How a change came."""

    CHAT = "chat"
    IMPORT = "import"
    TELEMETRY = "telemetry"
    COMMAND_LINE = "command_line"


class ClientReason(StrEnum):
    """Why a client takes an object out of service (row 18); all but NOT_IN_USE are requests."""

    NOT_IN_USE = "not_in_use"
    BREAKDOWN = "breakdown"
    ADDITIONAL_EQUIPMENT = "additional_equipment"
    BLOCK = "block"

    @property
    def is_request(self) -> bool:
        """Whether the client waits for an answer: then Out of service has a deadline."""
        return self is not ClientReason.NOT_IN_USE


class Reason(Enum):
    """Why something was refused; the words stand in the text catalogue."""

    NOT_ALLOWED = auto()
    WRONG_ROLE = auto()
    NOT_CENTRAL = auto()
    WRONG_ROUTE = auto()
    NOT_LATE_YET = auto()
    EIGHT_DAYS_OVER = auto()
    NEVER_COMMISSIONED = auto()
    ALREADY_COMMISSIONED = auto()
    OPEN_REQUEST = auto()
    COMMENT_MISSING = auto()
    COMMENT_TOO_LONG = auto()
    RATING_MISSING = auto()
    CLIENT_REASON_MISSING = auto()
    SECOND_CONFIRMATION_MISSING = auto()
    SOMEBODY_WAS_FASTER = auto()
    NOT_FOUND = auto()
    ALREADY_EXISTS = auto()
    TERMINAL_IN_USE = auto()
    BAD_VALUE = auto()
    INVITATION_INVALID = auto()
    LAST_ADMINISTRATOR = auto()
    TAKEN = auto()
    NOT_TAKEN = auto()
    NO_MOMENT = auto()
    IN_THE_PAST = auto()
    TOO_FAR_AHEAD = auto()


class Refused(Exception):  # noqa: N818  # a refusal is an answer, not an error
    """What the rules do not allow, with the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row(Generic[S]):
    """One allowed transition, numbered as in docs/processes.md.

    ``source`` None is the creation. ``roles`` may always take the row, ``late`` only once the main
    time of the source status has expired.
    """

    no: int
    source: S | None
    target: S
    roles: Role
    conditions: tuple[Condition, ...] = ()
    late: Role = NOBODY

    def asks(self, condition: Condition) -> bool:
        """Whether the row demands this."""
        return condition in self.conditions


@dataclass(frozen=True, slots=True)
class Subject(Generic[S]):
    """An object or a client as the rules see it. ``status`` None: it does not exist yet.

    ``late_from`` is when the main time of the status expires; None: it has no deadline.
    """

    status: S | None
    since: datetime | None = None
    late_from: datetime | None = None
    commissioned: bool = False
    open_request: bool = False


@dataclass(frozen=True, slots=True)
class Request(Generic[S]):
    """What somebody asks for: the target status and all that a row may demand."""

    target: S
    comment: str
    rating: int | None = None
    reason: ClientReason | None = None
    confirmed_twice: bool = False


@dataclass(frozen=True, slots=True)
class Decision(Generic[S]):
    """An allowed change: the row that allows it, the role it is taken in, and what is recorded."""

    row: Row[S]
    role: Role
    comment: str
    rating: int | None
    reason: ClientReason | None


@dataclass(frozen=True, slots=True)
class Process(Generic[S]):
    """A table of rows and the two questions that one asks of it."""

    rows: tuple[Row[S], ...]

    def leaving(self, status: S | None) -> Sequence[Row[S]]:
        """The rows out of a status, in the table's order."""
        return [row for row in self.rows if row.source == status]

    def choices(
        self, actor: Actor, subject: Subject[S], now: datetime, route: Route = Route.CHAT
    ) -> list[Row[S]]:
        """The rows that the actor may take now, one a target, in the table's order."""
        allowed: dict[S, Row[S]] = {}
        for row in self.leaving(subject.status):
            if obstacle(row, actor, subject, now, route) is None:
                allowed.setdefault(row.target, row)
        return list(allowed.values())

    def decide(
        self,
        actor: Actor,
        subject: Subject[S],
        request: Request[S],
        now: datetime,
        route: Route = Route.CHAT,
    ) -> Decision[S]:
        """Allow the request, or raise ``Refused`` with the reason closest to being allowed."""
        rows = [row for row in self.leaving(subject.status) if row.target == request.target]
        if not rows:
            raise Refused(Reason.NOT_ALLOWED)
        obstacles = [obstacle(row, actor, subject, now, route) for row in rows]
        if None not in obstacles:
            raise Refused(next((o for o in obstacles if o and o is not Reason.WRONG_ROLE), Reason.WRONG_ROLE))
        row = rows[obstacles.index(None)]
        return Decision(
            row,
            role=_acting_role(row, actor),
            comment=checked_comment(request.comment),
            rating=_checked_rating(row, request),
            reason=_checked_reason(row, request),
        )


def obstacle(
    row: Row[S], actor: Actor, subject: Subject[S], now: datetime, route: Route = Route.CHAT
) -> Reason | None:
    """What keeps the actor from taking the row now, whatever they would fill in; None: nothing."""
    if not actor.roles & (row.roles | row.late):
        return Reason.WRONG_ROLE
    if not _route_fits(row, actor, route):
        return Reason.WRONG_ROUTE
    if not actor.roles & row.roles and not is_late(subject, now):
        return Reason.NOT_LATE_YET
    return _condition_missed(row, actor, subject, now)


def is_late(subject: Subject[S], now: datetime) -> bool:
    """Whether the main time of the status has expired (yellow or red)."""
    return subject.late_from is not None and now >= subject.late_from


def matters(subject: Subject[S], now: datetime) -> tuple[object, ...]:
    """All of a subject at a moment that ``obstacle`` looks at: where it is alike, the answers are."""
    over = subject.since is None or now >= right_ends(subject.since)
    return subject.status, is_late(subject, now), over, subject.commissioned, subject.open_request


def right_ends(since: datetime) -> datetime:
    """When the client's right to answer a Verified object ends."""
    return since + CLIENT_RIGHT


def checked_comment(comment: str) -> str:
    """The comment without white space around it; ``Refused`` when empty or too long."""
    stripped = comment.strip()
    if not is_readable(stripped):
        raise Refused(Reason.COMMENT_MISSING)
    if len(stripped) > COMMENT_LIMIT:
        raise Refused(Reason.COMMENT_TOO_LONG)
    return stripped


def is_readable(text: str) -> bool:
    """Whether there is anything to see: Telegram takes a message of blank characters alone for a text."""
    return any(one.isprintable() and not one.isspace() and one not in _BLANK for one in text)


def _route_fits(row: Row[S], actor: Actor, route: Route) -> bool:
    # Telemetry acts only as the system, and the system only on telemetry; an import only creates.
    if route is Route.TELEMETRY or Role.SYSTEM in actor.roles:
        return route is Route.TELEMETRY and Role.SYSTEM in actor.roles and row.asks(Condition.AUTOMATIC)
    return route is not Route.IMPORT or row.source is None


def _condition_missed(row: Row[S], actor: Actor, subject: Subject[S], now: datetime) -> Reason | None:
    if row.asks(Condition.WITHIN_8_DAYS) and not (subject.since and now < right_ends(subject.since)):
        return Reason.EIGHT_DAYS_OVER
    if row.asks(Condition.NEVER_ACTIVE) and subject.commissioned:
        return Reason.ALREADY_COMMISSIONED
    if row.asks(Condition.WAS_ACTIVE) and not subject.commissioned:
        return Reason.NEVER_COMMISSIONED
    # A broken machine still drives: being seen in operation does not answer a client's request.
    if Role.SYSTEM in actor.roles and subject.open_request:
        return Reason.OPEN_REQUEST
    return None


def _acting_role(row: Row[S], actor: Actor) -> Role:
    # Of several fitting roles the history records the first; the always-allowed come before the late.
    fitting = (actor.roles & row.roles) or (actor.roles & row.late)
    return next(iter(fitting))


def _checked_rating(row: Row[S], request: Request[S]) -> int | None:
    if not row.asks(Condition.RATING):
        return None
    if request.rating not in RATINGS:
        raise Refused(Reason.RATING_MISSING)
    return request.rating


def _checked_reason(row: Row[S], request: Request[S]) -> ClientReason | None:
    if row.asks(Condition.CONFIRM_TWICE) and not request.confirmed_twice:
        raise Refused(Reason.SECOND_CONFIRMATION_MISSING)
    if not row.asks(Condition.REASON):
        return None
    if request.reason is None:
        raise Refused(Reason.CLIENT_REASON_MISSING)
    return request.reason
