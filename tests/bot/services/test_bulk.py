"""Many objects at once: the same as one by one, each once, and one message a person."""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from bot.services import bulk, bulk_run
from bot.services.bulk_file import results_file
from bot.services.bulk_results import heard, report
from bot.services.bulk_run import BulkWish, start_assignment, start_change, take_step
from bot.services.cases import Wish, change_status, load
from bot.services.people import Me, as_me
from domain.objects import ObjectStatus
from domain.process import ClientReason, Kind, Reason, Refused, Request
from storage.bulk_tables import BulkItemRecord, BulkState, Outcome
from storage.database import Database, UnitOfWork
from storage.object_terms import ObjectFilter
from storage.queues import OutboxRecord
from storage.tables import HistoryRecord, ObjectRecord, PersonRecord
from tests.builders import NOW, Company, add_client, add_company, add_object, key

S = ObjectStatus
DAY = timedelta(days=1)


def me_of(unit: UnitOfWork, person: PersonRecord) -> Me:
    return as_me(unit, person)


def picked(unit: UnitOfWork, me: Me, objects: Sequence[ObjectRecord]) -> int:
    bulk_id = bulk.begin(unit, me, NOW)
    for record in objects:
        assert bulk.tick(unit, me, bulk_id, key(record), on=True)
    unit.bulks.draw(bulk_id)
    return bulk_id


def begun(unit: UnitOfWork, me: Me, bulk_id: int, wish: BulkWish) -> None:
    assert start_change(unit, bulk.picking(unit, me, bulk_id), wish, NOW)


def steps(unit: UnitOfWork) -> list[tuple[int, int]]:
    """The steps that wait in the outbox, as the notifier would take them."""
    found = unit.session.exec(
        select(OutboxRecord).where(OutboxRecord.kind == "bulk-step").order_by(col(OutboxRecord.id))
    ).all()
    return [(int(str(row.payload["bulk_id"])), int(str(row.payload["done"]))) for row in found]


def work_off(unit: UnitOfWork, bulk_id: int) -> None:
    """Take all the steps, each twice: the second time nothing may happen."""
    done: set[tuple[int, int]] = set()
    while waiting := [one for one in steps(unit) if one[0] == bulk_id and one not in done]:
        for one in waiting:
            take_step(unit, *one, NOW)
            take_step(unit, *one, NOW)
            done.add(one)
    record = unit.bulks.get(bulk_id)
    assert record is not None
    assert record.state is BulkState.DONE


def items(unit: UnitOfWork, bulk_id: int) -> list[BulkItemRecord]:
    return list(
        unit.session.exec(
            select(BulkItemRecord).where(BulkItemRecord.bulk_id == bulk_id).order_by(col(BulkItemRecord.id))
        ).all()
    )


def told(unit: UnitOfWork, kind: str) -> Counter[int | None]:
    return Counter(
        row.person_id for row in unit.session.exec(select(OutboxRecord).where(OutboxRecord.kind == kind))
    )


def lines(unit: UnitOfWork, record: ObjectRecord) -> list[HistoryRecord]:
    return [entry.record for entry in unit.history.of_object(key(record))]


# The same as one by one.


@dataclass(frozen=True)
class Made:
    """An object of an example."""

    status: ObjectStatus
    ago: timedelta
    commissioned: bool
    ours: bool
    assigned: bool
    overtaken: bool


machines = st.lists(
    st.builds(
        Made,
        status=st.sampled_from(S),
        ago=st.sampled_from([timedelta(hours=1), 3 * DAY, 9 * DAY]),
        commissioned=st.booleans(),
        ours=st.booleans(),
        assigned=st.booleans(),
        overtaken=st.integers(0, 5).map(lambda n: n == 0),
    ),
    min_size=1,
    max_size=7,
)
people = st.sampled_from(
    ["moderator", "administrator", "installer", "support", "manager", "client_user", "group_support"]
)
wishes = st.builds(
    BulkWish,
    target=st.sampled_from(S),
    comment=st.sampled_from(["Done", "Done", "Done", " ", "x" * 1001]),
    rating=st.sampled_from([None, 5]),
    reason=st.sampled_from([None, *ClientReason]),
    sure=st.booleans(),
    photos=st.sampled_from([(), (("file", "unique"),)]),
)


def build(unit: UnitOfWork, company: Company, made: Made) -> ObjectRecord:
    return add_object(
        unit,
        company.client if made.ours else company.group_client,
        made.status,
        since=NOW - made.ago,
        commissioned=made.commissioned,
        installer_id=key(company.installer) if made.assigned and made.ours else None,
    )


def state_of(record: ObjectRecord) -> tuple[object, ...]:
    return (
        record.status, record.status_since, record.version, record.commissioned, record.open_request,
        record.main_at, record.urgent_at, record.terminal,
    )  # fmt: skip


def line_of(line: HistoryRecord) -> tuple[object, ...]:
    return (
        line.kind, line.at, line.before, line.after, line.row, line.person_id, line.role, line.comment,
        line.reason, line.rating, line.terminal, line.route,
    )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(machines=machines, who=people, wish=wishes, step=st.integers(1, 8))
def test_bulk_is_the_same_as_one_by_one(
    database: Database, machines: list[Made], who: str, wish: BulkWish, step: int
) -> None:
    with database.read() as unit, pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk_run, "STEP", step)
        company = add_company(unit)
        me = me_of(unit, getattr(company, who))
        many = [build(unit, company, made) for made in machines]
        twins = [build(unit, company, made) for made in machines]
        bulk_id = unit.bulks.begin(me.id, NOW).id or 0
        unit.bulks.pick(bulk_id, [key(record) for record in many])  # forged ones too: past ``tick``
        unit.bulks.draw(bulk_id)
        versions = [twin.version for twin in twins]
        for made, record, twin in zip(machines, many, twins, strict=True):
            if made.overtaken:
                for one in (record, twin):
                    assert unit.objects.set_status(key(one), one.version, {"status": one.status})
        begun(unit, me, bulk_id, wish)
        work_off(unit, bulk_id)

        expected = [
            one_by_one(unit, me, twin, version, wish) for twin, version in zip(twins, versions, strict=True)
        ]
        assert [item.reason for item in items(unit, bulk_id)] == expected
        for record, twin in zip(many, twins, strict=True):
            assert state_of(record) == state_of(twin)
            assert [line_of(line) for line in lines(unit, record)] == [
                line_of(line) for line in lines(unit, twin)
            ]
        assert told(unit, "bulk") == Counter(dict.fromkeys(told(unit, "alert"), 1))
        found = report(unit, me, bulk_id)
        assert (found.changed, found.refused) == (expected.count(None), len(expected) - expected.count(None))


def one_by_one(unit: UnitOfWork, me: Me, twin: ObjectRecord, version: int, wish: BulkWish) -> str | None:
    request = Request(wish.target, wish.comment, wish.rating, wish.reason, confirmed_twice=wish.sure)
    try:
        with unit.savepoint():
            case = load(unit, me, Kind.OBJECT, key(twin))
            change_status(unit, me, case, Wish(request, version, photos=wish.photos), NOW)
    except Refused as refused:
        return refused.reason.name
    return None


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(machines=machines, who=people)
def test_statuses_for_all_are_those_that_each_may_take(
    database: Database, machines: list[Made], who: str
) -> None:
    with database.read() as unit:
        company = add_company(unit)
        me = me_of(unit, getattr(company, who))
        many = [build(unit, company, made) for made in machines]
        bulk_id = unit.bulks.begin(me.id, NOW).id or 0
        unit.bulks.pick(bulk_id, [key(record) for record in many])
        offered: Counter[ObjectStatus] = Counter()
        seen = 0
        for record in many:
            try:
                case = load(unit, me, Kind.OBJECT, key(record))
            except Refused:
                continue
            seen += 1
            offered.update({row.target for row in case.process.choices(me.actor, case.subject, NOW)})
        found = bulk.options(unit, me, bulk_id, NOW)
        assert (found.total, found.hidden) == (seen, len(many) - seen)
        assert {fit.target: fit.fits for fit in found.fits} == dict(offered)
        assert {fit.target for fit in found.fits if fit.for_all} == {
            s for s, n in offered.items() if n == seen
        }
        assert all(fit.fits + sum(fit.misses.values()) == seen for fit in found.fits)
        if found.fits:
            target = found.fits[-1].target
            bulk.narrow(unit, me, bulk_id, target, NOW)
            assert bulk.options(unit, me, bulk_id, NOW).of(target).for_all
            assert unit.bulks.count(bulk_id) == offered[target]


@pytest.mark.parametrize(
    ("who", "status", "wish", "reason"),
    [
        ("support", S.BLOCKED, BulkWish(S.DECOMMISSIONED, "Sold"), "SECOND_CONFIRMATION_MISSING"),
        ("client_user", S.ACTIVE, BulkWish(S.OUT_OF_SERVICE, "Broken"), "CLIENT_REASON_MISSING"),
        ("client_user", S.VERIFIED, BulkWish(S.ACTIVE, "Fine"), "RATING_MISSING"),
        ("support", S.SERVICE, BulkWish(S.SERVICED, "\u2800"), "COMMENT_MISSING"),
        ("support", S.SERVICE, BulkWish(S.SERVICED, "x" * 1001), "COMMENT_TOO_LONG"),
    ],
)
def test_nothing_that_a_row_asks_is_bypassed(
    sqlite_database: Database, who: str, status: ObjectStatus, wish: BulkWish, reason: str
) -> None:
    with sqlite_database.read() as unit:
        company = add_company(unit)
        me = me_of(unit, getattr(company, who))
        machine = add_object(unit, company.client, status)
        bulk_id = picked(unit, me, [machine])
        begun(unit, me, bulk_id, wish)
        work_off(unit, bulk_id)
        assert [item.reason for item in items(unit, bulk_id)] == [reason]
        assert (machine.status, lines(unit, machine)) == (status, [])


# Killed in between.


def test_a_step_that_dies_leaves_nothing_and_is_taken_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_run, "STEP", 3)
    with database.write() as unit:
        company = add_company(unit)
        me = me_of(unit, company.support)
        many = [add_object(unit, company.client, S.SERVICE) for _ in range(8)]
        bulk_id = picked(unit, me, many)
        begun(unit, me, bulk_id, BulkWish(S.SERVICED, "All done"))
    with database.write() as unit:
        take_step(unit, bulk_id, 0, NOW)
    for _ in range(2):  # killed before the commit, twice
        unit = database.write()
        take_step(unit, bulk_id, 3, NOW)
        unit.rollback()
    with database.write() as unit:
        take_step(unit, bulk_id, 0, NOW)  # the row of the first step was not marked when it died
        take_step(unit, bulk_id, 6, NOW)  # and one that is not due
        assert unit.bulks.counts(bulk_id) == {Outcome.CHANGED: 3, None: 5}
        assert told(unit, "bulk") == Counter()
    with database.write() as unit:
        assert steps(unit) == [(bulk_id, 0), (bulk_id, 3)]
        work_off(unit, bulk_id)
        assert [len(lines(unit, record)) for record in many] == [1] * 8
        assert unit.bulks.counts(bulk_id) == {Outcome.CHANGED: 8}
        assert told(unit, "bulk") == Counter({key(company.manager): 1})


def test_what_breaks_unforeseen_is_one_outcome_and_stops_nobody(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as unit:
        company = add_company(unit)
        me = me_of(unit, company.support)
        many = [add_object(unit, company.client, S.SERVICE) for _ in range(3)]
        bulk_id = picked(unit, me, many)
        begun(unit, me, bulk_id, BulkWish(S.SERVICED, "All done"))
        real = bulk_run.change_quietly

        def breaks(uow: UnitOfWork, me: Me, case: object, *rest: object) -> HistoryRecord:
            entry = real(uow, me, case, *rest)  # type: ignore[arg-type]  # wrong on purpose, or passed on
            if entry.object_id == key(many[1]):
                raise ZeroDivisionError
            return entry

        monkeypatch.setattr(bulk_run, "change_quietly", breaks)
        work_off(unit, bulk_id)
        assert [item.reason for item in items(unit, bulk_id)] == [None, "FAILED", None]
        assert [record.status for record in many] == [S.SERVICED, S.SERVICE, S.SERVICED]
        assert lines(unit, many[1]) == []


# One message a person.


def test_a_person_is_told_once_with_the_count_of_what_is_theirs_then(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        me = me_of(unit, company.manager)
        mine = [
            add_object(unit, company.client, S.DIAGNOSTICS, installer_id=key(company.installer))
            for _ in range(4)
        ]
        bulk_id = picked(unit, me, mine)
        begun(unit, me, bulk_id, BulkWish(S.SERVICE, "Look at the cable"))
        work_off(unit, bulk_id)
        assert told(unit, "alert") == Counter()
        assert told(unit, "bulk") == Counter({key(company.installer): 1, key(company.support): 1})
        reader = me_of(unit, company.installer)
        found = heard(unit, reader, bulk_id, NOW)
        assert found is not None
        assert [key(seen.object) for seen in found.seen] == [key(record) for record in mine]
        # One moves on: it is not the installer's turn any more, and the message does not count it.
        case = load(unit, reader, Kind.OBJECT, key(mine[0]))
        change_status(unit, reader, case, Wish(Request(S.SERVICED, "ok"), case.version), NOW)
        left = heard(unit, reader, bulk_id, NOW)
        assert left is not None
        assert len(left.seen) == 3
        assert heard(unit, me_of(unit, company.group_installer), bulk_id, NOW) is None
        assert heard(unit, me_of(unit, company.client_user), bulk_id, NOW) is None


# Assignments.


def test_an_installer_is_assigned_to_many(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        me, installer = me_of(unit, company.manager), key(company.installer)
        fresh, same = (
            add_object(unit, company.client),
            add_object(unit, company.client, installer_id=installer),
        )
        overtaken, foreign = add_object(unit, company.client), add_object(unit, company.group_client)
        bulk_id = unit.bulks.begin(me.id, NOW).id or 0
        unit.bulks.pick(bulk_id, [key(one) for one in (fresh, same, overtaken, foreign)])
        unit.bulks.draw(bulk_id)
        overtaken.installer_id = installer
        unit.session.add(overtaken)
        assert bulk.installer_named(unit, me, bulk_id, installer) == company.installer.name
        assert start_assignment(unit, bulk.picking(unit, me, bulk_id), installer, NOW)
        work_off(unit, bulk_id)
        assert [(item.outcome, item.reason) for item in items(unit, bulk_id)] == [
            (Outcome.CHANGED, None), (Outcome.SAME, None),
            (Outcome.REFUSED, "SOMEBODY_WAS_FASTER"), (Outcome.REFUSED, "NOT_FOUND"),
        ]  # fmt: skip
        assert (fresh.installer_id, foreign.installer_id) == (installer, None)
        assert [line.comment for line in lines(unit, fresh)] == [f"installer: – → {company.installer.name}"]
        assert told(unit, "bulk") == Counter({installer: 1})
        found = heard(unit, me_of(unit, company.installer), bulk_id, NOW)
        assert found is not None
        assert [key(seen.object) for seen in found.seen] == [key(fresh)]


def test_an_installer_of_another_organisation_is_not_named(database: Database) -> None:
    with database.read() as unit:
        company = add_company(unit)
        moderator = me_of(unit, company.moderator)
        bulk_id = picked(
            unit, moderator, [add_object(unit, company.client), add_object(unit, company.group_client)]
        )
        found = bulk.installers(unit, moderator, bulk_id)
        assert (len(found.parents), list(found.people)) == (2, [])
        with pytest.raises(Refused):
            bulk.installer_named(unit, moderator, bulk_id, key(company.installer))
        bulk.narrow_to_parent(unit, moderator, bulk_id, key(company.partner))
        assert bulk.installer_named(unit, moderator, bulk_id, key(company.installer))
        with pytest.raises(Refused):
            bulk.installer_named(unit, moderator, bulk_id, key(company.group_installer))
        with pytest.raises(Refused) as refused:
            bulk.installers(unit, me_of(unit, company.installer), bulk_id)
        assert refused.value.reason is Reason.WRONG_ROLE


# Who may.


def test_what_is_not_seen_is_not_picked(database: Database) -> None:
    with database.read() as unit:
        company = add_company(unit)
        support = me_of(unit, company.support)
        ours, foreign = add_object(unit, company.client), add_object(unit, company.group_client)
        bulk_id = bulk.begin(unit, support, NOW)
        with pytest.raises(Refused):
            bulk.tick(unit, support, bulk_id, key(foreign), on=True)
        assert bulk.tick_list(unit, support, bulk_id, ObjectFilter(), NOW)
        assert unit.bulks.chosen(bulk_id, [key(ours), key(foreign)]) == {key(ours)}
        taken = bulk.tick_numbers(unit, support, bulk_id, [foreign.number, ours.number])
        assert (taken.found, taken.missing) == (1, {foreign.number: bulk.UNKNOWN})


def test_a_selection_is_its_owners_and_is_started_once(database: Database) -> None:
    with database.read() as unit:
        company = add_company(unit)
        support, manager = me_of(unit, company.support), me_of(unit, company.manager)
        bulk_id = picked(unit, support, [add_object(unit, company.client, S.SERVICE)])
        for stranger in (manager, me_of(unit, company.moderator)):
            with pytest.raises(Refused):
                bulk.picking(unit, stranger, bulk_id)
        record = bulk.picking(unit, support, bulk_id)
        wish = BulkWish(S.SERVICED, "Done")
        assert start_change(unit, record, wish, NOW)
        assert not start_change(unit, record, wish, NOW)
        assert steps(unit) == [(bulk_id, 0)]
        work_off(unit, bulk_id)
        with pytest.raises(Refused):
            bulk.picking(unit, support, bulk_id)
        assert report(unit, support, bulk_id).changed == 1
        for stranger in (manager, me_of(unit, company.client_user)):
            with pytest.raises(Refused):
                report(unit, stranger, bulk_id)
            with pytest.raises(Refused):
                results_file(unit, stranger, bulk_id)


def test_whoever_was_removed_meanwhile_changes_nothing_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_run, "STEP", 1)
    with database.write() as unit:
        company = add_company(unit)
        me = me_of(unit, company.support)
        many = [add_object(unit, company.client, S.SERVICE) for _ in range(3)]
        bulk_id = picked(unit, me, many)
        begun(unit, me, bulk_id, BulkWish(S.SERVICED, "Done"))
        take_step(unit, bulk_id, 0, NOW)
        unit.people.remove(company.support, NOW)
        work_off(unit, bulk_id)
        assert [item.reason for item in items(unit, bulk_id)] == [None, "WRONG_ROLE", "WRONG_ROLE"]


def test_a_new_selection_takes_the_place_of_the_forgotten_one(database: Database) -> None:
    with database.read() as unit:
        company = add_company(unit)
        me, other = me_of(unit, company.support), me_of(unit, company.manager)
        kept = picked(unit, other, [add_object(unit, company.client)])
        old = picked(unit, me, [add_object(unit, company.client)])
        new = bulk.begin(unit, me, NOW)
        with pytest.raises(Refused):
            bulk.picking(unit, me, old)
        assert items(unit, old) == []
        assert bulk.picking(unit, me, new).id == new
        assert unit.bulks.count(kept) == 1


# Numbers.


def test_each_number_leads_to_an_object_or_is_named_in_the_results(database: Database) -> None:
    with database.read() as unit:
        company = add_company(unit)
        me = me_of(unit, company.manager)
        latin = add_object(unit, company.client, S.SERVICE, number="AB 12")
        cyrillic = add_object(unit, company.client, S.SERVICE, number="КС-7")  # noqa: RUF001  # Cyrillic on purpose
        twice = [
            add_object(unit, client, number="T-1")
            for client in (company.client, add_client(unit, company.partner))
        ]
        bulk_id = bulk.begin(unit, me, NOW)
        sent = ["ab 12", "KC-7", "T-1", "T-404", "AB 12", "=1+1"]
        taken = bulk.tick_numbers(unit, me, bulk_id, sent)
        assert taken == bulk.Taken(2, {"T-1": bulk.SEVERAL, "T-404": bulk.UNKNOWN, "=1+1": bulk.UNKNOWN}, 1)
        assert unit.bulks.chosen(bulk_id, [key(latin), key(cyrillic), *map(key, twice)]) == {
            key(latin),
            key(cyrillic),
        }
        unit.bulks.draw(bulk_id)
        begun(unit, me, bulk_id, BulkWish(S.SERVICED, "Done"))
        work_off(unit, bulk_id)
        found = report(unit, me, bulk_id)
        assert (found.total, found.changed, found.refused) == (5, 2, 3)
        rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(results_file(unit, me, bulk_id)))
            .get_sheet_by_index(0)
            .to_python()
        )
        assert rows[0][:2] == ["Number", "Name"]
        assert [row[0] for row in rows[1:]] == ["T-1", "T-404", "=1+1", "AB 12", "КС-7"]  # noqa: RUF001  # Cyrillic on purpose
        assert rows[4][3:6] == ["Service", "Serviced", "changed"]
        assert all(row[6] for row in rows[1:4])
        # With the client known, the number is clear.
        again = bulk.begin(unit, me, NOW)
        assert bulk.tick_numbers(unit, me, again, ["t-1"], key(company.client)).found == 1


def test_a_selection_has_an_end(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "LIMIT", 2)
    with database.read() as unit:
        company = add_company(unit)
        me = me_of(unit, company.manager)
        many = [add_object(unit, company.client) for _ in range(3)]
        bulk_id = picked(unit, me, many[:2])
        assert not bulk.tick(unit, me, bulk_id, key(many[2]), on=True)
        assert not bulk.tick_list(unit, me, bulk_id, ObjectFilter(), NOW)
        assert bulk.tick_numbers(unit, me, bulk_id, [many[2].number]).too_many
        assert bulk.tick(unit, me, bulk_id, key(many[0]), on=True), "what is in may be ticked again"
        assert unit.bulks.count(bulk_id) == 2
