"""What a cell says, as a text. A formula's text begins with «=», whatever file it comes from."""

# ruff: noqa: RUF001  # words and letters of three languages

import re
from datetime import date, datetime, time, timedelta

from domain.process import is_readable

_LONGEST_WHOLE = 1e15
"""Up to here a number of a spreadsheet has all its digits."""
_HIDDEN = dict.fromkeys(
    map(
        ord,
        "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)
"""What is not seen; the later ones would turn round what stands beside them."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NOTHING = frozenset({
    "", "-", "–", "—", "--", "---", "n/a", "н/д", "none", "null", "nan", "<na>", "нет", "немає",
    "відсутній", "отсутствует", "не указан",
})  # fmt: skip


def text_of(value: object) -> str:
    """The text of a spreadsheet's value: whole numbers without «.0», dates as 2026-03-02."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(float(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return ""


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _LONGEST_WHOLE:
        return str(int(value))
    if value.is_integer():
        return f"{value:.14E}"  # 1.2E+17: its last digits are lost: the same as a spreadsheet shows
    return f"{value:.10f}".rstrip("0").rstrip(".")


def tidy(text: str) -> str:
    """A text without white space around, double spaces and characters that nobody sees."""
    if text.isascii() and text.isalnum():
        return text
    clean = " ".join(_CONTROL.sub(" ", text.translate(_HIDDEN)).split())
    return clean[1:].lstrip() if clean.startswith("'") else clean


def whole(text: str) -> str:
    """A number of several digits without the «.0» that a program has put behind it."""
    return text[:-2] if text.endswith(".0") and _WITH_POINT.fullmatch(text) else text


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say, or nothing that anybody can see."""
    return text.casefold() in _NOTHING or not is_readable(text)


_ERROR = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|ЗНАЧ!|ССЫЛКА!|ИМЯ\?|Н/Д)", re.IGNORECASE)
_CUT = re.compile(r"\d+(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_WITH_POINT = re.compile(r"\d{3,}\.0")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")


def is_formula(text: str) -> bool:
    """Whether the cell is computed, if only to nothing."""
    return text.startswith("=")


def is_error(text: str) -> bool:
    """Whether the cell says that something could not be computed."""
    return text.startswith("#") and _ERROR.fullmatch(text) is not None


def is_cut(text: str) -> bool:
    """Whether a spreadsheet has cut a long number: 8.63051E+14."""
    return "+" in text and _CUT.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Whether a spreadsheet has made a date of it."""
    return len(text) in {10, 19} and _DATE.fullmatch(text) is not None
