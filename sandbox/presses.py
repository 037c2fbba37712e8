"""Presses of buttons: each becomes a callback query that waits for the bot's answer."""

from __future__ import annotations

from sandbox.chats import Message, Wire
from sandbox.errors import PersonError
from sandbox.stands import Act, Stand
from sandbox.state import World


def newest_keyboard(at: Stand) -> Message:
    """The newest message with buttons."""
    for message in reversed(at.room.messages.values()):
        if not message.deleted and "reply_markup" in message.wire:
            return message
    raise PersonError(f"no message in the chat of {at.room.place.name} has buttons")


def find_button(message: Message, body: Wire) -> Wire:
    """The button with the data or the label that is asked for."""
    rows = message.wire.get("reply_markup", {}).get("inline_keyboard", [])
    buttons: list[Wire] = [button for row in rows for button in row]
    for button in buttons:
        if "data" in body and button.get("callback_data") == body["data"]:
            return button
        if "data" not in body and button["text"] == body.get("button"):
            return button
    wanted = body.get("data", body.get("button"))
    labels = ", ".join(f"«{button['text']}»" for button in buttons) or "none"
    raise PersonError(f"message {message.message_id} has no button «{wanted}»; its buttons: {labels}")


def ask(world: World, at: Stand, number: int, data: str) -> Act:
    """Queue a callback query about a message, which may be gone or never have been."""
    query_id = f"{at.author.id}{world.next('query'):09d}"
    message = at.room.messages.get(number)
    about = {"id": query_id, "person": at.author.id, "chat_id": at.room.id}
    world.queries.add(about | {"message_id": number, "data": data})
    body: Wire = {
        "id": query_id,
        "from": at.author.user(),
        "chat_instance": str(-at.room.id),
        "data": data,
    }
    if message is None or message.deleted:
        body["message"] = {"chat": at.room.place.chat(), "message_id": number, "date": 0}
    elif message.inline_id:
        body["inline_message_id"] = message.inline_id
    else:
        body["message"] = message.wire
    update_id = world.updates.add(at.author.id, "callback_query", body, at.room.id)
    world.touch(at.room)
    return Act([update_id], [number])
