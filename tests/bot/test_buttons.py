"""Buttons: what is packed is read back, fits Telegram's 64 bytes, and hostile data never raises."""

import re
from dataclasses import fields
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import buttons, conversations
from bot.buttons import Button
from bot.buttons.base import LARGEST, LIMIT

KINDS: list[type[Button]] = [
    kind
    for kind in vars(buttons).values()
    if isinstance(kind, type) and issubclass(kind, Button) and kind is not Button
]
WORDS = st.sampled_from(["number", "position", "colour", "contact", "status"])
BIG = st.integers(0, LARGEST)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """What a field of this type may hold."""
    options = get_args(hint)
    if NoneType in options:
        kept = next(option for option in options if option is not NoneType)
        return st.none() | values(kept)
    if hint is int:
        return BIG
    if hint is str:
        return WORDS
    return st.from_type(hint)


def made(kind: type[Button]) -> st.SearchStrategy[Button]:
    """Buttons of this kind."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})


@given(st.one_of(*(made(kind) for kind in KINDS)))
def test_what_is_packed_is_read_back_by_its_own_kind_alone(button: Button) -> None:
    try:
        data = button.pack()
    except ValueError:
        # Several of the largest ids together do not fit: that is found out here and not by a person.
        assert sum(isinstance(getattr(button, field.name), int) for field in fields(button)) > 3
        return
    assert 1 <= len(data.encode()) <= LIMIT
    assert type(button).unpack(data) == button
    assert re.match(type(button).pattern(), data)
    others = [kind for kind in KINDS if kind is not type(button)]
    assert not any(re.match(kind.pattern(), data) or kind.unpack(data) for kind in others)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.TAG)
def test_every_kind_fits_with_ids_of_a_million_machines(kind: type[Button]) -> None:
    hints = get_type_hints(kind)
    button = kind(**{field.name: longest(hints[field.name]) for field in fields(kind)})
    assert len(button.pack().encode()) <= LIMIT


def longest(hint: Any) -> object:
    """A value of this type that takes as much room as any in a large company."""
    hint = next((option for option in get_args(hint) if option is not NoneType), hint)
    if hint is str:
        return "position"
    if hint in {int, bool}:
        return {int: 9_999_999, bool: True}[hint]
    return max(hint, key=lambda member: len(str(member.value)))


def test_tags_are_unique() -> None:
    tags = [kind.TAG for kind in KINDS]
    assert len(tags) == len(set(tags))
    assert all(re.fullmatch("[a-z0-9]+", tag) for tag in tags)


@given(st.text(max_size=64) | st.from_regex(r"[a-z0-9]{1,8}(:[^:]{0,9}){0,8}", fullmatch=True))
def test_hostile_data_never_raises(data: str) -> None:
    for kind in KINDS:
        found = kind.unpack(data)
        assert found is None or found.pack()


@given(st.sampled_from(KINDS), st.lists(st.text(max_size=12) | st.integers().map(str), max_size=9))
def test_data_of_a_known_kind_with_hostile_values_never_raises(kind: type[Button], given_: list[str]) -> None:
    found = kind.unpack(":".join([kind.TAG, *given_]))
    if found is not None:
        for field in fields(found):
            value = getattr(found, field.name)
            assert not isinstance(value, int) or abs(value) <= LARGEST


@pytest.mark.filterwarnings("ignore:.*per_message")
def test_every_button_is_waited_for_by_a_dialogue() -> None:
    """No keyboard leads nowhere: each kind is the pattern of a handler."""
    patterns = set()
    for dialogue in conversations.build():
        steps = [
            *dialogue.entry_points,
            *dialogue.fallbacks,
            *(h for hs in dialogue.states.values() for h in hs),
        ]
        patterns |= {handler.pattern for handler in steps if getattr(handler, "pattern", None)}
    for kind in KINDS:
        hints = get_type_hints(kind)
        data = kind(**{field.name: longest(hints[field.name]) for field in fields(kind)}).pack()
        assert any(re.match(pattern, data) for pattern in patterns), data
