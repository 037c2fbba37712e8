"""Time passes, and the real bot tells people: reminders, «I take it», why, and what a group sees."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col

from bot.buttons.alerts import TakeIt
from domain.objects import ObjectStatus
from storage.database import UnitOfWork
from storage.reminder_tables import CopyRecord
from storage.tables import ObjectRecord
from tests.builders import key
from tests.e2e.crew import Crew
from tests.e2e.world import World
from tests.talk import Talk

S = ObjectStatus
DAY = timedelta(days=1)


def late(world: World, status: ObjectStatus = S.SERVICE, ago: timedelta = 4 * DAY) -> ObjectRecord:
    """A machine that was not looked at since; the next tick will."""
    return world.machine(status, ago=ago, next_at=world.now() - ago)


def labels(talk: Talk, *fragments: str) -> list[str]:
    """The buttons of the message that has all this."""
    [found] = [m for m in talk.messages() if all(one in m["text"] for one in fragments)]
    return [button["text"] for line in found["keyboard"] for button in line]


def test_what_turned_yellow_is_told_to_those_whose_turn_it_is(world: World) -> None:
    machine = late(world)
    for name in ("Anna", "Ivan", "Olga"):
        world.talks[name].shows(machine.number, "the time for it is over", "It turns red")
        assert world.talks[name].buttons() == ["I take it", "Open", "Why did I get this?"]
    world.ivan.press("Why did I get this?")
    world.ivan.shows("Why you got this", "so it is yellow", "As support you can move it on", "Anna, Olga")


def test_one_takes_it_and_the_others_see_that(world: World) -> None:
    machine = late(world)
    for name in ("Anna", "Ivan", "Olga"):
        world.talks[name].shows(machine.number, "the time for it is over")
    world.ivan.press("I take it")
    world.ivan.toast("It is yours until")
    world.ivan.shows(machine.number, "You took it, until")
    world.anna.shows(machine.number, "Ivan took it, until")
    assert world.anna.buttons() == ["Open"]
    world.ivan.press("Give it up")
    world.ivan.toast("It is free again")
    world.ivan.shows(machine.number, "You have it no more. It is free again.")
    world.anna.shows(machine.number, "the time for it is over")
    assert "I take it" in world.anna.buttons()


def test_an_alert_that_came_twice_is_redrawn_where_it_is_pressed(world: World) -> None:
    olga = world.olga
    world.stage.http("POST", "faults", {"kind": "lost", "method": "sendMessage", "chat_id": olga.account})
    machine = late(world)
    olga.shows(machine.number)
    world.quiet()
    first, second = (m["message_id"] for m in olga.messages() if machine.number in m["text"])
    olga.press("I take it", message=first)
    world.quiet()
    shown = {m["message_id"]: m["text"] for m in olga.messages()}
    assert all("You took it" in shown[number] for number in (first, second))


def test_an_alert_that_nobody_knows_of_is_redrawn_where_it_is_pressed(world: World) -> None:
    """It arrived, the process died, and at the next start somebody had taken the object."""
    machine = late(world)
    for one in (world.ivan, world.olga):
        one.shows(machine.number, "the time for it is over")
    world.quiet()
    world.write(lambda unit: forget_copies(unit, world.olga))
    world.ivan.press("I take it")
    world.olga.press("I take it")
    world.olga.toast("Ivan took it")
    world.olga.shows(machine.number, "Ivan took it, until")


def forget_copies(unit: UnitOfWork, talk: Talk) -> None:
    """As if no alert had ever been recorded in this chat."""
    unit.session.exec(delete(CopyRecord).where(col(CopyRecord.chat_id) == talk.account))


def test_when_it_moves_every_alert_says_so(world: World) -> None:
    machine = late(world)
    world.olga.shows(machine.number, "the time for it is over")
    world.open(world.anna, machine)
    world.anna.press("Change status")
    world.anna.press(" Serviced")
    world.anna.press("Skip")
    world.anna.says("Sensor replaced")
    world.anna.press("Change status to Serviced")
    world.olga.shows(machine.number, "Settled: Serviced by Anna")
    world.ivan.shows(machine.number, "Settled: Serviced by Anna")
    assert labels(world.olga, machine.number, "Settled") == ["Open"]
    [settled] = [
        m["text"]
        for m in world.olga.messages()
        if f"{machine.number} · " in m["text"] and "Settled" in m["text"]
    ]
    assert not set(settled) & set("🔵🟡🔴🟢⏳"), "what is never drawn again has no colour and no time left"


def test_red_goes_to_moderators_and_administrators(world: World) -> None:
    machine = late(world, ago=8 * DAY)
    world.mona.shows(machine.number, "urgent since")
    world.adam.shows(machine.number, "urgent since")
    assert world.adam.buttons() == ["I take it", "Open", "Why did I get this?"]


def test_what_was_given_up_is_settled_like_every_other_alert(world: World) -> None:
    machine = late(world)
    for one in (world.ivan, world.olga):
        one.shows(machine.number, "the time for it is over")
    world.ivan.press("I take it")
    world.ivan.shows(machine.number, "You took it")
    world.ivan.press("Give it up")
    world.ivan.shows(machine.number, "You have it no more")
    world.open(world.olga, machine)
    world.olga.press("Change status")
    world.olga.press(" Serviced")
    world.olga.press("Skip")
    world.olga.says("Done")
    world.olga.press("Change status to Serviced")
    world.ivan.shows(machine.number, "Settled: Serviced by Olga")
    said = [m["text"] for m in world.ivan.messages() if f"{machine.number} · " in m["text"]]
    assert not any("free again" in text for text in said)


def test_several_at_once_are_one_message(world: World) -> None:
    numbers = [late(world).number for _ in range(4)]
    world.quiet()
    world.anna.shows("4 objects need you", "4 yellow")
    assert all(world.anna.offers(number) for number in numbers)


def test_each_of_several_says_why_it_is_there(world: World) -> None:
    machine, other = late(world), late(world)
    world.ivan.shows("2 objects need you", "2 yellow")
    assert world.ivan.offers(other.number)
    world.ivan.press("Why did I get this?")
    world.ivan.shows("Several of one moment are one message", "Press one to see why")
    world.ivan.press(machine.number)
    world.ivan.shows(machine.number, "so it is yellow", "As support you can move it on", "Anna, Olga")
    world.ivan.shows("until then it is in your digest")


def test_why_of_a_change_names_it_and_its_time(world: World) -> None:
    machine = world.machine(S.EQUIPPED)
    world.open(world.ivan, machine)
    world.ivan.press("Change status")
    world.ivan.press(" Verified")
    world.ivan.says("All right")
    world.ivan.press("Change status to Verified")
    world.clara.shows(machine.number, "It is ready")
    world.clara.press("Why did I get this?")
    world.clara.shows(
        "Ivan set it to Verified.", "it is yellow from", "red from", "As client you can move it on"
    )
    world.clara.shows("It ends when you answer, or after 8 days; until then you are asked every morning.")


def test_the_end_of_the_8_days(world: World) -> None:
    machine = late(world, S.VERIFIED, ago=9 * DAY)
    world.clara.shows(machine.number, "The 8 days to answer are over")
    assert world.clara.buttons() == ["Write a note", "Open", "Why did I get this?"]
    world.mona.shows(machine.number, "did not answer within 8 days", "nobody but you")
    world.mona.press("Active")
    world.mona.shows("Active", machine.number)


def test_a_bound_group_hears_what_moderators_hear_and_takes_it_there(world: World) -> None:
    stranger = world.stranger()
    crew = Crew(world, world.mona, world.anna, world.clara, stranger)
    crew.says(world.mona, "/bind")
    try:
        machine = late(world, ago=8 * DAY)
        world.mona.shows(machine.number, "urgent since")
        world.quiet()
        assert any(machine.number in line and "urgent since" in line for line in crew.lines())
        alert, data = crew.last_message, TakeIt(key(machine), machine.version).pack()
        assert crew.presses(stranger, data, alert) == ""
        assert crew.presses(world.clara, data, alert) == "Your role may not do this."
        assert crew.presses(world.anna, data, alert).startswith("It is yours until")
        assert "took it" in crew.presses(world.mona, data, alert)
        world.quiet()
        assert any(machine.number in line and "Anna took it, until" in line for line in crew.lines())
        world.mona.shows(machine.number, "Anna took it, until")
    finally:
        world.write(lambda unit: unit.bound_chats.leave(crew.id))
