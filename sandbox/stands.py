"""Where a person speaks from, and which of it the bot hears."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from sandbox.chats import Account, Chat, GroupRoom, Message, Room, Wire
from sandbox.errors import PersonError
from sandbox.state import World

_SERVICE = frozenset(
    [
        "new_chat_members", "left_chat_member", "forum_topic_created", "migrate_to_chat_id",
        "migrate_from_chat_id",
    ]
)  # fmt: skip


@dataclass
class Act:
    """What one act of a person brought about."""

    update_ids: list[int] = field(default_factory=list)
    message_ids: list[int] = field(default_factory=list)
    query_id: str = ""

    def json(self) -> Wire:
        """The answer of the control API."""
        return {name: value for name, value in asdict(self).items() if name != "query_id" or value}


@dataclass(frozen=True)
class Stand:
    """A person in their chat with the bot, or in a group and perhaps in one of its topics."""

    author: Account
    room: Room
    thread: int = 0

    def message(self, number: int) -> Message:
        """A message one can see here."""
        message = self.room.messages.get(number)
        if message is None or message.deleted:
            raise PersonError(f"message {number} is not in the chat of {self.room.place.name}")
        return message


def stand(world: World, person: int, body: Wire) -> Stand:
    """Where an act takes place: ``chat_id`` and ``thread_id`` of its body, one's own chat by default."""
    account = world.chat_of(person).account
    number, thread = int(body.get("chat_id") or person), int(body.get("thread_id") or 0)
    room = world.room(number)
    if isinstance(room, Chat):
        if number != person:
            raise PersonError("a person's chat with the bot is open to that person only")
        if account.blocked:
            raise PersonError(f"{account.first_name} has blocked the bot: unblock it first")
    elif isinstance(room, GroupRoom):
        if room.group.upgraded:
            raise PersonError(f"{room.group.title} is a supergroup now: {room.group.upgraded}")
        if person not in room.group.members:
            raise PersonError(f"{account.first_name} is not a member of {room.group.title}")
        if thread and str(thread) not in room.group.topics:
            raise PersonError(f"{room.group.title} has no topic {thread}", status=404)
    return Stand(account, room, thread)


def say(world: World, at: Stand, contents: list[Wire]) -> Act:
    """Post a person's messages, and queue an update for each that the bot hears.

    Whoever writes to the bot has started it.
    """
    act = Act()
    if isinstance(at.room, Chat) and not at.room.account.started:
        world.declare({"id": at.author.id, "started": True})
    for content in contents:
        message = world.post(at.room, threaded(at.room, at.thread) | content, at.author)
        act.message_ids.append(message.message_id)
        if hears(world, at.room, message.wire):
            act.update_ids.append(world.updates.add(at.author.id, "message", message.wire, at.room.id))
    return act


def threaded(room: Room, thread: int) -> Wire:
    """What a message in a topic has more: it answers the message that made the topic, as in Telegram."""
    if not thread:
        return {}
    beginning = room.messages.get(thread)
    reply = {"reply_to_message": beginning.flat()} if beginning and not beginning.deleted else {}
    return {"message_thread_id": thread, "is_topic_message": True} | reply


def hears(world: World, room: Room, wire: Wire) -> bool:
    """Whether a message reaches the bot: in a group only as its privacy mode allows."""
    if isinstance(room, Chat):
        return True
    assert isinstance(room, GroupRoom)  # noqa: S101 - for the type checker
    if not room.group.has_bot:
        return False
    if not world.settings.privacy or room.group.bot == "administrator" or _SERVICE & wire.keys():
        return True
    bot = world.bot
    answered = wire.get("reply_to_message", {})
    if "forum_topic_created" not in answered and answered.get("from", {}).get("id") == bot.id:
        return True
    return wire.get("via_bot", {}).get("id") == bot.id or _names(wire, bot.username.lower())


def _names(wire: Wire, username: str) -> bool:
    """Whether a command or a mention means this bot; a command without a name means every bot."""
    units = (wire.get("text") or wire.get("caption") or "").encode("utf-16-le")
    for entity in wire.get("entities") or wire.get("caption_entities") or []:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        inside = units[2 * start : 2 * end].decode("utf-16-le", "replace").lower()
        if entity["type"] == "bot_command" and inside.partition("@")[2] in {"", username}:
            return True
        if entity["type"] == "mention" and inside == f"@{username}":
            return True
    return False
