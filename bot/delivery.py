"""How one outbox row becomes calls of the Bot API, and what is true after it was sent.

A row holds the fact; the text is made here, at the moment of sending, in the recipient's language.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
)  # fmt: skip
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.files import Files
from bot.screens import Packed
from bot.screens.menu import commands_of
from bot.services.people import as_me, bounced
from bot.texts import speaking
from bot.unit import Answer, Article, Offer
from storage.database import UnitOfWork
from storage.outbox import Ended, Outcome
from storage.queues import OutboxRecord, OutboxState
from storage.writer import Writer

GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to delete not found",
)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


Then = Callable[[UnitOfWork, datetime], bool]
"""What follows from a sending; True when it wrote rows into the outbox."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that arrived; ``living`` when it is the chat's living one from now on.

    ``wrote``: the sending wrote rows into the outbox, which have to be looked for. ``then`` is done
    in the transaction that records the sending.
    """

    message_id: int | None = None
    living: bool = False
    wrote: bool = False
    then: Then | None = None


Settled = tuple[OutboxRecord, Outcome, Then | None]
"""What became of a row, and what follows."""

Kind = Callable[[OutboxRecord, datetime], Coroutine[Any, Any, Delivered | None]]
"""How the rows of one kind are sent."""


class Delivery:
    """Knows each kind of outbox row."""

    def __init__(
        self, writer: Writer, files: Files, failed: Callable[[Exception], None] = lambda _error: None
    ) -> None:
        self._writer = writer
        self._files = files
        self._failed = failed
        self.bot: Bot
        self._living: dict[int, int] = {}
        self._kinds: dict[str, Kind] = {
            "screen": self._screen, "text": self._text, "pin": self._pin,
            "album": self._album, "commands": self._commands, "keep": self._keep,
        }  # fmt: skip

    def also(self, kinds: Mapping[str, Kind]) -> None:
        """Learn further kinds, which have a module of their own."""
        self._kinds.update(kinds)

    async def deliver(self, record: OutboxRecord, now: datetime) -> Delivered | None:
        """Send a row; None when it is not true or not wanted any more."""
        try:
            return await self._kinds[record.kind](record, now)
        except Exception as error:
            self._failed(error)
            raise

    async def answer(self, answer: Answer | Offer) -> None:
        """Answer a press or an inline query; too late is no error."""
        with suppress(TelegramError):
            if isinstance(answer, Answer):
                await self.bot.answer_callback_query(
                    answer.query_id, text=answer.text, show_alert=answer.alert
                )
            else:
                articles = [_article(article) for article in answer.articles]
                # What one person sees, another may not: Telegram must not serve it to both.
                await self.bot.answer_inline_query(answer.query_id, articles, cache_time=0, is_personal=True)

    def settle(self, uow: UnitOfWork, batch: Iterable[Settled], now: datetime) -> bool:
        """Record what became of rows, and what follows from it; True when that has to be sent."""
        batch = list(batch)
        uow.outbox.settle([outcome for _, outcome, _ in batch], now)
        wrote = False
        for record, outcome, then in batch:
            note(uow, record, outcome)
            if outcome.living and outcome.message_id is not None:
                uow.dialogues.set_living(record.chat_id, outcome.message_id)
                uow.copies.close_message(record.chat_id, outcome.message_id, now)
            if record.payload.get("secret"):
                uow.outbox.forget(outcome.id)
            if outcome.error and outcome.error.startswith("Forbidden"):
                bounced(uow, record, now)
            wrote = (then is not None and then(uow, now)) or wrote
        return wrote

    async def _screen(self, record: OutboxRecord, _now: datetime) -> Delivered:
        return await self.screen(record.chat_id, record.payload)

    async def screen(self, chat_id: int, payload: Mapping[str, Any]) -> Delivered:
        """Show a screen, made by ``as_payload``, as the chat's living message."""
        living = await self._living_of(chat_id)
        target = payload["edit"] or (living if payload["refresh"] else None)
        keyboard = markup(payload["keyboard"])
        if target is not None and await self.edit(chat_id, target, payload["text"], keyboard):
            if living != target:
                await self._strip(chat_id, living)
            self._living[chat_id] = target
            return Delivered(target, living=True)
        await self._strip(chat_id, living)
        sent = await self.write(chat_id, payload["text"], keyboard)
        self._living[chat_id] = sent.message_id
        return Delivered(sent.message_id, living=True)

    async def write(self, chat_id: int, text: str, keyboard: InlineKeyboardMarkup | None) -> Message:
        """Send a message of its own."""
        return await self.bot.send_message(
            chat_id,
            text,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard,
            link_preview_options=NO_PREVIEW,
        )

    async def _text(self, record: OutboxRecord, _now: datetime) -> Delivered:
        """A message of its own, without buttons: the living one stays what it is."""
        sent = await self.write(record.chat_id, str(record.payload["text"]), None)
        return Delivered(sent.message_id)

    async def _pin(self, record: OutboxRecord, _now: datetime) -> Delivered:
        payload: dict[str, Any] = record.payload
        sent = await self.bot.send_location(record.chat_id, payload["latitude"], payload["longitude"])
        return Delivered(sent.message_id)

    async def _album(self, record: OutboxRecord, _now: datetime) -> Delivered:
        payload: dict[str, Any] = record.payload
        photos: list[str] = payload["photos"]
        if len(photos) == 1:
            one = await self.bot.send_photo(record.chat_id, photos[0], caption=payload["caption"])
            return Delivered(one.message_id)
        media = [InputMediaPhoto(photo) for photo in photos]
        sent = await self.bot.send_media_group(record.chat_id, media, caption=payload["caption"])
        return Delivered(sent[0].message_id)

    async def _commands(self, record: OutboxRecord, _now: datetime) -> Delivered:
        def wanted(uow: UnitOfWork) -> list[tuple[str, str]]:
            person = uow.people.get(record.person_id or 0)
            if person is None or person.removed_at is not None:
                return []
            me = as_me(uow, person)
            with speaking(person.language):
                return commands_of(me) if me.actor.roles else []

        commands = [BotCommand(*pair) for pair in await self._writer.write(wanted)]
        scope = BotCommandScopeChat(record.chat_id)
        if commands:
            await self.bot.set_my_commands(commands, scope=scope)
        else:
            await self.bot.delete_my_commands(scope=scope)
        return Delivered()

    async def _keep(self, record: OutboxRecord, _now: datetime) -> Delivered:
        payload: dict[str, Any] = record.payload
        await self._files.keep(self.bot, payload["file_id"], payload["file_unique_id"])
        return Delivered()

    async def _living_of(self, chat_id: int) -> int | None:
        if chat_id not in self._living:
            found = await self._writer.write(lambda uow: uow.dialogues.living(chat_id))
            if found is None:
                return None
            self._living[chat_id] = found
        return self._living[chat_id]

    async def edit(
        self, chat_id: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None
    ) -> bool:
        """Change a message in place; False when it cannot be changed any more."""
        try:
            await self.bot.edit_message_text(
                text,
                chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            problem = error.message.lower()
            if "not modified" in problem:
                return True
            if any(words in problem for words in GONE):
                return False
            raise
        return True

    async def _strip(self, chat_id: int, message_id: int | None) -> None:
        """Take the buttons off a message that is not the living one any more."""
        if message_id is None:
            return
        with suppress(BadRequest):
            await self.bot.edit_message_reply_markup(chat_id, message_id)


def note(uow: UnitOfWork, record: OutboxRecord, outcome: Outcome) -> None:
    """Have it counted that a message has come to its end."""
    if outcome.state is not OutboxState.WAITING:
        uow.happened[Ended(record.kind, outcome.state)] += 1


def _article(article: Article) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        article.id,
        article.title,
        InputTextMessageContent(article.text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW),
        InlineKeyboardMarkup.from_button(InlineKeyboardButton(article.button, url=article.url)),
        description=article.description,
    )


def markup(keyboard: Packed) -> InlineKeyboardMarkup | None:
    """A packed keyboard for Telegram."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(str(label), callback_data=data, url=url) for label, data, url in line]
            for line in keyboard
        ]
    )
