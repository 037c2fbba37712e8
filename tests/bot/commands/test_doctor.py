"""``greenlight doctor``: each thing ok, or what to do."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.services.reminders import look
from domain.objects import ObjectStatus
from domain.roles import Role
from storage.database import Database
from storage.outbox import Message, Outcome
from storage.queues import OutboxState
from tests.bot.commands.conftest import Api, Said, newer
from tests.builders import add_company, add_group, add_object, add_person, key


def healthy(unit_of: Database) -> None:
    with unit_of.write() as unit:
        add_person(unit, add_group(unit), Role.ADMINISTRATOR)


@pytest.mark.usefixtures("reachable")
def test_a_healthy_deployment_is_all_ok(say: Said, own: Database) -> None:
    healthy(own)

    code, out, err = say("doctor")

    assert (code, err) == (0, "")
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["ok", name]
        for name in (
            "settings", "times", "database", "migrations", "people", "roles", "clients", "chats", "groups",
            "reminders", "outbox", "inbox", "files", "token", "clock",
        )
    ]  # fmt: skip
    assert "@green_bot" in out


def wrong_lines(out: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith("WRONG")]


def test_nothing_set_up_yet_says_what_to_do_and_changes_nothing(say: Said, place: Path) -> None:
    code, out, err = say("doctor")

    assert (code, err) == (1, "")
    assert [line.split()[1] for line in wrong_lines(out)] == ["database", "token"]
    assert "greenlight run" in out
    assert list(place.iterdir()) == []


def test_a_wrong_clock_is_found(say: Said, own: Database, reachable: Api) -> None:
    healthy(own)
    reachable.away = timedelta(minutes=7)

    code, out, _ = say("doctor")

    assert code == 1
    [line] = wrong_lines(out)
    assert re.search(r"clock +4[12]\d s away", line)


@pytest.mark.usefixtures("reachable")
def test_a_refused_token_is_found_and_not_shown(
    say: Said, own: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy(own)
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_TOKEN", "99:" + "B" * 35)

    code, out, _ = say("doctor")

    assert code == 1
    [line] = wrong_lines(out)
    assert "token" in line
    assert "BotFather" in line
    assert "BBBB" not in out


@pytest.mark.usefixtures("reachable")
def test_messages_and_updates_that_were_given_up_are_found(say: Said, own: Database) -> None:
    healthy(own)
    now = datetime.now(UTC)
    with own.write() as unit:
        unit.outbox.add([Message("screen", 5, {})], now)
        [message] = unit.outbox.waiting()
        unit.outbox.settle([Outcome(message.id or 0, OutboxState.DEAD, error="chat not found")], now)
        unit.inbox.store({7: "{}"}, now)
        unit.inbox.park(7, "KeyError")

    code, out, _ = say("doctor")

    assert code == 1
    outbox, inbox = wrong_lines(out)
    assert "chat not found" in outbox
    assert "KeyError" in inbox


@pytest.mark.usefixtures("reachable")
def test_a_database_that_is_behind_or_newer_is_found(
    say: Said, place: Path, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = empty_database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("GREENLIGHT_DATABASE_URL", url)
    with empty_database.engine.connect():
        pass
    assert "migrations" in wrong_lines(say("doctor")[1])[0]

    newer(place / "newer.db")
    monkeypatch.setenv("GREENLIGHT_DATABASE_URL", f"sqlite:///{place / 'newer.db'}")
    assert "newer than this program" in wrong_lines(say("doctor")[1])[0]


@pytest.mark.usefixtures("reachable")
def test_a_folder_of_files_that_cannot_be_is_found(
    say: Said, own: Database, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy(own)
    (place / "photos").write_text("a file in the way")
    monkeypatch.setenv("GREENLIGHT_FILES", str(place / "photos"))

    [line] = wrong_lines(say("doctor")[1])

    assert "GREENLIGHT_FILES" in line


def finding(out: str, name: str) -> str:
    """The line of a check."""
    return next(line for line in out.splitlines() if line.split()[1] == name)


@pytest.mark.usefixtures("reachable")
def test_who_cannot_be_reached_is_listed_with_what_to_do(say: Said, own: Database) -> None:
    now = datetime.now(UTC)
    with own.write() as unit:
        company = add_company(unit)
        for person in (company.installer, company.client_user, company.moderator):
            unit.people.set_reachable(person.telegram_id or 0, reachable=False)
        unit.absences.start(key(company.manager), None, now, now + timedelta(days=2))
        unit.absences.start(key(company.support), key(company.group_support), now, now + timedelta(days=2))
        add_object(unit, company.client, ObjectStatus.VERIFIED, since=now)
        add_object(unit, company.group_client, ObjectStatus.FAULTY, since=now)
        unit.bound_chats.bind(-1001, 0, "Night watch", key(company.administrator), now)
        unit.bound_chats.bind(-1002, 0, "Old friends", key(company.moderator), now)
        unit.people.revoke(key(company.moderator), Role.MODERATOR)

    code, out, _ = say("doctor")

    assert code == 1
    roles = finding(out, "roles")
    assert f"{company.partner.name}: installer, manager;" in roles
    assert company.group.name not in roles
    assert "for what is red: moderator" in roles
    clients = finding(out, "clients")
    assert f"{company.client.name} (1 machine)" in clients
    assert company.group_client.name not in clients
    chats = finding(out, "chats")
    assert all(one.name in chats for one in (company.installer, company.client_user, company.moderator))
    assert chats.startswith("ok")
    assert "«Old friends»" in finding(out, "groups")
    assert "Night watch" not in finding(out, "groups")
    assert finding(out, "reminders").startswith("ok")


@pytest.mark.usefixtures("reachable")
def test_a_bot_that_does_not_run_is_noticed_by_what_waits(say: Said, own: Database) -> None:
    now = datetime.now(UTC)
    with own.write() as unit:
        company = add_company(unit)
        add_object(unit, company.client, ObjectStatus.SERVICE, since=now - timedelta(days=5))

    _, out, _ = say("doctor")
    assert "1 machine is overdue to be looked at; nobody waits to be told" in finding(out, "reminders")

    with own.write() as unit:
        while look(unit, now - timedelta(hours=3)):
            pass

    _, out, _ = say("doctor")
    assert "the longest waits for 3 h" in finding(out, "reminders")
    assert finding(out, "reminders").startswith("WRONG")
