"""Parts that several methods share: a parsed text, the message answered to, an uploaded or known file."""

from __future__ import annotations

from typing import Any

from sandbox.entities import parse
from sandbox.errors import bad_request
from sandbox.files import StoredFile
from sandbox.keyboards import read_markup
from sandbox.limits import DOCUMENT_BYTES, check_caption, check_text
from sandbox.params import Params
from sandbox.stands import threaded
from sandbox.state import GroupRoom, Message, Room, Wire, World


def text_content(params: Params) -> Wire:
    """``text`` and ``entities`` of a call."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    text, entities = parse(params.text("text"), params.text("parse_mode"), _entities(params, "entities"))
    check_text(text)
    return {"text": text} | ({"entities": entities} if entities else {})


def caption_content(params: Params) -> Wire:
    """``caption`` and ``caption_entities`` of a call; empty when there is none."""
    return caption_of(
        params.text("caption"), params.text("parse_mode"), _entities(params, "caption_entities")
    )


def caption_of(caption: str, parse_mode: str, given: list[dict[str, Any]] | None) -> Wire:
    """A caption and its entities, parsed and measured."""
    for entity in given or []:
        _check_entity(entity)
    text, entities = parse(caption, parse_mode, given)
    check_caption(text)
    content: Wire = {"caption": text} if text else {}
    return content | ({"caption_entities": entities} if entities else {})


def _entities(params: Params, name: str) -> list[dict[str, Any]] | None:
    entities = params.json(name, "entities")
    if entities is not None and not isinstance(entities, list):
        raise bad_request("can't parse entities: expected an Array")
    for entity in entities or []:
        _check_entity(entity)
    return entities


def _check_entity(entity: Any) -> None:  # noqa: ANN401 - straight from JSON
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    for name, kind, called in (("type", str, "String"), ("offset", int, "Number"), ("length", int, "Number")):
        if name not in entity:
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
        if not isinstance(entity[name], kind):
            raise bad_request(f'can\'t parse MessageEntity: Field "{name}" must be of type {called}')


def send(world: World, params: Params, content: Wire) -> Wire:
    """Post a checked content as the bot, with its keyboard and what it answers to; gives the Message."""
    room = world.writable(params.text("chat_id"))
    markup = read_markup(params)
    content = content | _extras(room, params)
    if markup is not None and "inline_keyboard" in markup:
        content["reply_markup"] = markup
    elif markup is not None:
        # A keyboard below the text box belongs to the chat, not to the message.
        room.reply_keyboard = None if "remove_keyboard" in markup else markup
    return world.post(room, content).wire


def thread_of(room: Room, params: Params) -> int:
    """The topic a call is for, 0 for none; the general topic has no number, as in Telegram."""
    thread = params.integer("message_thread_id")
    topics = room.group.topics if isinstance(room, GroupRoom) else {}
    if thread and str(thread) not in topics:
        raise bad_request("message thread not found")
    return thread


def _extras(room: Room, params: Params) -> Wire:
    answered = _answered(room, params)
    thread = thread_of(room, params) or (answered.wire.get("message_thread_id", 0) if answered else 0)
    extras = threaded(room, thread)
    if params.flag("protect_content"):
        extras["has_protected_content"] = True
    preview = params.json("link_preview_options", "link preview options")
    if isinstance(preview, dict) and preview:
        extras["link_preview_options"] = preview
    if answered is not None:
        extras["reply_to_message"] = answered.flat()
    return extras


def _answered(room: Room, params: Params) -> Message | None:
    reply = params.json("reply_parameters", "reply parameters")
    if isinstance(reply, dict):
        number, optional = int(reply.get("message_id", 0)), bool(reply.get("allow_sending_without_reply"))
    else:
        number, optional = params.integer("reply_to_message_id"), params.flag("allow_sending_without_reply")
    if not number:
        return None
    message = room.messages.get(number)
    if message is None or message.deleted:
        if optional:
            return None
        raise bad_request("message to be replied not found")
    return message


def file_of(world: World, params: Params, value: str, kind: str) -> StoredFile:
    """The file a call sends: an upload under its own name or ``attach://``, or an id known already.

    ``kind`` is «photo» or «document».
    """
    folder = f"{kind}s"
    upload = params.uploads.get(value.removeprefix("attach://")) if value.startswith("attach://") else None
    upload = upload or (params.uploads.get(kind) if not value else None)
    if upload is not None:
        if len(upload.content) > DOCUMENT_BYTES:
            raise bad_request("file is too big")
        return world.files.add(upload, folder)
    if not value or value.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    if value.startswith(("http://", "https://")):
        # The sandbox never leaves the machine.
        raise bad_request("failed to get HTTP URL content")
    known = world.files.by_id(value)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known.folder != folder:
        raise bad_request(f"can't use file of type {known.folder[:-1].title()} as {kind.title()}")
    return known
