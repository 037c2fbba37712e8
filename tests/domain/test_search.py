"""Folding: what people type finds what is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.search import fold


# The escapes are Cyrillic letters that look like Latin ones.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u0410\u0412\u0421 1234", "abc1234"),
        ("\u0430\u0432 1234 \u0441\u0435", "AB1234CE"),
        ("\u041a\u041c\u041d\u041e\u0420\u0422\u0423\u0425\u0406\u0408", "kmhoptyxij"),
        ("T-17", "t17"),
        ("A.B/C_D", "abcd"),
        ("12\u00a034", "1234"),
        ("Stra\u00dfe", "STRASSE"),
        ("\u0451", "e"),
        ("1\n2\t3\u20284\u200e5\x006\ud8007\u00ad8", "12345678"),
    ],
)
def test_alike_is_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("T-17", "T-18"), ("\u0416", "X"), ("O", "0"), ("I", "1")])
def test_different_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_the_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters()))  # halves of characters too
def test_the_folded_is_one_line_that_every_database_takes(text: str) -> None:
    folded = fold(text)
    assert "\n" not in folded
    assert "\0" not in folded
    assert folded.encode().decode() == folded


@given(st.text(), st.text())
def test_a_part_is_found_in_the_whole(one: str, other: str) -> None:
    assert fold(one) in fold(one + other)
    assert fold(one) + fold(other) == fold(one + other)
