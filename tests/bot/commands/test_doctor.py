"""``greenlight doctor``: each thing ok, or what to do."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.roles import Role
from storage.database import Database
from storage.outbox import Message, Outcome
from storage.queues import OutboxState
from tests.bot.commands.conftest import Api, Said, newer
from tests.builders import add_group, add_person


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
            "settings", "times", "database", "migrations", "people", "outbox", "inbox", "files", "token",
            "clock",
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
