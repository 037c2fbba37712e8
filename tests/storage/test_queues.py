"""The inbox, the outbox, dialogues: what is kept once, in which order, and what becomes of it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import select

from storage.database import Database, UnitOfWork
from storage.dialogues import Dialogue
from storage.inbox import Stored
from storage.outbox import Message, Outcome
from storage.queues import InboxRecord, OutboxRecord, OutboxState
from tests.builders import NOW
from tests.storage.racing import race

HOUR = timedelta(hours=1)

# The inbox.


def test_an_update_that_comes_twice_is_kept_once_as_it_was(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store({7: "first", 8: "other"}, NOW)
        unit.inbox.store({7: "again", 9: "later"}, NOW + HOUR)
        unit.inbox.store({}, NOW)
        assert unit.inbox.waiting(9) == [Stored(7, "first"), Stored(8, "other"), Stored(9, "later")]
        assert unit.inbox.waiting_ids() == {7, 8, 9}


def test_updates_wait_in_the_order_of_arrival_not_of_their_ids(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store({900: "a", 901: "b"}, NOW)
        unit.inbox.store({5: "c"}, NOW)  # the ids began anew
        assert [stored.update_id for stored in unit.inbox.waiting(9)] == [900, 901, 5]


def test_what_is_in_hand_is_not_given_again_and_no_more_than_there_is_room_for(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store(dict.fromkeys(range(6), "{}"), NOW)
        assert [stored.update_id for stored in unit.inbox.waiting(2, {0, 2})] == [1, 3]


def test_an_update_is_done_once(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store({7: "{}"}, NOW)
    assert sorted(race(database, lambda u: u.inbox.done(7), runners=3)) == [False, False, True]
    with database.write() as unit:
        assert unit.inbox.waiting_ids() == frozenset()
        assert not unit.inbox.done(7)
        assert not unit.inbox.done(8)
        unit.inbox.store({7: "{}"}, NOW)  # Telegram gives it again
        assert unit.inbox.waiting_ids() == frozenset()


def test_done_is_undone_with_its_unit(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store({7: "{}"}, NOW)
    with database.read() as unit:
        assert unit.inbox.done(7)
    with database.read() as unit:
        assert unit.inbox.waiting_ids() == {7}


def test_tries_are_counted(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store({7: "{}"}, NOW)
        assert [unit.inbox.count_try(7) for _ in range(3)] == [1, 2, 3]
        assert unit.inbox.count_try(8) == 0
        assert unit.inbox.count_try(7) == 4


def test_an_update_is_put_aside_with_the_kind_of_its_error(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store({7: "{}", 8: "{}", 9: "{}"}, NOW)
        unit.inbox.park(8, "KeyError")
        unit.inbox.park(7, "x" * 500)
        assert unit.inbox.waiting_ids() == {9}
        assert list(unit.inbox.parked()) == [(7, "x" * 200), (8, "KeyError")]
        assert not unit.inbox.done(7)


def test_what_is_done_cannot_be_put_aside(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store({7: "{}"}, NOW)
        unit.inbox.done(7)
        unit.inbox.park(7, "KeyError")
        assert list(unit.inbox.parked()) == []


def test_the_moment_of_arrival_is_kept_in_utc_and_needs_a_time_zone(database: Database) -> None:
    with database.write() as unit:
        unit.inbox.store({7: "{}"}, NOW.astimezone(timezone(timedelta(hours=9))))
        assert unit.session.exec(select(InboxRecord.received_at)).one() == NOW
        with pytest.raises(StatementError, match="timezone"):
            unit.inbox.store({8: "{}"}, datetime(2026, 3, 2))  # noqa: DTZ001  # naive on purpose
        unit.session.rollback()


# The outbox.


def messages(*keys: str | None) -> list[Message]:
    return [Message("alert", 5, {"history_id": n}, dedup_key=key) for n, key in enumerate(keys)]


def queued(unit: UnitOfWork) -> list[OutboxRecord]:
    return list(unit.outbox.waiting())


def test_one_fact_is_told_once_and_those_without_a_key_each_time(database: Database) -> None:
    with database.write() as unit:
        unit.outbox.add(messages("a", "b", "a", None, None), NOW)
        unit.outbox.add(messages("b", "c"), NOW)
        unit.outbox.add([], NOW)
        assert [record.dedup_key for record in queued(unit)] == ["a", "b", None, None, "c"]
    race(database, lambda u: u.outbox.add(messages("d"), NOW), runners=3)
    with database.read() as unit:
        assert [record.dedup_key for record in queued(unit)].count("d") == 1


def test_the_chats_for_which_something_is_due_and_the_first_of_each(database: Database) -> None:
    def line(kind: str, chat: int, text: str, due_at: datetime | None = None) -> Message:
        return Message(kind, chat, {"text": text}, due_at=due_at)

    with database.write() as unit:
        unit.outbox.add(
            [
                line("alert", 5, "a"), line("screen", 5, "b"), line("alert", 6, "c", NOW + HOUR),
                line("alert", 5, "d", NOW + HOUR), line("alert", 5, "e"), line("text", -7, "f"),
                line("alert", 5, "g"), line("alert", 8, "sent"),
            ],
            NOW,
        )  # fmt: skip
        ids = {str(row.payload["text"]): row.id or 0 for row in unit.outbox.waiting()}
        unit.outbox.settle([Outcome(ids["sent"], OutboxState.SENT)], NOW)

    def texts(unit: UnitOfWork, chat: int, now: datetime, *, reply: bool) -> list[object]:
        return [row.payload["text"] for row in unit.outbox.of_lane(chat, reply=reply, now=now)]

    with database.read() as unit:
        assert unit.outbox.lanes(reply=True, now=NOW) == {5: ids["b"], -7: ids["f"]}
        assert unit.outbox.lanes(reply=False, now=NOW) == {5: ids["g"]}
        assert unit.outbox.lanes(reply=False, now=NOW + HOUR) == {5: ids["g"], 6: ids["c"]}
        assert texts(unit, 5, NOW, reply=True) == ["b"]
        assert texts(unit, 5, NOW, reply=False) == ["a", "e"]
        assert texts(unit, 6, NOW, reply=False) == texts(unit, 8, NOW, reply=False) == []
        assert texts(unit, 6, NOW + HOUR, reply=False) == ["c"]


def test_a_message_is_kept_whole(database: Database) -> None:
    with database.write() as unit:
        payload = {"text": "Gr\u00fc\u00df \U0001f7e2", "rows": [[1, None]], "deep": {"a": True}}
        unit.outbox.add([Message("screen", -100_123_456_789, payload)], NOW)
        (record,) = queued(unit)
        assert record.payload == payload
        assert (record.kind, record.chat_id, record.tries) == ("screen", -100_123_456_789, 0)
        assert record.created_at == record.due_at == NOW
    assert record.payload == payload  # readable after the unit


def test_messages_wait_in_order_and_are_read_on(database: Database) -> None:
    with database.write() as unit:
        unit.outbox.add(messages(*"abcde"), NOW)
        first = list(unit.outbox.waiting(limit=2))
        rest = list(unit.outbox.waiting(after=first[-1].id or 0))
        assert [r.dedup_key for r in (*first, *rest)] == list("abcde")
        assert [r.id for r in (*first, *rest)] == sorted(r.id or 0 for r in (*first, *rest))
        assert list(unit.outbox.waiting(after=rest[-1].id or 0)) == []


def test_what_became_of_messages(database: Database) -> None:
    later = NOW + HOUR
    with database.write() as unit:
        unit.outbox.add(messages("sent", "dropped", "dead", "again", "untouched"), NOW)
        ids = {record.dedup_key: record.id or 0 for record in queued(unit)}
        unit.outbox.settle([], later)
        unit.outbox.settle(
            [
                Outcome(ids["sent"], OutboxState.SENT, message_id=77),
                Outcome(ids["dropped"], OutboxState.DROPPED),
                Outcome(ids["dead"], OutboxState.DEAD, error="x" * 300),
                Outcome(ids["again"], OutboxState.WAITING, error="TimedOut", due_at=later + HOUR),
            ],
            later,
        )
        assert [record.dedup_key for record in queued(unit)] == ["again", "untouched"]
        assert unit.outbox.counts() == {
            OutboxState.SENT: 1, OutboxState.DROPPED: 1, OutboxState.DEAD: 1, OutboxState.WAITING: 2,
        }  # fmt: skip
        assert [record.dedup_key for record in unit.outbox.dead()] == ["dead"]
        found = {r.dedup_key: r for r in unit.session.exec(select(OutboxRecord))}
        sent, again = found["sent"], found["again"]
        assert (sent.message_id, sent.sent_at, sent.tries, sent.error) == (77, later, 1, None)
        assert (again.due_at, again.sent_at, again.tries, again.error) == (later + HOUR, None, 1, "TimedOut")
        assert found["dead"].error == "x" * 200
        assert found["untouched"].tries == 0
        unit.outbox.add(messages("sent"), later)  # what was told stays told
        assert len(queued(unit)) == 2


def test_ids_of_messages_are_never_given_twice(database: Database) -> None:
    with database.write() as unit:
        unit.outbox.add(messages("a", "b"), NOW)
        last = queued(unit)[-1].id or 0
        unit.session.connection().exec_driver_sql("DELETE FROM outbox")
        unit.outbox.add(messages("c"), NOW)
        assert (queued(unit)[0].id or 0) > last


# Dialogues, living messages.


def test_a_person_is_in_one_dialogue_a_chat(database: Database) -> None:
    with database.write() as unit:
        assert unit.dialogues.draft(5, 5) == {}
        unit.dialogues.save(
            Dialogue(5, 5, "change", "comment", {"photos": ["a"], "row": 7, "note": "\u2764"})
        )
        unit.dialogues.save(Dialogue(5, 6, "change", "row", {}))
        unit.dialogues.save(Dialogue(-9, 5, "note", "text", {"object": 1}))
        assert unit.dialogues.draft(5, 5) == {"photos": ["a"], "row": 7, "note": "\u2764"}
        unit.dialogues.save(Dialogue(5, 5, "note", "text", {"object": 2}))
        assert unit.dialogues.draft(5, 5) == {"object": 2}
    with database.write() as unit:
        places = {(d.chat_id, d.user_id): (d.name, d.state, d.draft) for d in unit.dialogues.all()}
        assert places == {
            (5, 5): ("note", "text", {"object": 2}),
            (5, 6): ("change", "row", {}),
            (-9, 5): ("note", "text", {"object": 1}),
        }
        unit.dialogues.end(5, 5)
        unit.dialogues.end(7, 7)
        assert unit.dialogues.draft(5, 5) == {}
        assert len(list(unit.dialogues.all())) == 2


def test_a_chat_has_one_living_message_and_remembers_what_was_searched_for(database: Database) -> None:
    with database.write() as unit:
        assert unit.dialogues.living(5) is None
        assert unit.dialogues.words(5) == ""
        unit.dialogues.set_words(5, "deere")
        assert unit.dialogues.living(5) is None
        unit.dialogues.set_living(5, 10)
        unit.dialogues.set_living(5, 11)
        unit.dialogues.set_living(6, 1)
        assert (unit.dialogues.living(5), unit.dialogues.living(6)) == (11, 1)
        assert (unit.dialogues.words(5), unit.dialogues.words(6)) == ("deere", "")
        unit.dialogues.set_words(5, "x" * 200)
        assert unit.dialogues.words(5) == "x" * 80
        assert unit.dialogues.living(5) == 11


def test_now_is_aware(now: datetime) -> None:
    assert now.tzinfo is UTC
