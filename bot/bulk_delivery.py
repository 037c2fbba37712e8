"""How the outbox rows of a change of many objects are worked off.

``bulk-step`` does the next objects, ``bulk-shown`` brings the author's screen up to date, ``bulk`` tells
somebody who can go on from there, ``bulk-file`` sends the results, ``bulk-numbers`` reads a file of numbers.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError
from telegram import InputFile
from telegram.error import NetworkError, TelegramError

from bot.delivery import Delivered, Delivery, markup
from bot.files import fetch_list
from bot.logs import logger_of
from bot.screens import Screen, as_payload, packed
from bot.screens.bulk_picking import taken_note, trouble_note
from bot.screens.bulk_results import heard_screen, report_screen
from bot.services.bulk import picking, tick_numbers
from bot.services.bulk_file import results_file
from bot.services.bulk_results import heard, report
from bot.services.bulk_run import take_step
from bot.services.numbers_file import read_file
from bot.services.people import Me, as_me
from bot.texts import gettext as _
from bot.texts import speaking
from bot.texts.bulk import failed
from bot.texts.importing import problem
from domain.imports import BadFile
from domain.process import Refused
from storage.database import UnitOfWork
from storage.outbox import Message
from storage.queues import DialogueRecord, OutboxRecord
from storage.writer import Writer

ShowPicking = Callable[[UnitOfWork, Me, int, dict[str, Any], datetime, str], Screen]
DIALOGUE = "bulk"
FOLDER = "numbers"
"""Where a file of numbers stands while it is read, inside the folder of files."""

logger = logger_of(__name__)


class BulkDelivery:
    """Knows the kinds of rows of a change of many objects."""

    def __init__(self, writer: Writer, delivery: Delivery, folder: Path, show_picking: ShowPicking) -> None:
        self._writer = writer
        self._folder = folder / FOLDER
        self._delivery = delivery
        self._show_picking = show_picking
        delivery.also({
            "bulk-step": self._step, "bulk-shown": self._shown, "bulk": self._heard,
            "bulk-file": self._file, "bulk-numbers": self._numbers,
        })  # fmt: skip

    async def _step(self, record: OutboxRecord, now: datetime) -> Delivered:
        payload: dict[str, Any] = record.payload
        try:
            await self._writer.write(lambda uow: take_step(uow, payload["bulk_id"], payload["done"], now))
        except OperationalError as error:
            # The database is in trouble: the step is tried again, as a message would be.
            raise NetworkError(f"a step could not be taken: {type(error).__name__}") from None
        return Delivered(wrote=True)

    async def _shown(self, record: OutboxRecord, _now: datetime) -> Delivered | None:
        """The author's screen, if it still shows this; the end is told wherever they are."""
        bulk_id = int(str(record.payload["bulk_id"]))

        def render(uow: UnitOfWork) -> tuple[Screen, bool] | None:
            me = _reader(uow, record)
            if me is None:
                return None
            with speaking(me.language):
                found = report(uow, me, bulk_id)
                looking = _place(uow, record.chat_id, "running", bulk_id) is not None
                return (report_screen(found), looking) if looking or found.is_done else None

        shown = await self._writer.write(render)
        if shown is None:
            return None
        screen, looking = shown
        if looking:
            return await self._delivery.screen(record.chat_id, as_payload(screen, refresh=True))
        sent = await self._delivery.write(record.chat_id, screen.text, markup(packed(screen.keyboard)))
        return Delivered(sent.message_id)

    async def _heard(self, record: OutboxRecord, now: datetime) -> Delivered | None:
        bulk_id = int(str(record.payload["bulk_id"]))

        def render(uow: UnitOfWork) -> Screen | None:
            me = _reader(uow, record)
            found = heard(uow, me, bulk_id, now) if me else None
            if me is None or found is None:
                return None
            with speaking(me.language):
                return heard_screen(found, me)

        screen = await self._read(render)
        if screen is None:
            return None
        sent = await self._delivery.write(record.chat_id, screen.text, markup(packed(screen.keyboard)))
        return Delivered(sent.message_id)

    async def _file(self, record: OutboxRecord, now: datetime) -> Delivered | None:
        bulk_id = int(str(record.payload["bulk_id"]))

        def write(uow: UnitOfWork) -> tuple[bytes, str] | None:
            me = _reader(uow, record)
            if me is None:
                return None
            with speaking(me.language):
                return results_file(uow, me, bulk_id), _("results")

        made = await self._read(write)
        if made is None:
            return None
        content, name = made
        document = InputFile(content, filename=f"{name}-{bulk_id}-{now:%Y-%m-%d}.xlsx")
        sent = await self._delivery.bot.send_document(record.chat_id, document)
        return Delivered(sent.message_id)

    async def _numbers(self, record: OutboxRecord, now: datetime) -> Delivered:
        """Fetch a file of numbers and take them, unless the person has gone elsewhere meanwhile."""
        payload: dict[str, Any] = record.payload
        chat_id, bulk_id = int(payload["chat_id"]), payload["bulk_id"]
        read = await self._numbers_in(payload["file_id"])

        def take(uow: UnitOfWork) -> None:
            me = _reader(uow, record)
            draft = _place(uow, chat_id, "picking", bulk_id)
            if me is None or draft is None:
                return
            with speaking(me.language), suppress(Refused):
                picking(uow, me, bulk_id)
                note = read(uow, me, bulk_id, payload["client_id"])
                screen = self._show_picking(uow, me, chat_id, draft, now, note)
                shown = Message("screen", chat_id, as_payload(screen, refresh=True), person_id=me.id)
                uow.outbox.add([shown], now)

        await self._writer.write(take)
        return Delivered(wrote=True)

    async def _numbers_in(self, file_id: str) -> Callable[[UnitOfWork, Me, int, int | None], str]:
        """What is to be done with a file's numbers: take them, or say what is wrong; it gives the note."""
        try:
            numbers = await read_file(await fetch_list(self._delivery.bot, file_id), self._folder)
        except BadFile as bad:
            kind, where = bad.problem, bad.where
            return lambda *_: trouble_note(problem(kind, where))
        except TelegramError:
            raise
        except Exception:
            logger.exception("a file of numbers cannot be read")
            return lambda *_: trouble_note(failed())
        return lambda uow, me, bulk_id, client_id: taken_note(
            tick_numbers(uow, me, bulk_id, numbers.said, client_id, numbers.wrong)
        )

    async def _read(self, work: Callable[[UnitOfWork], Any]) -> Any:  # noqa: ANN401  # whatever work returns
        """Read beside the writer: a long list keeps nobody waiting."""

        def whole() -> Any:  # noqa: ANN401  # the same
            with self._writer.database.read() as uow:
                return work(uow)

        return await asyncio.to_thread(whole)


def _reader(uow: UnitOfWork, record: OutboxRecord) -> Me | None:
    """The person to whom a row goes, as of this moment; None when they may read nothing any more."""
    person = uow.people.get(record.person_id or 0)
    if person is None or person.removed_at is not None:
        return None
    me = as_me(uow, person)
    return me if me.actor.roles else None


def _place(uow: UnitOfWork, chat_id: int, state: str, bulk_id: int) -> dict[str, Any] | None:
    """The draft of somebody who is in this state of the dialogue with this selection; None elsewhere."""
    place = uow.session.get(DialogueRecord, (chat_id, chat_id))
    if place is None or place.name != DIALOGUE or place.state != state:
        return None
    draft: dict[str, Any] = dict(place.draft)
    return draft if draft.get("bulk") == bulk_id else None
