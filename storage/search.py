"""Searching objects by any part of their number, name, plate, VIN or terminal.

``object.folded`` holds all that an object is found by; an index of its trigrams (three letters in a row)
finds it: FTS5 on SQLite, kept in step by triggers; pg_trgm on PostgreSQL. Both find any part of three
letters and more. One or two letters find what *begins* with them, a field or a word or number in it: each
beginning stands after two line ends, so that it is in a trigram too.

The letters of Russian, Ukrainian and Belarusian that look like no Latin one are kept as two Latin capitals,
of which a folded text has no other use: then pg_trgm knows them for letters whatever the locale of the
server. The first is always Q, so that to pg_trgm, which knows no case, they are like no common Latin word.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, column, false, func, select, table, text, true
from sqlmodel import Session, col

from domain.search import fold
from storage.tables import ObjectRecord

NARROW = 2_000
"""A word that finds no more objects than this is looked up; others are met soon enough on any walk."""

LENGTH = 400
"""The characters of ``object.folded``."""

_EDGE = "\n\n"
_WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_SHORT = 2
_CAPITALS = str.maketrans({
    letter: f"Q{capital}"
    for letter, capital in zip("бгджзийлпфцчшщъыьэюяґєїў", "BGDJZIYLPFCHWXMOTERAKSVU", strict=True)
})  # fmt: skip

_X = ObjectRecord
_INDEX = table("object_text", column("rowid"), column("object_text"))


def searchable(number: str, name: str, plate: str, vin: str, terminal: str | None) -> str:
    """What ``object.folded`` has to hold, whoever writes it."""
    fields = [fold(field) for field in (number, name, plate, vin, terminal or "")]
    words = (fold(word)[:_SHORT] for word in _WORD.findall(f"{number} {name} {plate}".casefold()))
    starts = dict.fromkeys(word for word in words if word)
    known = {field[:_SHORT] for field in fields} | {field[:1] for field in fields}
    parts = [*fields, *(start for start in starts if start not in known)]
    return "".join(_EDGE + part for part in parts if part).translate(_CAPITALS)[:LENGTH]


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for, and how an object is asked whether it has it."""

    condition: ColumnElement[bool]
    narrow: bool
    """Whether an index looks it up; if not, it is asked of objects that are met anyway."""


def searching(session: Session, query: str) -> Search:
    """Find out how a query is best looked for."""
    part = looked_for(query)
    if not part:
        return Search(true(), narrow=False)
    if len(part) > LENGTH:
        return Search(false(), narrow=True)
    if session.get_bind().dialect.name == "sqlite":
        found, by_index, position = _matches(part), _by_matches(part), func.instr
    else:
        # A plan that is made once for all queries cannot know which of them are rare.
        session.connection().execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
        by_index, position = _like(part), func.strpos
        found = select(col(_X.id)).where(by_index)
    some = found.limit(NARROW + 1).subquery()
    hits = session.connection().execute(select(func.count()).select_from(some)).scalar_one()
    narrow = hits <= NARROW
    return Search(by_index if narrow else position(_X.folded, part) > 0, narrow)


def looked_for(query: str) -> str:
    """The part of ``object.folded`` by which a query finds; empty: it finds everything."""
    folded = fold(query)
    edge = _EDGE[len(folded) - 1 :] if 0 < len(folded) <= _SHORT else ""
    return edge + folded.translate(_CAPITALS)


@contextmanager
def walking(session: Session) -> Iterator[None]:
    """Have PostgreSQL walk along an index as SQLite does, where it would rather sort everything."""
    if session.get_bind().dialect.name == "sqlite":
        yield
        return
    session.connection().execute(text("SET LOCAL enable_sort = off"))
    yield
    session.connection().execute(text("SET LOCAL enable_sort = on"))


def _matches(part: str) -> Select[Any]:
    phrase = '"' + part.replace('"', '""') + '"'
    return select(_INDEX.c.rowid).where(_INDEX.c.object_text.op("MATCH")(phrase))


def _by_matches(part: str) -> ColumnElement[bool]:
    # The index takes a few characters that mean nothing for one another: the row has the last word.
    return and_(col(_X.id).in_(_matches(part)), func.instr(_X.folded, part) > 0)


def _like(part: str) -> ColumnElement[bool]:
    return col(_X.folded).like("%" + re.sub(r"([\\%_])", r"\\\1", part) + "%")
