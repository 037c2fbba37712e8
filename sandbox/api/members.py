"""Methods about groups: who is in, topics, and leaving."""

from __future__ import annotations

from sandbox.chats import GroupRoom, Wire
from sandbox.errors import PersonError, bad_request
from sandbox.groups import Groups, member, status_of
from sandbox.params import Params
from sandbox.state import World


def _group(world: World, params: Params) -> GroupRoom:
    room = world.writable(params.text("chat_id"))
    if not isinstance(room, GroupRoom):
        raise bad_request("there are no members in the private chat")
    return room


def get_chat_member(world: World, params: Params) -> Wire:
    """What somebody is in a group."""
    room, person = _group(world, params), params.integer("user_id")
    if person == world.bot.id:
        return member(world.bot.user(), room.group.bot)
    if person not in world.chats:
        raise bad_request("user not found")
    return member(world.chats[person].account.user(), status_of(room.group, person))


def get_chat_member_count(world: World, params: Params) -> int:
    """How many are in a group, the bot among them."""
    return len(_group(world, params).group.members) + 1


def get_chat_administrators(world: World, params: Params) -> list[Wire]:
    """Who runs a group; bots are listed when they are administrators, as this one may be."""
    room = _group(world, params)
    found = [
        (world.chats[person].account.user(), status_of(room.group, person)) for person in room.group.members
    ]
    found.append((world.bot.user(), room.group.bot))
    return [member(user, status) for user, status in found if status in {"creator", "administrator"}]


def leave_chat(world: World, params: Params) -> bool:
    """The bot goes by itself."""
    Groups(world).move_bot(_group(world, params), "left", None)
    return True


def create_forum_topic(world: World, params: Params) -> Wire:
    """A new topic, which the bot may open as an administrator only."""
    room = _group(world, params)
    if not room.group.forum:
        raise bad_request("the chat is not a forum")
    if room.group.bot != "administrator":
        raise bad_request("not enough rights to create a topic")
    try:
        act = Groups(world).add_topic(room, params.text("name"), None)
    except PersonError:
        raise bad_request("TOPIC_TITLE_EMPTY" if not params.text("name") else "TOPIC_TITLE_INVALID") from None
    (thread,) = act.message_ids
    said: Wire = room.messages[thread].wire["forum_topic_created"]
    return {"message_thread_id": thread} | said
