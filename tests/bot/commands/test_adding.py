"""``greenlight organisation add`` and ``greenlight object add``."""

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.organisations import all_organisations
from domain.objects import ObjectStatus
from domain.process import Route
from domain.roles import Role, Sight
from storage.database import Database
from storage.object_terms import ObjectFilter
from tests.bot.commands.conftest import ROOT, Said
from tests.builders import add_client, add_group, add_person

PLATE = "АВ 1234 СЕ"  # noqa: RUF001  # Cyrillic, as plates are


def test_a_company_is_built_up_line_by_line(say: Said, own: Database) -> None:
    lines = [
        ("organisation", "add", "The Centre", "--type", "administrative-group", "--time-zone", "Europe/Kyiv"),
        ("organisation", "add", "North", "--type", "partner"),
        ("organisation", "add", "Agro", "--type", "client", "--parent", "North"),
        ("organisation", "add", " Aqua   Service ", "--type", "client", "--time-zone", "UTC"),
    ]
    assert [say(*line)[::2] for line in lines] == [(0, "")] * 4

    with own.read() as unit:
        centre, north, agro, aqua = (
            unit.organisations.by_name(name) for name in ("The Centre", "North", "Agro", "Aqua Service")
        )
        assert centre
        assert north
        assert agro
        assert aqua
        assert (north.parent_id, agro.parent_id, aqua.parent_id) == (centre.id, north.id, centre.id)
        assert (agro.time_zone, aqua.time_zone, agro.status) == ("Europe/Kyiv", "UTC", "New")
        [entry] = unit.history.of_client(agro.id or 0)
        assert (entry.record.row, entry.record.route, entry.record.after) == (1, Route.COMMAND_LINE, "New")
        assert entry.record.comment


def test_an_organisation_is_added_once_and_under_whoever_may_look_after_it(say: Said, own: Database) -> None:
    with own.write() as unit:
        add_client(unit, add_group(unit, "The Centre"), "Agro")

    assert say("organisation", "add", "Agro", "--type", "client")[::2] == (
        1, "greenlight: There is an organisation «Agro» already.\n",
    )  # fmt: skip
    assert say("organisation", "add", "B", "--type", "client", "--parent", "Agro")[0] == 2
    assert "There are: The Centre." in say("organisation", "add", "B", "--type", "client", "--parent", "C")[2]
    assert say("organisation", "add", "x" * 121, "--type", "partner")[0] == 1
    with own.read() as unit:
        assert unit.organisations.by_name("B") is None


def test_an_object_is_added_with_all_that_is_said_and_whoever_installs_is_told(
    say: Said, own: Database
) -> None:
    with own.write() as unit:
        group = add_group(unit)
        installer = add_person(unit, group, Role.INSTALLER)
        add_client(unit, group, "Agro")

    code, out, err = say(
        "object", "add", "T-17", "--client", "Agro", "--name", "John Deere 8R", "--plate", PLATE,
        "--vin", "VIN1", "--address", "Yard", "--contact", "Mykola", "--terminal", "863051000000009",
    )  # fmt: skip

    assert (code, err) == (0, "")
    assert "T-17" in out
    with own.read() as unit:
        [seen] = unit.objects.page(Sight(everything=True), ObjectFilter(query="T17"), datetime.now(UTC))
        record = seen.object
        assert (record.status, record.name, record.plate) == (ObjectStatus.NEW, "John Deere 8R", PLATE)
        assert (record.vin, record.address, record.contact) == ("VIN1", "Yard", "Mykola")
        assert record.terminal == "863051000000009"
        [entry] = unit.history.of_object(record.id or 0)
        assert entry.record.route is Route.COMMAND_LINE
        assert [message.chat_id for message in unit.outbox.waiting()] == [installer.telegram_id]


def test_an_object_is_refused_with_the_reason(say: Said, own: Database) -> None:
    with own.write() as unit:
        group = add_group(unit, "The Centre")
        add_client(unit, group, "Agro")
    assert say("object", "add", "T-1", "--client", "Agro", "--terminal", "863051000000009")[0] == 0

    assert say("object", "add", "T-1", "--client", "Agro")[::2] == (
        1, "greenlight: Agro has an object «T-1» already.\n",
    )  # fmt: skip
    code, _, err = say("object", "add", "T-2", "--client", "Agro", "--terminal", "863051000000009")
    assert (code, "Another machine carries this terminal" in err) == (1, True)
    assert say("object", "add", "T-2", "--client", "The Centre")[0] == 2
    with own.read() as unit:
        assert unit.objects.count(Sight(everything=True), ObjectFilter(), datetime.now(UTC)) == 1


def test_a_command_waits_for_the_running_bot_to_finish_writing(
    say: Said, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLIGHT_DATABASE_URL", sqlite_database.url)
    writing = threading.Event()

    def write() -> None:
        with sqlite_database.write() as unit:
            add_group(unit, "The Centre")
            writing.set()
            time.sleep(0.3)

    bot = threading.Thread(target=write)
    bot.start()
    writing.wait()

    code, out, err = say("organisation", "add", "North", "--type", "partner")
    bot.join()

    assert (code, err) == (0, "")
    assert "looked after by The Centre" in out


def test_three_commands_meet_on_an_empty_database(empty_database: Database, place: Path) -> None:
    url = empty_database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "bot", "organisation", "add", "--type", "administrative-group"]
    started = [
        subprocess.Popen(  # noqa: S603  # our own program
            [*command, name],
            cwd=place,
            env={"PYTHONPATH": str(ROOT), "GREENLIGHT_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("A", "B", "C")
    ]

    assert [process.communicate(timeout=60)[1] for process in started] == [""] * 3
    with empty_database.read() as unit:
        assert [one.name for one in all_organisations(unit)] == ["A", "B", "C"]
