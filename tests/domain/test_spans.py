"""Lengths of time as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.spans import MOST_DAYS, MOST_HOURS, Fault, Span, Unfit, parse_span

SPANS = st.builds(Span, st.integers(0, MOST_DAYS), st.integers(0, MOST_HOURS), st.booleans()).filter(
    lambda span: bool(span.days or span.hours)
)


@given(SPANS)
def test_what_is_written_is_read_again(span: Span) -> None:
    assert parse_span(str(span)) == span
    assert parse_span(f"  {str(span).upper()} ") == span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("5 d", Span(5)),
        ("5d", Span(5)),
        ("1 day", Span(1)),
        ("36 h", Span(0, 36)),
        ("1 d 12 h", Span(1, 12)),
        ("2 days 1 hour", Span(2, 1)),
        ("3 working days", Span(3, working=True)),
        ("1 working d", Span(1, working=True)),
        ("6 working h", Span(0, 6, working=True)),
        ("1 working day 4 h", Span(1, 4, working=True)),
        ("1 working day 4 working h", Span(1, 4, working=True)),
        ("007 d", Span(7)),
    ],
)
def test_what_people_write(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        *((text, Fault.SPAN) for text in (
            "", "d", "5", "five d", "-5 d", "5.5 d", "5,5 d", "0 d", "0 h", "0 working days", "1 h 2 d",
            "5 m", "1 d 4 working h", "5 d 5 d", "working d",
            "5 d;", "٣ d", "5 working", "1e3 d", "999999 d", "∞ d",
            "5 d\x00", "5 d / 7 d", "0" * 4000,
        )),
        ("367 d", Fault.SPAN_TOO_LONG),
        ("501 h", Fault.SPAN_TOO_LONG),
        ("99999 working days", Fault.SPAN_TOO_LONG),
        ("366 d 501 h", Fault.SPAN_TOO_LONG),
    ],
)  # fmt: skip
def test_what_is_no_length_of_time(text: str, fault: Fault) -> None:
    with pytest.raises(Unfit) as unfit:
        parse_span(text)
    assert unfit.value.fault is fault
    assert unfit.value.what == text


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        assert parse_span(text).plain.total_seconds() > 0
    except Unfit as unfit:
        assert unfit.what == text  # noqa: PT017  # either is right
