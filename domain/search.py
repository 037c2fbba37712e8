"""How texts are made comparable for searching."""

import unicodedata
from functools import lru_cache

# Letters that look alike on a number plate: the Cyrillic one is read as the Latin one. Few people type
# the dots of the last one.
_LOOK_ALIKE = str.maketrans("авекмнорстухіјё", "abekmhopctyxije")
_IGNORED = frozenset("-./_")
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})
"""Spaces, line ends and marks that nobody sees; halves of characters, which no database takes."""


def fold(text: str) -> str:
    """The text without case, look-alike Cyrillic letters, spaces, dots, dashes and slashes.

    What cannot be seen is left out as well, so a folded text is always one line.
    """
    kept = "".join(letter for letter in text if not _is_ignored(letter))
    return kept.casefold().translate(_LOOK_ALIKE)


@lru_cache(maxsize=4096)
def _is_ignored(letter: str) -> bool:
    return letter in _IGNORED or unicodedata.category(letter) in _UNSEEN
