"""A chat as its person sees it: what the control API gives to tests and to the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sandbox.api.commands import commands_for
from sandbox.render import to_html, tree
from sandbox.state import Chat, Message, Wire, World

FILES = "/sandbox/files"


def message_view(message: Message) -> Wire:
    """One message; a deleted one keeps its number only."""
    wire = message.wire
    sender = "bot" if message.from_bot else "person"
    view: Wire = {"message_id": message.message_id, "from": sender, "date": wire["date"], "seq": message.seq}
    if message.deleted:
        return view | {"deleted": True}
    view |= {"edited": "edit_date" in wire, "text": wire.get("text", ""), "caption": wire.get("caption", "")}
    rich = tree(
        view["text"] or view["caption"],
        wire.get("entities") or wire.get("caption_entities") or [],
    )
    view |= {"html": to_html(rich), "rich": rich}
    view["photos"] = [_photo_url(wire["photo"])] if "photo" in wire else []
    if "photo" in wire:
        view["photo_size"] = [wire["photo"][-1]["width"], wire["photo"][-1]["height"]]
    view["keyboard"] = wire.get("reply_markup", {}).get("inline_keyboard", [])
    for name in ("location", "venue", "contact", "media_group_id"):
        if name in wire:
            view[name] = wire[name]
    if "document" in wire:
        document = wire["document"]
        view["document"] = {
            "name": document["file_name"],
            "size": document["file_size"],
            "url": f"{FILES}/{document['file_id']}",
        }
    if "reply_to_message" in wire:
        answered = wire["reply_to_message"]
        view["reply_to"] = {
            "message_id": answered["message_id"],
            "text": answered.get("text") or answered.get("caption") or "",
        }
    return view


def _photo_url(sizes: list[Wire]) -> str:
    return f"{FILES}/{sizes[-1]['file_id']}"


def chat_view(world: World, chat: Chat, after: int = 0, limit: int = 0) -> Wire:
    """What changed in a chat since ``after`` (0: all of it, or the newest ``limit`` messages)."""
    person = chat.account.id
    messages = [message for message in chat.messages.values() if message.seq > after]
    waiting = world.queries_of(person)
    pending = world.updates.pending_of(person)
    return {
        "messages": [message_view(message) for message in messages[-limit:]],
        "toasts": [toast for toast in chat.toasts if toast["seq"] > after],
        "commands": commands_for(world, chat.account),
        "reply_keyboard": chat.reply_keyboard,
        "typing": chat.typing(),
        "waiting": [{"message_id": query["message_id"], "data": query["data"]} for query in waiting],
        "unanswered": len(waiting),
        "pending": pending,
        "idle": not pending and not waiting,
        "started": chat.account.started,
        "blocked": chat.account.blocked,
        "seq": chat.seq,
    }


def account_view(world: World, chat: Chat) -> Wire:
    """One person for the list: who they are, how far their chat is, what they have not read."""
    last = next((m for m in reversed(chat.messages.values()) if not m.deleted), None)
    summary: dict[str, Any] = {"text": "", "date": 0, "from": ""}
    if last is not None:
        kind = next((k for k in ("photo", "document", "venue", "location", "contact") if k in last.wire), "")
        text = last.wire.get("text") or last.wire.get("caption") or kind.title()
        sender = "bot" if last.from_bot else "person"
        summary = {"text": text.partition("\n")[0][:80], "date": last.wire["date"], "from": sender}
    return asdict(chat.account) | {
        "unread": chat.unread(),
        "seq": chat.seq,
        "born": chat.born,
        "pending": world.updates.pending_of(chat.account.id),
        "typing": chat.typing(),
        "last": summary,
    }
