"""Every button that carries data: declared once, packed into Telegram's 64 bytes and read back.

Whatever comes back is hostile input: a button says what is wanted, never that it is allowed.
"""

from dataclasses import dataclass, fields
from types import NoneType
from typing import Any, ClassVar, Self, get_args, get_type_hints

from domain.roles import Role

LIMIT = 64
"""Bytes that Telegram carries."""
LARGEST = 2**31 - 1
"""The largest number that a database's id may be: anything above was made up."""


@dataclass(frozen=True, slots=True)
class Button:
    """A tag and the values of its fields, between colons. An empty value is None."""

    TAG: ClassVar[str] = ""

    def pack(self) -> str:
        """The data for Telegram; ``ValueError`` when it is longer than Telegram carries."""
        values = (getattr(self, field.name) for field in fields(self))
        data = ":".join([self.TAG, *("" if value is None else _packed(value) for value in values)])
        if len(data.encode()) > LIMIT:
            raise ValueError(f"the button {self.TAG} is longer than {LIMIT} bytes")
        return data

    @classmethod
    def unpack(cls, data: str) -> Self | None:
        """The button that ``data`` says, or None if it is no such button."""
        tag, *values = data.split(":")
        hints = get_type_hints(cls)
        names = [field.name for field in fields(cls)]
        if tag != cls.TAG or len(values) != len(names):
            return None
        try:
            return cls(**{name: _read(hints[name], value) for name, value in zip(names, values, strict=True)})
        except (ValueError, KeyError):
            return None

    @classmethod
    def pattern(cls) -> str:
        """The regular expression by which a handler knows its button."""
        return rf"^{cls.TAG}(:|$)"


def _packed(value: object) -> str:
    if isinstance(value, Role):
        value = value.value
    return str(int(value)) if isinstance(value, int) else str(value)


def _read(hint: Any, value: str) -> Any:  # noqa: ANN401  # types are data here
    options = get_args(hint)
    if NoneType in options:
        if not value:
            return None
        hint = next(option for option in options if option is not NoneType)
    if hint is bool:
        return {"0": False, "1": True}[value]
    if hint is Role:
        return Role(int(value))
    if hint is int:
        return _number(value)
    return hint(value)


def _number(value: str) -> int:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or int(digits) > LARGEST:
        raise ValueError(value)
    return int(value)
