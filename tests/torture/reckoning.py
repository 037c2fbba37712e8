"""What came of it: the crowd's ledger and the sandbox's log on one side, the database on the other."""

import html
import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlmodel import col, select

from storage.queues import InboxRecord, InboxState, OutboxRecord, OutboxState
from storage.reminder_tables import ClaimRecord
from storage.tables import HistoryRecord, ObjectRecord, OrganisationRecord, PersonRecord, PhotoRecord
from tests.talk import BAD_REQUEST, NORMAL_LIFE
from tests.torture.person import Line, News
from tests.torture.rig import Json
from tests.torture.weather import SLOWEST

if TYPE_CHECKING:
    from tests.torture.storm import Storm

SENDS = {"sendMessage", "sendPhoto", "sendMediaGroup", "sendLocation", "sendDocument"}
SETTLEMENTS = 3
"""A message is recorded as sent with the next settlement, or the one after; one more for a slow answer."""
AFTERMATH = 5.0
"""Seconds after an outage in which the log may still tell of it."""
MAY_BE_DROPPED = {"alert", "digest", "redraw", "bulk-shown"}
"""What is not sent when it is not true any more; nor is a screen whose place the next one takes."""


@dataclass(frozen=True)
class Arrival:
    """A message that came to a chat."""

    call: Json

    @property
    def place(self) -> tuple[int, int]:
        """The chat, and the message's number in it."""
        number = self.call["result_message_id"]
        return self.call["chat_id"], number[0] if isinstance(number, list) else number


class Reckoning:
    """The counts. ``wrong`` has nothing under its headings when nothing was lost and nothing doubled."""

    def __init__(self, storm: "Storm", exit_code: int, violations: list[str]) -> None:
        self.storm = storm
        self.calls = storm.weather.calls
        self.arrivals = [Arrival(call) for call in self.calls if call["method"] in SENDS and call["ok"]]
        with storm.database.read() as unit:
            ask = unit.session
            self.inbox = ask.exec(select(InboxRecord)).all()
            self.outbox = ask.exec(select(OutboxRecord)).all()
            self.history = [(_line(*row), row[0].id or 0) for row in ask.exec(_HISTORY).all()]
            self.photos = len(ask.exec(select(PhotoRecord)).all())
            self.claims = ask.exec(_CLAIMS).all()
            self.dialogues = [(place.user_id, place.name, place.state) for place in unit.dialogues.all()]
            ask.expunge_all()
        self.duplicates: Counter[str] = Counter()
        self._excused: set[tuple[tuple[float, float], int]] = set()
        self.told = self.settled = 0
        counts: dict[str, Iterable[str]] = {
            "presses and comments not handled once": self._updates(),
            "changes lost": self._lost(),
            "changes doubled": self._doubled(),
            "messages not sent": self._unsent(),
            "messages sent again without need": self._sent_again(),
            "news not told to whom it concerns": self._news(),
            "machines taken by nobody, or unasked": self._taken(),
            "dialogues that do not end": map(str, self.dialogues),
            "requests refused, answers not understood": [*self._refused(), *violations],
            "complaints of the bot": [*self._log(), *([f"exit code {exit_code}"] if exit_code else [])],
        }
        self.wrong = {name: list(found) for name, found in counts.items()}

    @property
    def complaints(self) -> list[str]:
        """All that is wrong."""
        return [f"{name}: {one}" for name, found in self.wrong.items() for one in found]

    def _updates(self) -> Iterator[str]:
        """Each update that the sandbox has queued is in the inbox, and done."""
        found = {record.update_id: record.state for record in self.inbox}
        for update_id in self.storm.ledger.updates:
            state = found.pop(update_id, None)
            if state is not InboxState.DONE:
                yield f"{update_id} is {state}"
        yield from (f"{update_id} was never sent" for update_id in found)

    def _lost(self) -> Iterator[str]:
        """Each confirmed change is a line of the history, with its photo."""
        yield from map(str, self.storm.ledger.lines - self._written)
        if self.photos != self.storm.ledger.photos:
            yield f"{self.storm.ledger.photos} photos were sent, {self.photos} are kept"

    def _doubled(self) -> Iterator[str]:
        """The history has no other lines, and none twice."""
        yield from map(str, self._written - self.storm.ledger.lines)

    @cached_property
    def _written(self) -> Counter[Line]:
        return Counter(line for line, _ in self.history)

    def _unsent(self) -> Iterator[str]:
        """Each row of the outbox was sent, but for what was not true any more."""
        for row in self.outbox:
            dropped = row.state is OutboxState.DROPPED and row.kind in MAY_BE_DROPPED
            if row.state is not OutboxState.SENT and not dropped and not self._was_overtaken(row):
                yield f"{row.id} ({row.kind}) is {row.state}: {row.error}"

    def _was_overtaken(self, row: OutboxRecord) -> bool:
        """Whether a later screen took the place of this one before it was sent."""
        return row.state is OutboxState.DROPPED and any(
            later.state is OutboxState.SENT
            and (later.kind, later.chat_id) == (row.kind, row.chat_id) == ("screen", later.chat_id)
            and (later.id or 0) > (row.id or 0)
            and later.payload["edit"] == row.payload["edit"] is not None
            for later in self.outbox
        )

    def _sent_again(self) -> Iterator[str]:
        """A message that no row names has come a second time: it needs an excuse."""
        for arrival in self.arrivals:
            if arrival.place not in self._recorded and arrival.call not in self.storm.weather.regrets:
                excuse = self._excuse(arrival)
                self.duplicates[excuse or "without an excuse"] += 1
                if not excuse:
                    yield str(arrival.call)

    @cached_property
    def _recorded(self) -> set[tuple[int, int | None]]:
        """Where the messages stand that rows of the outbox became, but for those that changed one."""
        return {
            (row.chat_id, row.message_id)
            for row in self.outbox
            if row.kind != "redraw" and row.message_id != row.payload.get("edit")
        }

    def _excuse(self, arrival: Arrival) -> str | None:
        """Why a message may have come a second time."""
        if arrival.call.get("fault"):
            return "its answer was lost"
        for span in self._in_flight:
            since, until = span
            one = (span, arrival.call["chat_id"])
            if since <= arrival.call["at"] <= until and one not in self._excused:
                self._excused.add(one)  # a chat has one message in flight
                return "in flight when the process ended"
        return None

    @cached_property
    def _in_flight(self) -> list[tuple[float, float]]:
        """For each process but the first, when what its predecessor sent may not have been recorded."""
        settled = sorted({row.sent_at.timestamp() for row in self.outbox if row.sent_at is not None})
        spans = []
        for start in self._moments("getMe")[1:]:
            last = bisect_left(settled, start) - SETTLEMENTS
            spans.append((settled[last] if last >= 0 else 0.0, start + SLOWEST))
        return spans

    @cached_property
    def recoveries(self) -> list[float]:
        """Seconds from each kill until the bot listened, and from each outage until it could save again."""
        listening = self._moments("deleteWebhook")
        after_kills = [listening[bisect_left(listening, kill)] - kill for kill in self.storm.rig.kills]
        saved = sorted(row.received_at.timestamp() for row in self.inbox)
        after_outages = [saved[bisect_left(saved, end)] - end for _, end in self.storm.outages]
        return after_kills + after_outages

    def _moments(self, method: str) -> list[float]:
        return [call["at"] for call in self.calls if call["method"] == method and call["ok"]]

    def _news(self) -> Iterator[str]:
        """Everybody whom it concerns was told, by one row, unless it was settled before; nobody else was."""
        accounts = {member.name: member.account for member in self.storm.company.members}
        for news in self.storm.ledger.news:
            hearers = self.storm.company.hearers(news.machines[0], news.status, news.author)
            wanted = Counter(accounts[name] for name in hearers)
            told = self._told[news.comment]
            self.told += told.total()
            if told < wanted and self._moved_on(news):
                self.settled += wanted.total() - told.total()
            elif told != wanted:
                yield f"{news}: told {dict(told)} instead of {dict(wanted)}"

    @cached_property
    def _told(self) -> dict[str, Counter[int]]:
        """By the words of an alert: whom the outbox has told how often, not counting what came again."""
        found: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for arrival in self.arrivals:
            text, keyboard = (str(arrival.call["params"].get(name)) for name in ("text", "reply_markup"))
            if arrival.place in self._recorded and ("whyme:" in keyboard or "Show these" in keyboard):
                said = text.partition("<blockquote>")[2].partition("</blockquote>")[0]
                found[html.unescape(said)][arrival.call["chat_id"]] += 1
        return found

    def _moved_on(self, news: News) -> bool:
        """Whether something has happened to the machine after that, so that there was nothing to tell."""
        lines = [line for line, _ in self.history if line.thing == news.machines[0].number]
        return lines[-1].comment != news.comment

    def _taken(self) -> Iterator[str]:
        """Whoever took a machine had pressed for it, and no machine that was pressed for is free."""
        pressed, held = self.storm.ledger.taken, set(self.claims)
        yield from (f"{name} took {number} unasked" for name, number in held - pressed)
        for number in {number for _, number in pressed} - {number for _, number in held}:
            yield f"nobody has got {number}, though somebody took it"

    def _refused(self) -> Iterator[str]:
        """The bot asked for nothing that Telegram refuses, but in normal life."""
        for call in self.calls:
            said = call["description"] or ""
            if call["error_code"] == BAD_REQUEST and not any(normal in said for normal in NORMAL_LIFE):
                yield str(call)

    def _log(self) -> Iterator[str]:
        """The bot wrote of no error, but of an outage while there was one."""
        for line in self.storm.rig.log.splitlines():
            event = json.loads(line) if line.startswith("{") else {"level": "error"}
            if event["level"] in {"error", "critical"} or "exception" in event:
                at = datetime.fromisoformat(event["timestamp"]).timestamp() if "timestamp" in event else 0
                if not any(begin <= at <= end + AFTERMATH for begin, end in self.storm.outages):
                    yield line


_HISTORY = (
    select(HistoryRecord, PersonRecord.name, ObjectRecord.number, OrganisationRecord.name)
    .join(PersonRecord, col(HistoryRecord.person_id) == PersonRecord.id)
    .join(ObjectRecord, col(HistoryRecord.object_id) == ObjectRecord.id, isouter=True)
    .join(OrganisationRecord, col(HistoryRecord.client_id) == OrganisationRecord.id, isouter=True)
    .order_by(col(HistoryRecord.id))
)
_CLAIMS = (
    select(PersonRecord.name, ObjectRecord.number)
    .select_from(ClaimRecord)
    .join(PersonRecord, col(ClaimRecord.person_id) == PersonRecord.id)
    .join(ObjectRecord, col(ClaimRecord.object_id) == ObjectRecord.id)
)


def _line(record: HistoryRecord, author: str, number: str | None, client: str | None) -> Line:
    return Line(author, number or client or "?", record.before, record.after, record.comment)
