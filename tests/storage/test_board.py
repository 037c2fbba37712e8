"""The board's counts are those of a plain reading of every object, and of the lists that they lead to."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from domain.board import MOMENT, SOON, Due, window
from domain.deadlines import Colour, Deadline, colour
from domain.objects import ObjectStatus
from domain.process import CLIENT_RIGHT
from domain.roles import Sight
from storage import board, object_lists
from storage.database import Database, UnitOfWork
from storage.object_terms import ObjectFilter
from storage.tables import ObjectRecord, OrganisationRecord
from tests.builders import NOW, Company, add_client, add_company, add_object, key

ALL = Sight(everything=True)
DAY = timedelta(days=1)
MIDNIGHT = NOW - timedelta(hours=5)
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Where a line begins or ends; whatever lies between is like one of these.
BORDERS = st.sampled_from(
    [
        at + step
        for at in (NOW, MIDNIGHT, NOW + SOON, NOW + CLIENT_RIGHT, NOW - 30 * DAY, NOW + 30 * DAY)
        for step in (-MOMENT, timedelta(), MOMENT)
    ]
)
MACHINES = st.lists(
    st.tuples(st.sampled_from(ObjectStatus), BORDERS, st.none() | BORDERS, BORDERS, st.booleans()),
    max_size=12,
)
Lists = Mapping[tuple[object, ...], ObjectFilter]


def lists(client_id: int | None) -> Lists:
    """All that a board counts."""
    by_status = {
        (status, shade): ObjectFilter(status=status, colour=shade, client_id=client_id)
        for status, shade in product(ObjectStatus, Colour)
    }
    lines = {(due,): ObjectFilter(client_id=client_id, due=window(due, NOW, MIDNIGHT)) for due in Due}
    return {**by_status, **lines}


def counts_for(record: ObjectRecord, of: tuple[object, ...]) -> bool:
    """Whether a plain reading counts the object there."""
    main, urgent = record.main_at, record.urgent_at
    if len(of) == 2:
        shade = colour(Deadline(main, urgent) if main and urgent else None, NOW)
        return (record.status, shade) == of
    return {
        Due.TURNED_RED: urgent is not None and MIDNIGHT <= urgent <= NOW,
        Due.TURNS_YELLOW: main is not None and urgent is not None and NOW < main < NOW + SOON,
        Due.TURNS_RED: urgent is not None and NOW < urgent < NOW + SOON,
        Due.TO_ANSWER: record.status is ObjectStatus.VERIFIED
        and urgent is not None
        and NOW < urgent <= NOW + CLIENT_RIGHT,
    }[Due(of[0])]  # type: ignore[call-overload]  # the other keys have two parts


def sights(company: Company) -> list[Sight]:
    return [
        ALL, Sight(looked_after_by=key(company.partner)), Sight(looked_after_by=key(company.group)),
        Sight(own=key(company.group_client)), Sight(looked_after_by=99_999), Sight(),
    ]  # fmt: skip


def check(unit: UnitOfWork, records: Sequence[ObjectRecord], view: Sight, client_id: int | None) -> None:
    """Board, list and plain reading say the same."""
    owners = {owner.id: owner.parent_id for owner in unit.session.exec(select(OrganisationRecord))}
    seen = [
        r for r in records
        if view.covers(r.client_id, owners[r.client_id]) and client_id in {None, r.client_id}
    ]  # fmt: skip
    asked = lists(client_id)
    found = unit.boards.counts(view, asked, NOW)
    assert found == {of: min(board.MANY, sum(counts_for(r, of) for r in seen)) for of in asked}
    for of, number in found.items():
        if not number:
            continue  # such a line is left out
        assert unit.objects.count(view, asked[of], NOW) == number, of
        if number < min(board.MANY, 8):
            page = unit.objects.page(view, asked[of], NOW)
            assert {s.object.id for s in page} == {r.id for r in seen if counts_for(r, of)}, of
    for due in Due:
        there = window(due, NOW, MIDNIGHT)
        marks = sorted(
            (at, key(r)) for r in seen
            if counts_for(r, (due,)) and (at := r.main_at if due is Due.TURNS_YELLOW else r.urgent_at)
        )  # fmt: skip
        moments = [at for at, _ in marks]
        assert unit.boards.first(view, there, client_id, NOW) == min(moments, default=None)
        if len(marks) < board.MANY:
            assert sorted(unit.boards.moments(view, there, client_id, NOW)) == moments
        assert unit.objects.ids(view, asked[(due,)], NOW, 5) == [number for _, number in marks][:5]


def machine(
    unit: UnitOfWork,
    company: Company,
    made: tuple[ObjectStatus, datetime, datetime | None, datetime, bool],
) -> ObjectRecord:
    status, since, main, urgent, near = made
    client = company.client if near else company.group_client
    times = {"main_at": main, "urgent_at": None if main is None else max(main, urgent)}
    return add_object(unit, client, status, since=since, **times)


@SLOW
@given(MACHINES)
def test_a_board_counts_what_a_plain_reading_counts(
    database: Database, made: list[tuple[ObjectStatus, datetime, datetime | None, datetime, bool]]
) -> None:
    unit = database.write()
    try:
        company = add_company(unit)
        add_client(unit, company.partner)
        records = [machine(unit, company, one) for one in made]
        for view in sights(company):
            check(unit, records, view, None)
        check(unit, records, ALL, key(company.client))
        check(unit, records, Sight(looked_after_by=key(company.partner)), key(company.group_client))
    finally:
        unit.rollback()


def test_a_board_counts_no_further_than_a_list(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (board, object_lists):
        monkeypatch.setattr(module, "MANY", 3)
    monkeypatch.setattr(object_lists, "_DENSE", 2)
    with database.write() as unit:
        company = add_company(unit)
        records = [
            add_object(unit, client, status, since=NOW - age * DAY)
            for status, client in product(
                (ObjectStatus.NEW, ObjectStatus.VERIFIED), (company.client, company.group_client)
            )
            for age in (0, 1, 4, 6, 9, 11)
        ]
        for view in sights(company):
            check(unit, records, view, None)
        assert max(unit.boards.counts(ALL, lists(None), NOW).values()) == 3
