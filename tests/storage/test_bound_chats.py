"""Which groups and topics get the moderators' alerts."""

from storage.database import Database
from tests.builders import NOW, add_company, key

GROUP, OTHER = -1_002_000_000_001, -4_000_000_001


def test_a_place_is_bound_once(database: Database) -> None:
    with database.write() as unit:
        mona = key(add_company(unit).moderator)
        assert unit.bound_chats.bind(GROUP, 0, "Alerts", mona, NOW)
        assert not unit.bound_chats.bind(GROUP, 0, "Alerts, renamed", mona, NOW)
        assert unit.bound_chats.bind(GROUP, 7, "A topic", mona, NOW)
        assert unit.bound_chats.bind(OTHER, 0, "x" * 300, mona, NOW)
    with database.read() as unit:
        found = list(unit.bound_chats.all())
        assert [(one.chat_id, one.thread_id, one.title[:20]) for one in found] == [
            (GROUP, 0, "Alerts, renamed"), (GROUP, 7, "A topic"), (OTHER, 0, "x" * 20),
        ]  # fmt: skip
        assert list(unit.bound_chats.of_chat(GROUP)) == found[:2]
        assert unit.bound_chats.at(GROUP, 7) is found[1]
        assert unit.bound_chats.at(OTHER, 7) is None
        assert unit.bound_chats.get(found[2].id or 0) is found[2]


def test_what_was_let_go_is_gone(database: Database) -> None:
    with database.write() as unit:
        mona = key(add_company(unit).moderator)
        for thread in (0, 7, 8):
            unit.bound_chats.bind(GROUP, thread, "Alerts", mona, NOW)
        unit.bound_chats.bind(OTHER, 0, "Other", mona, NOW)
        first = unit.bound_chats.all()[0].id or 0
        assert unit.bound_chats.unbind(first)
        assert not unit.bound_chats.unbind(first)
        assert unit.bound_chats.get(first) is None
        assert unit.bound_chats.leave(GROUP) == 2
        assert unit.bound_chats.leave(GROUP) == 0
        assert [one.chat_id for one in unit.bound_chats.all()] == [OTHER]


def test_a_group_that_became_a_supergroup_keeps_its_binding(database: Database) -> None:
    with database.write() as unit:
        mona = key(add_company(unit).moderator)
        unit.bound_chats.bind(OTHER, 0, "Alerts", mona, NOW)
        bound = unit.bound_chats.all()[0]
        unit.bound_chats.move(OTHER, GROUP)
        unit.bound_chats.move(OTHER, GROUP)
        assert list(unit.bound_chats.all()) == [bound]
        assert bound.chat_id == GROUP
        unit.bound_chats.bind(OTHER, 0, "The old one, again", mona, NOW)
        unit.bound_chats.move(OTHER, GROUP)
        assert list(unit.bound_chats.all()) == [bound]
