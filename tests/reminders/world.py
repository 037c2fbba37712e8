"""The program, as time passes over it: each message is judged by the ledger when it is sent."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.alert_delivery import Written, reader_of
from bot.bulk_delivery import take_step
from bot.buttons import Open, PickStatus
from bot.buttons.alerts import GiveUp, TakeIt
from bot.jobs import STAGES, Portion
from bot.screens import Screen
from bot.services.telling import items_of
from domain.process import Kind
from storage.database import UnitOfWork
from storage.outbox import Outcome
from storage.queues import OutboxRecord, OutboxState
from tests.bot.services.passing import Time
from tests.reminders.judge import Fact
from tests.reminders.ledger import Ledger

AT_ONCE = 500
seen: Counter[str] = Counter()
"""What was met, for whoever wants to know."""


class Killed(Exception):  # noqa: N818  # no error: the process dies
    """The process dies here."""


@dataclass
class World(Time):
    """Time, with a ledger. ``dies`` counts what is done until the process is killed, 0: it lives."""

    ledger: Ledger = field(default_factory=Ledger)  # type: ignore[arg-type]  # always given
    dies: int = 0
    whole: bool = False
    """The last tick went through."""
    screens: dict[int, tuple[int, Screen | None]] = field(default_factory=dict)
    """What stands in the chats: of each message its chat and what it says."""
    lost: bool = False
    """Somebody turned out to be out of reach."""

    # Ticks

    def ticks(self) -> None:
        """A tick, or what of it is done before the process dies; each is told by one message at most."""
        mornings = dict(self.ledger.mornings)
        self.ledger.tick(self.now)
        self.whole = False
        with self.database.read() as unit:
            before = max((record.id or 0 for record in unit.outbox.waiting(limit=AT_ONCE)), default=0)
        try:
            for portion in STAGES:
                while self._portion(portion):
                    pass
        except Killed:
            seen["ticks killed"] += 1
            self._still_due(mornings)
            return
        self.whole = True
        with self.database.read() as unit:
            made = unit.outbox.waiting(after=before, limit=AT_ONCE)
        told = Counter(record.person_id for record in made if record.kind in {"alert", "digest"})
        assert all(count == 1 for count in told.values()), f"{told} in one tick"

    def _still_due(self, mornings: dict[int, datetime]) -> None:
        """The process died before somebody's digest was written: their morning is still to come."""
        with self.database.read() as unit:
            waiting = unit.outbox.waiting(limit=AT_ONCE)
        written = {record.person_id for record in waiting if record.kind == "digest"}
        for person_id in self.ledger.expected - written:
            self.ledger.mornings[person_id] = mornings[person_id]
        self.ledger.expected &= written

    def _portion(self, portion: Portion) -> int:
        with self.database.write() as unit:
            found = portion(unit, self.now)
            if found:
                self._may_die()
            return found

    def _may_die(self) -> None:
        if self.dies:
            self.dies -= 1
            if not self.dies:
                raise Killed

    # Sending

    def sends(self) -> bool:
        """All that waits is sent, one digest to a person at most; False when the process died meanwhile."""
        before = len(self.sent)
        lives = self._sends_each()
        digests = Counter(one.chat_id for one in self.sent[before:] if one.kind == "digest")
        assert all(count == 1 for count in digests.values()), f"a backlog of digests: {digests}"
        return lives

    def _sends_each(self) -> bool:
        """Each message in a transaction."""
        after = 0
        while True:
            with self.database.read() as unit:
                waiting = unit.outbox.waiting(after=after, limit=AT_ONCE)
            if not waiting:
                return True
            for record in waiting:
                after = max(after, record.id or 0)
                anew = set(self.ledger.anew)
                try:
                    with self.database.write() as unit:
                        self._send(unit, record)
                        self._may_die()
                except Killed:
                    self.ledger.anew = anew
                    self._in_flight(record)
                    return False

    def _in_flight(self, record: OutboxRecord) -> None:
        """It arrived, and nobody knows: it may arrive once more."""
        seen["sendings killed"] += 1
        person_id = record.person_id or 0
        if record.kind == "alert":
            for item in items_of(record.payload):
                fact = (item.object_id, item.version, item.stage, item.history_id)
                self.ledger.twice[person_id, fact] += 1
            self.screens.pop(self.numbers, None)  # its buttons are beyond reach
        if record.kind == "digest":
            self.ledger.digested.pop(person_id, None)
        person = self.ledger.company.people.get(person_id)
        if person is not None and record.chat_id in self.blocked:
            person.reachable = True  # nor that

    def _send(self, unit: UnitOfWork, record: OutboxRecord) -> None:
        if record.kind == "bulk-step":
            payload = record.payload
            take_step(unit, int(str(payload["bulk_id"])), int(str(payload["done"])), self.now)
        super()._send(unit, record)

    def _say(self, unit: UnitOfWork, record: OutboxRecord) -> Outcome:
        person = self.ledger.company.people[record.person_id or 0]
        outcome = super()._say(unit, record)
        seen[f"{record.kind} {outcome.state}"] += 1
        if outcome.error is not None:
            if person.reachable and not person.removed and person.account == record.chat_id:
                person.reachable = False
                self.lost = True
                self.ledger.reach_changed(person.id)
        elif record.kind == "digest" and outcome.state is OutboxState.DROPPED:
            self._no_digest(person.id)
        return outcome

    def _no_digest(self, person_id: int) -> None:
        person = self.ledger.company.people[person_id]
        if self.whole and not person.removed and not person.is_away(self.now):
            self.ledger.check_digest(person_id, set(), self.now)
        self.ledger.expected.discard(person_id)

    def _written(self, unit: UnitOfWork, record: OutboxRecord) -> Written | None:
        written = super()._written(unit, record)
        if written is None:
            return None
        reader = reader_of(unit, record.person_id, 0, self.now)
        assert reader is not None
        self.screens[self.numbers + 1] = (record.chat_id, written.screen)
        shown = {button.id for button in _buttons(written.screen) if isinstance(button, Open)}
        items = items_of(record.payload)
        person_id = record.person_id or 0
        if record.kind == "alert":
            told = reader.teller.facts(items)
            if written.about is not None:
                told = [fact for fact in told if fact.item == written.about.item]
            facts = [
                (fact.item.object_id, fact.item.version, fact.item.stage, fact.item.history_id)
                for fact in told
            ]
            assert {fact[0] for fact in facts} == shown
            self.ledger.alert(person_id, facts, self.now, record.created_at)
            return written
        waiting = reader.teller.waiting(items)
        lines = {line.record.id or 0 for line in (*waiting.lines, *waiting.over)}
        heard = {line.record.id or 0 for line in waiting.heard}
        assert lines == shown
        if self.whole:
            self.ledger.check_digest(person_id, lines, self.now)
        all_facts: list[Fact] = [(i.object_id, i.version, i.stage, i.history_id) for i in items]
        self.ledger.one_a_day(person_id, record.created_at)
        self.ledger.digest(person_id, lines, heard, all_facts, self.now)
        self.ledger.expected.discard(person_id)
        return written

    def _redraw(self, unit: UnitOfWork, record: OutboxRecord) -> Outcome:
        before = len(self.sent)
        outcome = super()._redraw(unit, record)
        for one in self.sent[before:]:
            if one.message_id in self.screens:
                self.screens[one.message_id] = (one.chat_id, one.screen)
        return outcome

    # Steps

    def step(self, length: timedelta = timedelta(0)) -> None:
        """Time passes, a tick goes through, all is sent, and all is as it should be."""
        self.now += length
        self.dies = 0
        while True:
            self.lost = False
            self.ticks()
            self.sends()
            self.check()
            if not self.lost:
                break
        self.ledger.free.clear()
        seen["steps of time"] += 1

    def check(self) -> None:
        """What holds when all is done that there is to do."""
        self.ledger.check(self.now, self.blocked)
        company = self.ledger.company
        for person_id in sorted(self.ledger.expected):
            person = company.people[person_id]
            there = person.reachable and not person.is_away(self.now) and not person.removed
            if there and person.account not in self.blocked:
                waits = self.ledger.daily(person_id, self.now)
                assert not waits, f"{self.now}: no digest for {person}, for whom {waits} wait"
        self.ledger.expected.clear()
        with self.database.read() as unit:
            for machine in company.machines.values():
                stale = [copy for copy in unit.copies.open_of(machine.id) if copy.version != machine.version]
                assert not stale, f"{stale} say what is not so any more"
        for chat, screen in self.screens.values():
            for button in _buttons(screen):
                assert self._works(chat, button), f"{button} is dead"

    def _works(self, chat: int, button: object) -> bool:
        company = self.ledger.company
        if isinstance(button, TakeIt):
            machine = company.machines[button.object_id]
            return machine.version == button.version and company.taken(machine, self.now) is None
        if isinstance(button, PickStatus):
            return button.kind is not Kind.OBJECT or company.machines[button.id].version == button.version
        if isinstance(button, GiveUp):
            taken = company.taken(company.machines[button.object_id], self.now)
            return taken is not None and company.people[taken].account == chat
        return True


def _buttons(screen: Screen | None) -> list[object]:
    return [key.button for line in screen.keyboard for key in line if key.button] if screen else []
