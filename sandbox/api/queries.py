"""Answers to presses, and the way to a file."""

from __future__ import annotations

from sandbox.errors import bad_request
from sandbox.limits import DOWNLOAD_BYTES, TOAST, utf16_length
from sandbox.params import Params
from sandbox.state import Wire, World


def answer_callback_query(world: World, params: Params) -> bool:
    """End the waiting of a pressed button, once, with an optional toast or alert."""
    query_id = params.text("callback_query_id")
    world.queries.check(query_id)
    if utf16_length(params.text("text")) > TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    query = world.queries.take(query_id)
    toast: Wire = {
        "query_id": query["id"],
        "message_id": query["message_id"],
        "person": query["person"],
        "text": params.text("text"),
        "alert": params.flag("show_alert"),
    }
    if params.text("url"):
        toast["url"] = params.text("url")
    world.show_toast(world.room(query.get("chat_id") or query["person"]), toast)
    return True


def get_file(world: World, params: Params) -> Wire:
    """A File with the path it can be downloaded from."""
    kept = world.files.by_id(params.text("file_id"))
    if kept is None:
        raise bad_request("invalid file_id")
    if kept.size > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": params.text("file_id"),
        "file_unique_id": kept.unique_id(),
        "file_size": kept.size,
        "file_path": kept.path,
    }
