"""How texts are made comparable for searching."""

# Letters that look alike on a number plate: the Cyrillic one is read as the Latin one.
_LOOK_ALIKE = str.maketrans("авекмнорстухіј", "abekmhopctyxij")
_IGNORED = dict.fromkeys(map(ord, " \t\u00a0-./_"))


def fold(text: str) -> str:
    """The text without case, look-alike Cyrillic letters, spaces, dots, dashes and slashes."""
    return text.casefold().translate(_IGNORED).translate(_LOOK_ALIKE)
