"""One question to the Bot API: who is this bot, and what time is it there?"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import aiohttp

from bot.logs import redact
from bot.settings import Settings
from bot.texts import checks as words

PATIENCE = aiohttp.ClientTimeout(total=10)


class Unreachable(Exception):  # noqa: N818  # named by what is so
    """No answer; the text is one line without the token."""


class TokenRefused(Exception):  # noqa: N818  # named by what is so
    """The Bot API answers, but not to this token."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot as Telegram knows it, and Telegram's clock."""

    username: str
    date: datetime | None


def identity(settings: Settings) -> Identity:
    """Ask getMe; ``Unreachable`` or ``TokenRefused``."""
    token = settings.token
    try:
        return asyncio.run(_get_me(settings, token))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        why = redact(str(error) or type(error).__name__, token)
        raise Unreachable(words.telegram_unreachable(settings.telegram_api, why)) from None


async def _get_me(settings: Settings, token: str) -> Identity:
    async with (
        aiohttp.ClientSession(timeout=PATIENCE) as session,
        session.get(f"{settings.telegram_api}/bot{token}/getMe", proxy=settings.proxy) as response,
    ):
        body = await response.json(content_type=None)
        if not isinstance(body, dict) or not body.get("ok"):
            why = str(body.get("description", response.status) if isinstance(body, dict) else response.status)
            raise TokenRefused(words.token_refused(redact(why, token)))
        date = response.headers.get("Date")
        return Identity(str(body["result"]["username"]), parsedate_to_datetime(date) if date else None)
