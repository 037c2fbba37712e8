"""Messages to groups and topics, and what the sending of one shows about them.

A group that became a supergroup has another number, a topic may be gone, the bot may have been put out:
Telegram says so when something is sent, at the latest.
"""

from datetime import datetime
from typing import Any

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.delivery import NO_PREVIEW, Delivered, Delivery, markup
from bot.screens.groups import lost_line
from bot.services.groups import BINDING_LOST, GROUP_MESSAGE, bot_left, topic_gone
from bot.texts import speaking
from storage.database import UnitOfWork
from storage.queues import OutboxRecord
from storage.writer import Writer

THREAD_GONE = "message thread not found"


class GroupDelivery:
    """Knows the kinds of rows that go to groups; ``write`` is for whoever renders one of their own."""

    def __init__(self, writer: Writer, delivery: Delivery) -> None:
        self._writer = writer
        self._delivery = delivery
        delivery.also({GROUP_MESSAGE: self._message, BINDING_LOST: self._lost})

    async def write(
        self, chat_id: int, thread_id: int, text: str, keyboard: InlineKeyboardMarkup | None, now: datetime
    ) -> Message | None:
        """Send a message to a group or topic; None when it is out of reach, and bound no more."""
        try:
            return await self._send(chat_id, thread_id, text, keyboard)
        except ChatMigrated as migrated:
            to = migrated.new_chat_id
            await self._writer.write(lambda uow: uow.bound_chats.move(chat_id, to))
            return await self._send(to, 0, text, keyboard)  # only a supergroup has topics
        except Forbidden:
            await self._writer.write(lambda uow: bot_left(uow, chat_id, now))
        except BadRequest as error:
            if THREAD_GONE not in error.message.lower():
                raise
            await self._writer.write(lambda uow: topic_gone(uow, chat_id, thread_id, now))
        return None

    async def _send(
        self, chat_id: int, thread_id: int, text: str, keyboard: InlineKeyboardMarkup | None
    ) -> Message:
        return await self._delivery.bot.send_message(
            chat_id,
            text,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id or None,
            reply_markup=keyboard,
            link_preview_options=NO_PREVIEW,
        )

    async def _message(self, row: OutboxRecord, now: datetime) -> Delivered | None:
        payload: dict[str, Any] = row.payload
        keyboard = markup(payload["keyboard"])
        sent = await self.write(row.chat_id, payload["thread_id"], payload["text"], keyboard, now)
        # Of a group that was lost somebody is told, by rows that were written just now.
        return Delivered(sent.message_id) if sent else Delivered(wrote=True)

    async def _lost(self, row: OutboxRecord, _now: datetime) -> Delivered | None:
        def render(uow: UnitOfWork) -> str | None:
            person = uow.people.get(row.person_id or 0)
            if person is None or person.removed_at is not None:
                return None
            with speaking(person.language):
                return lost_line(str(row.payload["title"])).text

        text = await self._writer.write(render)
        if text is None:
            return None
        sent = await self._delivery.write(row.chat_id, text, None)
        return Delivered(sent.message_id)
