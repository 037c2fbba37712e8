"""The lease: one works, the next takes over, and what was begun under an old epoch is not kept."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError

from storage.database import Database
from storage.lease import LeaseLost, Leases
from tests.conftest import Databases

LONG, OVER = 600, -1
"""Seconds: longer than any test, and over already."""


@pytest.fixture
def shared(databases: Databases) -> Iterator[Database]:
    """A database that several processes share."""
    made = databases.fresh("postgresql")
    yield made
    databases.drop(made)


@pytest.fixture
def leases(shared: Database) -> Iterator[Leases]:
    """What one of the processes asks."""
    made = shared.leases()
    yield made
    made.close()


def test_one_has_it_and_another_does_not(leases: Leases) -> None:
    assert leases.take("one", LONG) == 1
    assert leases.take("two", LONG) is None
    assert leases.renew(1, LONG)
    assert leases.take("two", LONG) is None


def test_the_next_takes_what_ran_out_under_a_new_epoch(leases: Leases) -> None:
    assert leases.take("one", OVER) == 1
    assert leases.take("two", LONG) == 2
    assert not leases.renew(1, LONG)
    assert leases.renew(2, LONG)


def test_what_ran_out_and_nobody_took_is_still_ones_own(leases: Leases) -> None:
    assert leases.take("one", OVER) == 1
    assert leases.renew(1, LONG)
    assert leases.take("two", LONG) is None


def test_what_is_given_back_is_the_next_ones_at_once(leases: Leases) -> None:
    assert leases.take("one", LONG) == 1
    leases.give_back(1)
    assert leases.take("two", LONG) == 2
    leases.give_back(1)  # it is not one's own any more
    assert leases.take("one", LONG) is None


def test_many_take_it_at_once_and_one_gets_it(shared: Database) -> None:
    start = threading.Barrier(6, timeout=30)

    def take(number: int) -> int | None:
        asked = shared.leases()
        start.wait()
        try:
            return asked.take(str(number), LONG)
        finally:
            asked.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(take, range(6)), key=str) == [1, None, None, None, None, None]


def test_nothing_is_kept_of_who_lost_it_in_the_middle(shared: Database, leases: Leases) -> None:
    assert leases.take("one", OVER) == 1
    unit = shared.under(1).write()
    unit.settings.put("colour", "green")
    assert leases.take("two", LONG) == 2
    with pytest.raises(LeaseLost):
        unit.commit()
    with shared.under(2).write() as unit:
        assert unit.settings.get("colour") is None
        unit.settings.put("colour", "red")
    with shared.read() as unit:
        assert unit.settings.get("colour") == "red"


def test_between_the_proof_and_the_commit_nobody_can_take_it(shared: Database, leases: Leases) -> None:
    assert leases.take("one", OVER) == 1
    unit = shared.under(1).write()
    unit.settings.put("colour", "green")
    unit.prove()
    with pytest.raises(OperationalError):  # it has waited, and gives up
        leases.take("two", LONG)
    unit.commit()
    assert leases.take("two", LONG) == 2
    with shared.read() as unit:
        assert unit.settings.get("colour") == "green"


def test_who_may_always_write_is_not_asked(shared: Database, leases: Leases) -> None:
    assert leases.take("one", LONG) == 1
    with shared.under(None).write() as unit:  # the command line beside the bot
        unit.settings.put("colour", "green")
    with shared.read() as unit:
        assert unit.settings.get("colour") == "green"
