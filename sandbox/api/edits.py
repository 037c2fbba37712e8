"""Methods that change or take back the bot's own messages."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.api.album import media_item
from sandbox.api.content import caption_content, text_content
from sandbox.errors import NOT_MODIFIED, bad_request
from sandbox.inline import find_inline
from sandbox.keyboards import read_inline
from sandbox.params import Params
from sandbox.state import Message, Room, Wire, World

_MEDIA = ("photo", "document")


def _editable(world: World, params: Params) -> tuple[Room, Message]:
    if "inline_message_id" in params.texts:
        return find_inline(world, params.text("inline_message_id"))
    room = world.writable(params.text("chat_id"))
    message = room.messages.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return room, message


def _apply(world: World, found: tuple[Room, Message], fields: Iterable[str], content: Wire) -> Wire | bool:
    """Replace ``fields`` of the message by ``content``, unless all is the same already.

    Of a message sent via inline mode the bot sees nothing but that it was done.
    """
    room, message = found
    changed = {key: value for key, value in message.wire.items() if key not in fields} | content
    if changed == message.wire:
        raise bad_request(NOT_MODIFIED)
    message.wire = changed | {"edit_date": int(world.clock.now())}
    world.touch(room, message)
    return True if message.inline_id else message.wire


def _keyboard(params: Params) -> Wire:
    markup = read_inline(params)
    return {} if markup is None else {"reply_markup": markup}


def edit_message_text(world: World, params: Params) -> Wire | bool:
    """Another text and keyboard; without ``reply_markup`` the keyboard goes."""
    content = text_content(params) | _keyboard(params)
    found = _editable(world, params)
    if "text" not in found[1].wire:
        raise bad_request("there is no text in the message to edit")
    return _apply(world, found, ("text", "entities", "reply_markup"), content)


def edit_message_caption(world: World, params: Params) -> Wire | bool:
    """Another caption and keyboard under a photo or a document."""
    content = caption_content(params) | _keyboard(params)
    found = _editable(world, params)
    if not any(kind in found[1].wire for kind in _MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _apply(world, found, ("caption", "caption_entities", "reply_markup"), content)


def edit_message_media(world: World, params: Params) -> Wire | bool:
    """Another photo or document with its own caption, and another keyboard or none."""
    found = _editable(world, params)
    content = media_item(world, params, params.json("media", "InputMedia")) | _keyboard(params)
    if not any(kind in found[1].wire for kind in (*_MEDIA, "text")):
        raise bad_request("there is no media in the message to edit")
    if "media_group_id" in found[1].wire and not any(k in found[1].wire and k in content for k in _MEDIA):
        raise bad_request("document can't be mixed with other media types")
    old = (*_MEDIA, "text", "entities", "caption", "caption_entities", "reply_markup")
    return _apply(world, found, old, content)


def edit_message_reply_markup(world: World, params: Params) -> Wire | bool:
    """Another keyboard, or none."""
    content = _keyboard(params)
    return _apply(world, _editable(world, params), ("reply_markup",), content)


def _delete(world: World, chat: Room, number: int) -> bool:
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
