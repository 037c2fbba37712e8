"""Groups and topics that get the moderators' alerts, too: who binds them, and what becomes of them."""

from collections.abc import Iterator, Sequence

import pytest

from bot.buttons import Groups, Open, Unbind
from bot.services.groups import group_message
from domain.process import Kind
from storage.reminder_tables import BoundChatRecord
from tests.builders import key
from tests.e2e.crew import BOT, Crew
from tests.e2e.world import World


def bound(world: World) -> list[tuple[int, int, str]]:
    found: Sequence[BoundChatRecord] = world.read(lambda unit: unit.bound_chats.all())
    return [(one.chat_id, one.thread_id, one.title) for one in found]


@pytest.fixture(autouse=True)
def nothing_bound(world: World) -> Iterator[None]:
    """Each test begins and ends with nothing that is bound."""
    yield
    for chat in {chat for chat, _thread, _title in bound(world)}:
        world.write(lambda unit, chat=chat: unit.bound_chats.leave(chat))  # type: ignore[misc]  # binds its value


def send(world: World, chat: int, thread: int, text: str) -> None:
    """Have the bot write into a group, as an alert is."""
    world.write(lambda unit: unit.outbox.add([group_message(chat, thread, text)], world.now()))
    world.anna.says("/menu")  # whose commit wakes the notifier
    world.quiet()


@pytest.mark.parametrize("who", ["mona", "adam"])
@pytest.mark.parametrize("command", ["/bind", f"/bind@{BOT}"])
def test_a_moderator_or_administrator_binds_a_group(world: World, who: str, command: str) -> None:
    talk = getattr(world, who)
    crew = Crew(world, talk, world.anna)
    [line] = crew.says(talk, command)
    assert line.startswith(f"✅ {talk.name} bound this group: from now on the moderators' alerts")
    assert "/unbind" in line
    assert bound(world) == [(crew.id, 0, "Crew")]
    [line] = crew.says(talk, command)
    assert "It was bound before" in line
    assert len(bound(world)) == 1
    [line] = crew.says(talk, f"/unbind@{BOT}")
    assert line == f"{talk.name} ended it: the moderators' alerts do not come here any more."
    assert bound(world) == []
    [line] = crew.says(talk, "/unbind")
    assert line.startswith("Nothing is bound here")


def test_a_topic_is_bound_alone_and_answered_there(world: World) -> None:
    crew = Crew(world, world.mona, forum=True, topics=["Alerts", "Talk"])
    alerts, other = crew.topics["Alerts"], crew.topics["Talk"]
    [line] = crew.says(world.mona, "/bind", alerts)
    assert "Mona bound this topic" in line
    assert crew.lines(alerts) == [line]
    assert bound(world) == [(crew.id, alerts, "Crew · Alerts")]
    [line] = crew.says(world.mona, "/unbind", other)
    assert crew.lines(other) == [line]
    assert "Nothing is bound here" in line
    send(world, crew.id, alerts, "A red machine")
    assert crew.lines(alerts)[-1] == "A red machine"
    assert "A red machine" not in crew.lines(other)


@pytest.mark.parametrize("who", ["ivan", "gina", "gwen", "clara", "anna"])
def test_others_are_refused_in_a_line(world: World, who: str) -> None:
    talk = getattr(world, who)
    crew = Crew(world, talk, world.mona)
    for command in ("/bind", "/unbind"):
        [line] = crew.says(talk, command)
        assert line.startswith("Only moderators and administrators may bind groups")
    assert bound(world) == []


def test_a_stranger_learns_nothing(world: World) -> None:
    stranger = world.stranger()
    crew = Crew(world, stranger, world.mona)
    crew.says(world.mona, "/bind")
    for text in ("/bind", f"/bind@{BOT}", f"/unbind@{BOT}", "/start", "/tasks", f"@{BOT} hello?"):
        assert crew.says(stranger, text) == []
    for data in (Groups().pack(), Unbind(1).pack(), Open(Kind.OBJECT, 1).pack(), "garbage"):
        assert crew.presses(stranger, data, crew.last_message) == ""
    assert len(bound(world)) == 1


def test_whoever_lost_the_role_may_not_any_more(world: World) -> None:
    mona = world.people["Mona"]
    crew = Crew(world, world.mona)
    crew.says(world.mona, "/bind")
    world.write(lambda unit: unit.people.revoke(key(mona), unit.people.roles(key(mona))))
    assert crew.says(world.mona, "/unbind") == []
    assert len(bound(world)) == 1


def test_dialogues_do_not_run_in_groups(world: World) -> None:
    machine = world.machine()
    crew = Crew(world, world.mona, world.anna)
    for text in ("/tasks", "/new", "/away", "/help", f"/start@{BOT} o{machine.id}"):
        assert crew.says(world.mona, text) == []
    crew.says(world.mona, "/bind")
    for data in (Open(Kind.OBJECT, key(machine)).pack(), Unbind(1).pack(), "garbage", "x" * 64):
        assert crew.presses(world.anna, data, crew.last_message) == "This button works in our private chat."
    assert len(bound(world)) == 1


def test_commands_of_other_bots_and_plain_words_are_not_ours(world: World) -> None:
    crew = Crew(world, world.mona, bot="administrator")
    for text in ("/bind@other_bot", "bind", "/binding", "see /bind"):
        assert crew.says(world.mona, text) == []
    assert bound(world) == []


def test_a_group_that_the_bot_is_put_out_of_is_bound_no_more(world: World) -> None:
    crew = Crew(world, world.mona, world.stranger(), forum=True, topics=["Alerts"])
    other = Crew(world, world.mona, title="Other")
    crew.says(world.mona, "/bind", crew.topics["Alerts"])
    crew.says(world.mona, "/bind")
    other.says(world.mona, "/bind")
    crew.change(bot="administrator")
    assert len(bound(world)) == 3
    crew.change(bot="kicked")
    assert bound(world) == [(other.id, 0, "Other")]
    world.mona.shows("I am not in «Crew · Alerts» any more")
    crew.change(bot="member")
    assert bound(world) == [(other.id, 0, "Other")]


def test_a_group_that_became_a_supergroup_stays_bound(world: World) -> None:
    crew = Crew(world, world.mona, type="group")
    old = crew.id
    crew.says(world.mona, "/bind")
    crew.change(upgrade=True)
    assert crew.id != old
    assert bound(world) == [(crew.id, 0, "Crew")]
    send(world, old, 0, "Written before it moved")
    send(world, crew.id, 0, "Written after")
    assert crew.lines() == ["Written before it moved", "Written after"]


def test_a_topic_that_is_gone_is_bound_no_more(world: World) -> None:
    crew = Crew(world, world.mona, forum=True)
    mona = key(world.people["Mona"])
    world.write(lambda unit: unit.bound_chats.bind(crew.id, 777, "Crew · Gone", mona, world.now()))
    send(world, crew.id, 777, "Nobody reads this")
    assert crew.lines() == []
    assert bound(world) == []
    world.mona.shows("I am not in «Crew · Gone» any more, or its topic is gone")


def test_in_private_it_says_how_and_what_is_bound(world: World) -> None:
    mona = world.mona
    mona.says("/bind")
    mona.shows("Groups with alerts", f"/bind@{BOT}", "None is bound yet")
    crew = Crew(world, world.adam, title="<Crew> & co")
    crew.says(world.adam, "/bind")
    mona.says("/menu")
    mona.press("More")
    mona.press("Groups with alerts")
    mona.shows("• <Crew> & co · bound by Adam")
    data = mona.data_of("Unbind <Crew> & co")
    mona.press("Unbind <Crew> & co")
    mona.toast("«<Crew> & co» is not bound any more")
    mona.shows("None is bound yet")
    world.quiet()
    assert crew.lines()[-1] == "Mona ended it: the moderators' alerts do not come here any more."
    mona.forge(data)
    mona.toast("It was not bound any more")


@pytest.mark.parametrize("who", ["ivan", "clara", "gwen"])
def test_in_private_it_is_for_moderators_and_administrators(world: World, who: str) -> None:
    crew = Crew(world, world.mona)
    crew.says(world.mona, "/bind")
    talk = getattr(world, who)
    talk.says("/bind")
    talk.shows("Only moderators and administrators may bind groups")
    number = world.read(lambda unit: unit.bound_chats.all()[0].id)
    for data in (Groups().pack(), Unbind(number or 0).pack()):
        talk.forge(data)
        talk.toast("Only moderators and administrators may bind groups")
    assert len(bound(world)) == 1
