"""Imports: the state of each, the staged rows, and taking them over in one transaction."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.sql.elements import SQLColumnExpression
from sqlmodel import Session, SQLModel, col

from domain.objects import ObjectStatus
from domain.process import Route
from storage.columns import reread
from storage.import_tables import ImportRecord, ImportRowRecord, ImportState
from storage.tables import EntryKind, HistoryRecord, ObjectRecord

_M = ImportRecord
_IMPORT, _R, _X, _H = (
    SQLModel.metadata.tables[kind.__tablename__]
    for kind in (ImportRecord, ImportRowRecord, ObjectRecord, HistoryRecord)
)
_ROW, _OBJECT = _R.c, _X.c
FIELDS = ("number", "name", "plate", "vin", "address", "contact", "terminal")
"""What an import knows of an object, in the order of ``before``."""
PORTION = 500
"""As many values as one statement carries."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all lines of the history that one import writes have in common; ``comment`` has «{row}» in it."""

    at: datetime
    person_id: int | None
    role: str
    comment: str
    row: int

    def said(self, line: ColumnElement[int]) -> SQLColumnExpression[str]:
        """The comment with the number of the row in it."""
        before, _, after = self.comment.partition("{row}")
        return literal(before, String) + cast_to(line, String) + literal(after, String)


class Imports:
    """Questions about imports."""

    def __init__(self, session: Session, happened: Counter[Hashable]) -> None:
        self._session = session
        self._happened = happened

    def add(self, record: ImportRecord) -> ImportRecord:
        """Keep a new import and give it its id."""
        self._session.add(record)
        self._session.flush()
        return record

    def get(self, import_id: int) -> ImportRecord | None:
        """One import, whoever asks."""
        return self._session.get(_M, import_id)

    def snapshot(self, import_id: int) -> ImportRecord | None:
        """One import as it is now, to be read after this unit has ended."""
        record = self._session.get(_M, import_id, populate_existing=True)
        if record is not None:
            self._session.expunge(record)
        return record

    def move(
        self, import_id: int, states: Iterable[ImportState], values: Mapping[str, Any], *, to: ImportState
    ) -> bool:
        """Take it from one of these states to another; False when it is in none of them any more."""
        moved = self._session.connection().execute(
            update(_M)
            .where(col(_M.id) == import_id, col(_M.state).in_(list(states)))
            .values(**values, state=to)
        )
        reread(self._session, _M, import_id)
        return moved.rowcount == 1

    def open_of(self, person_id: int) -> list[int]:
        """The imports of a person that wait for them."""
        waiting = [ImportState.READING, ImportState.ASKING, ImportState.CHECKING, ImportState.CHECKED]
        query = select(_IMPORT.c.id).where(col(_M.person_id) == person_id, col(_M.state).in_(waiting))
        return [found for (found,) in self._session.connection().execute(query) if found is not None]

    def stale(self, before: datetime) -> list[int]:
        """The imports that nobody went on with for long; one of the command line may have been killed."""
        waits = col(_M.state).in_([ImportState.ASKING, ImportState.CHECKED])
        killed = and_(
            col(_M.chat_id).is_(None),
            col(_M.state).in_([ImportState.READING, ImportState.CHECKING, ImportState.WRITING]),
        )
        query = select(_IMPORT.c.id).where(col(_M.created_at) < before, or_(waits, killed))
        return [found for (found,) in self._session.connection().execute(query) if found is not None]

    def numbers(self, client_id: int) -> Iterable[tuple[int, str]]:
        """The ids and numbers of all objects of a client."""
        query = select(_OBJECT.id, _OBJECT.number).where(_OBJECT.client_id == client_id)
        found = self._session.connection().execute(query).yield_per(5000)
        yield from ((key, number) for key, number in found)

    def objects(self, ids: Sequence[int]) -> dict[int, dict[str, str]]:
        """What is known of these objects, by their ids."""
        columns = [_OBJECT[field] for field in FIELDS]
        found: dict[int, dict[str, str]] = {}
        for start in range(0, len(ids), PORTION):
            query = select(_OBJECT.id, *columns).where(_OBJECT.id.in_(ids[start : start + PORTION]))
            for key, *values in self._session.connection().execute(query):
                found[key] = dict(zip(FIELDS, (value or "" for value in values), strict=True))
        return found

    def carriers(self, terminals: Sequence[str]) -> dict[str, tuple[int, int, str]]:
        """Which objects carry these terminals: their ids, clients and numbers."""
        found: dict[str, tuple[int, int, str]] = {}
        for start in range(0, len(terminals), PORTION):
            query = select(_OBJECT.terminal, _OBJECT.id, _OBJECT.client_id, _OBJECT.number).where(
                _OBJECT.terminal.in_(terminals[start : start + PORTION])
            )
            for terminal, key, client_id, number in self._session.connection().execute(query):
                found[str(terminal)] = (key or 0, client_id, number)
        return found

    # Staging

    def stage(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep rows that will change something."""
        if rows:
            self._session.connection().execute(insert(_R), list(rows))

    def unstage(self, import_id: int, limit: int = 5000) -> bool:
        """Forget some staged rows; False when none is left."""
        first = (
            select(_ROW.line).where(_ROW.import_id == import_id).order_by(_ROW.line).limit(limit).subquery()
        )
        gone = self._session.connection().execute(
            delete(_R).where(
                _ROW.import_id == import_id,
                _ROW.line <= select(func.max(first.c.line)).scalar_subquery(),
            )
        )
        return gone.rowcount > 0

    def left_staged(self) -> list[int]:
        """The imports that are over and still have staged rows."""
        over = [ImportState.DONE, ImportState.REFUSED, ImportState.CANCELED]
        staged = exists().where(_ROW.import_id == col(_M.id))
        query = select(_IMPORT.c.id).where(col(_M.state).in_(over), staged)
        return [found for (found,) in self._session.connection().execute(query) if found is not None]

    # Taking over

    def drop_outdated(self, import_id: int, client_id: int) -> list[tuple[int, str]]:
        """Leave out the staged rows that do not fit any more; their lines and numbers."""
        mine = _ROW.import_id == import_id
        query = select(_ROW.line, _ROW.number).where(mine, _is_outdated(client_id)).order_by(_ROW.line)
        found = [(line, number) for line, number in self._session.connection().execute(query)]
        for start in range(0, len(found), PORTION):
            lines = [line for line, _number in found[start : start + PORTION]]
            self._session.connection().execute(delete(_R).where(mine, _ROW.line.in_(lines)))
        return found

    def create_staged(self, import_id: int, client_id: int, stamp: Stamp, fixed: Mapping[str, Any]) -> int:
        """Create the new objects, each with its first line of the history; how many."""
        new = (_ROW.import_id == import_id, _ROW.object_id.is_(None))
        taken = {field: _ROW[field] for field in (*FIELDS, "folded")}
        constants = {"client_id": client_id, **fixed}
        chosen = select(*taken.values(), *_typed(_X, constants)).where(*new).order_by(_ROW.line)
        count = select(func.count()).select_from(_R).where(*new)
        made = self._session.connection().execute(count).scalar_one()
        self._session.connection().execute(insert(_X).from_select([*taken, *constants], chosen))
        self._write(
            {"kind": EntryKind.STATUS, "after": ObjectStatus.NEW, "row": stamp.row},
            stamp,
            {"object_id": _OBJECT.id, "comment": stamp.said(_ROW.line), "terminal": _OBJECT.terminal},
            (*new, _OBJECT.client_id == client_id, _OBJECT.number == _ROW.number),
        )
        return made

    def correct_staged(self, import_id: int, stamp: Stamp) -> int:
        """Correct the objects that are there, with a trail of each field in the history; how many."""
        mine = (_ROW.import_id == import_id, _ROW.object_id == _OBJECT.id)
        nothing = literal("–", String)
        for field in FIELDS[1:]:
            old, new = func.coalesce(_OBJECT[field], ""), func.coalesce(_ROW[field], "")
            trail = (
                literal(f"{field}: ", String) + func.coalesce(func.nullif(old, ""), nothing)
                + literal(" → ", String) + func.coalesce(func.nullif(new, ""), nothing)
                + literal(" · ", String) + stamp.said(_ROW.line)
            )  # fmt: skip
            self._write(
                {"kind": EntryKind.CORRECTION},
                stamp,
                {"object_id": _OBJECT.id, "comment": trail},
                (*mine, old != new),
            )
        changed = self._session.connection().execute(
            update(_X)
            .where(*mine)
            .values({field: _ROW[field] for field in (*FIELDS[1:], "folded")})
            .execution_options(synchronize_session=False)
        )
        self._session.expire_all()
        return changed.rowcount

    def _write(
        self,
        fixed: Mapping[str, Any],
        stamp: Stamp,
        taken: Mapping[str, Any],
        where: Sequence[ColumnElement[bool]],
    ) -> None:
        """Write a line of the history for each staged row that fits, in the order of the file."""
        constants = {
            **fixed, "at": stamp.at, "person_id": stamp.person_id, "role": stamp.role, "route": Route.IMPORT,
        }  # fmt: skip
        chosen = (
            select(*taken.values(), *_typed(_H, constants))
            .select_from(_R)
            .join(_X, and_(*where))
            .order_by(_ROW.line)
        )
        written = self._session.connection().execute(
            insert(_H).from_select([*taken, *constants], chosen),
            execution_options={"preserve_rowcount": True},
        )
        self._happened[fixed["kind"]] += written.rowcount


def _typed(table: Table, constants: Mapping[str, Any]) -> list[ColumnElement[Any]]:
    """Constants as the columns of a table want them."""
    return [literal(value, table.c[name].type) for name, value in constants.items()]


def as_before(values: Mapping[str, str | None]) -> str:
    """What an object had when a list was checked, in one text."""
    return "\n".join(values[field] or "" for field in FIELDS)


def _is_outdated(client_id: int) -> ColumnElement[bool]:
    """A staged row whose object is there by now or was changed meanwhile, or whose terminal is taken."""
    now: ColumnElement[str] = _OBJECT[FIELDS[0]]
    for field in FIELDS[1:]:
        now = now + literal("\n", String) + func.coalesce(_OBJECT[field], "")
    fresh = _ROW.object_id.is_(None)
    there = exists().where(_OBJECT.client_id == client_id, _OBJECT.number == _ROW.number)
    as_it_was = exists().where(
        _OBJECT.id == _ROW.object_id, _OBJECT.client_id == client_id, now == _ROW.before
    )
    other = or_(fresh, _OBJECT.id != _ROW.object_id)
    taken = exists().where(_OBJECT.terminal == _ROW.terminal, other)
    return or_(and_(fresh, there), and_(not_(fresh), not_(as_it_was)), taken)
