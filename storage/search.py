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
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, column, false, func, select, table, text, true
from sqlmodel import Session, col

from domain.search import fold
from storage.tables import ObjectRecord

NARROW = 5_000
"""Words that no more objects than this have are looked up; others are met soon enough on any walk."""

LENGTH = 400
"""The characters of ``object.folded``."""

_EDGE = "\n\n"
_WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_SHORT = 2
_CAPITALS = str.maketrans({
    letter: f"Q{capital}"
    for letter, capital in zip("бгджзийлпфцчшщъыьэюяґєїў", "BGDJZIYLPFCHWXMOTERAKSVU", strict=True)
})  # fmt: skip

_SPARSE = 30
"""Of words that fewer objects have than one in so many, the index of SQLite finds some sooner than a walk."""

_SHARE = "greatest(1, pg_relation_size('object') / 327680.0)"  # of 40 pages
_SAMPLE = text(
    f"SELECT count(*) * {_SHARE} FROM object TABLESAMPLE SYSTEM (100 / {_SHARE}) REPEATABLE (1) "  # noqa: S608  # our own words
    "WHERE strpos(folded, :part) > 0"
)
"""How many objects have a part, guessed from some of the pages on which they are kept."""

_ALIKE = re.compile("[\ufffd-\uffff]")
"""Characters that mean nothing, and that the index of SQLite takes for one another."""

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
    """Whether few have it, or few are asked; if not, it is asked of objects that are met on a walk."""

    some: Select[Any]
    """The ids of objects that have it, in no order."""

    sparse: bool = False
    """Whether ``some`` are the next of the index, whatever else is asked of them."""

    at_least: int = 0
    """So many objects have it for sure, whoever sees them."""


def searching(session: Session, query: str, few: Sequence[ColumnElement[bool]] = ()) -> Search:
    """Find out how a query is best looked for.

    ``few``: conditions that few objects meet; it is asked of these alone.
    """
    part = looked_for(query)
    if not part or len(part) > LENGTH:
        return Search(false() if part else true(), narrow=bool(part), some=select(col(_X.id)))
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if few:
        # Asked by themselves, so that the index by client answers without reading an object.
        met = (func.instr if is_sqlite else func.strpos)(_X.folded, part) > 0
        some = select(col(_X.id)).where(*few, met)
        return Search(col(_X.id).in_(some.correlate(None)), narrow=True, some=some)
    if is_sqlite:
        return _on_sqlite(session, part)
    return _on_postgresql(session, part)


def looked_for(query: str) -> str:
    """The part of ``object.folded`` by which a query finds; empty: it finds everything."""
    folded = fold(query)
    edge = _EDGE[len(folded) - 1 :] if 0 < len(folded) <= _SHORT else ""
    return edge + folded.translate(_CAPITALS)


def _on_sqlite(session: Session, part: str) -> Search:
    """The index says how many objects it knows, and which; the row has the last word."""
    matches = _INDEX.c.object_text.op("MATCH")('"' + part.replace('"', '""') + '"')
    first = select(_INDEX.c.rowid.label("id")).where(matches).limit(NARROW + 1).subquery()
    found = select(func.count(), func.max(first.c.id), func.json_group_array(first.c.id))
    hits, last, ids = session.connection().execute(found).one()
    met, objects = func.instr(_X.folded, part) > 0, select(col(_X.id))
    if hits <= NARROW:
        known = select(func.json_each(ids).table_valued("value").c.value)
        return Search(and_(col(_X.id).in_(known), met), narrow=True, some=objects)
    sparse = last > hits * _SPARSE  # the index is in the order of the ids
    if sparse:
        objects = objects.join(_INDEX, _INDEX.c.rowid == _X.id).where(matches)
    sure = 0 if _ALIKE.search(part) else hits
    return Search(met, narrow=False, some=objects.where(met), sparse=sparse, at_least=sure)


def _on_postgresql(session: Session, part: str) -> Search:
    """The index reads all that it knows before it says the first: a sample tells whether to ask it."""
    hits = session.connection().execute(_SAMPLE, {"part": part}).scalar_one()
    found = col(_X.folded).like("%" + re.sub(r"([\\%_])", r"\\\1", part) + "%")
    objects = select(col(_X.id)).where(found)
    if hits <= NARROW:
        return Search(found, narrow=True, some=objects)
    return Search(func.strpos(_X.folded, part) > 0, narrow=False, some=objects)
