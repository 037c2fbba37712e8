"""A JSON value against a type of the schema: what is unknown, missing or of another type.

The library's own validation accepts unknown keys and turns many a value into what it wants; this walk
does neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from aiogram.client.default import Default
from aiogram.types import (
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from pydantic import BaseModel

MARKUPS: dict[str, type[BaseModel]] = {
    "inline_keyboard": InlineKeyboardMarkup,
    "keyboard": ReplyKeyboardMarkup,
    "remove_keyboard": ReplyKeyboardRemove,
    "force_reply": ForceReply,
}
_TAGS = ("type", "status", "source")
_PLAIN = {
    str: ("String", (str,)),
    bool: ("Boolean", (bool,)),
    float: ("Number", (int, float)),
    int: ("Number", (int,)),
    datetime: ("Number", (int,)),
    timedelta: ("Number", (int,)),
}


# Objects whose required fields the methods ask for in words of their own.
_ASKED_FOR = (
    "InlineKeyboard",
    "KeyboardButton",
    "InputMedia",
    "InlineQueryResult",
    "InputText",
    "BotCommand",
)


@dataclass(frozen=True)
class Problem:
    """What is wrong, in the words of Telegram's parser, and in an object of which kind.

    A ``mild`` one in a request is left to the method, which refuses it in its own words.
    """

    reason: str
    where: str
    mild: bool = False


@cache
def alternatives(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a type
    """All that a type may be, nothing among it; the library's own defaults left out."""
    origin = get_origin(kind)
    if origin is Annotated:
        return alternatives(get_args(kind)[0])
    if origin in {Union, UnionType}:
        return tuple(one for inner in get_args(kind) for one in alternatives(inner))
    return () if kind is Default else (kind,)


def problems(kind: Any, value: object, where: str = "", field: str = "") -> list[Problem]:  # noqa: ANN401 - a type
    """Everything wrong with ``value`` as a ``kind``; ``field`` is its name in the object ``where``."""
    kinds = alternatives(kind)
    if value is None and NoneType in kinds:
        return []
    kinds = tuple(one for one in kinds if one is not NoneType)
    if isinstance(value, dict) and len(kinds) > 1:
        kinds = _by_key(kinds, value) or _by_tag(kinds, value)
        if not kinds:
            return [Problem(f'Field "{field}" has an unsupported type', where, mild=True)]
    return min((_of_one(one, value, where, field) for one in kinds), key=len)


def _of_one(kind: Any, value: object, where: str, field: str) -> list[Problem]:  # noqa: ANN401 - a type
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        fits = any(value == choice for choice in inner)
        return [] if fits else [Problem(f'Field "{field}" has an unsupported value', where, mild=True)]
    if origin is list:
        if not isinstance(value, list):
            return [_wrong(field, "Array", where)]
        return [problem for entry in value for problem in problems(inner[0], entry, where, field)]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _object(kind, value, where, field)
    return _plain(kind, value, where, field)


def _plain(kind: Any, value: object, where: str, field: str) -> list[Problem]:  # noqa: ANN401 - a type
    if kind is InputFile:
        fits = isinstance(value, str) and value.startswith("attach://")
        return [] if fits else [_wrong(field, "String", where)]
    if kind not in _PLAIN:
        return []
    name, accepted = _PLAIN[kind]
    fits = isinstance(value, accepted) and (kind is bool or not isinstance(value, bool))
    return [] if fits else [_wrong(field, name, where)]


def _by_key(kinds: tuple[Any, ...], value: dict[str, Any]) -> tuple[Any, ...]:
    """The class of a reply markup is told by the one key each has to itself."""
    if not set(kinds) <= set(MARKUPS.values()):
        return ()
    return tuple(markup for key, markup in MARKUPS.items() if key in value)[:1] or kinds[:1]


def _by_tag(kinds: tuple[Any, ...], value: dict[str, Any]) -> tuple[Any, ...]:
    """Those classes whose tag, «type» for one, is the value's; those without a tag may always be meant."""
    return tuple(
        kind for kind in kinds if all(value.get(tag) in choices for tag, choices in _tags(kind).items())
    )


@cache
def _tags(kind: Any) -> dict[str, tuple[Any, ...]]:  # noqa: ANN401 - a type
    """What tells this class from others: for each of its tags, the values it may have."""
    fields = getattr(kind, "model_fields", {})
    literal = [tag for tag in _TAGS if tag in fields and get_origin(fields[tag].annotation) is Literal]
    return {tag: get_args(fields[tag].annotation) for tag in literal}


def _object(kind: type[BaseModel], value: object, where: str, field: str) -> list[Problem]:
    if not isinstance(value, dict):
        return [_wrong(field, "Object", where)] if field else [Problem("expected an Object", kind.__name__)]
    here = kind.__name__
    asked_for = here.startswith(_ASKED_FOR)
    fields, required = _fields(kind)
    found = [Problem(f'unknown field "{name}"', here) for name in value if name not in fields]
    for name, entry in value.items():
        if name in fields:
            found += problems(fields[name], entry, here, name)
    missing = [name for name in required if name not in value]
    return found + [Problem(f'Can\'t find field "{name}"', here, asked_for) for name in missing]


@cache
def _fields(kind: type[BaseModel]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The types of a class's fields by their names in JSON, and the names of those that must be there."""
    known = {field.alias or name: field for name, field in kind.model_fields.items()}
    types = {name: field.annotation for name, field in known.items()}
    return types, tuple(name for name, field in known.items() if field.is_required())


def _wrong(field: str, name: str, where: str) -> Problem:
    # The rows of a keyboard are counted by the methods that take one.
    return Problem(f'Field "{field}" must be of type {name}', where, mild=field in MARKUPS)
