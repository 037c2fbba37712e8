"""``greenlight forecast``: each message of one object or client, or all of them counted."""

import json
from datetime import timedelta

import pytest

from bot.commands.common import now
from domain.objects import ObjectStatus
from storage.database import Database
from tests.bot.commands.conftest import Said
from tests.builders import add_company, add_object


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which no cell is broken."""
    monkeypatch.setenv("COLUMNS", "300")


@pytest.fixture
def company(own: Database) -> dict[str, str]:
    """Two machines of one number, one of which will be red in a day."""
    with own.write() as unit:
        made = add_company(unit)
        since = now() - timedelta(days=5)
        add_object(unit, made.client, ObjectStatus.SERVICE, since=since, number="Т-17", name="Loader")  # noqa: RUF001  # Cyrillic
        add_object(unit, made.group_client, ObjectStatus.SERVICE, since=now(), number="T-17")
        add_object(unit, made.group_client, ObjectStatus.SERVICE, since=now(), number="K-1")
        return {
            "client": made.client.name, "other": made.group_client.name, "support": made.support.name,
            "moderator": made.moderator.name, "installer": made.installer.name,
        }  # fmt: skip


def test_one_machine_by_its_number_as_people_write_it(company: dict[str, str], say: Said) -> None:
    code, out, err = say("forecast", "--object", "t-17", "--client", company["client"], "--days", "3")

    assert (code, err) == (0, "")
    lines = [line for line in out.splitlines() if "T-17" in line or "Т-17" in line]  # noqa: RUF001  # Cyrillic
    yellow = [line for line in lines if "yellow" in line]
    red = [line for line in lines if "red goes up, to the moderator" in line]
    assert any(company["support"] in line and "can move it on, as support" in line for line in yellow)
    assert any(company["moderator"] in line for line in red)
    assert "digest" in out


def test_for_programs_each_message_says_when_whom_what_and_why(company: dict[str, str], say: Said) -> None:
    code, out, _ = say("forecast", "--object", "Т-17", "--days", "3", "--json")  # noqa: RUF001  # Cyrillic
    assert code == 0
    messages = json.loads(out)["messages"]
    escalation = [m for m in messages if m["person"] == company["moderator"] and m["kind"] == "alert"]
    assert [m["objects"] for m in escalation] == [
        [
            {
                "number": "Т-17", "client": company["client"], "status": "Service", "colour": "red",  # noqa: RUF001  # Cyrillic
                "stage": "red", "because": "escalation", "role": "moderator", "instead_of": None,
            }
        ]
    ]  # fmt: skip
    assert [m["at"] for m in messages] == sorted(m["at"] for m in messages)


def test_all_of_them_are_counted(company: dict[str, str], say: Said) -> None:
    code, out, _ = say("forecast", "--days", "4", "--json")
    assert code == 0
    days = json.loads(out)["days"]
    mine = [day for day in days if day["person"] == company["moderator"]]
    assert sum(day["red"] for day in mine) == 1
    assert sum(day["alerts"] for day in mine) == 1
    code, out, _ = say("forecast", "--days", "4")
    assert code == 0
    assert f"{company['moderator']}, moderator" in out


def test_what_is_not_there_is_said(company: dict[str, str], say: Said) -> None:
    code, _, err = say("forecast", "--object", "T-18")
    assert (code, err) == (2, "greenlight: There is no object «T-18».\n")
    code, _, err = say("forecast", "--object", "t-17")
    assert code == 2
    assert company["client"] in err
    assert company["other"] in err
    code, _, err = say("forecast", "--days", "0")
    assert code == 2


def test_an_empty_database_says_nothing_will_be_said(say: Said) -> None:
    assert say("forecast")[:2] == (0, "Nothing will be said to anybody in this time.\n")
