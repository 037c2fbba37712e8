"""The world of the sandbox: people, groups, their chats with the bot, files, commands.

Whoever changes a chat goes through ``World``, which numbers the change (``seq``), keeps it, and
wakes those who look at the chat.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain
from typing import Any

from sandbox.chats import Account, Bot, Chat, Group, GroupRoom, Message, Room, Wire
from sandbox.clock import Clock
from sandbox.desk import Desk
from sandbox.errors import PersonError, bad_request, blocked, cannot_initiate, not_in_group, upgraded
from sandbox.files import Files
from sandbox.queries import Queries
from sandbox.settings import Settings
from sandbox.store import Store
from sandbox.updates import UpdateQueue
from sandbox.waking import Bell

__all__ = ["Account", "Bot", "Chat", "Group", "GroupRoom", "Message", "Room", "Wire", "World"]

TOASTS_KEPT = 50
TYPING_SECONDS = 5.0


class World:
    """Everything the sandbox knows, loaded from the store and written through to it."""

    def __init__(
        self, bot: Bot, store: Store, clock: Clock | None = None, settings: Settings | None = None
    ) -> None:
        self.bot = bot
        self.store = store
        self.clock = clock or Clock()
        self.settings = self._first_settings = settings or Settings()
        self.updates = UpdateQueue(store)
        self.files = Files(store)
        self.changed = Bell()
        self.chats: dict[int, Chat] = {}
        self.groups: dict[int, GroupRoom] = {}
        self.queries = Queries(store, self.clock, lambda: self.settings.query_age)
        self.inline = Desk()
        self.commands: dict[str, list[Wire]] = dict(store.rows("commands"))
        self.profile: dict[str, Any] = dict(store.rows("profile"))
        self._counters: dict[str, int] = dict(store.rows("counter"))
        self._load()

    def _load(self) -> None:
        for _, body in self.store.rows("account"):
            account = Account(**body)
            self.chats[account.id] = Chat(account=account)
        for _, body in self.store.rows("group"):
            members, admins = tuple(body.pop("members")), tuple(body.pop("admins"))
            group = Group(**body, members=members, admins=admins)
            self.groups[group.id] = GroupRoom(group=group)
        for key, meta in self.store.rows("chat"):
            room = self.room(int(key))
            room.seq, room.last_message_id, room.read_seq, room.reply_keyboard, room.toasts = meta
        for key, body in sorted(self.store.rows("message"), key=lambda row: int(row[0].split(":")[1])):
            self.room(int(key.split(":")[0])).messages[int(key.split(":")[1])] = Message(**body)

    def next(self, counter: str) -> int:
        """The next number of a counter that outlives restarts and resets."""
        self._counters[counter] = self._counters.get(counter, 0) + 1
        self.store.put("counter", counter, self._counters[counter])
        return self._counters[counter]

    def rooms(self) -> Iterator[Room]:
        """Every chat, people's first."""
        return chain(self.chats.values(), self.groups.values())

    def declare(self, fields: Wire) -> Account:
        """Add a person, or change what is named of one already known."""
        known = self.chats.get(int(fields["id"]))
        if known is None:
            account = Account(**fields)
            floor = self._counters.get("message-floor", 0)
            self.chats[account.id] = Chat(account=account, last_message_id=floor)
        else:
            account = known.account = replace(known.account, **fields)
        self.store.put("account", account.id, asdict(account))
        self.touch(self.chats[account.id])
        return account

    def keep_group(self, group: Group) -> GroupRoom:
        """Add a group, or put it in the place of what was known of it."""
        if group.id not in self.groups:
            floor = self._counters.get("message-floor", 0)
            self.groups[group.id] = GroupRoom(group=group, last_message_id=floor)
        room = self.groups[group.id]
        room.group = group
        self.store.put("group", group.id, asdict(group))
        self.touch(room)
        return room

    def chat_of(self, person: int) -> Chat:
        """A declared person's chat."""
        if person not in self.chats:
            raise PersonError(f"nobody with id {person} is declared", status=404)
        return self.chats[person]

    def room(self, number: int) -> Room:
        """A declared person's chat, or a group's."""
        if number in self.groups:
            return self.groups[number]
        return self.chat_of(number)

    def writable(self, chat_id: str) -> Room:
        """The chat a bot names, if the bot may write to it; else Telegram's refusal."""
        room = self.known(chat_id)
        if isinstance(room, GroupRoom):
            if room.group.upgraded:
                raise upgraded(room.group.upgraded)
            if not room.group.has_bot:
                raise not_in_group(room.group.type, kicked=room.group.bot == "kicked")
        elif isinstance(room, Chat):
            if room.account.blocked:
                raise blocked()
            if not room.account.started:
                raise cannot_initiate()
        return room

    def known(self, chat_id: str) -> Room:
        """The chat a bot names, whether or not it may write there."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        number = int(chat_id) if chat_id.removeprefix("-").isdecimal() else 0
        group = self.groups.get(number)
        if group is not None and group.group.bot:
            return group
        if number not in self.chats:
            raise bad_request("chat not found")
        return self.chats[number]

    def touch(self, room: Room, message: Message | None = None) -> int:
        """Number a change of the chat, keep it, and wake those who look; gives the number."""
        room.seq += 1
        if message is not None:
            message.seq = room.seq
            self.store.put("message", f"{room.id}:{message.message_id}", vars(message))
        self._keep(room)
        room.changed.ring()
        self.changed.ring()
        return room.seq

    def _keep(self, room: Room) -> None:
        meta = (room.seq, room.last_message_id, room.read_seq, room.reply_keyboard, room.toasts)
        self.store.put("chat", room.id, meta)

    def post(self, room: Room, content: Wire, author: Account | None = None) -> Message:
        """Put a new message of a person, or of the bot, into the chat.

        ``content`` is all but its number, sender, chat and date.
        """
        room.last_message_id += 1
        wire = {
            "message_id": room.last_message_id,
            "from": author.user() if author else self.bot.user(),
            "chat": room.place.chat(),
            "date": int(self.clock.now()),
        } | content
        message = Message(wire, from_bot=author is None)
        room.messages[message.message_id] = message
        if message.from_bot:
            room.typing_until = 0.0
        else:
            # Whoever writes has the chat open, so all above is read.
            room.read_seq = room.seq + 1
        self.touch(room, message)
        return message

    def show_toast(self, room: Room, toast: Wire) -> None:
        """Show the answer of a press to the person."""
        room.toasts = [*room.toasts, toast | {"seq": room.seq + 1}][-TOASTS_KEPT:]
        self.touch(room)

    def show_typing(self, room: Room) -> None:
        """Show «typing…» for a while; no change of the chat, so it has no number."""
        room.typing_until = time.monotonic() + TYPING_SECONDS
        self.changed.ring()

    def read(self, room: Room, seq: int) -> None:
        """Remember that everything up to ``seq`` was seen."""
        if seq > room.read_seq:
            room.read_seq = min(seq, room.seq)
            self._keep(room)
            self.changed.ring()

    def ring(self) -> None:
        """Wake everybody who looks at anything."""
        for room in self.rooms():
            room.changed.ring()
        self.changed.ring()

    def reset(self) -> None:
        """Forget people, chats, files, commands and pending updates; all ids go on from where they are."""
        floor = max((room.last_message_id for room in self.rooms()), default=0)
        self._counters["message-floor"] = max(floor, self._counters.get("message-floor", 0))
        self.settings = self._first_settings
        self.updates.drop()
        self.ring()
        self.queries.clear()
        self.inline.clear()
        for held in (self.chats, self.groups, self.commands, self.profile):
            held.clear()
        self.store.clear()
        self.files.clear()
        for counter, value in self._counters.items():
            self.store.put("counter", counter, value)
        self.updates.keep()
        self.changed.ring()
