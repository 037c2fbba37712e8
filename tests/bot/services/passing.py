"""Time passes: the ticks and the sending, without a process and without waiting."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.alert_delivery import Written, alert_of, as_it_is, digest_of, keep_copy, reader_of
from bot.jobs import STAGES, Portion
from bot.screens import Screen
from bot.services.people import bounced
from bot.texts import speaking
from storage.database import Database, UnitOfWork
from storage.outbox import Outcome
from storage.queues import OutboxRecord, OutboxState
from storage.tables import PersonRecord


@dataclass(frozen=True)
class Sent:
    """A message as it arrived: a new one, or an old one that was changed."""

    kind: str
    chat_id: int
    screen: Screen | None
    message_id: int
    at: datetime

    @property
    def text(self) -> str:
        """What it says."""
        return self.screen.text if self.screen else ""

    @property
    def labels(self) -> list[str]:
        """Its buttons."""
        return [key.label for line in self.screen.keyboard for key in line] if self.screen else []


@dataclass
class Time:
    """A database, a clock that one sets, and everything that was sent."""

    database: Database
    now: datetime
    sent: list[Sent] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    numbers: int = 100

    def tick(self) -> None:
        """All that is due at this moment is done."""
        for portion in STAGES:
            while self._portion(portion):
                pass

    def _portion(self, portion: Portion) -> int:
        with self.database.write() as unit:
            return portion(unit, self.now)

    def send(self) -> list[Sent]:
        """Everything that waits is sent; what was sent just now."""
        before = len(self.sent)
        after = 0
        while True:
            with self.database.write() as unit:
                waiting = unit.outbox.waiting(after=after, limit=50)
                for record in waiting:
                    after = max(after, record.id or 0)
                    self._send(unit, record)
            if not waiting:
                return self.sent[before:]

    def passes(self, length: timedelta, step: timedelta = timedelta(hours=1)) -> list[Sent]:
        """The bot runs on for so long; what it sent."""
        before, end = len(self.sent), self.now + length
        while self.now < end:
            self.now = min(self.now + step, end)
            self.tick()
            self.send()
        return self.sent[before:]

    def _send(self, unit: UnitOfWork, record: OutboxRecord) -> None:
        key = record.id or 0
        if record.kind in {"alert", "digest"}:
            outcome = self._say(unit, record)
        elif record.kind == "redraw":
            outcome = self._redraw(unit, record)
        else:
            outcome = Outcome(key, OutboxState.SENT)
        unit.outbox.settle([outcome], self.now)

    def _say(self, unit: UnitOfWork, record: OutboxRecord) -> Outcome:
        key = record.id or 0
        if record.chat_id in self.blocked:
            bounced(unit, record, self.now)
            return Outcome(key, OutboxState.DROPPED, error="Forbidden: bot was blocked by the user")
        written = self._written(unit, record)
        if written is None:
            return Outcome(key, OutboxState.DROPPED)
        self.numbers += 1
        self.sent.append(Sent(record.kind, record.chat_id, written.screen, self.numbers, self.now))
        if written.about is not None:
            keep_copy(record, written.about, self.numbers, unit, self.now)
        return Outcome(key, OutboxState.SENT, message_id=self.numbers)

    def _written(self, unit: UnitOfWork, record: OutboxRecord) -> Written | None:
        bound = int(str(record.payload.get("bound", 0)))
        reader = reader_of(unit, record.person_id, bound, self.now)
        if reader is None:
            return None
        with speaking(reader.me.language):
            write = alert_of if record.kind == "alert" else digest_of
            return write(record, reader, self.now)

    def _redraw(self, unit: UnitOfWork, record: OutboxRecord) -> Outcome:
        copy = unit.copies.get(int(str(record.payload["copy_id"])))
        if copy is None or copy.closed_at is not None:
            return Outcome(record.id or 0, OutboxState.DROPPED)
        screen, closes = as_it_is(unit, copy, self.now)
        self.sent.append(Sent("redraw", record.chat_id, screen, copy.message_id, self.now))
        if closes:
            unit.copies.close(copy.id or 0, self.now)
        return Outcome(record.id or 0, OutboxState.SENT)


def to(person: PersonRecord, sent: list[Sent], kind: str | None = None) -> list[Sent]:
    """What one person got."""
    return [one for one in sent if one.chat_id == person.telegram_id and kind in {None, one.kind}]
