"""One of the crowd: sees a chat, presses and writes, and waits for what has to come, however long."""

import asyncio
import base64
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from domain.objects import ObjectStatus
from tests.torture.company import Machine, Member
from tests.torture.rig import PATIENCE, Json, Rig

LONGEST_POLL = 30.0


class Stuck(AssertionError):  # noqa: N818  # named by what is the case
    """What had to come did not."""


@dataclass(frozen=True)
class Line:
    """A line that has to stand in the history, once."""

    author: str
    thing: str
    before: str | None
    after: str | None
    comment: str


@dataclass(frozen=True)
class News:
    """Something of which people have to be told: the words by which it is known, and what it is about."""

    comment: str
    author: str
    machines: tuple[Machine, ...]
    status: ObjectStatus


@dataclass
class Ledger:
    """What the crowd did, written down when the sandbox has taken it."""

    lines: Counter[Line] = field(default_factory=Counter)
    news: list[News] = field(default_factory=list)
    taken: set[tuple[str, str]] = field(default_factory=set)
    """Who pressed «I take it» on which machine."""
    requests: list[Machine] = field(default_factory=list)
    """Clients ask for something about these, and nobody has answered yet."""
    updates: list[int] = field(default_factory=list)
    presses: int = 0
    comments: int = 0
    photos: int = 0
    walks: Counter[str] = field(default_factory=Counter)
    acted: asyncio.Condition = field(default_factory=asyncio.Condition)
    _numbers: Iterator[int] = field(default_factory=count)

    def new_comment(self, author: str) -> str:
        """Words that nobody has said before."""
        self.comments += 1
        return f"{author} says <{next(self._numbers)}> & means it"

    def new_terminal(self) -> str:
        """A terminal that is on no machine yet."""
        return f"TERM-{next(self._numbers):06}"


class Person:
    """The chat of one of the crowd."""

    def __init__(self, rig: Rig, member: Member, ledger: Ledger, chance: random.Random) -> None:
        self.rig = rig
        self.member = member
        self.name = member.name
        self.ledger = ledger
        self.chance = chance
        self._messages: dict[int, Json] = {}
        self._seq = 0
        self._since = 0

    # What one does

    async def opens(self, machine: Machine) -> None:
        """Follow the deep link of a machine."""
        await self._act("start", {"payload": f"o{machine.id}"})

    async def says(self, text: str, *, photo: bool = False) -> None:
        """Write, perhaps under a photo."""
        if not photo:
            await self._act("text", {"text": text})
            return
        self.ledger.photos += 1
        picture = base64.b64encode(_PIXEL + text.encode()).decode()
        await self._act("photo", {"photos": [picture], "caption": text})

    async def press(self, button: str, *fragments: str, twice: bool = False) -> Json:
        """Wait for a message that has all this, and press its button, perhaps twice in haste; the message."""
        message = await self.sees(*fragments, button=button)
        await self.press_at(message, button, twice=twice)
        return message

    async def press_at(self, message: Json, button: str, *, twice: bool = False) -> None:
        """Press a button of a message that is there."""
        data = _found(message, button)
        # It may have been taken off meanwhile: then one was a moment too late to see that.
        body = {"message_id": message["message_id"], "data": data, "forge": True}
        for again in range(1 + twice):
            self.ledger.presses += 1
            await self._act("press", body, anew=not again)

    async def _act(self, name: str, body: Json, *, anew: bool = True) -> None:
        await self._look()
        if anew:
            self._since = self._seq
        done = await self.rig.post(f"people/{self.member.account}/{name}", body)
        self.ledger.updates += done["update_ids"]
        async with self.ledger.acted:
            self.ledger.acted.notify_all()

    # What one sees

    async def sees(
        self, *fragments: str, button: str = "", ever: bool = False, patience: float = PATIENCE
    ) -> Json:
        """Wait until what came or changed since the last act (or ever) has all this in one message."""
        since = 0 if ever else self._since
        until = time.monotonic() + patience
        await self._look()
        while (found := self._newest(since, fragments, button)) is None:
            left = until - time.monotonic()
            if left <= 0:
                raise Stuck(f"{self.name} waits for {fragments} [{button}]\n{self.transcript()}")
            await self._look(min(left, LONGEST_POLL))
        return found

    async def looks_for(self, button: str, *fragments: str) -> list[Json]:
        """The messages that have this button and these words, newest first; at once."""
        await self._look()
        fitting = (m for m in reversed(self._messages.values()) if _has(m, fragments, button))
        return list(fitting)

    def _newest(self, since: int, fragments: tuple[str, ...], button: str) -> Json | None:
        fitting = (m for m in self._messages.values() if m["seq"] > since and _has(m, fragments, button))
        return max(fitting, key=lambda message: message["seq"], default=None)

    async def _look(self, wait: float = 0) -> None:
        chat = await self.rig.get(
            f"people/{self.member.account}/chat", after=self._seq, wait=f"{max(wait, 0):.3f}"
        )
        for message in chat["messages"]:
            self._messages[message["message_id"]] = {"keyboard": [], "text": "", **message}
        self._seq = chat["seq"]

    def transcript(self) -> str:
        """The chat as a page of text, for whoever has to find out what went wrong."""
        lines = [f"--- {self.name}'s chat, since {self._since} of {self._seq}"]
        said = [m for m in self._messages.values() if not _found(m, "Why did I get this?")]
        for message in sorted(said, key=lambda message: message["seq"])[-12:]:
            who = "<" if message["from"] == "bot" else ">"
            lines.append(f"{who} {message['message_id']} @{message['seq']} {_words(message)}")
            lines += ["    " + " ".join(f"[{k['text']}]" for k in line) for line in message["keyboard"]]
        return "\n".join(lines)


_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def _words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _has(message: Json, fragments: tuple[str, ...], button: str) -> bool:
    if message["from"] != "bot" or message.get("deleted"):
        return False
    words = _words(message)
    return all(one in words for one in fragments) and (not button or _found(message, button) is not None)


def _found(message: Json, button: str) -> str | None:
    """What the button of this label sends, None when there is none: « end» and «start…» are parts of one."""
    for key in (key for line in message["keyboard"] for key in line if "callback_data" in key):
        label = key["text"]
        if (
            label == button
            or (button[0] == " " and label.endswith(button))
            or (button[-1] == "…" and label.startswith(button[:-1]))
        ):
            return str(key["callback_data"])
    return None
