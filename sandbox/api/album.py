"""Albums: 2 to 10 photos or documents that belong together."""

from __future__ import annotations

from typing import Any

from sandbox.api.content import caption_of, file_of, send
from sandbox.errors import bad_request
from sandbox.limits import ALBUM
from sandbox.params import Params
from sandbox.state import Wire, World


def send_media_group(world: World, params: Params) -> list[Wire]:
    """An album, each item its own message; nothing is sent unless every item is right."""
    world.writable(params.text("chat_id"))
    media = params.json("media", "media")
    if not isinstance(media, list):
        raise bad_request("can't parse media JSON object")
    if not media:
        raise bad_request("there are no messages to send")
    if len(media) < ALBUM.start:
        raise bad_request("too few messages to send as an album")
    if len(media) not in ALBUM:
        raise bad_request("too many messages to send as an album")
    contents = [media_item(world, params, item) for item in media]
    if len({"photo" in content for content in contents}) > 1:
        raise bad_request("document can't be mixed with other media types")
    group = {"media_group_id": f"1{world.next('album'):016d}"}
    return [send(world, params, content | group) for content in contents]


def media_item(world: World, params: Params, item: Any) -> Wire:  # noqa: ANN401 - straight from JSON
    """One InputMedia as the content of a message."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = item.get("type")
    if kind not in {"photo", "document"}:
        raise bad_request(f"can't parse InputMedia: type must be one of photo, document, not {kind}")
    caption = caption_of(
        item.get("caption") or "", item.get("parse_mode") or "", item.get("caption_entities")
    )
    media = str(item.get("media") or "attach://")
    if media.startswith("attach://") and media.removeprefix("attach://") not in params.uploads:
        raise bad_request("can't parse InputMedia: media not found")
    kept = file_of(world, params, media, kind)
    return caption | ({"photo": kept.photo()} if kind == "photo" else {"document": kept.document()})
