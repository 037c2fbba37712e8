"""Methods that change or take back the bot's own messages."""

from __future__ import annotations

import time
from collections.abc import Iterable

from sandbox.api.content import caption_content, text_content
from sandbox.errors import NOT_MODIFIED, bad_request
from sandbox.keyboards import read_inline
from sandbox.params import Params
from sandbox.state import Chat, Message, Wire, World

_MEDIA = ("photo", "document")


def _editable(world: World, params: Params) -> tuple[Chat, Message]:
    chat = world.writable(params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _apply(world: World, found: tuple[Chat, Message], fields: Iterable[str], content: Wire) -> Wire:
    """Replace ``fields`` of the message by ``content``, unless all is the same already."""
    chat, message = found
    changed = {key: value for key, value in message.wire.items() if key not in fields} | content
    if changed == message.wire:
        raise bad_request(NOT_MODIFIED)
    message.wire = changed | {"edit_date": int(time.time())}
    world.touch(chat, message)
    return message.wire


def _keyboard(params: Params) -> Wire:
    markup = read_inline(params)
    return {} if markup is None else {"reply_markup": markup}


def edit_message_text(world: World, params: Params) -> Wire:
    """Another text and keyboard; without ``reply_markup`` the keyboard goes."""
    content = text_content(params) | _keyboard(params)
    found = _editable(world, params)
    if "text" not in found[1].wire:
        raise bad_request("there is no text in the message to edit")
    return _apply(world, found, ("text", "entities", "reply_markup"), content)


def edit_message_caption(world: World, params: Params) -> Wire:
    """Another caption and keyboard under a photo or a document."""
    content = caption_content(params) | _keyboard(params)
    found = _editable(world, params)
    if not any(kind in found[1].wire for kind in _MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _apply(world, found, ("caption", "caption_entities", "reply_markup"), content)


def edit_message_reply_markup(world: World, params: Params) -> Wire:
    """Another keyboard, or none."""
    content = _keyboard(params)
    return _apply(world, _editable(world, params), ("reply_markup",), content)


def _delete(world: World, chat: Chat, number: int) -> bool:
    message = chat.messages.get(number)
    if message is None or message.deleted:
        return False
    message.deleted = True
    world.touch(chat, message)
    return True


def delete_message(world: World, params: Params) -> bool:
    """Take a message out of the chat, the bot's or the person's."""
    chat = world.writable(params.text("chat_id"))
    if not _delete(world, chat, params.integer("message_id")):
        raise bad_request("message to delete not found")
    return True


def delete_messages(world: World, params: Params) -> bool:
    """Take several messages out; those not found are passed over."""
    chat = world.writable(params.text("chat_id"))
    for number in params.json("message_ids", "message identifiers") or []:
        _delete(world, chat, int(number))
    return True
