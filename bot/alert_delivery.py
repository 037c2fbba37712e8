"""How alerts, digests and the redrawing of alerts become calls of the Bot API.

A row says for which objects it was queued; what is true of them is found when it is sent. What is not
true any more – the object moved on, somebody took it, the reader has no part in it – is left out, and a
message of which nothing is left is not sent.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from telegram.error import BadRequest, ChatMigrated

from bot.delivery import GONE, Delivered, Delivery, markup
from bot.group_delivery import GroupDelivery
from bot.screens import Screen, packed
from bot.screens.alerts import alert_screen, free_screen, over_screen, settled_screen, taken_screen
from bot.screens.digests import ALL_LINK, digest_screen, several_screen
from bot.services.people import Me, as_me
from bot.services.telling import Fact, Item, Teller, items_of
from bot.texts import speaking
from domain.reminders import Stage
from domain.roles import sight
from storage.database import UnitOfWork
from storage.outbox import Message
from storage.queues import OutboxRecord
from storage.reminder_tables import BoundChatRecord, CopyRecord
from storage.writer import Writer

BOT_USERNAME = "bot_username"
"""The setting under which the bot's own name is remembered."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads a message: a person, or a bound group through the person who bound it."""

    me: Me
    teller: Teller
    chat: BoundChatRecord | None
    bot_name: str

    def link(self, object_id: int) -> str | None:
        """Where «Open» leads from a group: into the private chat, which knows what one may see."""
        return self._start(f"o{object_id}")

    def link_to_all(self) -> str | None:
        """Where «All of them» leads from a group: to the list in the private chat."""
        return self._start(ALL_LINK)

    def _start(self, payload: str) -> str | None:
        return f"https://t.me/{self.bot_name}?start={payload}" if self.chat is not None else None


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it is to be sent, and the one object that it is about, if it is one.

    ``thread_id``: the topic of a group, 0: none; None in a private chat.
    """

    screen: Screen
    about: Fact | None = None
    thread_id: int | None = None


class AlertDelivery:
    """Knows the kinds of rows by which people are told of objects."""

    def __init__(self, writer: Writer, delivery: Delivery, groups: GroupDelivery) -> None:
        self._writer = writer
        self._delivery = delivery
        self._groups = groups
        delivery.also({"alert": self._alert, "digest": self._digest, "redraw": self._redraw})

    async def _alert(self, record: OutboxRecord, now: datetime) -> Delivered | None:
        return await self._write(record, now, partial(alert_of, record))

    async def _digest(self, record: OutboxRecord, now: datetime) -> Delivered | None:
        return await self._write(record, now, partial(digest_of, record))

    async def _write(
        self, record: OutboxRecord, now: datetime, write: Callable[[Reader, datetime], Written | None]
    ) -> Delivered | None:
        def render(uow: UnitOfWork) -> Written | None:
            bound: Any = record.payload.get("bound", 0)
            reader = reader_of(uow, record.person_id, bound, now)
            if reader is None or not uow.outbox.is_waiting(record.id or 0):  # a later digest says it all
                return None
            with speaking(reader.me.language):
                return write(reader, now)

        written = await self._writer.write(render)
        if written is None:
            return None
        keyboard = markup(packed(written.screen.keyboard))
        if written.thread_id is None:
            sent = await self._delivery.write(record.chat_id, written.screen.text, keyboard)
        else:
            thread, text = written.thread_id, written.screen.text
            in_group = await self._groups.write(record.chat_id, thread, text, keyboard, now)
            if in_group is None:
                return Delivered(wrote=True)
            sent = in_group
        if written.about is None:
            return Delivered(sent.message_id)
        return Delivered(sent.message_id, then=partial(keep_copy, record, written.about, sent.message_id))

    async def _redraw(self, record: OutboxRecord, now: datetime) -> Delivered | None:
        copy_id = int(str(record.payload["copy_id"]))

        def render(uow: UnitOfWork) -> tuple[CopyRecord, Screen | None, bool] | None:
            copy = uow.copies.get(copy_id)
            living = uow.dialogues.living(record.chat_id)
            if copy is None or copy.closed_at is not None or living == copy.message_id:
                return None
            screen, closes = as_it_is(uow, copy, now)
            return copy, screen, closes

        found = await self._writer.write(render)
        if found is None:
            return None
        copy, screen, closes = found
        await self._edit(copy, screen)
        return Delivered(copy.message_id, then=partial(_close, copy_id) if closes else None)

    async def _edit(self, copy: CopyRecord, screen: Screen | None) -> None:
        """Change a sent alert; one that is gone, or unchanged, is no trouble."""
        if screen is None:
            with suppress(BadRequest):
                await self._delivery.bot.edit_message_reply_markup(copy.chat_id, copy.message_id)
            return
        try:
            await self._delivery.edit(
                copy.chat_id, copy.message_id, screen.text, markup(packed(screen.keyboard))
            )
        except BadRequest as error:
            if not any(words in error.message.lower() for words in GONE):
                raise
        except ChatMigrated:
            return  # what stands in the old group cannot be pressed any more


def reader_of(uow: UnitOfWork, person_id: int | None, bound_chat_id: int, now: datetime) -> Reader | None:
    """Whoever is to read it; None when they, or the binding, are gone."""
    person = uow.people.get(person_id or 0)
    chat = uow.bound_chats.get(bound_chat_id) if bound_chat_id else None
    if person is None or person.removed_at is not None or (bound_chat_id and chat is None):
        return None
    me = as_me(uow, person)
    teller = Teller(uow, me, now, bound_chat_id)
    return Reader(me, teller, chat, uow.settings.get(BOT_USERNAME) or "")


def alert_of(record: OutboxRecord, reader: Reader, now: datetime) -> Written | None:
    """An alert as it is to be sent; None when nothing of it is true any more."""
    facts = reader.teller.facts(items_of(record.payload))
    thread = reader.chat.thread_id if reader.chat is not None else None
    objects = {fact.item.object_id for fact in facts}
    if not objects:
        return None
    if len(objects) > 1:
        lines = reader.teller.lines(facts)
        return Written(several_screen(lines, reader.me, now, reader), thread_id=thread)
    fact = max(facts, key=lambda one: (one.item.stage, one.item.history_id))
    link = reader.link(fact.item.object_id)
    return Written(alert_screen(fact, reader.me, now, link=link), fact, thread)


def digest_of(record: OutboxRecord, reader: Reader, now: datetime) -> Written | None:
    """A digest as it is to be sent; None when nothing waits."""
    waiting = reader.teller.waiting(items_of(record.payload))
    if not (waiting.lines or waiting.heard or waiting.over):
        return None
    return Written(digest_screen(waiting, reader.me, now))


def as_it_is(uow: UnitOfWork, copy: CopyRecord, now: datetime) -> tuple[Screen | None, bool]:
    """What a sent alert says now, and whether that is its end. No screen: its buttons go."""
    reader = reader_of(uow, copy.person_id, copy.bound_chat_id, now)
    seen = uow.objects.get(copy.object_id, sight(reader.me.actor)) if reader is not None else None
    if reader is None or seen is None:
        return None, True
    link = reader.link(copy.object_id)
    with speaking(reader.me.language):
        if seen.object.version != copy.version:
            last = uow.history.last_change(object_id=copy.object_id)
            return settled_screen(seen, last, reader.me, link=link), True
        item = Item(copy.object_id, copy.version, Stage(copy.stage), copy.history_id)
        fact = reader.teller.fact(item, taken_too=True)
        if fact is None:
            return over_screen(seen, now, link=link), False
        if fact.taken is not None:
            return taken_screen(fact, fact.taken, reader.me, now, link=link), False
        ended = uow.claims.last_of(copy.object_id, copy.version)
        if ended is not None and ended.ended_at is not None and ended.ended_at >= copy.sent_at:
            mine = ended.person_id == reader.me.id and reader.chat is None
            name = None if mine else reader.teller.name_of(ended.person_id)
            return free_screen(fact, name, now, link=link), False
        return alert_screen(fact, reader.me, now, link=link), False


def keep_copy(record: OutboxRecord, fact: Fact, message_id: int, uow: UnitOfWork, now: datetime) -> bool:
    """Remember where the alert stands; True when it has to be redrawn at once."""
    bound: Any = record.payload.get("bound", 0)
    copy = CopyRecord(
        object_id=fact.item.object_id,
        version=fact.seen.object.version,
        stage=fact.item.stage.value,
        history_id=fact.item.history_id,
        chat_id=record.chat_id,
        bound_chat_id=bound,
        message_id=message_id,
        person_id=record.person_id or 0,
        sent_at=now,
    )
    uow.copies.add(copy)
    kept = uow.copies.of_message(record.chat_id, message_id)
    moved = uow.watch.version(fact.item.object_id) != fact.seen.object.version
    if kept is None or not (moved or uow.claims.held(fact.item.object_id, now)):
        return False
    uow.outbox.add([Message("redraw", record.chat_id, {"copy_id": kept.id}, person_id=record.person_id)], now)
    return True


def _close(copy_id: int, uow: UnitOfWork, now: datetime) -> bool:
    """The alert is not redrawn any more."""
    uow.copies.close(copy_id, now)
    return False
