"""The transaction of one update, and all that it will leave behind once it is committed."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from domain.process import Reason
from storage.database import UnitOfWork
from storage.writer import Held, Writer

Key = tuple[int | str, ...]
"""The chat and the account, by which the library knows a conversation."""
Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a press: a line over the chat, or a window when ``alert``."""

    query_id: str
    text: str | None = None
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """Something that a person may send into any chat by the bot's inline mode."""

    id: str
    title: str
    description: str
    text: str
    button: str
    url: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The answer to an inline query."""

    query_id: str
    articles: tuple[Article, ...]


class Place(Protocol):
    """Something that knows where people are: a dialogue."""

    def put(self, key: Key, state: object) -> None:
        """Put the person at a state, None: nowhere."""


@dataclass(slots=True)
class Unit:
    """The transaction of one update and all that it will leave behind."""

    writer: Writer
    clock: Clock
    bot_name: str
    show_truth: Callable[[Any, Reason], object]
    """What to show after a refusal that no step foresaw: how things are now."""
    held: Held | None = None
    failure: Exception | None = None
    answer: Answer | Offer | None = None
    draft: dict[str, Any] = field(default_factory=dict)
    before: dict[Place, tuple[Key, object]] = field(default_factory=dict)
    place: tuple[str, Key, object] | None = None  # where the person is after this update

    async def run(self, work: Callable[[UnitOfWork], Any]) -> Any:  # noqa: ANN401  # whatever work returns
        """Run ``work`` inside the transaction, which opens with the first call."""
        if self.held is None:
            self.held = await self.writer.hold()
        return await self.held.run(work)

    def undo_states(self) -> None:
        """Put the dialogues back where they were before this try."""
        for dialogue, (key, old) in self.before.items():
            dialogue.put(key, old)


current: ContextVar[Unit | None] = ContextVar("unit", default=None)


def in_transaction() -> bool:
    """Whether the caller runs inside an update's transaction, where the network is forbidden."""
    unit = current.get()
    return unit is not None and unit.held is not None and unit.held.open


def unit_in_hand() -> Unit:
    """The unit of the update that is being handled; ``RuntimeError`` outside of one."""
    unit = current.get()
    if unit is None:
        raise RuntimeError("a step was called outside the handling of an update")
    return unit
