"""What is told of a unit: all that happened in it and stays, once it is permanent, and nothing else."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping

import pytest

from domain.objects import ObjectStatus
from domain.process import Reason, Route
from storage.database import Database, UnitOfWork
from storage.import_tables import ImportRecord
from storage.imports import FIELDS, Stamp, as_before
from storage.lease import LeaseLost
from storage.tables import EntryKind, HistoryRecord
from tests.builders import NOW, add_client, add_group, add_object, add_partner, key
from tests.conftest import KINDS, Databases

K = EntryKind


class Told:
    """Adds up what it is told."""

    def __init__(self) -> None:
        self.total: Counter[Hashable] = Counter()

    def __call__(self, happened: Mapping[Hashable, int]) -> None:  # noqa: D102  # the class says it
        self.total.update(happened)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture(params=KINDS)
def telling(request: pytest.FixtureRequest, databases: Databases, told: Told) -> Iterator[Database]:
    """A database that tells."""
    empty = databases.fresh(request.param)
    made = Database(empty.url, told=told)
    yield made
    made.close()
    databases.drop(empty)


@pytest.fixture
def write(telling: Database) -> Callable[[UnitOfWork, EntryKind], object]:
    """Writes a line of the history of one machine."""
    with telling.write() as unit:
        machine = key(add_object(unit, add_client(unit, add_partner(unit)), ObjectStatus.EQUIPPED))

    def add(unit: UnitOfWork, kind: EntryKind) -> object:
        after = ObjectStatus.VERIFIED if kind is K.STATUS else None
        line = HistoryRecord(object_id=machine, kind=kind, at=NOW, after=after, comment="x", route=Route.CHAT)
        return unit.history.add(line)

    return add


Write = Callable[[UnitOfWork, EntryKind], object]


def test_it_is_told_once_it_is_permanent(telling: Database, told: Told, write: Write) -> None:
    with telling.write() as unit:
        write(unit, K.STATUS)
        write(unit, K.STATUS)
        write(unit, K.NOTE)
        unit.happened[Reason.TAKEN] += 1
        assert told.total == {}
    assert told.total == {K.STATUS: 2, K.NOTE: 1, Reason.TAKEN: 1}


def test_what_is_undone_is_not_told(telling: Database, told: Told, write: Write) -> None:
    def undone(unit: UnitOfWork) -> None:
        write(unit, K.NOTE)
        raise ValueError

    with pytest.raises(ValueError), telling.write() as unit:  # noqa: PT011  # our own
        undone(unit)
    with telling.read() as unit:
        write(unit, K.NOTE)
    assert told.total == {}
    with telling.write() as unit:
        write(unit, K.STATUS)
        with unit.savepoint():
            write(unit, K.ASSIGNMENT)
            with pytest.raises(ValueError), unit.savepoint():  # noqa: PT011  # our own
                undone(unit)
        write(unit, K.CORRECTION)
    assert told.total == {K.STATUS: 1, K.ASSIGNMENT: 1, K.CORRECTION: 1}


def test_who_does_not_work_any_more_has_done_nothing(databases: Databases, told: Told) -> None:
    database = databases.fresh("postgresql")
    telling = Database(database.url, told=told)

    def late() -> None:
        with telling.under(7).write() as unit:
            add_group(unit)
            unit.happened[K.STATUS] += 1

    with pytest.raises(LeaseLost):
        late()
    assert told.total == {}
    telling.close()
    databases.drop(database)


def test_an_import_is_told_line_by_line(telling: Database, told: Told) -> None:
    with telling.write() as unit:
        client = add_client(unit, add_partner(unit))
        there = add_object(unit, client, number="T-1", name="Old", plate="AA 1")
        record = unit.imports.add(ImportRecord(client_id=key(client), file_name="x.csv", created_at=NOW))
        rows = [(1, None, "T-7", "New"), (2, None, "T-8", "New"), (3, key(there), "T-1", "Newer")]
        before = as_before({field: getattr(there, field) for field in FIELDS})
        unit.imports.stage([
            {
                "import_id": record.id, "line": line, "object_id": object_id, "number": number, "name": name,
                "before": before if object_id else None, "plate": "BB 2", "folded": number,
            }
            for line, object_id, number, name in rows
        ])  # fmt: skip
        stamp = Stamp(NOW, None, "moderator", "row {row}", 1)
        new = {"status": ObjectStatus.NEW, "status_since": NOW, "version": 1, "created_at": NOW}
        new |= {"commissioned": False}
        unit.imports.create_staged(record.id or 0, key(client), stamp, new)
        unit.imports.correct_staged(record.id or 0, stamp)
    assert told.total == {K.STATUS: 2, K.CORRECTION: 2}  # of the last one the name and the plate
