"""A database with a row in every table, for those who have to show that none of it is lost."""

from datetime import timedelta

from sqlmodel import Session

from domain.clients import ClientStatus
from domain.objects import ObjectStatus
from domain.process import Route
from domain.reminders import Stage
from domain.roles import Role
from storage.bulk_tables import BulkItemRecord, BulkKind, BulkRecord, BulkState, Outcome
from storage.database import Database
from storage.dialogues import Dialogue
from storage.import_tables import ImportRecord, ImportRowRecord
from storage.lease import LeaseRecord
from storage.outbox import Message
from storage.reminder_tables import (
    AbsenceRecord,
    BoundChatRecord,
    ClaimRecord,
    CopyRecord,
    NoticeRecord,
    OrganisationSettingRecord,
)
from storage.tables import EntryKind, HistoryRecord, InvitationRecord, ObjectRecord, PhotoRecord
from tests.builders import NOW, Company, add_company, add_entry, add_object, key

LATER = NOW + timedelta(hours=4)


def fill(database: Database) -> None:
    """Write a row or more of everything, by the tables as they are now."""
    with database.write() as unit:
        company = add_company(unit)
        made = add_object(unit, company.client, ObjectStatus.SERVICED, name="Жук 50%", terminal="863051")
        changed = add_entry(unit, made, ObjectStatus.SERVICED, "Стоїть, «50%»")
        add_entry(unit, company.client, ClientStatus.TEST, row=1, role="manager")
        add_entry(unit, company.client)
        note = HistoryRecord(
            object_id=made.id, kind=EntryKind.NOTE, at=NOW, comment="With a photo", route=Route.CHAT
        )
        unit.history.add(note, [PhotoRecord(history_id=0, position=0, file_id="f", file_unique_id="u")])
        unit.settings.put("colour", "green")
        unit.inbox.store({7: "{}", 8: "{}"}, NOW)
        unit.inbox.done(7)
        message = Message("alert", 5, {"n": 1}, person_id=company.support.id, dedup_key="alert:1")
        unit.outbox.add([message, Message("screen", 5, {"text": "«»"})], NOW)
        unit.dialogues.save(Dialogue(5, 5, "note", "text", {"object": 1}))
        unit.dialogues.set_living(5, 9)
        unit.dialogues.set_way(5, "list:0")
        unit.session.flush()
        _of_the_rest(unit.session, company, made, key(changed))


def _of_the_rest(session: Session, company: Company, made: ObjectRecord, history_id: int) -> None:
    person, client = key(company.support), key(company.client)
    it = {"object_id": key(made), "version": made.version, "person_id": person}
    bulk = BulkRecord(
        id=1, person_id=person, state=BulkState.DONE, kind=BulkKind.STATUS, target=ObjectStatus.SERVICED,
        comment="all", created_at=NOW,
    )  # fmt: skip
    listed = ImportRecord(id=1, person_id=person, client_id=client, file_name="list.xlsx", created_at=NOW)
    session.add_all([bulk, listed])
    session.flush()
    session.add_all(
        [
            InvitationRecord(
                secret_hash="0" * 64, organisation_id=client, roles=[Role.CLIENT.key], created_at=NOW,
                expires_at=LATER,
            ),
            BulkItemRecord(bulk_id=1, object_id=key(made), outcome=Outcome.CHANGED, before="Service"),
            ImportRowRecord(import_id=1, line=2, number="T-17"),
            NoticeRecord(
                **it, stage=Stage.SET.value, history_id=history_id, role="support", because="role", due_at=NOW
            ),
            ClaimRecord(**it, at=NOW, until=LATER),
            CopyRecord(**it, stage=Stage.SET.value, chat_id=5, message_id=9, sent_at=NOW),
            AbsenceRecord(person_id=person, at=NOW, until=LATER, stand_in_id=key(company.manager)),
            BoundChatRecord(chat_id=-100_123, title="Group", bound_by=key(company.moderator), at=NOW),
            OrganisationSettingRecord(organisation_id=client, key="zone", value={"zone": "UTC"}, at=NOW),
            LeaseRecord(name="work", holder="one", epoch=3, until=LATER),
        ]
    )  # fmt: skip
