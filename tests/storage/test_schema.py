"""What the database itself refuses, whoever writes."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from domain.clients import ClientStatus
from domain.objects import ObjectStatus
from domain.process import Route
from domain.roles import OrganisationKind, Role
from storage.database import Database, UnitOfWork
from storage.queues import InboxRecord
from storage.tables import (
    EntryKind,
    HistoryRecord,
    InvitationRecord,
    ObjectRecord,
    OrganisationRecord,
    PersonRecord,
    PhotoRecord,
)
from tests.builders import NOW, Company, add_company, add_entry, add_object, add_person, key
from tests.storage.racing import race


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE history SET comment = 'better'",
        "DELETE FROM history",
        "UPDATE photo SET file_id = 'other'",
        "DELETE FROM photo",
    ],
)
def test_history_and_photos_are_only_added_to(database: Database, sql: str) -> None:
    with database.write() as unit:
        line = HistoryRecord(
            object_id=add_object(unit, add_company(unit).client).id,
            kind=EntryKind.NOTE, at=NOW, comment="As it was", route=Route.CHAT,
        )  # fmt: skip
        unit.history.add(line, [PhotoRecord(history_id=0, position=0, file_id="f", file_unique_id="u")])
    with pytest.raises(DatabaseError, match="append-only"), database.write() as unit:
        unit.session.connection().exec_driver_sql(sql)
    with database.read() as unit:
        kept = unit.history.get(key(line))
        assert kept is not None
        assert (kept.record.comment, kept.photos) == ("As it was", 1)


def test_history_cannot_be_emptied_either(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), database.write() as unit:
        unit.session.connection().exec_driver_sql("TRUNCATE history CASCADE")


def same_number(unit: UnitOfWork, company: Company) -> None:
    add_object(unit, company.client, number="T-17")
    add_object(unit, company.client, number="T-17")


def same_terminal(unit: UnitOfWork, company: Company) -> None:
    add_object(unit, company.client, terminal="863051")
    add_object(unit, company.group_client, terminal="863051")


def same_account(unit: UnitOfWork, company: Company) -> None:
    add_person(unit, company.group, Role.SUPPORT, telegram_id=company.support.telegram_id)


def same_name(unit: UnitOfWork, company: Company) -> None:
    unit.organisations.add(
        OrganisationRecord(name=company.client.name, kind=OrganisationKind.PARTNER, created_at=NOW)
    )


def same_secret(unit: UnitOfWork, company: Company) -> None:
    for _ in range(2):
        unit.invitations.add(
            InvitationRecord(
                secret_hash="0" * 64,
                organisation_id=key(company.client),
                roles=[],
                created_at=NOW,
                expires_at=NOW,
            )
        )


def same_update(unit: UnitOfWork, _company: Company) -> None:
    for _ in range(2):
        unit.session.add(InboxRecord(update_id=7, body="{}", received_at=NOW))
        unit.session.flush()


def half_a_deadline(unit: UnitOfWork, company: Company) -> None:
    add_object(unit, company.client, urgent_at=None)


def a_client_of_nobody(unit: UnitOfWork, _company: Company) -> None:
    unit.organisations.add(
        OrganisationRecord(
            name="Alone", kind=OrganisationKind.CLIENT, status=ClientStatus.NEW, created_at=NOW
        )
    )


def a_client_without_status(unit: UnitOfWork, company: Company) -> None:
    unit.organisations.add(
        OrganisationRecord(
            name="Bare", kind=OrganisationKind.CLIENT, parent_id=company.group.id, created_at=NOW
        )
    )


def a_partner_with_status(unit: UnitOfWork, _company: Company) -> None:
    unit.organisations.add(
        OrganisationRecord(name="P", kind=OrganisationKind.PARTNER, status=ClientStatus.NEW, created_at=NOW)
    )


def a_line_of_two_things(unit: UnitOfWork, company: Company) -> None:
    add_entry(unit, add_object(unit, company.client), client_id=company.client.id)


def a_line_of_nothing(unit: UnitOfWork, company: Company) -> None:
    add_entry(unit, company.client, client_id=None)


def a_change_to_nothing(unit: UnitOfWork, company: Company) -> None:
    add_entry(unit, company.client, kind=EntryKind.STATUS)


def a_note_with_status(unit: UnitOfWork, company: Company) -> None:
    add_entry(unit, company.client, after=ClientStatus.TEST, kind=EntryKind.NOTE)


def an_object_of_no_client(unit: UnitOfWork, company: Company) -> None:
    add_object(unit, company.client, client_id=99_999)


def an_unknown_support_employee(unit: UnitOfWork, company: Company) -> None:
    company.client.support_id = 99_999
    unit.session.add(company.client)
    unit.session.flush()


@pytest.mark.parametrize(
    "wrong",
    [
        same_number, same_terminal, same_account, same_name, same_secret, same_update, half_a_deadline,
        a_client_of_nobody, a_client_without_status, a_partner_with_status, a_line_of_two_things,
        a_line_of_nothing, a_change_to_nothing, a_note_with_status, an_object_of_no_client,
        an_unknown_support_employee,
    ],
)  # fmt: skip
def test_what_cannot_be(database: Database, wrong: Callable[[UnitOfWork, Company], None]) -> None:
    with database.write() as unit:
        company = add_company(unit)
        with pytest.raises(IntegrityError):
            wrong(unit, company)
        unit.session.rollback()


def test_what_may_be_shared(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        for client in (company.client, company.group_client):
            add_object(unit, client, number="T-17", terminal=None)
            add_person(unit, client, Role.CLIENT, telegram_id=None)


@pytest.mark.parametrize("field", ["status_since", "main_at", "created_at"])
def test_a_moment_without_a_time_zone_is_refused(database: Database, field: str) -> None:
    with database.write() as unit:
        company = add_company(unit)
        with pytest.raises((StatementError, ValueError), match=r"timezone|time zone"):
            add_object(unit, company.client, **{field: datetime(2026, 3, 2)})  # noqa: DTZ001  # naive on purpose
        unit.session.rollback()


def test_moments_come_back_in_utc(database: Database) -> None:
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    with database.write() as unit:
        made = add_object(unit, add_company(unit).client, since=tokyo)
    with database.read() as unit:
        kept = unit.session.get_one(ObjectRecord, made.id)
        assert kept.status_since == NOW
        assert kept.status_since.utcoffset() == timedelta(0)


def test_ids_of_telegram_are_longer_than_32_bits(database: Database) -> None:
    big = 2**52 - 1
    with database.write() as unit:
        add_person(unit, add_company(unit).group, Role.SUPPORT, "Big", telegram_id=big)
        unit.inbox.store({big: "{}"}, NOW)
        unit.dialogues.set_living(-big, 3)
    with database.read() as unit:
        found = unit.people.by_telegram_id(big)
        assert found is not None
        assert found.name == "Big"
        assert unit.inbox.waiting_ids() == {big}
        assert unit.dialogues.living(-big) == 3


def test_choices_are_kept_by_their_values(database: Database) -> None:
    with database.write() as unit:
        add_object(unit, add_company(unit).client, ObjectStatus.OUT_OF_SERVICE)
    with Session(database.engine) as session:
        assert session.connection().exec_driver_sql("SELECT status FROM object").scalar() == "Out of service"


# Units of work.


class Interrupted(Exception):  # noqa: N818  # not an error
    """Something that ends a unit half way."""


def put_and_fail(unit: UnitOfWork) -> None:
    unit.settings.put("colour", "green")
    raise Interrupted


def test_a_unit_is_kept_whole_or_not_at_all(database: Database) -> None:
    with pytest.raises(Interrupted), database.write() as unit:
        put_and_fail(unit)
    with database.read() as unit:
        assert unit.settings.get("colour") is None
    with database.write() as unit:
        unit.settings.put("colour", "green")
    with database.write() as unit:
        unit.settings.put("colour", "blue")
    with database.read() as unit:
        assert unit.settings.get("colour") == "blue"


def test_a_savepoint_undoes_its_part_alone(database: Database) -> None:
    with database.write() as unit:
        unit.settings.put("kept", "yes")
        with pytest.raises(Interrupted), unit.savepoint():
            put_and_fail(unit)
    with database.read() as unit:
        assert unit.settings.get("kept") == "yes"
        assert unit.settings.get("colour") is None


def test_what_a_reading_unit_writes_is_undone(database: Database) -> None:
    with database.read() as unit:
        unit.settings.put("colour", "green")
    with database.read() as unit:
        assert unit.settings.get("colour") is None


def test_a_reader_sees_nothing_unfinished_and_waits_for_nobody(database: Database) -> None:
    with database.write() as writing:
        writing.settings.put("colour", "green")
        with database.read() as reading:
            assert reading.settings.get("colour") is None


def test_a_writer_waits_for_no_reader(database: Database) -> None:
    with database.read() as reading:
        assert reading.settings.get("colour") is None
        with database.write() as writing:
            writing.settings.put("colour", "green")


def test_units_that_will_write_go_one_at_a_time_on_sqlite(sqlite_database: Database) -> None:
    def count(unit: UnitOfWork) -> None:
        before = int(unit.settings.get("count") or 0)
        time.sleep(0.01)  # long enough for the others to read as well, if they may
        unit.settings.put("count", str(before + 1))

    race(sqlite_database, count, runners=4)
    with sqlite_database.read() as unit:
        assert unit.settings.get("count") == "4"


def test_records_stay_readable_after_their_unit(database: Database) -> None:
    with database.write() as unit:
        person: PersonRecord = add_company(unit).support
    assert person.id
    assert person.name


def test_a_commit_that_fails_lets_go(database: Database) -> None:
    unit = database.write()
    unit.settings.put("colour", "green")
    unit.session.connection()
    unit.session.add(PersonRecord(organisation_id=99_999, name="Of nobody", created_at=NOW))
    with pytest.raises(IntegrityError):
        unit.commit()
    with database.write() as after:
        after.settings.put("size", "large")
    with database.read() as reading:
        assert reading.settings.get("colour") is None
        assert reading.settings.get("size") == "large"


def test_a_url_of_postgresql_may_be_written_as_everybody_does() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        made = Database(f"{scheme}://somebody@localhost/greenlight")
        assert made.engine.driver == "psycopg"
        assert not made.is_sqlite
