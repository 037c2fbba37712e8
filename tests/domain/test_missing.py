"""What is not offered, and who could do it, against the rules said a second time."""

import itertools
from collections.abc import Iterator

import pytest

from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.missing import Chance, missing, unanswered
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import ClientReason, Reason, Subject, right_ends
from domain.roles import NOBODY, Role
from tests.domain.oracle import NOW, State, actor, moves, targets

S = ObjectStatus
PEOPLE = [role for role in Role if role is not Role.SYSTEM]
PAIRS = [one | other for one, other in itertools.combinations(PEOPLE, 2)]
FLAGS = (False, True)


def states() -> Iterator[State]:
    return (State(*values) for values in itertools.product(S, FLAGS, FLAGS, FLAGS))


def reachable(status: S | None) -> set[S]:
    """All that follows a status, whoever sets it."""
    return {target for role in PEOPLE for target, _ in moves(role, status)}


@pytest.mark.parametrize("roles", [NOBODY, *PEOPLE, *PAIRS], ids=str)
def test_what_is_not_offered_is_explained_and_nothing_else(roles: Role) -> None:
    for state in states():
        found = missing(OBJECT_PROCESS, actor(roles), state.subject, NOW)
        assert [one.target for one in found] == list(dict.fromkeys(one.target for one in found))
        assert {one.target for one in found} == reachable(state.status) - targets(roles, state), state
        for one in found:
            able = {role for role in PEOPLE if one.target in targets(role, state)}
            assert now_able(one.chances) == able, (state, one)
            assert not any(role & roles for role in able)
            mine = any(one.target in dict(moves(role, state.status)) for role in roles)
            assert (one.reason is Reason.WRONG_ROLE) == (not mine), (state, one)


def now_able(chances: tuple[Chance, ...]) -> set[Role]:
    return {role for one in chances if one.opens is None for role in one.roles}


def test_a_late_helper_learns_from_when() -> None:
    state = State(S.DIAGNOSTICS)
    verified, service = missing(OBJECT_PROCESS, actor(Role.MODERATOR), state.subject, NOW)
    for one, target in ((verified, S.VERIFIED), (service, S.SERVICE)):
        assert (one.target, one.reason) == (target, Reason.NOT_LATE_YET)
        assert one.chances == (
            Chance(Role.SUPPORT | Role.MANAGER),
            Chance(Role.MODERATOR | Role.ADMINISTRATOR, opens=state.subject.late_from),
        )
    late = missing(OBJECT_PROCESS, actor(Role.INSTALLER), State(S.DIAGNOSTICS, late=True).subject, NOW)
    everybody = Role.SUPPORT | Role.MANAGER | Role.MODERATOR | Role.ADMINISTRATOR
    assert [one.chances for one in late] == [(Chance(everybody),)] * 2


def test_the_clients_chance_ends_with_the_8_days() -> None:
    subject = State(S.VERIFIED, commissioned=True).subject
    assert subject.since is not None
    active, _, _ = sorted(missing(OBJECT_PROCESS, actor(Role.SUPPORT), subject, NOW), key=lambda m: m.target)
    assert active.chances == (
        Chance(Role.CLIENT, closes=right_ends(subject.since)),
        Chance(Role.MODERATOR),
    )
    over = missing(OBJECT_PROCESS, actor(Role.CLIENT), State(S.VERIFIED, in_time=False).subject, NOW)
    assert {one.target: one.reason for one in over} == dict.fromkeys(
        (S.EQUIPPED, S.ACTIVE, S.DIAGNOSTICS), Reason.EIGHT_DAYS_OVER
    )
    assert all(one.chances == (Chance(Role.MODERATOR),) for one in over)


@pytest.mark.parametrize("commissioned", FLAGS)
def test_a_client_learns_whether_it_was_in_operation(commissioned: bool) -> None:
    state = State(S.VERIFIED, commissioned=commissioned)
    [one] = missing(OBJECT_PROCESS, actor(Role.CLIENT), state.subject, NOW)
    assert (one.target, one.reason) == (
        (S.EQUIPPED, Reason.ALREADY_COMMISSIONED)
        if commissioned
        else (S.DIAGNOSTICS, Reason.NEVER_COMMISSIONED)
    )


@pytest.mark.parametrize("role", Role, ids=str)
def test_a_request_that_somebody_else_answers(role: Role) -> None:
    resting: Subject[S] = Subject(S.OUT_OF_SERVICE, since=NOW, commissioned=True, open_request=True)
    for request in (None, *ClientReason):
        found = unanswered(actor(role), resting, request, NOW)
        if request is None or not request.is_request or role & (Role.SUPPORT | Role.MODERATOR):
            assert found is None
        else:
            assert found is not None
            assert found.answers
            assert found.chances == (Chance(Role.SUPPORT | Role.MODERATOR),)
        assert unanswered(actor(role), Subject(S.BLOCKED), request, NOW) is None


def test_nothing_is_missing_from_a_clients_process_for_staff() -> None:
    for status in ClientStatus:
        assert missing(CLIENT_PROCESS, actor(Role.INSTALLER), Subject(status), NOW) == []
