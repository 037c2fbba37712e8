"""Messages about several objects as values: where they lead."""

from datetime import timedelta

from bot.alert_delivery import reader_of
from bot.buttons import ObjectList, Open
from bot.screens.alerts import alert_screen
from bot.screens.digests import LINES, several_screen
from bot.services.alerts import notice_for
from bot.services.objects import listing
from bot.services.people import as_me
from bot.services.telling import Item, Teller
from domain.alerts import Because, Hearer
from domain.objects import ObjectStatus
from domain.process import Kind
from domain.reminders import Stage
from domain.roles import Role
from storage.database import Database
from storage.object_terms import ObjectFilter
from tests.builders import NOW, add_company, add_entry, add_object, key


def test_from_a_group_each_line_and_all_of_them_lead_into_the_private_chat(sqlite_database: Database) -> None:
    with sqlite_database.write() as unit:
        company = add_company(unit)
        for _ in range(LINES + 1):
            add_object(unit, company.client, ObjectStatus.SERVICE, since=NOW - timedelta(days=8))
        me = as_me(unit, company.moderator)
        unit.settings.put("bot_username", "the_bot")
        unit.bound_chats.bind(-100, 0, "Group", key(company.moderator), NOW)
        [bound] = unit.bound_chats.all()
        group = reader_of(unit, key(company.moderator), key_of(bound.id), NOW)
        private = reader_of(unit, key(company.moderator), 0, NOW)
        assert group is not None
        assert private is not None
        lines = list(listing(unit, me, ObjectFilter(), 0, NOW).lines)
        lines = (lines + lines)[: LINES + 1]
        ids = [line.record.id or 0 for line in lines[:LINES]]
        shown = [one for line in several_screen(lines, me, NOW, group).keyboard for one in line]
        start = "https://t.me/the_bot?start="
        assert [one.url for one in shown] == [*(f"{start}o{one}" for one in ids), f"{start}all"]
        shown = [one for line in several_screen(lines, me, NOW, private).keyboard for one in line]
        assert [one.button for one in shown[:LINES]] == [Open(Kind.OBJECT, one, fresh=True) for one in ids]
        assert shown[LINES].button == ObjectList()
        assert shown[-1].label == "Why did I get this?"


def test_what_a_group_hears_too_can_be_taken_in_private_as_well(sqlite_database: Database) -> None:
    with sqlite_database.write() as unit:
        company = add_company(unit)
        me = as_me(unit, company.moderator)
        machine = add_object(unit, company.client, ObjectStatus.NEW)
        item = Item(key(machine), machine.version, Stage.SET, key(add_entry(unit, machine, ObjectStatus.NEW)))
        hearer = Hearer(key(company.moderator), Role.MODERATOR, Because.TURN)
        unit.notices.add([notice_for(machine, Stage.SET, hearer, item.history_id, NOW)])

        def labels() -> list[str]:
            fact = Teller(unit, me, NOW).fact(item)
            assert fact is not None
            return [one.label for line in alert_screen(fact, me, NOW).keyboard for one in line]

        assert "I take it" not in labels()
        unit.bound_chats.bind(-100, 0, "Group", key(company.moderator), NOW)
        [bound] = unit.bound_chats.all()
        unit.notices.add([notice_for(machine, Stage.SET, hearer, item.history_id, NOW, bound)])
        assert "I take it" in labels()


def key_of(number: int | None) -> int:
    """The id of something that is stored."""
    assert number is not None
    return number
