"""Who is told, against the rules said a second time."""

import itertools

import pytest

from domain.alerts import Because, Crowd, Hearer, Place, hearers, without_author
from domain.objects import ObjectStatus
from domain.process import CLIENT_RIGHT, Subject
from domain.reminders import Stage
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
PEOPLE = tuple(Actor(person, home, KINDS[home], roles) for person, (home, roles) in WHO.items())


def told(place: Place, state: State, author: int | None = None) -> set[int]:
    found = without_author(hearers(Crowd(PEOPLE), place, state.subject, Stage.SET, NOW), author)
    ids = [hearer.person_id for hearer in found]
    assert len(ids) == len(set(ids))
    return set(ids)


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
    assert hearers(Crowd((bot,)), BY_PARTNER, subject, Stage.SET, NOW) == []


# Beyond the change itself: red, absences, and whom the bot cannot write to.


def heard(crowd: Crowd, status: ObjectStatus, stage: Stage, place: Place = BY_PARTNER) -> dict[int, Hearer]:
    late = stage >= Stage.YELLOW
    state = State(status, late=late, in_time=stage is not Stage.RED)
    return {hearer.person_id: hearer for hearer in hearers(crowd, place, state.subject, stage, NOW)}


def without(*roles: Role, home: int = PARTNER) -> Crowd:
    """Everybody but those who have one of the roles there."""
    gone = [p for p, (where, held) in WHO.items() if where == home and any(role in held for role in roles)]
    return Crowd(PEOPLE, silent=frozenset(gone))


def test_red_goes_to_moderators_and_administrators_besides_those_responsible() -> None:
    yellow = heard(Crowd(PEOPLE), ObjectStatus.SERVICE, Stage.YELLOW)
    red = heard(Crowd(PEOPLE), ObjectStatus.SERVICE, Stage.RED)
    assert set(yellow) == {11, 12, 13, 14, 15, 16, 17}
    assert set(red) == set(yellow) | {1, 2, 6}
    assert {red[person].because for person in (1, 2, 6)} == {Because.ESCALATION}


def test_when_the_8_days_are_over_the_client_hears_that_and_the_moderators_go_on() -> None:
    over = heard(Crowd(PEOPLE), ObjectStatus.VERIFIED, Stage.RED)
    assert {over[31].because, over[32].because} == {Because.OVER}
    assert (over[1].because, over[2].because) == (Because.TURN, Because.ESCALATION)
    assert CLIENT_RIGHT.days == 8


def test_the_client_hears_once_that_it_is_equipped_and_nobody_else_does() -> None:
    assert set(heard(Crowd(PEOPLE), ObjectStatus.EQUIPPED, Stage.HEARD_ONCE)) == {31, 32}
    assert heard(Crowd(PEOPLE), ObjectStatus.SERVICED, Stage.HEARD_ONCE) == {}


def test_a_stand_in_hears_in_place_of_who_is_away() -> None:
    place = Place(CLIENT, PARTNER, installer_id=11)
    crowd = Crowd(PEOPLE, away={11: 12})
    found = heard(crowd, ObjectStatus.DISMANTLING, Stage.SET, place)
    assert found[12] == Hearer(12, R.INSTALLER, Because.NAMED, instead_of=11)
    assert 11 not in found
    assert 16 in found  # as support: the named installer stands for all installers, the stand-in with them


def test_who_hears_already_does_not_hear_as_a_stand_in() -> None:
    found = heard(Crowd(PEOPLE, away={11: 12}), ObjectStatus.DISMANTLING, Stage.SET)
    assert found[12].instead_of is None


def test_one_who_is_named_but_cannot_be_reached_stands_for_nobody() -> None:
    place = Place(CLIENT, PARTNER, installer_id=11)
    assert 12 in heard(Crowd(PEOPLE, silent=frozenset({11})), ObjectStatus.SERVICE, Stage.SET, place)
    assert 12 in heard(Crowd(PEOPLE, away={11: None}), ObjectStatus.SERVICE, Stage.SET, place)


@pytest.mark.parametrize(
    ("status", "silent", "hears"),
    [
        (ObjectStatus.EQUIPPED, (R.SUPPORT,), {15: Because.TURN}),
        (ObjectStatus.EQUIPPED, (R.SUPPORT, R.MANAGER), {1: Because.TURN, 6: Because.TURN}),
        (ObjectStatus.SERVICE, (R.INSTALLER, R.SUPPORT, R.MANAGER), {1: Because.NOBODY_BELOW}),
        (ObjectStatus.NEW, (R.INSTALLER,), {15: Because.TURN, 17: Because.TURN}),
    ],
)
def test_nobody_below_and_it_goes_up(
    status: ObjectStatus, silent: tuple[Role, ...], hears: dict[int, Because]
) -> None:
    found = heard(without(*silent), status, Stage.SET)
    assert {person: found[person].because for person in hears} == hears


def test_a_client_without_users_leaves_it_to_the_manager() -> None:
    found = heard(without(R.CLIENT, home=CLIENT), ObjectStatus.FAULTY, Stage.SET)
    assert {found[15].because, found[17].because} <= {Because.NOBODY_BELOW, Because.TURN}
    assert found[15] == Hearer(15, R.MANAGER, Because.NOBODY_BELOW)


def test_it_goes_up_to_the_administrator_in_the_end() -> None:
    gone = {person for person, (home, _roles) in WHO.items() if home == PARTNER or person in {1, 6}}
    found = heard(Crowd(PEOPLE, silent=frozenset(gone)), ObjectStatus.SERVICE, Stage.SET)
    assert found == {2: Hearer(2, R.ADMINISTRATOR, Because.NOBODY_BELOW)}


def test_a_partner_without_managers_does_not_trouble_the_moderators() -> None:
    assert 1 not in heard(without(R.MANAGER), ObjectStatus.SERVICE, Stage.SET)
