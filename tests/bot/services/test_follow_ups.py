"""The one step that answers a client's request: both changes or none, told once, on both databases."""

from collections import Counter

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bot.services.cases import Case, load
from bot.services.follow_ups import answer_to, follow_up
from bot.services.people import Me, as_me
from domain.objects import ObjectStatus
from domain.process import ClientReason, Kind, Reason, Refused, Route
from storage.database import Database, UnitOfWork
from storage.queues import OutboxRecord
from storage.tables import ObjectRecord
from tests.builders import NOW, Company, add_company, add_entry, add_object, key
from tests.storage.racing import race

S = ObjectStatus
ANSWERS = {
    ClientReason.BREAKDOWN: (19, S.DIAGNOSTICS),
    ClientReason.ADDITIONAL_EQUIPMENT: (20, S.ADDITIONAL_ORDER),
    ClientReason.BLOCK: (21, S.BLOCKED),
}
PHOTO = ("file", "unique")


def asking(unit: UnitOfWork, company: Company, reason: ClientReason) -> ObjectRecord:
    """A machine that its client took out of service."""
    machine = add_object(unit, company.client, S.OUT_OF_SERVICE, request=reason, commissioned=True)
    add_entry(unit, machine, S.OUT_OF_SERVICE, before=S.ACTIVE, reason=reason)
    return machine


def seen_by(unit: UnitOfWork, company: Company, name: str, machine: ObjectRecord) -> tuple[Me, Case]:
    me = as_me(unit, getattr(company, name))
    return me, load(unit, me, Kind.OBJECT, key(machine))


def refusal(unit: UnitOfWork, me: Me, case: Case, version: int, comment: str = "On our way") -> Reason:
    with pytest.raises(Refused) as refused:
        follow_up(unit, me, case, comment, (), version, NOW)
    return refused.value.reason


def told(unit: UnitOfWork) -> Counter[tuple[int | None, object]]:
    rows = unit.session.exec(select(OutboxRecord).where(OutboxRecord.kind == "alert"))
    return Counter((row.person_id, line) for row in rows for *_, line in row.payload["items"])


@pytest.mark.parametrize("reason", ANSWERS)
@pytest.mark.parametrize("name", ["support", "moderator", "group_support"])
def test_both_changes_are_recorded_and_the_second_is_told(
    database: Database, reason: ClientReason, name: str
) -> None:
    number, wanted = ANSWERS[reason]
    with database.write() as unit:
        company = add_company(unit)
        machine = asking(unit, company, reason)
        me, case = seen_by(unit, company, name, machine)
        changed = follow_up(unit, me, case, " On our way ", [PHOTO], case.version, NOW)
    with database.read() as unit:
        last, first, _asked = unit.history.of_object(key(machine))
        assert [(one.record.row, one.record.before, one.record.after) for one in (first, last)] == [
            (22, S.OUT_OF_SERVICE, S.ACTIVE), (number, S.ACTIVE, wanted),
        ]  # fmt: skip
        for one in (first, last):
            assert (one.record.comment, one.record.person_id, one.record.route) == (
                "On our way", me.id, Route.CHAT,
            )  # fmt: skip
            assert (one.record.at, one.record.role, one.record.reason) == (
                NOW, "moderator" if name == "moderator" else "support", None,
            )  # fmt: skip
        assert (first.photos, last.photos) == (0, 1)
        assert changed.entry.id == last.record.id
        record = unit.session.get_one(ObjectRecord, machine.id)
        assert (record.status, record.open_request, record.version) == (wanted, None, case.version + 2)
        assert record.main_at is not None
        alerts = told(unit)
        assert set(alerts.values()) == {1}
        assert {line for _, line in alerts} == {last.record.id}
        assert len(alerts) == changed.told > 0
        assert me.id not in {person for person, _ in alerts}


def test_a_failure_in_the_second_change_leaves_nothing(database: Database) -> None:
    nowhere = [(None, "unique")]  # a photo without a file, which the database refuses: with the second line
    with database.write() as unit:
        company = add_company(unit)
        machine = asking(unit, company, ClientReason.BREAKDOWN)
    for caught_inside in (True, False):
        with database.write() as unit:
            me, case = seen_by(unit, company, "support", machine)
            with pytest.raises(IntegrityError):
                follow_up(unit, me, case, "On our way", nowhere, case.version, NOW)  # type: ignore[arg-type]  # wrong on purpose
            again = load(unit, me, Kind.OBJECT, key(machine))
            assert (again.status, again.version) == (S.OUT_OF_SERVICE, case.version)
            if not caught_inside:
                unit.rollback()
    with database.read() as unit:
        record = unit.session.get_one(ObjectRecord, machine.id)
        assert (record.status, record.version) == (S.OUT_OF_SERVICE, machine.version)
        assert record.open_request is ClientReason.BREAKDOWN
        assert len(unit.history.of_object(key(machine))) == 1
        assert not unit.session.exec(select(OutboxRecord)).all()


def test_somebody_was_faster(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        machine = asking(unit, company, ClientReason.BLOCK)
    with database.read() as unit:
        slow, stale = seen_by(unit, company, "moderator", machine)
        unit.session.expunge_all()  # what was read stays as it was
    with database.write() as unit:
        fast, case = seen_by(unit, company, "support", machine)
        follow_up(unit, fast, case, "Blocked", (), case.version, NOW)
    with database.write() as unit:
        # Whether the button is old, or the object was read before the other one's change:
        now = load(unit, slow, Kind.OBJECT, key(machine))
        assert refusal(unit, slow, now, stale.version) is Reason.SOMEBODY_WAS_FASTER
        assert refusal(unit, slow, stale, stale.version) is Reason.SOMEBODY_WAS_FASTER
        assert load(unit, slow, Kind.OBJECT, key(machine)).status is S.BLOCKED
    with database.read() as unit:
        assert len(unit.history.of_object(key(machine))) == 3
        assert {line for _, line in told(unit)} == {unit.history.of_object(key(machine))[0].record.id}


def test_of_two_at_once_one_answers(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        machine = asking(unit, company, ClientReason.BREAKDOWN)
        version = machine.version

    def work(unit: UnitOfWork) -> Reason | None:
        me, case = seen_by(unit, company, "support", machine)
        try:
            follow_up(unit, me, case, "On our way", (), version, NOW)
        except Refused as refused:
            return refused.reason
        return None

    found = race(database, work, runners=3)
    assert Counter(found) == {None: 1, Reason.SOMEBODY_WAS_FASTER: 2}
    with database.read() as unit:
        assert len(unit.history.of_object(key(machine))) == 3


@pytest.mark.parametrize("name", ["installer", "manager", "administrator", "client_user"])
def test_others_may_not(database: Database, name: str) -> None:
    with database.write() as unit:
        company = add_company(unit)
        machine = asking(unit, company, ClientReason.BREAKDOWN)
        me, case = seen_by(unit, company, name, machine)
        assert answer_to(machine, me.actor, NOW) is None
        assert refusal(unit, me, case, case.version) is Reason.WRONG_ROLE
        assert len(unit.history.of_object(key(machine))) == 1


@pytest.mark.parametrize("status", [S.OUT_OF_SERVICE, S.ACTIVE, S.BLOCKED])
def test_without_a_request_there_is_nothing_to_answer(database: Database, status: S) -> None:
    with database.write() as unit:
        company = add_company(unit)
        machine = add_object(unit, company.client, status, request=ClientReason.NOT_IN_USE)
        me, case = seen_by(unit, company, "support", machine)
        assert answer_to(machine, me.actor, NOW) is None
        assert refusal(unit, me, case, case.version) is Reason.NOT_ALLOWED


@pytest.mark.parametrize("comment", ["", " \u2800", "x" * 1001])
def test_a_comment_is_needed(database: Database, comment: str) -> None:
    with database.write() as unit:
        company = add_company(unit)
        machine = asking(unit, company, ClientReason.BREAKDOWN)
        me, case = seen_by(unit, company, "support", machine)
        reason = refusal(unit, me, case, case.version, comment)
        assert reason in {Reason.COMMENT_MISSING, Reason.COMMENT_TOO_LONG}
        assert load(unit, me, Kind.OBJECT, key(machine)).status is S.OUT_OF_SERVICE
