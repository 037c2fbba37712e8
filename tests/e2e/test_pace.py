"""With rate limits on: a person's pace is never held up, and a crowd of alerts arrives whole and in order."""

import re
from collections.abc import Iterator

import pytest

from bot.services.cases import Wish, change_status, load
from bot.services.people import as_me
from domain.objects import ObjectStatus
from domain.process import Kind, Request, Route
from storage.database import UnitOfWork
from storage.tables import ObjectRecord, PersonRecord
from tests.builders import key
from tests.e2e.walking import expected_hearers
from tests.e2e.world import World
from tests.talk import Json, Talk

S = ObjectStatus
BETWEEN = 1.0
"""Seconds that a person takes to read and press. They pass by the sandbox's clock, at once."""
MACHINES = 8
NUMBER = re.compile(r"M-\d+")


@pytest.fixture
def limited(world: World) -> Iterator[World]:
    """The company under Telegram's limits, after a minute of rest."""
    world.quiet()
    pass_seconds(world, 60)
    world.stage.http("POST", "settings", {"limits": True})
    yield world
    world.quiet()
    world.stage.http("POST", "settings", {"limits": False})


def pass_seconds(world: World, seconds: float) -> None:
    """Let time pass for the limits."""
    world.stage.http("POST", "clock", {"advance": seconds})


def refused_for_pace(calls: list[Json]) -> list[Json]:
    """The calls that came too fast."""
    return [call for call in calls if call["error_code"] == 429]


def walk(world: World, talk: Talk, *steps: str) -> None:
    """Press buttons, and write what begins with a quotation mark, as fast as a person does."""
    for step in steps:
        pass_seconds(world, BETWEEN)
        if step.startswith("«"):
            talk.says(step)
        else:
            talk.press(step)


def test_from_an_alert_to_done_nothing_comes_too_fast(limited: World) -> None:
    machine, since = limited.machine(S.NEW), limited.stage.last_call
    anna, ivan, clara = limited.anna, limited.ivan, limited.clara
    limited.open(anna, machine)
    walk(limited, anna, "Change status", "Skip", "«All is in»", "Change status to Equipped")
    ivan.shows(machine.number, "All is in")
    walk(limited, ivan, "Open", "Change status", "Verified", "«It sends»", "Change status to Verified")
    clara.shows(machine.number, "It is ready")
    walk(limited, clara, "👍", "★★★★★", "«All works»", "Change status to Active")
    clara.shows(machine.number, "Active")
    limited.quiet()
    assert limited.status(machine) is S.ACTIVE
    assert refused_for_pace(limited.stage.calls(since)) == []


def test_a_crowd_of_alerts_arrives_whole_and_in_order(limited: World) -> None:
    """More at once than Telegram takes for one chat: what it refuses is sent again, in its place."""
    machines = [limited.machine(S.NEW) for _ in range(MACHINES)]
    since = limited.stage.last_call
    limited.write(lambda unit: equip(unit, limited.people["Anna"], machines))
    limited.mona.says("/help")  # wakes the bot, which does not know that others write
    limited.quiet()
    calls = limited.stage.calls(since)
    assert refused_for_pace(calls), "the crowd was no crowd"
    hearers = expected_hearers("Agro", S.EQUIPPED, "Anna", commissioned=False)
    assert "Ivan" in hearers
    for name in hearers:
        assert alerts(calls, limited.talks[name]) == [machine.number for machine in machines]


def equip(unit: UnitOfWork, person: PersonRecord, machines: list[ObjectRecord]) -> None:
    """Somebody equips many machines in the same moment."""
    me = as_me(unit, unit.session.merge(person))
    for machine in machines:
        case = load(unit, me, Kind.OBJECT, key(machine))
        wish = Wish(Request(S.EQUIPPED, "All is in"), case.version)
        change_status(unit, me, case, wish, World.now(), Route.CHAT)


def alerts(calls: list[Json], talk: Talk) -> list[str]:
    """The machines whose alerts somebody got, as they came."""
    texts = [
        str(call["params"]["text"])
        for call in calls
        if call["ok"] and call["method"] == "sendMessage" and call["chat_id"] == talk.account
    ]
    return [found[0] for text in texts if (found := NUMBER.findall(text)) and "All is in" in text]
