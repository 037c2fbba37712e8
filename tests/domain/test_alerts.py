"""Who is told, against the rules said a second time."""

import itertools

import pytest

from domain.alerts import Place, told_on_set
from domain.objects import ObjectStatus
from domain.process import Subject
from domain.roles import Actor, OrganisationKind, Role
from tests.domain.oracle import MOMENT, NOW, State, targets

GROUP, PARTNER, CLIENT, OTHER_PARTNER, OTHER_CLIENT = 1, 2, 3, 4, 5
KINDS = {
    GROUP: OrganisationKind.ADMINISTRATIVE_GROUP,
    PARTNER: OrganisationKind.PARTNER,
    OTHER_PARTNER: OrganisationKind.PARTNER,
    CLIENT: OrganisationKind.CLIENT,
    OTHER_CLIENT: OrganisationKind.CLIENT,
}
R = Role
WHO = {
    1: (GROUP, R.MODERATOR),
    2: (GROUP, R.ADMINISTRATOR),
    3: (GROUP, R.INSTALLER),
    4: (GROUP, R.SUPPORT),
    5: (GROUP, R.MANAGER),
    6: (GROUP, R.MODERATOR | R.SUPPORT),
    11: (PARTNER, R.INSTALLER),
    12: (PARTNER, R.INSTALLER),
    13: (PARTNER, R.SUPPORT),
    14: (PARTNER, R.SUPPORT),
    15: (PARTNER, R.MANAGER),
    16: (PARTNER, R.INSTALLER | R.SUPPORT),
    17: (PARTNER, R.SUPPORT | R.MANAGER),
    21: (OTHER_PARTNER, R.SUPPORT | R.INSTALLER | R.MANAGER),
    31: (CLIENT, R.CLIENT),
    32: (CLIENT, R.CLIENT),
    41: (OTHER_CLIENT, R.CLIENT),
}
PEOPLE = [Actor(person, home, KINDS[home], roles) for person, (home, roles) in WHO.items()]


def told(place: Place, state: State, author: int | None = None) -> set[int]:
    found = told_on_set(PEOPLE, place, state.subject, author, NOW)
    assert len(found) == len(set(found))
    return set(found)


def expected(place: Place, state: State, author: int | None) -> set[int]:
    """One person and one of their roles after the other."""
    return {person for person in WHO if person != author and any(map_turn(person, place, state))}


def map_turn(person: int, place: Place, state: State) -> list[bool]:
    home, roles = WHO[person]
    return [turn(home, role, place, state) and not replaced(person, role, place) for role in roles]


def turn(home: int, role: Role, place: Place, state: State) -> bool:
    if not targets(role, state):
        return False
    if role is R.CLIENT:
        return home == place.client_id and state.status in {ObjectStatus.VERIFIED, ObjectStatus.FAULTY}
    if role in R.MODERATOR | R.ADMINISTRATOR:
        return home == GROUP
    return home == place.parent_id


def replaced(person: int, role: Role, place: Place) -> bool:
    """Whether somebody else is named for this role, and belongs to those who look after the client."""
    named = {R.INSTALLER: place.installer_id, R.SUPPORT: place.support_id}.get(role)
    if named is None or named == person:
        return False
    home, roles = WHO.get(named, (None, Role(0)))
    return home == place.parent_id and role in roles


@pytest.mark.parametrize("status", ObjectStatus)
def test_every_place_and_author(status: ObjectStatus) -> None:
    installers = (None, 11, 16, 3, 13, 99)
    supports = (None, 13, 16, 17, 4, 15, 99)
    authors = (None, 1, 13, 16, 31)
    for parent, installer, support, author, late in itertools.product(
        (GROUP, PARTNER), installers, supports, authors, (False, True)
    ):
        place = Place(CLIENT, parent, installer, support)
        state = State(status, late=late)
        assert told(place, state, author) == expected(place, state, author), (place, author, late)


# The same in single sentences, for people to read.

BY_PARTNER = Place(CLIENT, PARTNER)


def test_new_is_told_to_those_who_can_move_it_on_where_the_client_is_looked_after() -> None:
    assert told(BY_PARTNER, State(ObjectStatus.NEW)) == {1, 6, 11, 12, 13, 14, 15, 16, 17}
    assert told(Place(CLIENT, GROUP), State(ObjectStatus.NEW)) == {1, 3, 4, 5, 6}


def test_the_assigned_installer_stands_for_all_installers() -> None:
    place = Place(CLIENT, PARTNER, installer_id=11)
    assert told(place, State(ObjectStatus.SERVICE)) == {11, 13, 14, 15, 16, 17}
    assert told(place, State(ObjectStatus.SERVICE), author=11) == {13, 14, 15, 16, 17}


def test_the_responsible_support_employee_stands_for_all_of_support() -> None:
    place = Place(CLIENT, PARTNER, support_id=13)
    assert told(place, State(ObjectStatus.DIAGNOSTICS)) == {13, 15, 17}  # 15 and 17 as managers


def test_one_who_left_stands_for_nobody() -> None:
    place = Place(CLIENT, PARTNER, installer_id=99, support_id=99)
    assert told(place, State(ObjectStatus.SERVICE)) == {11, 12, 13, 14, 15, 16, 17}


def test_the_clients_users_hear_only_of_verified_and_faulty() -> None:
    hears = {status for status in ObjectStatus if told(BY_PARTNER, State(status)) & {31, 32}}
    assert hears == {ObjectStatus.VERIFIED, ObjectStatus.FAULTY}
    assert not any(told(BY_PARTNER, State(status)) & {21, 41} for status in ObjectStatus)


def test_verified_is_the_clients_turn_and_the_moderators() -> None:
    assert told(BY_PARTNER, State(ObjectStatus.VERIFIED)) == {1, 6, 31, 32}
    assert told(BY_PARTNER, State(ObjectStatus.VERIFIED), author=31) == {1, 6, 32}


def test_administrators_hear_only_where_a_row_names_them() -> None:
    assert 2 not in told(BY_PARTNER, State(ObjectStatus.DIAGNOSTICS))
    assert 2 in told(BY_PARTNER, State(ObjectStatus.DIAGNOSTICS, late=True))


def test_the_end_is_told_to_nobody_and_so_is_the_bot() -> None:
    assert told(BY_PARTNER, State(ObjectStatus.DECOMMISSIONED)) == set()
    subject = Subject(ObjectStatus.OUT_OF_SERVICE, since=NOW - MOMENT)
    bot = Actor(None, None, OrganisationKind.ADMINISTRATIVE_GROUP, R.MODERATOR)
    assert told_on_set([bot], BY_PARTNER, subject, None, NOW) == []
