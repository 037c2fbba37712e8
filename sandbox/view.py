"""A chat as those who are in it see it: what the control API gives to tests and to the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sandbox.api.commands import commands_for, commands_in
from sandbox.chats import Chat, GroupRoom, Message, Room, Wire
from sandbox.render import to_html, tree
from sandbox.state import World

FILES = "/sandbox/files"


def message_view(message: Message) -> Wire:
    """One message; a deleted one keeps its number only."""
    wire = message.wire
    sender = "bot" if message.from_bot else "person"
    view: Wire = {"message_id": message.message_id, "from": sender, "date": wire["date"], "seq": message.seq}
    if message.deleted:
        return view | {"deleted": True}
    view["author"] = {"id": wire["from"]["id"], "name": _name(wire["from"])}
    view |= {"edited": "edit_date" in wire, "text": wire.get("text", ""), "caption": wire.get("caption", "")}
    if service := _service(wire):
        view |= {"text": service, "service": True}
    rich = tree(
        view["text"] or view["caption"],
        wire.get("entities") or wire.get("caption_entities") or [],
    )
    view |= {"html": to_html(rich), "rich": rich}
    view["photos"] = [_photo_url(wire["photo"])] if "photo" in wire else []
    if "photo" in wire:
        view["photo_size"] = [wire["photo"][-1]["width"], wire["photo"][-1]["height"]]
    view["keyboard"] = wire.get("reply_markup", {}).get("inline_keyboard", [])
    for name in ("location", "venue", "contact", "media_group_id", "message_thread_id"):
        if name in wire:
            view[name] = wire[name]
    if "document" in wire:
        document = wire["document"]
        view["document"] = {
            "name": document["file_name"],
            "size": document["file_size"],
            "url": f"{FILES}/{document['file_id']}",
        }
    answered = wire.get("reply_to_message")
    if answered is not None and "forum_topic_created" not in answered:
        view["reply_to"] = {
            "message_id": answered["message_id"],
            "text": answered.get("text") or answered.get("caption") or "",
        }
    if "via_bot" in wire:
        view["via_bot"] = wire["via_bot"]["username"]
    if "forward_origin" in wire:
        view["forwarded_from"] = _origin(wire["forward_origin"])
    return view


def _name(user: Wire) -> str:
    return f"{user['first_name']} {user.get('last_name', '')}".strip()


def _origin(origin: Wire) -> str:
    if "sender_user" in origin:
        return _name(origin["sender_user"])
    chat = origin.get("sender_chat") or origin.get("chat") or {}
    return str(origin.get("sender_user_name") or chat.get("title") or "?")


def _service(wire: Wire) -> str:
    """What a message says that nobody wrote."""
    if "new_chat_members" in wire:
        return f"{_name(wire['from'])} added {', '.join(map(_name, wire['new_chat_members']))}"
    if "forum_topic_created" in wire:
        return f"{_name(wire['from'])} opened the topic «{wire['forum_topic_created']['name']}»"
    return ""


def _photo_url(sizes: list[Wire]) -> str:
    return f"{FILES}/{sizes[-1]['file_id']}"


def chat_view(world: World, room: Room, after: int = 0, limit: int = 0, before: int = 0) -> Wire:
    """What changed in a chat since ``after`` (0: all of it, or the newest ``limit`` messages).

    With ``before`` only messages of lower numbers, which is how one leafs back.
    """
    messages = [message for message in room.messages.values() if message.seq > after]
    if before:
        messages = [m for m in messages if m.message_id < before and not m.deleted]
    shown = messages[-limit:]
    queries, pending = world.queries.waiting(), world.updates.pending_of(room.id)
    here = [query for query in queries if query.get("chat_id", query["person"]) == room.id]
    if isinstance(room, Chat):
        # What a person waits for in a group counts too.
        queries = [query for query in queries if query["person"] == room.id]
        state = {"started": room.account.started, "blocked": room.account.blocked}
        commands = commands_for(world, room.account)
    else:
        assert isinstance(room, GroupRoom)  # noqa: S101 - for the type checker
        queries = here
        state = {"started": room.group.has_bot, "blocked": False}
        commands = commands_in(world, room)
    return {
        "messages": [message_view(message) for message in shown],
        "more": len(shown) < len(messages),
        "toasts": [toast for toast in room.toasts if toast["seq"] > after],
        "commands": commands,
        "reply_keyboard": room.reply_keyboard,
        "typing": room.typing(),
        "waiting": [{name: query[name] for name in ("message_id", "data")} for query in here],
        "unanswered": len(queries),
        "pending": pending,
        "idle": not pending and not queries,
        **state,
        "seq": room.seq,
    }


def account_view(world: World, room: Room) -> Wire:
    """One person or group for the list: who they are, how far their chat is, what is not read."""
    last = next((m for m in reversed(room.messages.values()) if not m.deleted), None)
    summary: dict[str, Any] = {"text": "", "date": 0, "from": ""}
    if last is not None:
        kind = next((k for k in ("photo", "document", "venue", "location", "contact") if k in last.wire), "")
        text = last.wire.get("text") or last.wire.get("caption") or _service(last.wire) or kind.title()
        sender = "bot" if last.from_bot else "person"
        summary = {"text": text.partition("\n")[0][:80], "date": last.wire["date"], "from": sender}
        if isinstance(room, GroupRoom):
            summary["name"] = _name(last.wire["from"])
    return _who(room) | {
        "unread": room.unread(),
        "seq": room.seq,
        "born": room.born,
        "pending": world.updates.pending_of(room.id),
        "typing": room.typing(),
        "last": summary,
    }


def _who(room: Room) -> Wire:
    if isinstance(room, Chat):
        return asdict(room.account)
    assert isinstance(room, GroupRoom)  # noqa: S101 - for the type checker
    group = room.group
    here = {"": "not in it yet", "left": "has left", "kicked": "was removed"}.get(
        group.bot, f"is {group.bot}"
    )
    return asdict(group) | {
        "kind": "group",
        "first_name": group.title,
        "last_name": "",
        "username": "",
        "group": "Groups",
        "hint": "",
        "title": f"{len(group.members)} people, the bot {here}",
        "started": group.has_bot,
        "blocked": False,
    }
