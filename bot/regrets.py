"""What is said while nothing can be saved: one cannot even write down that it has to be said.

A press is answered at once, a chat is told once until it works again. Nothing is lost meanwhile: what
somebody did waits in the inbox, or still at Telegram, and is done afterwards.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.texts import speaking
from bot.texts.words import nothing_saved


class Regrets:
    """Speaks past the outbox, through a connection of its own. What cannot be said is left out."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._told: set[int | str] = set()

    async def say(self, raw: Mapping[str, Any]) -> None:
        """Tell who sent this update that it has to wait."""
        press, message = raw.get("callback_query"), raw.get("message")
        asked = press or message
        if not isinstance(asked, dict):
            return
        chat = asked.get("chat", {})
        with speaking(asked.get("from", {}).get("language_code", "")), suppress(TelegramError):
            if press:
                if self._is_new(asked["id"]):
                    await self._bot.answer_callback_query(asked["id"], nothing_saved(), show_alert=True)
            elif chat.get("type") == "private" and self._is_new(chat["id"]):
                await self._bot.send_message(chat["id"], nothing_saved())

    def over(self) -> None:
        """It works again."""
        self._told.clear()

    def _is_new(self, key: int | str) -> bool:
        if key in self._told:
            return False
        self._told.add(key)
        return True
