"""The world of the sandbox: people, their chats with the bot, files, commands.

Whoever changes a chat goes through ``World``, which numbers the change (``seq``), keeps it, and
wakes those who look at the chat.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sandbox.errors import PersonError, bad_request, blocked, cannot_initiate
from sandbox.files import Files
from sandbox.store import Store
from sandbox.updates import UpdateQueue
from sandbox.waking import Bell

Wire = dict[str, Any]
TOASTS_KEPT = 50
TYPING_SECONDS = 5.0


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

    def _present(self, *names: str) -> Wire:
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass
class Message:
    """One message: ``wire`` is what the bot sees, ``seq`` the change that last touched it."""

    wire: Wire
    from_bot: bool
    seq: int = 0
    deleted: bool = False

    @property
    def message_id(self) -> int:
        """Its number in the chat."""
        return int(self.wire["message_id"])


@dataclass
class Chat:
    """One person's chat with the bot.

    ``born`` tells a chat from another of the same person before a reset or a restart.
    """

    account: Account
    seq: int = 0
    last_message_id: int = 0
    read_seq: int = 0
    reply_keyboard: Wire | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    toasts: list[Wire] = field(default_factory=list)
    typing_until: float = 0.0
    born: str = field(default_factory=lambda: str(time.time_ns()))
    changed: Bell = field(default_factory=Bell)

    def unread(self) -> int:
        """How many of the bot's messages the person has not seen."""
        newest_first = reversed(self.messages.values())
        return sum(m.from_bot and not m.deleted and m.seq > self.read_seq for m in newest_first)

    def typing(self) -> bool:
        """Whether the bot shows «typing…» now."""
        return time.monotonic() < self.typing_until


@dataclass(frozen=True)
class Bot:
    """The bot's identity."""

    id: int
    username: str
    name: str

    def user(self) -> Wire:
        """The bot as a User, as it stands in messages."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


class World:
    """Everything the sandbox knows, loaded from the store and written through to it."""

    def __init__(self, bot: Bot, store: Store) -> None:
        self.bot = bot
        self.store = store
        self.updates = UpdateQueue(store)
        self.files = Files(store)
        self.changed = Bell()
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Wire] = dict(store.rows("query"))
        self.commands: dict[str, list[Wire]] = dict(store.rows("commands"))
        self.profile: dict[str, Any] = dict(store.rows("profile"))
        self._counters: dict[str, int] = dict(store.rows("counter"))
        self._load()

    def _load(self) -> None:
        for _, body in self.store.rows("account"):
            account = Account(**body)
            self.chats[account.id] = Chat(account)
        for key, meta in self.store.rows("chat"):
            chat = self.chats[int(key)]
            chat.seq, chat.last_message_id, chat.read_seq, chat.reply_keyboard, chat.toasts = meta
        for key, body in sorted(self.store.rows("message"), key=lambda row: int(row[0].split(":")[1])):
            self.chats[int(key.split(":")[0])].messages[int(key.split(":")[1])] = Message(**body)

    def next(self, counter: str) -> int:
        """The next number of a counter that outlives restarts and resets."""
        self._counters[counter] = self._counters.get(counter, 0) + 1
        self.store.put("counter", counter, self._counters[counter])
        return self._counters[counter]

    def declare(self, fields: Wire) -> Account:
        """Add a person, or change what is named of one already known."""
        known = self.chats.get(int(fields["id"]))
        if known is None:
            account = Account(**fields)
            self.chats[account.id] = Chat(account, last_message_id=self._counters.get("message-floor", 0))
        else:
            account = known.account = replace(known.account, **fields)
        self.store.put("account", account.id, asdict(account))
        self.touch(self.chats[account.id])
        return account

    def chat_of(self, person: int) -> Chat:
        """A declared person's chat."""
        if person not in self.chats:
            raise PersonError(f"nobody with id {person} is declared", status=404)
        return self.chats[person]

    def writable(self, chat_id: str) -> Chat:
        """The chat a bot names, if the bot may write to it; else Telegram's refusal."""
        chat = self.known(chat_id)
        if chat.account.blocked:
            raise blocked()
        if not chat.account.started:
            raise cannot_initiate()
        return chat

    def known(self, chat_id: str) -> Chat:
        """The chat a bot names, whether or not it may write there."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        if not chat_id.lstrip("-").isdecimal() or int(chat_id) not in self.chats:
            raise bad_request("chat not found")
        return self.chats[int(chat_id)]

    def touch(self, chat: Chat, message: Message | None = None) -> int:
        """Number a change of the chat, keep it, and wake those who look; gives the number."""
        chat.seq += 1
        key = chat.account.id
        if message is not None:
            message.seq = chat.seq
            body = {name: getattr(message, name) for name in ("wire", "from_bot", "seq", "deleted")}
            self.store.put("message", f"{key}:{message.message_id}", body)
        self._keep(chat)
        chat.changed.ring()
        self.changed.ring()
        return chat.seq

    def _keep(self, chat: Chat) -> None:
        meta = (chat.seq, chat.last_message_id, chat.read_seq, chat.reply_keyboard, chat.toasts)
        self.store.put("chat", chat.account.id, meta)

    def post(self, chat: Chat, content: Wire, *, from_bot: bool) -> Message:
        """Put a new message into the chat; ``content`` is all but its number, sender, chat and date."""
        chat.last_message_id += 1
        sender = self.bot.user() if from_bot else chat.account.user()
        wire = {
            "message_id": chat.last_message_id,
            "from": sender,
            "chat": chat.account.chat(),
            "date": int(time.time()),
        } | content
        message = Message(wire, from_bot)
        chat.messages[message.message_id] = message
        if from_bot:
            chat.typing_until = 0.0
        else:
            # Whoever writes has the chat open, so all above is read.
            chat.read_seq = chat.seq + 1
        self.touch(chat, message)
        return message

    def show_toast(self, chat: Chat, toast: Wire) -> None:
        """Show the answer of a press to the person."""
        chat.toasts = [*chat.toasts, toast | {"seq": chat.seq + 1}][-TOASTS_KEPT:]
        self.touch(chat)

    def show_typing(self, chat: Chat) -> None:
        """Show «typing…» for a while; no change of the chat, so it has no number."""
        chat.typing_until = time.monotonic() + TYPING_SECONDS
        self.changed.ring()

    def read(self, chat: Chat, seq: int) -> None:
        """Remember that the person has seen everything up to ``seq``."""
        if seq > chat.read_seq:
            chat.read_seq = min(seq, chat.seq)
            self._keep(chat)
            self.changed.ring()

    def queries_of(self, person: int) -> list[Wire]:
        """The person's presses the bot has not answered yet."""
        return [query for query in self.queries.values() if query["person"] == person]

    def reset(self) -> None:
        """Forget people, chats, files, commands and pending updates; all ids go on from where they are."""
        floor = max((chat.last_message_id for chat in self.chats.values()), default=0)
        self._counters["message-floor"] = max(floor, self._counters.get("message-floor", 0))
        self.updates.drop()
        for chat in self.chats.values():
            chat.changed.ring()
        for held in (self.chats, self.queries, self.commands, self.profile):
            held.clear()
        self.store.clear()
        self.files.clear()
        for counter, value in self._counters.items():
            self.store.put("counter", counter, value)
        self.store.put("updates-meta", "next_id", self.updates.next_id)
        self.changed.ring()
