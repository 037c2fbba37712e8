"""Telegram's limits, and the checks that need nothing but the value itself.

Texts are measured in UTF-16 code units after the markup is taken out, as Telegram measures them;
``callback_data`` in bytes.
"""

from __future__ import annotations

import re

from sandbox.errors import bad_request

TEXT = 4096
CAPTION = 1024
TOAST = 200
CALLBACK_DATA = 64
BUTTONS = 100
ALBUM = range(2, 11)
UPDATES = 100
HOOK_CONNECTIONS = 100
HOOK_SECRET = 256
INLINE_RESULTS = 50
INLINE_ID = 64
INLINE_OFFSET = 64
INLINE_QUERY = 256
TOPIC_NAME = 128
COMMANDS = 100
COMMAND_DESCRIPTION = 256
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
LATITUDE = 90.0
LONGITUDE = 180.0
MEGABYTE = 1 << 20
PHOTO_BYTES = 10 * MEGABYTE
DOCUMENT_BYTES = 50 * MEGABYTE
DOWNLOAD_BYTES = 20 * MEGABYTE
PHOTO_SIDES = 10_000


def utf16_length(text: str) -> int:
    """How long Telegram counts a text: a character beyond the basic plane is two units."""
    return len(text) + sum(character > "\uffff" for character in text)


def check_text(text: str) -> None:
    """Refuse a parsed text that Telegram would not send."""
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_length(text) > TEXT:
        raise bad_request("message is too long")


def check_caption(caption: str) -> None:
    """Refuse a parsed caption that is too long; an empty one is fine."""
    if utf16_length(caption) > CAPTION:
        raise bad_request("message caption is too long")
