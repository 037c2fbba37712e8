"""Screens as values: what they say, what they offer, and that nothing is too long or read as markup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from bot.buttons import ChangeStatus, ClientList, Confirm, FollowUp, ObjectList, Open, PickStatus, Rate
from bot.screens import TEXT_LIMIT, Key, Screen, counted, packed, pages, quote, rows, units
from bot.screens.alerts import alert_screen
from bot.screens.answers import apology, stranger
from bot.screens.cards import card_screen
from bot.screens.change import (
    Plan,
    ask_comment,
    ask_rating,
    ask_reason,
    ask_sure,
    ask_terminal,
    choose_status,
    said_problem,
    summary,
    too_late,
)  # fmt: skip
from bot.screens.histories import history_screen, window, window_screen
from bot.screens.lists import client_filter_screen, client_list, filter_screen, filters_of, object_list
from bot.screens.menu import help_screen, menu, more
from bot.screens.why_not import why_not
from bot.services.cases import choices, load
from bot.services.clients import client_listing
from bot.services.objects import card, listing
from bot.services.people import Me, as_me
from bot.services.telling import Item, Teller
from bot.services.why_not import explain
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import ClientReason, Kind, Reason
from domain.reminders import Stage
from domain.roles import Role
from sandbox.entities import parse
from storage.database import Database, UnitOfWork
from storage.object_lists import MANY
from storage.object_terms import ObjectFilter
from storage.organisations import ClientFilter
from storage.tables import ObjectRecord, OrganisationRecord
from tests.builders import NOW, Company, add_company, add_entry, add_object, add_person, key

S = ObjectStatus
NASTY = "</b><a href='https://evil'>&amp;"
COMMENT = ("<&>" + "😀" * 997)[:1000]


def plain(screen: Screen) -> str:
    """The text as Telegram shows it; fails where Telegram would refuse the markup."""
    return parse(screen.text, "HTML")[0]


def check(screen: Screen) -> str:
    """Everything that Telegram and a phone demand of a screen; gives its text."""
    text = plain(screen)
    assert 1 <= units(text) <= TEXT_LIMIT
    assert sum(len(line) for line in screen.keyboard) <= 100
    for line in screen.keyboard:
        short = all(len(one.label) <= 5 for one in line)  # pages and stars stand three in a row
        assert 1 <= len(line) <= (3 if short else 2), [one.label for one in line]
        for one in line:
            assert one.label.strip() == one.label != ""
            assert (one.button is None) != (one.url is None)
    packed(screen.keyboard)
    return text


def labels(screen: Screen) -> list[str]:
    """The labels of all buttons."""
    return [one.label for line in screen.keyboard for one in line]


@dataclass
class Scene:
    """A company whose texts are as long, and as nasty, as they can be."""

    unit: UnitOfWork
    company: Company

    def me(self, name: str) -> Me:
        """One of the company's people."""
        return as_me(self.unit, getattr(self.company, name))

    def machine(self, status: ObjectStatus, *, lines: int = 1, **fields: object) -> ObjectRecord:
        """An object with the longest fields and comments."""
        long = {
            "number": (NASTY * 2)[:40], "name": (NASTY * 3)[:80], "plate": "&" * 20, "vin": "<" * 20,
            "address": "😀" * 200, "contact": "😀" * 120, "terminal": "T" * 32, "installer_id": None,
            "latitude": 50.0, "longitude": 30.0,
        } | fields  # fmt: skip
        machine = add_object(self.unit, self.company.client, status, **long)  # type: ignore[arg-type]  # wrong on purpose, or passed on
        for _ in range(lines):
            add_entry(
                self.unit, machine, after=status, comment=COMMENT, rating=5, reason=ClientReason.BREAKDOWN,
                person_id=key(self.company.support), role="support", before=S.NEW, terminal="T" * 32,
            )  # fmt: skip
        return machine


@pytest.fixture
def scene(sqlite_database: Database) -> Iterator[Scene]:
    """The scene, in a transaction that is committed at the end."""
    with sqlite_database.write() as unit:
        company = add_company(unit)
        for record in (company.client, company.partner, company.group):
            record.name = (NASTY + record.name) * 2
        for name in ("support", "installer", "client_user", "manager"):
            getattr(company, name).name = "<" * 60 + "😀" * 60
        company.client.support_id = company.support.id
        yield Scene(unit, company)


STATUSES = list(ObjectStatus)


@pytest.mark.parametrize("status", STATUSES, ids=lambda status: status.name.lower())
@pytest.mark.parametrize("name", ["installer", "support", "moderator", "administrator", "client_user"])
def test_a_card_and_the_choice_of_statuses(scene: Scene, status: ObjectStatus, name: str) -> None:
    me = scene.me(name)
    machine = scene.machine(status, installer_id=key(scene.company.installer))
    shown = card_screen(card(scene.unit, me, key(machine), NOW), me, NOW)
    text = check(shown)
    assert str(machine.number) in text.splitlines()[0]
    assert str(status) in text.splitlines()[1]
    assert COMMENT in text
    case = load(scene.unit, me, Kind.OBJECT, key(machine))
    found = choices(case, me.actor, NOW)
    changes = [one for line in shown.keyboard for one in line if isinstance(one.button, ChangeStatus)]
    assert len(changes) == (1 if found else 0)
    offer = choose_status(case, me, found)
    check(offer)
    picks = [one.button for line in offer.keyboard for one in line if isinstance(one.button, PickStatus)]
    assert {pick.row for pick in picks} == {row.no for row in found}
    assert {pick.version for pick in picks} <= {machine.version}
    for from_card in (True, False):
        check(why_not(case, me, explain(scene.unit, me, case, NOW), from_card=from_card))


@pytest.mark.parametrize("reason", ClientReason)
@pytest.mark.parametrize("name", ["installer", "support", "manager", "moderator", "client_user"])
def test_the_answer_to_a_request(scene: Scene, name: str, reason: ClientReason) -> None:
    me = scene.me(name)
    machine = scene.machine(S.OUT_OF_SERVICE, request=reason, commissioned=True)
    case = load(scene.unit, me, Kind.OBJECT, key(machine))
    shown = card(scene.unit, me, key(machine), NOW)
    [entry] = scene.unit.history.of_object(key(machine))
    screens = [
        card_screen(shown, me, NOW),
        choose_status(case, me, choices(case, me.actor, NOW), shown.answer),
    ]
    may = reason.is_request and name in {"support", "moderator"}
    for stage in (Stage.SET, Stage.YELLOW, Stage.RED) if may else ():
        fact = Teller(scene.unit, me, NOW).fact(Item(key(machine), machine.version, stage, key(entry.record)))
        assert fact is not None or stage is not Stage.SET
        screens += [alert_screen(fact, me, NOW)] if fact else []
    assert (shown.answer is not None) == may
    for screen in screens:
        check(screen)
        first = screen.keyboard[0][0].button
        assert (first == FollowUp(key(machine), machine.version)) == may
    if shown.answer is not None:
        plan = Plan(case, shown.answer, comment=COMMENT, photos=10, via=S.ACTIVE, asked=COMMENT,
                    hearers=["<" * 120] * 20)  # fmt: skip
        assert COMMENT in check(summary(plan))
        asked = ask_comment(replace(plan, photos=0), [COMMENT] * 3, client=False)
        text = check(said_problem(asked, Reason.COMMENT_TOO_LONG))
        assert COMMENT in text
        assert f"Out of service → Active → {shown.answer.target}" in text


def test_the_steps_of_a_change(scene: Scene) -> None:
    me = scene.me("support")
    machine = scene.machine(S.BLOCKED)
    case = load(scene.unit, me, Kind.OBJECT, key(machine))
    for row in OBJECT_PROCESS.rows[1:]:
        plan = Plan(
            case, row, comment=COMMENT, photos=10, terminal="T" * 32,
            reason=ClientReason.ADDITIONAL_EQUIPMENT, rating=5, hearers=["<" * 120] * 20,
        )  # fmt: skip
        for screen in (ask_sure, ask_terminal, ask_reason, ask_rating, summary):
            shown = screen(plan)
            assert labels(shown)[-2:] == ["« Back", "Cancel"]
            for reason in Reason:
                check(said_problem(shown, reason))
        for client in (True, False):
            asked = ask_comment(plan, [COMMENT] * 3, client=client)
            check(asked)
            assert all(len(label) < 70 for label in labels(asked))
        assert COMMENT in check(summary(plan))
        assert any(isinstance(one.button, Confirm) for line in summary(plan).keyboard for one in line)
        assert f"Change status to {row.target}" in labels(summary(plan))
    stars = [one.button for line in ask_rating(plan).keyboard for one in line if isinstance(one.button, Rate)]
    assert [one.stars for one in stars] == [1, 2, 3, 4, 5]
    entry = scene.unit.history.last_change(object_id=key(machine))
    assert COMMENT in check(too_late(case, entry, "UTC", NOW, wanted="Blocked", kept=True))


@pytest.mark.parametrize("lines", [0, 1, 2, 8, 9, 40])
def test_a_history_loses_nothing(scene: Scene, lines: int) -> None:
    me = scene.me("client_user")
    machine = scene.machine(S.ACTIVE, lines=0)
    for number in range(lines):
        add_entry(scene.unit, machine, comment=f"{number:03}" + "😀" * (997 if number % 3 else 5))
    case = load(scene.unit, me, Kind.OBJECT, key(machine))
    entries = scene.unit.history.of_object(key(machine))
    seen: list[str] = []
    for number in range(100):
        screen = history_screen(case, entries, number, "Europe/Kyiv")
        text = check(screen)
        seen += [entry.record.comment for entry in entries if entry.record.comment in text]
        here = next((label for label in labels(screen) if "/" in label), "1/1")
        if here.split("/")[0] == here.split("/")[1]:
            break
    assert seen == [entry.record.comment for entry in entries]
    assert len(seen) == lines
    check(history_screen(case, entries, -5, "UTC"))
    check(history_screen(case, entries, 10**6, "Nowhere/Nothing"))


def test_a_clients_window(scene: Scene) -> None:
    me = scene.me("manager")
    client: OrganisationRecord = scene.company.client
    for _ in range(30):
        add_entry(scene.unit, client, after="Works", before="Implementation", comment=COMMENT)
    case = load(scene.unit, me, Kind.CLIENT, key(client))
    entries = scene.unit.history.of_client(key(client))
    check(window_screen(case, entries, "UTC"))
    [row, *_] = choices(case, me.actor, NOW)
    plan = Plan(case, row, comment=COMMENT)
    above = window(case, entries, "UTC")
    check(said_problem(ask_comment(plan, [COMMENT] * 3, client=False, window=above), Reason.COMMENT_TOO_LONG))
    assert COMMENT in check(summary(plan))


def test_an_alert(scene: Scene) -> None:
    for status in (S.VERIFIED, S.FAULTY, S.OUT_OF_SERVICE):
        machine = scene.machine(status, number=f"N{status}", terminal=None)
        [entry] = scene.unit.history.of_object(key(machine))
        for name in ("support", "client_user"):
            me = scene.me(name)
            item = Item(key(machine), machine.version, Stage.SET, key(entry.record))
            fact = Teller(scene.unit, me, NOW).fact(item)
            if fact is None:  # it is not their turn
                assert (name, status) in {("support", S.VERIFIED), ("client_user", S.OUT_OF_SERVICE)}
                continue
            shown = alert_screen(fact, me, NOW)
            assert COMMENT in check(shown)
            assert "Open" in labels(shown)


def test_lists(scene: Scene) -> None:
    for number in range(9):
        scene.machine(S.SERVICE, number=f"{number}" + "<" * 39, terminal=None)
    me = scene.me("support")
    found = listing(scene.unit, me, ObjectFilter(), 0, NOW)
    view = ObjectList(tasks=True, colour=1, status=3, client_id=5, mine=True, found=True, due=2)
    shown = object_list(found, view, "<words>" * 11, "<b>client", NOW)
    assert "<words>" in check(shown)
    opens = [one for line in shown.keyboard for one in line if isinstance(one.button, Open)]
    assert len(opens) == len(found.lines) == 8
    for of in (None, "colour", "status", "client"):
        clients: Sequence[OrganisationRecord] = [scene.company.client] * 8
        check(filter_screen(filters_of(view, of), list(clients), more=True))
    check(client_list(client_listing(scene.unit, me, ClientFilter(), 0), ClientList(), "", may_create=True))
    check(client_filter_screen())


@pytest.mark.parametrize("roles", [*Role, Role.MODERATOR | Role.ADMINISTRATOR | Role.SUPPORT], ids=str)
def test_menus_and_help(scene: Scene, roles: Role) -> None:
    me = as_me(scene.unit, add_person(scene.unit, scene.company.group, roles, name="<" * 120))
    for shown in (menu(me, 0, 0), menu(me, 12, 3), more(me), help_screen(me)):
        check(shown)
    assert "3" in menu(me, 12, 3).text


def test_answers_without_buttons() -> None:
    assert check(stranger()).startswith("This bot is for invited people.")
    assert not stranger().keyboard
    check(apology())


def test_small_parts() -> None:
    assert quote("<a>") == "<blockquote>&lt;a&gt;</blockquote>"
    assert quote("x" * 201).startswith("<blockquote expandable>")
    assert rows([None], [], [Key("a", Confirm())]) == ((Key("a", Confirm()),),)
    assert pages(0, 8, 8, lambda page: ObjectList(page=page)) == ()
    before, here, after = pages(0, 17, 8, lambda page: ObjectList(page=page))
    assert (before.button, here.label, after.button) == (ObjectList(page=2), "1/3", ObjectList(page=1))
    assert units("😀a") == 3


def test_a_list_is_counted_no_further_than_people_read() -> None:
    assert counted(MANY - 1) == "999"
    assert counted(MANY) == "1000+"
