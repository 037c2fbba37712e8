"""A line that is cut within a transaction, wherever: the server lets go of what it held."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database, UnitOfWork
from tests.conftest import Databases
from tests.e2e.fleet import Wire

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PIECES = range(1, 9)
"""After so many that the server has got the line is cut: as many lines."""
UPDATES = range(1, 101)
"""More than fit into so many pieces."""
TIMES = 300
"""How often the server is asked whether it has let go, each time after 50 ms."""


@pytest.fixture
def shared(databases: Databases) -> Iterator[Database]:
    made = databases.fresh("postgresql")
    yield made
    databases.drop(made)


def test_whoever_is_cut_off_holds_nothing_for_ever(shared: Database) -> None:
    folder, name = parse_qs(urlsplit(shared.url).query)["host"][0], urlsplit(shared.url).path
    with ExitStack() as ends:
        storing = []
        for pieces in PIECES:
            wire = ends.enter_context(closing(Wire(Path(folder) / ".s.PGSQL.5432")))
            cut_off = Database(f"postgresql://postgres@127.0.0.1:{wire.port}{name}", serving=True)
            ends.callback(cut_off.close)
            with cut_off.read() as unit:  # connected
                unit.inbox.waiting_ids()
            wire.cut(pieces)
            storing.append(threading.Thread(target=_try_to_store, args=(cut_off, pieces * 1000), daemon=True))
        for thread in storing:
            thread.start()
        assert any(_they_hold(shared) for _ in range(TIMES))  # the line was cut within a transaction
        assert any(not _they_hold(shared) for _ in range(TIMES))
        with shared.write() as unit:
            for pieces in PIECES:
                _store(unit, pieces * 1000)
    for thread in storing:
        thread.join()


def _try_to_store(cut_off: Database, first: int) -> None:
    with suppress(SQLAlchemyError), cut_off.write() as unit:
        _store(unit, first)


def _store(unit: UnitOfWork, first: int) -> None:
    unit.inbox.store({first + number: "{}" for number in UPDATES}, NOW)


def _they_hold(shared: Database) -> int:
    """How many are within a transaction that has written."""
    with shared.read() as unit:  # a new transaction sees anew
        ask = unit.session.connection()
        ask.execute(text("SELECT pg_sleep(0.05)"))
        count: int = ask.execute(_HOLDING).scalar_one()
        return count


_HOLDING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
)
