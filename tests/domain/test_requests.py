"""The one step that answers a client's request, against the rules said a second time."""

import itertools

import pytest

from domain.objects import ObjectStatus
from domain.process import ClientReason, Subject
from domain.requests import ANSWERED_BY, follow_up
from domain.roles import Role
from tests.domain.oracle import NOW, State, actor, targets

S = ObjectStatus
WANTED = {
    None: None,
    ClientReason.NOT_IN_USE: None,
    ClientReason.BREAKDOWN: S.DIAGNOSTICS,
    ClientReason.ADDITIONAL_EQUIPMENT: S.ADDITIONAL_ORDER,
    ClientReason.BLOCK: S.BLOCKED,
}
PAIRS = [one | other for one, other in itertools.combinations(Role, 2) if Role.SYSTEM not in one | other]


def test_every_request_has_one_answer() -> None:
    assert set(ANSWERED_BY) == {reason for reason in ClientReason if reason.is_request}
    assert {WANTED[reason] for reason in ANSWERED_BY} == set(ANSWERED_BY.values())


@pytest.mark.parametrize("roles", [*Role, *PAIRS], ids=str)
@pytest.mark.parametrize("request_", WANTED, ids=str)
def test_who_may_answer_what(roles: Role, request_: ClientReason | None) -> None:
    """Every role, reason and status: allowed exactly when both changes are, one after the other."""
    wanted = WANTED[request_]
    for status, late, commissioned in itertools.product((None, *S), (False, True), (False, True)):
        state = State(status, late=late, commissioned=commissioned, open_request=wanted is not None)
        back = S.ACTIVE in targets(roles, state)
        on = wanted in targets(roles, State(S.ACTIVE, commissioned=True))
        step = follow_up(actor(roles), state.subject, request_, NOW)
        assert (step is not None) == (status is S.OUT_OF_SERVICE and back and on), state
        if step is not None:
            assert [(row.source, row.target) for row in step] == [
                (S.OUT_OF_SERVICE, S.ACTIVE), (S.ACTIVE, wanted),
            ]  # fmt: skip


def test_only_support_and_moderators_answer() -> None:
    resting: Subject[S] = Subject(S.OUT_OF_SERVICE, since=NOW, commissioned=True, open_request=True)
    for request, numbers in {
        ClientReason.BREAKDOWN: [22, 19],
        ClientReason.ADDITIONAL_EQUIPMENT: [22, 20],
        ClientReason.BLOCK: [22, 21],
    }.items():
        able = {role for role in Role if follow_up(actor(role), resting, request, NOW)}
        assert able == {Role.SUPPORT, Role.MODERATOR}
        step = follow_up(actor(Role.SUPPORT), resting, request, NOW)
        assert step is not None
        assert [row.no for row in step] == numbers
