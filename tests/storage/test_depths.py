"""How deep the queues are: what is counted, by which indexes, and no further than it has to be."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from storage.database import Database
from storage.depths import MOST, Depths, measure
from storage.outbox import Message, Outcome
from storage.queues import InboxRecord, OutboxRecord, OutboxState
from tests.builders import NOW

HOUR = timedelta(hours=1)
INDEXES = ("inbox_waiting", "inbox_parked", "outbox_due", "outbox_dead")


def depths(database: Database) -> Depths:
    with database.read() as unit:
        return measure(unit.session, NOW)


def test_nothing_is_nothing(database: Database) -> None:
    assert depths(database) == Depths(0, None, 0, 0, 0, None, 0)


def test_what_is_done_is_not_counted_and_what_is_due_later_is_not_late(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store(dict.fromkeys([50, 51], "{}"), NOW - 3 * HOUR)
        unit.inbox.store(dict.fromkeys([7, 8], "{}"), NOW - 2 * HOUR)
        unit.inbox.store({9: "{}"}, NOW - HOUR)
        unit.inbox.done(50)
        unit.inbox.park(51, "ValueError")
        dues = [NOW - 5 * HOUR, NOW - 4 * HOUR, NOW - 3 * HOUR, NOW - 2 * HOUR, NOW, NOW + HOUR]
        unit.outbox.add([Message("text", 1, {}, due_at=due) for due in dues], NOW - 9 * HOUR)
        ends = (OutboxState.SENT, OutboxState.DROPPED, OutboxState.DEAD)
        unit.outbox.settle([Outcome(number, state) for number, state in enumerate(ends, 1)], NOW)
    assert depths(database) == Depths(
        inbox_waiting=3, inbox_since=NOW - 2 * HOUR, inbox_parked=1,
        outbox_due=2, outbox_later=1, outbox_since=NOW - 2 * HOUR, outbox_dead=1,
    )  # fmt: skip


def test_of_very_many_it_is_enough_to_know_that_they_are(database: Database) -> None:
    row: dict[str, Any] = {"kind": "text", "chat_id": 1, "payload": {}, "tries": 0, "created_at": NOW}
    with database.write() as unit:
        rows = [{**row, "due_at": NOW, "state": OutboxState.WAITING}] * (MOST + 1)
        unit.session.connection().execute(insert(OutboxRecord), rows)
    assert depths(database).outbox_due == MOST


def test_each_part_is_answered_by_an_index(database: Database) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    depths(database)
    question, values = next(one for one in asked if "inbox" in one[0])
    with database.engine.connect() as connection:
        if database.is_sqlite:
            explained = "EXPLAIN QUERY PLAN "
        else:  # of empty tables it prefers to read them whole
            connection.execute(text("SET enable_seqscan = off"))
            explained = "EXPLAIN "
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(explained + question, values))
    assert [name for name in INDEXES if name not in plan] == []
    assert "Seq Scan" not in plan
    assert f"SCAN {InboxRecord.__tablename__}'" not in plan
    assert f"SCAN {OutboxRecord.__tablename__}'" not in plan


def test_who_looks_on_does_not_wait(databases: Any, request: pytest.FixtureRequest) -> None:
    database = databases.fresh("postgresql")
    request.addfinalizer(lambda: databases.drop(database))
    aside = database.aside()
    with database.engine.begin() as holding:
        holding.execute(text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(Exception, match="timeout"):
            depths(aside)
    assert depths(aside).inbox_waiting == 0
    aside.close()
