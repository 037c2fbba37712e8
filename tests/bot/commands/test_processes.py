"""``greenlight processes``: the tables as programs and people read them."""

import json

from domain.clients import CLIENT_PROCESS
from domain.objects import OBJECT_PROCESS
from tests.bot.commands.conftest import Said


def test_the_processes_for_programs_are_the_tables(say: Said) -> None:
    _, out, _ = say("processes", "--json")
    shown = json.loads(out)

    assert set(shown) == {"object", "client"}
    for key, process in (("object", OBJECT_PROCESS), ("client", CLIENT_PROCESS)):
        assert [row["no"] for row in shown[key]["rows"]] == list(range(1, len(process.rows) + 1))
        assert {row["to"] for row in shown[key]["rows"]} == set(shown[key]["statuses"])
    assert shown["object"]["statuses"][:3] == ["New", "Canceled", "Equipped"]
    assert len(shown["object"]["statuses"]) == 15
    assert len(shown["client"]["statuses"]) == 10
    rows = {row["no"]: row for row in shown["object"]["rows"]}
    assert rows[1] == {
        "no": 1, "from": None, "to": "New", "roles": ["support", "moderator"], "conditions": [],
    }  # fmt: skip
    assert rows[10] == {
        "no": 10, "from": "Verified", "to": "Active", "roles": ["client"],
        "conditions": ["within_8_days", "rating"],
    }  # fmt: skip
    assert rows[23]["roles"] == ["support", "manager", "moderator", "administrator"]
    assert rows[23]["conditions"] == ["late:moderator", "late:administrator"]
    assert "system" in rows[22]["roles"]
    assert {condition for row in rows.values() for condition in row["conditions"]} == {
        "within_8_days", "never_active", "was_active", "late:moderator", "late:administrator", "rating",
        "reason", "confirm_twice", "automatic",
    }  # fmt: skip
    assert shown["client"]["rows"][0]["roles"] == ["manager", "moderator", "administrator"]


def test_the_processes_for_people_are_two_tables(say: Said) -> None:
    code, out, _ = say("processes")

    assert code == 0
    assert "Statuses of an object" in out
    assert "Statuses of a client" in out
    assert "confirm_twice" in out
