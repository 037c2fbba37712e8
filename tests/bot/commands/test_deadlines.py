"""``greenlight deadlines``: the times in force, and where each comes from."""

import json
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.common import now
from bot.services.deployment import parse, put_in_force
from bot.services.own_times import choice, set_own
from bot.services.people import as_me
from bot.services.time_values import Key, times_key
from bot.texts.times import full_day
from domain.deadlines import parse_times
from domain.hours import read_week
from storage.database import Database
from tests.bot.commands.conftest import Said
from tests.builders import NOW, add_company, key


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which no cell is broken."""
    monkeypatch.setenv("COLUMNS", "200")


def line_of(out: str, name: str) -> list[str]:
    """The cells of a table's line."""
    line = next(line for line in out.splitlines() if line.startswith(f"│ {name} "))
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_the_defaults_are_explained(say: Said) -> None:
    code, out, _ = say("deadlines")
    assert code == 0
    assert line_of(out, "Service") == ["Service", "3 d", "7 d", "default"]
    assert line_of(out, "Client's request") == ["Client's request", "1 d", "3 d", "default"]
    assert line_of(out, "Working hours") == ["Working hours", "Mon-Fri 09:00-18:00", "default"]
    assert line_of(out, "«I take it» lasts")[1] == "4 hours"
    assert "After the main time an object is yellow" in out
    assert "start the bot again" not in out


def test_what_a_client_has_names_who_set_it(own: Database, say: Said) -> None:
    with own.write() as unit:
        company = add_company(unit)
        me = as_me(unit, company.administrator)
        put_in_force(unit, parse({"times": {"Faulty": "1 d / 2 d"}, "calendar": {"holidays": "DE"}}), NOW)
        of = choice(unit, me, key(company.client), times_key("Service"))
        set_own(unit, me, of, parse_times("Service", "2 working days / 4 working days"), NOW)
        of = choice(unit, me, key(company.partner), Key.HOURS)
        set_own(unit, me, of, read_week("Mon-Sat 8-16"), NOW)
        name, partner = company.client.name, company.partner.name
        author = company.administrator.name
    code, out, _ = say("deadlines", "--client", name)
    assert code == 0
    assert f"Times of {name}" in out
    mine = f"{name}, {author}, 2 Mar 2026, 12:00"
    assert line_of(out, "Service") == ["Service", "2 working days", "4 working days", mine]
    assert line_of(out, "Faulty") == ["Faulty", "1 d", "2 d", "the deployment's file"]
    hours = ["Working hours", "Mon-Sat 08:00-16:00", f"{partner}, {author}, 2 Mar 2026, 12:00"]
    assert line_of(out, "Working hours") == hours
    assert line_of(out, "Public holidays")[1] == "DE"
    assert line_of(out, "The next of them")[1].count(",") == 4
    assert "start the bot again" in out  # there is no file, and what is in force is of one
    code, out, _ = say("deadlines", "--client", name, "--json")
    settings = json.loads(out)["settings"]
    assert settings["times:Service"]["value"] == {"times": "2 working days / 4 working days"}
    assert (settings["times:Service"]["source"], settings["times:Service"]["by"]) == ("own", author)
    assert settings["hours"]["source"] == "above"
    assert settings["holidays"] == {
        "value": {"country": "DE"}, "source": "file", "organisation": None, "by": None, "at": None,
    }  # fmt: skip


def test_days_off_are_shown(own: Database, say: Said) -> None:
    past, coming = NOW.date() - timedelta(days=900), [now().date() + timedelta(days=n) for n in range(3, 10)]
    with own.write() as unit:
        days = [str(day) for day in (past, *coming)]
        put_in_force(unit, parse({"calendar": {"days_off": days}}), NOW)
    _, out, _ = say("deadlines")
    shown = ", ".join(full_day(day) for day in coming[:5])
    assert line_of(out, "Days off") == ["Days off", f"{shown}, +2", "the deployment's file"]
    assert json.loads(say("deadlines", "--json")[1])["days_off"] == days
    with own.write() as unit:
        put_in_force(unit, parse({"calendar": {"days_off": [str(past)]}}), NOW)
    assert line_of(say("deadlines")[1], "Days off")[1] == "all of them are past"


def test_before_the_first_start_the_file_holds(
    say: Said, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "times.toml").write_text('[times]\nService = "1 d / 2 d"\n')
    monkeypatch.setenv("GREENLIGHT_TIMES", "times.toml")
    assert line_of(say("deadlines")[1], "Service") == ["Service", "1 d", "2 d", "the deployment's file"]
    monkeypatch.setenv("GREENLIGHT_TIMES", "")
    _, out, _ = say("deadlines")
    assert line_of(out, "Service")[1] == "1 d"
    assert "start the bot again" in out


def test_a_wrong_file_stops_every_command(say: Said, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "times.toml").write_text('[times]\nService = "3 d"\n')
    monkeypatch.setenv("GREENLIGHT_TIMES", "times.toml")
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_TOKEN", "1:a")
    for command in (["deadlines"], ["run"], ["object", "add", "T-1", "--client", "Agro"]):
        code, out, err = say(*command)
        assert (code, out) == (2, "")
        assert err.startswith("greenlight: GREENLIGHT_TIMES times.toml: [times] Service: «3 d» has one time")
        assert err.count("\n") == 1
    assert not (place / "greenlight.db").exists()


@pytest.mark.usefixtures("own")
def test_an_unknown_client_is_one_line(say: Said) -> None:
    code, out, err = say("deadlines", "--client", "Nobody")
    assert (code, out) == (2, "")
    assert "Nobody" in err


def test_the_example_needs_no_database(say: Said, place: Path) -> None:
    code, out, _ = say("deadlines", "--example")
    assert code == 0
    assert parse(tomllib.loads(out)).time_zone == "Europe/Kyiv"
    assert not (place / "greenlight.db").exists()
