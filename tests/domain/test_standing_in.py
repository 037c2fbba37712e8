"""Chains of stand-ins, and those that lead in circles."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.process import Reason, Refused
from domain.standing_in import LONGEST, checked_until, stand_in_for, stood_in_by
from tests.builders import NOW

ANNA, IVAN, OLGA, MONA = 1, 2, 3, 4

people = st.integers(1, 8)
absences = st.dictionaries(people, st.none() | people, max_size=8)


def test_a_chain_is_followed_to_whoever_is_there() -> None:
    assert stand_in_for(ANNA, {}) == ANNA
    assert stand_in_for(ANNA, {IVAN: OLGA}) == ANNA
    assert stand_in_for(ANNA, {ANNA: IVAN}) == IVAN
    assert stand_in_for(ANNA, {ANNA: IVAN, IVAN: OLGA}) == OLGA
    assert stand_in_for(ANNA, {ANNA: IVAN, IVAN: None}) is None
    assert stand_in_for(ANNA, {ANNA: None}) is None


def test_a_circle_leads_to_nobody() -> None:
    assert stand_in_for(ANNA, {ANNA: ANNA}) is None
    assert stand_in_for(ANNA, {ANNA: IVAN, IVAN: ANNA}) is None
    assert stand_in_for(MONA, {MONA: ANNA, ANNA: IVAN, IVAN: ANNA}) is None


def test_somebody_stands_in_for_all_whose_chain_ends_there() -> None:
    away = {ANNA: IVAN, IVAN: OLGA, MONA: None}
    assert stood_in_by(OLGA, away) == [ANNA, IVAN]
    assert stood_in_by(IVAN, away) == []  # who is away takes nothing
    assert stood_in_by(MONA, away) == []


@given(people, absences)
def test_whoever_takes_it_is_there(person: int, away: dict[int, int | None]) -> None:
    taker = stand_in_for(person, away)
    assert taker is None or taker not in away
    if person not in away:
        assert taker == person


@given(people, absences)
def test_one_step_on_changes_nothing(person: int, away: dict[int, int | None]) -> None:
    named = away.get(person)
    if named is not None:
        assert stand_in_for(named, away) == stand_in_for(person, away)


@given(absences)
def test_everybody_who_is_away_has_one_taker_at_most(away: dict[int, int | None]) -> None:
    taken = [one for person in range(1, 9) for one in stood_in_by(person, away)]
    assert len(taken) == len(set(taken))
    assert set(taken) == {one for one in away if stand_in_for(one, away) is not None}


TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("length", [TICK, timedelta(hours=1), LONGEST])
def test_an_absence_ends_later_than_now(length: timedelta) -> None:
    assert checked_until(NOW + length, NOW) == NOW + length


@pytest.mark.parametrize(
    ("length", "reason"),
    [
        (timedelta(), Reason.IN_THE_PAST),
        (-TICK, Reason.IN_THE_PAST),
        (LONGEST + TICK, Reason.TOO_FAR_AHEAD),
    ],
)
def test_what_is_over_or_too_far_ahead_is_refused(length: timedelta, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        checked_until(NOW + length, NOW)
    assert refused.value.reason is reason
