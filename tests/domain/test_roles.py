"""Roles, and who sees which client."""

import pytest

from domain.roles import (
    NOBODY,
    OPERATOR,
    ROLES_OF,
    STAFF,
    SYSTEM,
    Actor,
    OrganisationKind,
    Role,
    Sight,
    sight,
)

GROUP, PARTNER, OTHER_PARTNER, CLIENT, OTHER_CLIENT = 1, 2, 3, 4, 5


def test_a_role_is_written_and_read_by_its_key() -> None:
    assert [Role.from_key(role.key) for role in Role] == list(Role)
    assert Role.INSTALLER.key == "installer"
    with pytest.raises(KeyError):
        Role.from_key("owner")


def test_staff_is_everybody_but_clients_and_the_bot() -> None:
    assert Role(sum(role.value for role in Role)) == STAFF | Role.CLIENT | Role.SYSTEM
    assert not STAFF & (Role.CLIENT | Role.SYSTEM)
    assert Role.SYSTEM not in ROLES_OF[OrganisationKind.ADMINISTRATIVE_GROUP]


@pytest.mark.parametrize(
    ("kind", "organisation", "seen"),
    [
        (OrganisationKind.ADMINISTRATIVE_GROUP, GROUP, {(4, 1), (4, 2), (4, 3), (5, 1), (5, 2), (5, 3)}),
        (OrganisationKind.PARTNER, PARTNER, {(4, 2), (5, 2)}),
        (OrganisationKind.PARTNER, OTHER_PARTNER, {(4, 3), (5, 3)}),
        (OrganisationKind.CLIENT, CLIENT, {(4, 1), (4, 2), (4, 3)}),
    ],
)
def test_who_sees_which_client(kind: OrganisationKind, organisation: int, seen: set[tuple[int, int]]) -> None:
    view = sight(Actor(1, organisation, kind, NOBODY))
    places = {(c, p) for c in (CLIENT, OTHER_CLIENT) for p in (GROUP, PARTNER, OTHER_PARTNER)}
    assert {place for place in places if view.covers(*place)} == seen


def test_the_operator_and_the_bot_see_all_and_no_view_sees_nothing() -> None:
    assert sight(OPERATOR) == sight(SYSTEM) == Sight(everything=True)
    assert not Sight().covers(CLIENT, GROUP)
    assert not Sight(looked_after_by=PARTNER).covers(CLIENT, None)


def test_only_a_clients_user_is_no_staff() -> None:
    for kind in OrganisationKind:
        assert Actor(1, 1, kind, NOBODY).is_staff == (kind is not OrganisationKind.CLIENT)
