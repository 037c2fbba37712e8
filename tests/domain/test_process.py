"""Every combination of who, from, to, when and by which way, against the rules said a second time."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.objects import ASKS_TERMINAL, OBJECT_PROCESS, ObjectStatus
from domain.process import (
    COMMENT_LIMIT,
    Actor,
    ClientReason,
    Condition,
    Process,
    Reason,
    Refused,
    Request,
    Route,
    Row,
    Subject,
    obstacle,
    right_ends,
)
from domain.roles import OPERATOR, STAFF, SYSTEM, Role
from tests.domain.oracle import MOMENT, NOW, State, actor, asks, moves, targets

S = ObjectStatus
PEOPLE = [role for role in Role if role is not Role.SYSTEM]
PAIRS = [one | other for one, other in itertools.combinations(PEOPLE, 2)]
FLAGS = (False, True)


def states() -> Iterator[State]:
    return (
        State(*values)
        for values in itertools.product((None, *ObjectStatus), FLAGS, FLAGS, FLAGS, FLAGS, Route)
    )


def refusal(who: Actor, subject: Subject[S], request: Request[S], route: Route = Route.CHAT) -> Reason | None:
    try:
        OBJECT_PROCESS.decide(who, subject, request, NOW, route)
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("roles", [*Role, *PAIRS], ids=str)
def test_every_combination(roles: Role) -> None:
    who = actor(roles)
    for state in states():
        subject, expected = state.subject, targets(roles, state)
        rows = OBJECT_PROCESS.choices(who, subject, NOW, state.route)
        assert {row.target for row in rows} == expected, state
        assert len(rows) == len(expected), state
        for row in rows:
            decision = OBJECT_PROCESS.decide(who, subject, asks(row.target), NOW, state.route)
            assert decision.row is row
            assert decision.role in roles & (row.roles | row.late)
        for target in set(ObjectStatus) - expected:
            assert refusal(who, subject, asks(target), state.route) is not None, (state, target)


@pytest.mark.parametrize("role", Role, ids=str)
def test_every_refusal_of_one_role_says_what_is_in_the_way(role: Role) -> None:
    who = actor(role)
    for state in states():
        for target in set(ObjectStatus) - targets(role, state):
            assert refusal(who, state.subject, asks(target), state.route) is expected_reason(
                role, state, target
            ), (state, target)


def expected_reason(role: Role, state: State, target: S) -> Reason:  # noqa: PLR0911  # one a reason
    known = {to for other in Role for to, _demand in moves(other, state.status)}
    if target not in known:
        return Reason.NOT_ALLOWED
    mine = dict(moves(role, state.status))
    if target not in mine:
        return Reason.WRONG_ROLE
    if (role is Role.SYSTEM) != (state.route is Route.TELEMETRY):
        return Reason.WRONG_ROUTE
    if state.route is Route.IMPORT and state.status is not None:
        return Reason.WRONG_ROUTE
    if role is Role.SYSTEM:
        return Reason.OPEN_REQUEST
    if "when late" in mine[target]:
        return Reason.NOT_LATE_YET
    if not state.in_time:
        return Reason.EIGHT_DAYS_OVER
    return Reason.ALREADY_COMMISSIONED if state.commissioned else Reason.NEVER_COMMISSIONED


def test_the_refusals_of_the_process_are_all_reachable() -> None:
    seen = {
        refusal(actor(role), state.subject, asks(target), state.route)
        for role in Role
        for state in states()
        for target in ObjectStatus
    }
    new, verified, active = Subject(S.NEW), State(S.VERIFIED).subject, Subject(S.ACTIVE)
    support, client = actor(Role.SUPPORT), actor(Role.CLIENT)
    seen |= {
        refusal(support, new, Request(S.CANCELED, " \n\t")),
        refusal(support, new, Request(S.CANCELED, "x" * (COMMENT_LIMIT + 1))),
        refusal(support, new, Request(S.DECOMMISSIONED, "Gone")),
        refusal(client, verified, Request(S.ACTIVE, "Fine")),
        refusal(client, active, Request(S.OUT_OF_SERVICE, "Enough")),
    }
    said_by_use_cases = {
        Reason.SOMEBODY_WAS_FASTER,
        Reason.NOT_FOUND,
        Reason.ALREADY_EXISTS,
        Reason.TERMINAL_IN_USE,
        Reason.BAD_VALUE,
        Reason.INVITATION_INVALID,
        Reason.LAST_ADMINISTRATOR,
        Reason.TAKEN,
        Reason.NOT_TAKEN,
        Reason.NO_MOMENT,
        Reason.NOT_CENTRAL,
        Reason.IN_THE_PAST,
        Reason.TOO_FAR_AHEAD,
    }
    assert set(Reason) - said_by_use_cases <= seen


def test_rows_are_numbered_and_no_two_are_the_same() -> None:
    for process in (OBJECT_PROCESS, CLIENT_PROCESS):
        assert [row.no for row in process.rows] == list(range(1, len(process.rows) + 1))
    for one, other in itertools.combinations(OBJECT_PROCESS.rows, 2):
        if (one.source, one.target) == (other.source, other.target):
            assert not (one.roles | one.late) & (other.roles | other.late), (one.no, other.no)


def test_only_decommissioned_is_the_end_and_everything_is_reached() -> None:
    assert [status for status in ObjectStatus if not OBJECT_PROCESS.leaving(status)] == [S.DECOMMISSIONED]
    assert {row.target for row in OBJECT_PROCESS.rows} == set(ObjectStatus)
    assert {row.target for row in CLIENT_PROCESS.rows} == set(ClientStatus)
    assert all(CLIENT_PROCESS.leaving(status) for status in ClientStatus)
    assert {S.EQUIPPED, S.INSTALLATION, S.SERVICED} == ASKS_TERMINAL


# What a request has to bring.


@pytest.mark.parametrize(
    ("comment", "kept"),
    [
        ("Done", "Done"),
        ("  Done \n", "Done"),
        ("two\nlines", "two\nlines"),
        ("x" * 1000, "x" * 1000),
        (" " + "x" * 1000 + " ", "x" * 1000),
    ],
)
def test_a_comment_is_kept_without_white_space_around(comment: str, kept: str) -> None:
    request = Request(S.CANCELED, comment)
    assert OBJECT_PROCESS.decide(actor(Role.SUPPORT), Subject(S.NEW), request, NOW).comment == kept


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("", Reason.COMMENT_MISSING),
        (" ", Reason.COMMENT_MISSING),
        ("\u00a0\u2003\t\r\n", Reason.COMMENT_MISSING),
        ("x" * 1001, Reason.COMMENT_TOO_LONG),
    ],
)
@pytest.mark.parametrize("row", OBJECT_PROCESS.rows, ids=lambda row: f"row{row.no}")
def test_no_row_goes_without_a_fit_comment(row: Row[S], comment: str, reason: Reason) -> None:
    role = next(iter(row.roles))
    commissioned = row.asks(Condition.WAS_ACTIVE)
    subject = Subject(row.source, since=NOW, commissioned=commissioned)
    request = Request(row.target, comment, 5, ClientReason.BLOCK, confirmed_twice=True)
    assert refusal(actor(role), subject, request) is reason


@pytest.mark.parametrize("rating", [None, 0, 6, -1])
def test_acceptance_needs_a_rating_from_1_to_5(rating: int | None) -> None:
    request = Request(S.ACTIVE, "Fine", rating)
    assert refusal(actor(Role.CLIENT), State(S.VERIFIED).subject, request) is Reason.RATING_MISSING


@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_the_rating_is_kept(rating: int) -> None:
    request = Request(S.ACTIVE, "Fine", rating)
    subject = State(S.VERIFIED).subject
    assert OBJECT_PROCESS.decide(actor(Role.CLIENT), subject, request, NOW).rating == rating


def test_a_moderator_accepts_without_a_rating_and_leaves_none() -> None:
    subject = State(S.VERIFIED).subject
    for rating in (None, 3):
        request = Request(S.ACTIVE, "By phone", rating)
        decision = OBJECT_PROCESS.decide(actor(Role.MODERATOR), subject, request, NOW)
        assert (decision.row.no, decision.rating) == (13, None)


@pytest.mark.parametrize("reason", ClientReason)
def test_a_client_takes_out_of_service_for_one_of_four_reasons(reason: ClientReason) -> None:
    client, active = actor(Role.CLIENT), Subject(S.ACTIVE)
    request = Request(S.OUT_OF_SERVICE, "Please", reason=reason)
    assert OBJECT_PROCESS.decide(client, active, request, NOW).reason is reason
    assert reason.is_request == (reason is not ClientReason.NOT_IN_USE)
    without = Request(S.OUT_OF_SERVICE, "Please")
    assert refusal(client, active, without) is Reason.CLIENT_REASON_MISSING
    assert OBJECT_PROCESS.decide(actor(Role.SUPPORT), active, request, NOW).reason is None


@pytest.mark.parametrize("source", [S.NEW, S.BLOCKED])
def test_the_end_is_confirmed_twice(source: S) -> None:
    support = actor(Role.SUPPORT)
    once = Request(S.DECOMMISSIONED, "Gone")
    assert refusal(support, Subject(source), once) is Reason.SECOND_CONFIRMATION_MISSING
    twice = Request(S.DECOMMISSIONED, "Gone", confirmed_twice=True)
    assert refusal(support, Subject(source), twice) is None
    confirmed = {(row.source, row.target) for row in OBJECT_PROCESS.rows if row.asks(Condition.CONFIRM_TWICE)}
    assert confirmed == {(S.NEW, S.DECOMMISSIONED), (S.BLOCKED, S.DECOMMISSIONED)}


# Borders of time, and who it was.


def test_the_clients_right_ends_on_the_microsecond() -> None:
    subject: Subject[S] = Subject(S.VERIFIED, since=NOW)
    client = actor(Role.CLIENT)
    last = right_ends(NOW) - MOMENT
    assert len(OBJECT_PROCESS.choices(client, subject, last)) == 2
    assert OBJECT_PROCESS.choices(client, subject, last + MOMENT) == []
    assert len(OBJECT_PROCESS.choices(actor(Role.MODERATOR), subject, last + MOMENT)) == 3


def test_without_a_known_moment_the_client_has_no_right() -> None:
    assert OBJECT_PROCESS.choices(actor(Role.CLIENT), Subject(S.VERIFIED), NOW) == []


def test_a_moderator_may_help_from_the_moment_of_lateness() -> None:
    for late_from, rows in ((NOW + MOMENT, 0), (NOW, 2), (NOW - MOMENT, 2), (None, 0)):
        subject: Subject[S] = Subject(S.DIAGNOSTICS, NOW, late_from)
        for role in (Role.MODERATOR, Role.ADMINISTRATOR):
            assert len(OBJECT_PROCESS.choices(actor(role), subject, NOW)) == rows


def test_the_history_names_the_role_that_always_may_before_the_one_that_may_when_late() -> None:
    late = State(S.DIAGNOSTICS, late=True).subject
    both = actor(Role.MANAGER | Role.ADMINISTRATOR)
    assert OBJECT_PROCESS.decide(both, late, asks(S.SERVICE), NOW).role is Role.MANAGER
    late_only = actor(Role.MODERATOR | Role.INSTALLER)
    assert OBJECT_PROCESS.decide(late_only, late, asks(S.SERVICE), NOW).role is Role.MODERATOR
    table = Process((Row(1, S.NEW, S.ACTIVE, Role.ADMINISTRATOR, late=Role.INSTALLER),))
    overdue: Subject[S] = Subject(S.NEW, NOW, late_from=NOW)
    whoever = actor(Role.INSTALLER | Role.ADMINISTRATOR)
    assert table.decide(whoever, overdue, asks(S.ACTIVE), NOW).role is Role.ADMINISTRATOR


def test_the_operator_acts_for_the_group_and_the_bot_only_on_telemetry() -> None:
    created: Subject[S] = Subject(None)
    assert OBJECT_PROCESS.decide(OPERATOR, created, asks(S.NEW), NOW, Route.COMMAND_LINE).row.no == 1
    resting: Subject[S] = Subject(S.OUT_OF_SERVICE)
    assert OBJECT_PROCESS.decide(SYSTEM, resting, asks(S.ACTIVE), NOW, Route.TELEMETRY).row.no == 22
    assert OBJECT_PROCESS.choices(SYSTEM, resting, NOW) == []


# The clients' process.


@pytest.mark.parametrize("role", Role, ids=str)
def test_every_combination_of_a_client(role: Role) -> None:
    expected = {
        "New": "Potential, Refusal", "Potential": "In development", "In development": "Test",
        "Test": "For registration, Refusal", "For registration": "Implementation",
        "Implementation": "Works", "Works": "Have worked", "Have worked": "Lost",
        "Lost": "Potential", "Refusal": "Potential",
    }  # fmt: skip
    for status in ClientStatus:
        rows = CLIENT_PROCESS.choices(actor(role), Subject(status), NOW)
        allowed = expected[status].split(", ") if role in STAFF else []
        assert [row.target for row in rows] == allowed
    created = CLIENT_PROCESS.choices(actor(role), Subject(None), NOW)
    assert len(created) == (role in Role.MANAGER | Role.MODERATOR | Role.ADMINISTRATOR)


def test_a_client_demands_a_comment_too() -> None:
    with pytest.raises(Refused) as refused:
        CLIENT_PROCESS.decide(
            actor(Role.MANAGER), Subject(ClientStatus.NEW), Request(ClientStatus.POTENTIAL, " "), NOW
        )
    assert refused.value.reason is Reason.COMMENT_MISSING


# Properties that hold for any table.

letters = st.sampled_from([S.NEW, S.ACTIVE, S.SERVICE])
some_roles = st.sets(st.sampled_from(list(Role)), max_size=3).map(
    lambda chosen: Role(sum(role.value for role in chosen))
)
any_row = st.builds(
    Row,
    no=st.integers(1, 99),
    source=st.none() | letters,
    target=letters,
    roles=some_roles,
    conditions=st.lists(st.sampled_from(list(Condition)), unique=True, max_size=3).map(tuple),
    late=some_roles,
)
any_subject = st.builds(
    Subject,
    status=st.none() | letters,
    since=st.none() | st.sampled_from([NOW, NOW - MOMENT]),
    late_from=st.none() | st.sampled_from([NOW, NOW + MOMENT]),
    commissioned=st.booleans(),
    open_request=st.booleans(),
)


@given(st.lists(any_row, max_size=6).map(tuple), any_subject, some_roles, st.sampled_from(list(Route)))
def test_a_button_is_offered_exactly_when_its_press_is_accepted(
    rows: tuple[Row[S], ...], subject: Subject[S], roles: Role, route: Route
) -> None:
    process, who = Process(rows), actor(roles)
    offered = {row.target: row for row in process.choices(who, subject, NOW, route)}
    for target in ObjectStatus:
        try:
            decision = process.decide(who, subject, asks(target), NOW, route)
        except Refused:
            assert target not in offered
        else:
            assert decision.row is offered[target]
            assert obstacle(decision.row, who, subject, NOW, route) is None


@given(st.text(max_size=1200))
def test_a_kept_comment_is_neither_empty_nor_long(comment: str) -> None:
    request = Request(S.CANCELED, comment)
    try:
        kept = OBJECT_PROCESS.decide(actor(Role.SUPPORT), Subject(S.NEW), request, NOW).comment
    except Refused:
        assert len(comment.strip()) > 1000 or not any(character.isalnum() for character in comment)
    else:
        assert kept == comment.strip()
        assert 0 < len(kept) <= 1000


@pytest.mark.parametrize("blank", [" ", "\n\t", "\u200b", "\u2800\u3164", "\u200e \u2060"])
def test_what_nobody_can_read_is_no_comment(blank: str) -> None:
    with pytest.raises(Refused) as refused:
        OBJECT_PROCESS.decide(actor(Role.SUPPORT), Subject(S.NEW), Request(S.CANCELED, blank), NOW)
    assert refused.value.reason is Reason.COMMENT_MISSING


def test_a_single_sign_is_a_comment() -> None:
    for comment in ("+", "👍", "ї", "\u200bok"):
        decision = OBJECT_PROCESS.decide(
            actor(Role.SUPPORT), Subject(S.NEW), Request(S.CANCELED, comment), NOW
        )
        assert decision.comment == comment


@given(any_subject, some_roles, some_roles)
def test_a_further_role_never_takes_a_choice_away(subject: Subject[S], some: Role, more: Role) -> None:
    some, more = some & ~Role.SYSTEM, more & ~Role.SYSTEM
    before = {row.target for row in OBJECT_PROCESS.choices(actor(some), subject, NOW)}
    after = {row.target for row in OBJECT_PROCESS.choices(actor(some | more), subject, NOW)}
    assert before <= after
