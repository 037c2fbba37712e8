"""Numbers of machines as people write them."""

import re

from domain.search import fold

LONGEST = 40
"""Characters that a number may have; a longer line is kept so far."""
_ENDS = re.compile(r"[\r\n;,\t]+")
_LATIN, _CYRILLIC = "ABEKMHOPCTYXI", "АВЕКМНОРСТУХІ"  # noqa: RUF001  # the letters that look alike
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)


def read_numbers(text: str) -> list[str]:
    """The numbers of a text, in order: one a line, or between commas, semicolons and tabs.

    In a single line without any of these, spaces stand between them.
    """
    clean = text.replace("\ufeff", "").replace("\x00", "").strip()
    parts = _ENDS.split(clean)
    if len(parts) == 1:
        parts = clean.split()
    numbers = (" ".join(part.strip(" \"'«»").split())[:LONGEST] for part in parts)
    return [number for number in numbers if number]


def spellings(number: str) -> set[str]:
    """How a number may be kept: as sent, in capitals, with the letters of either alphabet."""
    capitals = number.upper()
    return {number, capitals, capitals.translate(_TO_LATIN), capitals.translate(_TO_CYRILLIC)}


def key_of(number: str) -> str:
    """What two spellings of one number have in common."""
    return fold(number) or number
