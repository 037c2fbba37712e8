"""Methods that send one message."""

from __future__ import annotations

from sandbox.api.content import caption_content, file_of, send, text_content, thread_of
from sandbox.errors import bad_request
from sandbox.limits import LATITUDE, LONGITUDE
from sandbox.params import Params
from sandbox.state import Wire, World

_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ],
)


def send_message(world: World, params: Params) -> Wire:
    """A text."""
    return send(world, params, text_content(params))


def send_photo(world: World, params: Params) -> Wire:
    """One picture with an optional caption."""
    world.writable(params.text("chat_id"))
    caption = caption_content(params)
    photo = file_of(world, params, params.text("photo"), "photo")
    content: Wire = {"photo": photo.photo()} | caption
    for flag in ("has_spoiler", "show_caption_above_media"):
        if params.flag(flag):
            content["has_media_spoiler" if flag == "has_spoiler" else flag] = True
    return send(world, params, content)


def send_document(world: World, params: Params) -> Wire:
    """One file with an optional caption."""
    world.writable(params.text("chat_id"))
    caption = caption_content(params)
    document = file_of(world, params, params.text("document"), "document")
    return send(world, params, {"document": document.document()} | caption)


def _location(params: Params) -> Wire:
    values: dict[str, float] = {}
    for name, limit in (("latitude", LATITUDE), ("longitude", LONGITUDE)):
        if not params.text(name):
            raise bad_request(f"{name} is empty")
        try:
            values[name] = float(params.text(name))
        except ValueError:
            raise bad_request(f"invalid {name} specified") from None
        if not -limit <= values[name] <= limit:
            raise bad_request(f"invalid {name} specified")
    return values


def send_location(world: World, params: Params) -> Wire:
    """A point on the map, in degrees."""
    return send(world, params, {"location": _location(params)})


def send_venue(world: World, params: Params) -> Wire:
    """A point with a name and an address."""
    location = _location(params)
    for name in ("title", "address"):
        if not params.text(name):
            raise bad_request(f"venue {name} must be non-empty")
    venue = {"location": location, "title": params.text("title"), "address": params.text("address")}
    return send(world, params, {"venue": venue, "location": location})


def send_chat_action(world: World, params: Params) -> bool:
    """Show the person what the bot is busy with."""
    room = world.writable(params.text("chat_id"))
    thread_of(room, params)
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.show_typing(room)
    return True
