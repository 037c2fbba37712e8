"""How the forecast gets into a chat: it is reckoned beside the writer, so that nobody else waits for it."""

import asyncio
from datetime import datetime
from typing import Any

from bot.delivery import Delivered, Delivery
from bot.screens import Screen, as_payload
from bot.screens.forecast import day_screen
from bot.services.forecast_days import day_ahead
from bot.services.people import as_me
from bot.texts import speaking
from domain.process import Refused
from storage.database import Database, UnitOfWork
from storage.queues import OutboxRecord
from storage.writer import Writer


class ForecastDelivery:
    """Knows the kind of row that asks for a day of the forecast."""

    def __init__(self, writer: Writer, delivery: Delivery) -> None:
        self._database: Database = writer.database
        self._delivery = delivery
        delivery.also({"forecast": self._forecast})

    async def _forecast(self, record: OutboxRecord, now: datetime) -> Delivered | None:
        def whole() -> Screen | None:
            with self._database.read() as uow:
                return _screen(uow, record, now)

        screen = await asyncio.to_thread(whole)
        if screen is None:
            return None
        edit: Any = record.payload["edit"]
        return await self._delivery.screen(record.chat_id, as_payload(screen, edit=edit))


def _screen(uow: UnitOfWork, record: OutboxRecord, now: datetime) -> Screen | None:
    """The day as its reader may see it at this moment; None when they may not any more."""
    person = uow.people.get(record.person_id or 0)
    if person is None or person.removed_at is not None:
        return None
    me = as_me(uow, person)
    payload: dict[str, Any] = record.payload
    try:
        found = day_ahead(uow, me, payload["day"], payload["client_id"], now)
    except Refused:
        return None
    with speaking(me.language):
        return day_screen(found, payload["page"], me)
