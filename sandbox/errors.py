"""Refusals in Telegram's own words.

A bot decides by these descriptions («message is not modified» is no error to a person), so they are
kept word for word, and in one place.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class ApiError(Exception):
    """A refusal the Bot API answers with ``{"ok": false, ...}``.

    ``code`` is both the HTTP status and ``error_code``; ``parameters`` is what tells how to go on.
    """

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> ApiError:
    """400, with the prefix every such description has."""
    return ApiError(HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}")


def unauthorized() -> ApiError:
    """401 for a wrong token."""
    return ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized")


def not_found() -> ApiError:
    """404 for a method or a path that does not exist."""
    return ApiError(HTTPStatus.NOT_FOUND, "Not Found")


OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
HOOK_SET = "terminated by setWebhook request"
HOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def conflict(reason: str) -> ApiError:
    """409 for a poll that another poll or a webhook stands against."""
    return ApiError(HTTPStatus.CONFLICT, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """429; ``retry_after`` in seconds."""
    return ApiError(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"Too Many Requests: retry after {retry_after}",
        {"retry_after": retry_after},
    )


def blocked() -> ApiError:
    """403 once the person has blocked the bot."""
    return ApiError(HTTPStatus.FORBIDDEN, "Forbidden: bot was blocked by the user")


def cannot_initiate() -> ApiError:
    """403 before the person has said the first word."""
    return ApiError(HTTPStatus.FORBIDDEN, "Forbidden: bot can't initiate conversation with a user")


def not_in_group(kind: str, *, kicked: bool) -> ApiError:
    """403 for a group the bot has left or was thrown out of; ``kind`` is «group» or «supergroup»."""
    reason = "bot was kicked from" if kicked else "bot is not a member of"
    return ApiError(HTTPStatus.FORBIDDEN, f"Forbidden: {reason} the {kind} chat")


def upgraded(to: int) -> ApiError:
    """400 for a group that was made a supergroup, with its number now."""
    return ApiError(
        HTTPStatus.BAD_REQUEST,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": to},
    )


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class PersonError(Exception):
    """What a person cannot do: press a button that is not there, write to a bot they blocked.

    ``status`` is the HTTP status the control API answers with.
    """

    def __init__(self, reason: str, status: int = HTTPStatus.CONFLICT) -> None:
        super().__init__(reason)
        self.status = status
