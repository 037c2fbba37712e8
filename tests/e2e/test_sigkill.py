"""Ten kills at random moments while several people talk: everything they did is in effect exactly once."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlmodel import select

from domain.objects import ObjectStatus
from storage.queues import OutboxRecord, OutboxState
from storage.tables import EntryKind, ObjectRecord
from tests.builders import key
from tests.e2e.walking import expected_hearers
from tests.e2e.world import World
from tests.talk import Talk

S = ObjectStatus
KILLS = 10
LONGEST_WALK = 30
"""Acts from anywhere in a dialogue to the end of it, and then some."""
IN_FLIGHT = 12
"""Calls before a kill whose success the bot may not have written down yet."""
BUSY = {
    "Anna": [S.EQUIPPED], "Olga": [S.DISMANTLING, S.INSTALLATION], "Gus": [S.SERVICED],
    "Gina": [S.CANCELED, S.NEW], "Mona": [S.CANCELED, S.NEW, S.CANCELED],
}  # fmt: skip
"""Who walks which way, each on machines of their own."""
BEGINS = {"Anna": S.NEW, "Olga": S.SERVICE, "Gus": S.SERVICE, "Gina": S.NEW, "Mona": S.NEW}


@dataclass
class Player:
    """Somebody who walks machine after machine, one act at a time, and writes down what was done."""

    world: World
    name: str
    client: str
    script: list[tuple[int, S, S, str]] = field(default_factory=list)

    @property
    def talk(self) -> Talk:
        """The chat."""
        return self.world.talks[self.name]

    def acts(self) -> Iterator[None]:
        """Act by act, for ever; each ``next`` does one act and does not wait for its answer."""
        while True:
            machine = self.world.machine(BEGINS[self.name], self.client)
            status = BEGINS[self.name]
            self.talk.starts(f"o{machine.id}", wait=False)
            yield
            for target in BUSY[self.name]:
                yield from self._change(machine, status, target)
                status = target

    def _change(self, machine: ObjectRecord, status: S, target: S) -> Iterator[None]:
        comment = f"{self.name} {len(self.script)}"
        self.talk.press("Change status", wait=False)
        yield
        if self.talk.offers("Why no other?"):
            self.talk.press(f" {target}", wait=False)
            yield
        if target in {S.EQUIPPED, S.INSTALLATION, S.SERVICED}:
            self.talk.press("Skip", wait=False)
            yield
        for _ in range(3):
            self.talk.says(comment, wait=False)
            yield
            # Taken twice, this press would lead two steps back, and the next text would be a search.
            self.talk.press("« Back", wait=False)
            yield
        self.talk.says(comment, wait=False)
        yield
        self.script.append((key(machine), status, target, comment))
        self.talk.press(f"Change status to {target}", wait=False)
        yield


@pytest.fixture
def shaken(tmp_path: Path) -> Iterator[World]:
    """A company of its own: its bot is going to be killed."""
    made = World(tmp_path)
    yield made
    made.stage.assert_well_spoken()
    made.close()


@pytest.mark.timeout(600)  # ten starts of the bot: a busy machine takes its time
@pytest.mark.parametrize("seed", [1])
def test_ten_kills_lose_nothing_and_double_nothing(shaken: World, seed: int) -> None:
    chance, stage = random.Random(seed), shaken.stage  # noqa: S311  # the same moments each time
    players = [Player(shaken, name, "Delta" if name[0] == "G" else "Agro") for name in BUSY]
    going = {player.name: player.acts() for player in players}
    kills: list[int] = []
    while len(kills) < KILLS:
        fatal = chance.randrange(3 * len(players))
        for number, player in enumerate(chance.sample(players, len(players))):
            next(going[player.name])
            if number == fatal:
                # Somewhere between the arrival of an update and the sending of its last message.
                stage.pass_time(chance.uniform(0, 0.015))
                stage.kill_bot()
                kills.append(stage.last_call)
        if fatal < len(players):
            stage.start_bot()
        shaken.quiet()
    for player in players:
        for _ in range(LONGEST_WALK):
            if not in_dialogue(shaken, player):
                break
            next(going[player.name])
            shaken.quiet()
        assert not in_dialogue(shaken, player), player.talk.transcript()
    check_history(shaken, players)
    check_queues(shaken)
    check_alerts(shaken, players, kills)


def in_dialogue(world: World, player: Player) -> bool:
    """Whether the bot waits for an answer. What was sent twice around a kill may keep its buttons."""
    return any(
        place.user_id == player.talk.account for place in world.read(lambda unit: list(unit.dialogues.all()))
    )


def check_history(world: World, players: list[Player]) -> None:
    """The history is the script: each change once, none missing, none besides."""
    for player in players:
        by_machine: dict[int, list[tuple[S, S, str]]] = {}
        for machine, before, after, comment in player.script:
            by_machine.setdefault(machine, []).append((before, after, comment))
        for machine, expected in by_machine.items():
            lines = world.read(lambda unit, number=machine: unit.history.of_object(number))
            assert all(line.record.kind is EntryKind.STATUS and line.person == player.name for line in lines)
            found = [(line.record.before, line.record.after, line.record.comment) for line in lines]
            assert found[::-1] == expected
    assert sum(len(player.script) for player in players) > KILLS


def check_queues(world: World) -> None:
    """Nothing waits, nothing was parked, and every message was sent."""
    assert world.read(lambda unit: unit.inbox.waiting_ids()) == frozenset()
    assert world.read(lambda unit: list(unit.inbox.parked())) == []
    counts = world.read(lambda unit: unit.outbox.counts())
    assert counts.get(OutboxState.DEAD, 0) == counts.get(OutboxState.DROPPED, 0) == 0


def check_alerts(world: World, players: list[Player], kills: list[int]) -> None:
    """Exactly those who can move a machine on were told of each change, once but for what a kill cut off."""
    wanted = {
        (world.talks[name].account, comment)
        for player in players
        for _, _, after, comment in player.script
        for name in expected_hearers(player.client, after, player.name, commissioned=False)
    }
    arrived: dict[tuple[int, str], list[int]] = {}
    for call in world.stage.calls():
        comment = str(call["params"].get("text", "")).partition("<blockquote>")[2].partition("<")[0]
        if call["method"] == "sendMessage" and call["ok"] and (call["chat_id"], comment) in wanted:
            arrived.setdefault((call["chat_id"], comment), []).append(call["n"])
    assert arrived.keys() == wanted
    for message, (first, *more) in arrived.items():
        in_flight = any(0 <= kill - first <= IN_FLIGHT for kill in kills)
        assert not more or (in_flight and len(more) == 1), f"{message} came {1 + len(more)} times"
    stored = world.read(
        lambda unit: unit.session.exec(
            select(OutboxRecord.dedup_key).where(OutboxRecord.kind == "alert")
        ).all()
    )
    assert len(stored) == len(set(stored)) == len(wanted)
