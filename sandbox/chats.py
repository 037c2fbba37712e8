"""Who takes part: people, groups and the bot, and the chats they write in."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from sandbox.waking import Bell

Wire = dict[str, Any]


@dataclass(frozen=True)
class Account:
    """A person. ``title``, ``group`` and ``hint`` are for the page alone.

    ``started`` says that the person has pressed Start, so the bot may write first.
    """

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    started: bool = False
    blocked: bool = False
    title: str = ""
    group: str = ""
    hint: str = ""
    phone: str = ""

    def user(self) -> Wire:
        """The person as the Bot API's User."""
        user: Wire = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return user | self._present("last_name", "username", "language_code")

    def chat(self) -> Wire:
        """The person's private chat as the Bot API's Chat."""
        chat: Wire = {"id": self.id, "type": "private", "first_name": self.first_name}
        return chat | self._present("last_name", "username")

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def _present(self, *names: str) -> Wire:
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass(frozen=True)
class Group:
    """A group: ``type`` is «group» or «supergroup»; ``topics`` are names by thread number.

    ``bot`` is the bot's place in it: «member», «administrator», «left», «kicked», or empty before it
    was ever added. ``upgraded`` is the number of the supergroup that it was made, 0 while it is itself.
    """

    id: int
    title: str
    type: str = "supergroup"
    forum: bool = False
    members: tuple[int, ...] = ()
    admins: tuple[int, ...] = ()
    topics: dict[str, str] = field(default_factory=dict)
    bot: str = ""
    upgraded: int = 0

    def chat(self) -> Wire:
        """The group as the Bot API's Chat."""
        chat: Wire = {"id": self.id, "type": self.type, "title": self.title}
        return chat | ({"is_forum": True} if self.forum else {})

    @property
    def name(self) -> str:
        """Its title."""
        return self.title

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in."""
        return self.bot in {"member", "administrator"}


@dataclass
class Message:
    """One message: ``wire`` is what the bot sees, ``seq`` the change that last touched it.

    ``inline_id`` names a message that was sent via the bot's inline mode.
    """

    wire: Wire
    from_bot: bool
    seq: int = 0
    deleted: bool = False
    inline_id: str = ""

    @property
    def message_id(self) -> int:
        """Its number in the chat."""
        return int(self.wire["message_id"])

    def flat(self) -> Wire:
        """As it stands in an answer to it: without what it answers itself."""
        return {name: value for name, value in self.wire.items() if name != "reply_to_message"}


@dataclass(kw_only=True)
class Room(ABC):
    """A chat that the bot may be in.

    ``born`` tells a chat from another of the same person or group before a reset or a restart.
    """

    seq: int = 0
    last_message_id: int = 0
    read_seq: int = 0
    reply_keyboard: Wire | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    toasts: list[Wire] = field(default_factory=list)
    typing_until: float = 0.0
    born: str = field(default_factory=lambda: str(time.time_ns()))
    changed: Bell = field(default_factory=Bell)

    @property
    @abstractmethod
    def place(self) -> Account | Group:
        """Whose chat it is."""

    @property
    def id(self) -> int:
        """The chat's number for the bot."""
        return self.place.id

    def unread(self) -> int:
        """How many of the bot's messages have not been seen."""
        newest_first = reversed(self.messages.values())
        return sum(m.from_bot and not m.deleted and m.seq > self.read_seq for m in newest_first)

    def typing(self) -> bool:
        """Whether the bot shows «typing…» now."""
        return time.monotonic() < self.typing_until


@dataclass(kw_only=True)
class Chat(Room):
    """One person's chat with the bot."""

    account: Account

    @property
    def place(self) -> Account:
        """The person."""
        return self.account


@dataclass(kw_only=True)
class GroupRoom(Room):
    """The chat of a group."""

    group: Group

    @property
    def place(self) -> Group:
        """The group."""
        return self.group


@dataclass(frozen=True)
class Bot:
    """The bot's identity."""

    id: int
    username: str
    name: str

    def user(self) -> Wire:
        """The bot as a User, as it stands in messages."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}
