"""Lengths by python-telegram-bot's constants: those the methods do not measure, and whether both agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from telegram import constants

from sandbox import limits, pace

_AGREE = (
    (limits.TEXT, constants.MessageLimit.MAX_TEXT_LENGTH),
    (limits.CAPTION, constants.MessageLimit.CAPTION_LENGTH),
    (limits.TOAST, constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH),
    (limits.CALLBACK_DATA, constants.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA),
    (limits.BUTTONS, constants.InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER),
    (limits.ALBUM.start, constants.MediaGroupLimit.MIN_MEDIA_LENGTH),
    (limits.ALBUM.stop - 1, constants.MediaGroupLimit.MAX_MEDIA_LENGTH),
    (limits.UPDATES, constants.PollingLimit.MAX_LIMIT),
    (limits.COMMANDS, constants.BotCommandLimit.MAX_COMMAND_NUMBER),
    (limits.COMMAND_DESCRIPTION, constants.BotCommandLimit.MAX_DESCRIPTION),
    (limits.HOOK_CONNECTIONS, constants.WebhookLimit.MAX_CONNECTIONS_LIMIT),
    (limits.HOOK_SECRET, constants.WebhookLimit.MAX_SECRET_TOKEN_LENGTH),
    (limits.INLINE_RESULTS, constants.InlineQueryLimit.RESULTS),
    (limits.INLINE_ID, constants.InlineQueryResultLimit.MAX_ID_LENGTH),
    (limits.INLINE_OFFSET, constants.InlineQueryLimit.MAX_OFFSET_LENGTH),
    (limits.INLINE_QUERY, constants.InlineQueryLimit.MAX_QUERY_LENGTH),
    (limits.TOPIC_NAME, constants.ForumTopicLimit.MAX_NAME_LENGTH),
    (pace.ALL_PER_SECOND, constants.FloodLimit.MESSAGES_PER_SECOND),
    (pace.GROUP_PER_MINUTE, constants.FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP),
)

# Fields of objects, at any depth.
_FIELDS = {
    "input_field_placeholder": (
        constants.ReplyLimit.MIN_INPUT_FIELD_PLACEHOLDER,
        constants.ReplyLimit.MAX_INPUT_FIELD_PLACEHOLDER,
        "input field placeholder has a wrong length",
    ),
    "copy_text": (1, constants.InlineKeyboardButtonLimit.MAX_COPY_TEXT, "BUTTON_COPY_TEXT_INVALID"),
}
# Parameters of one method each.
_PARAMETERS = {
    ("setmyname", "name"): (0, constants.BotNameLimit.MAX_NAME_LENGTH, "bot name is too long"),
    ("setmydescription", "description"): (
        0,
        constants.BotDescriptionLimit.MAX_DESCRIPTION_LENGTH,
        "bot description is too long",
    ),
    ("setmyshortdescription", "short_description"): (
        0,
        constants.BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH,
        "bot short description is too long",
    ),
    ("deletemessages", "message_ids"): (
        constants.BulkRequestLimit.MIN_LIMIT,
        constants.BulkRequestLimit.MAX_LIMIT,
        "too many message identifiers specified",
    ),
}


def disagreements() -> list[tuple[int, int]]:
    """Where the sandbox's own limits are not the constants."""
    return [(own, int(known)) for own, known in _AGREE if own != known]


def wrong_length(method: str, name: str, value: object) -> str:
    """Why a decoded parameter is too long or too short, or an empty text."""
    if (method, name) in _PARAMETERS:
        return _measure(_PARAMETERS[method, name], value)
    return next((reason for found in _inside(value) if (reason := found)), "")


def _inside(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        for entry in value:
            yield from _inside(entry)
    elif isinstance(value, dict):
        for name, entry in value.items():
            if name in _FIELDS:
                text = entry.get("text") if isinstance(entry, dict) else entry
                yield _measure(_FIELDS[name], text)
            yield from _inside(entry)


def _measure(rule: tuple[int, int, str], value: object) -> str:
    least, most, reason = rule
    fits = not isinstance(value, str | list) or least <= len(value) <= most
    return "" if fits else reason
