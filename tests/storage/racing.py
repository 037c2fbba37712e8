"""Two threads that want the same at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from storage.database import Database, UnitOfWork

T = TypeVar("T")


def race(database: Database, work: Callable[[UnitOfWork], T], runners: int = 2) -> list[T]:
    """What each of several units gave that did the same work at once."""
    start = threading.Barrier(runners, timeout=30)

    def run(_number: int) -> T:
        start.wait()
        with database.write() as unit:
            return work(unit)

    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(run, range(runners)))
