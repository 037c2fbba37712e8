"""Times as people in Ukraine type them: what is known is read, and no other text changes."""

# ruff: noqa: RUF001  # words of people who write Cyrillic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.time_values import Key, from_text, times_key
from bot.texts.local_words import in_english
from domain.calendars import PLAIN
from domain.hours import read_week
from domain.spans import Unfit


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("3 дні / 7 днів", "3 d / 7 d"),
        ("2 робочих дні / 4 рабочих дня", "2 working days / 4 working days"),
        ("6 робочих годин / 1 робочий день", "6 working h / 1 working day"),
        ("36 ч / 7 д", "36 h / 7 d"),
    ],
)
def test_lengths_of_time(typed: str, means: str) -> None:
    assert str(from_text(times_key("Service"), typed, PLAIN)) == means


@pytest.mark.parametrize(
    "typed",
    ["Пн-Пт 9-18; Сб 10-14", "понеділок – п’ятниця 9-18, субота 10-14", "Пн-Пт: 9-18, суббота: 10-14"],
)
def test_working_hours(typed: str) -> None:
    assert from_text(Key.HOURS, typed, PLAIN) == read_week("Mon-Fri 9-18; Sat 10-14")


@pytest.mark.parametrize(("key", "typed"), [(Key.HOURS, "щодня"), (times_key("Service"), "3 роки / 7 днів")])
def test_what_is_not_known_is_refused(key: str, typed: str) -> None:
    with pytest.raises(Unfit):
        from_text(key, typed, PLAIN)


@given(st.text(st.characters(max_codepoint=0x3FF)))
def test_what_has_no_cyrillic_stays_as_it_is(text: str) -> None:
    assert in_english(text) == text


@given(st.text(max_size=60))
def test_any_text_can_be_asked_about(text: str) -> None:
    in_english(text)


def test_unknown_words_stay() -> None:
    assert in_english("скоро, кіт і 3 дні") == "скоро, кіт  3 day"
