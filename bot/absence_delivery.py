"""What absences say to others: rows of the kind ``stand_in``, each rendered when it is sent."""

from datetime import datetime

from bot.delivery import Delivered, Delivery, markup
from bot.screens import Screen, packed
from bot.screens.absences import notice_screen
from bot.services.absences import STAND_IN, Event, notice
from bot.services.people import as_me
from bot.texts import speaking
from storage.database import UnitOfWork
from storage.queues import OutboxRecord
from storage.writer import Writer


class AbsenceDelivery:
    """Knows the kind of rows that tell of absences."""

    def __init__(self, writer: Writer, delivery: Delivery) -> None:
        self._writer = writer
        self._delivery = delivery
        delivery.also({STAND_IN: self._notice})

    async def _notice(self, row: OutboxRecord, now: datetime) -> Delivered | None:
        absence_id, event = int(str(row.payload["absence_id"])), Event(str(row.payload["event"]))

        def render(uow: UnitOfWork) -> Screen | None:
            person = uow.people.get(row.person_id or 0)
            if person is None or person.removed_at is not None:
                return None
            me = as_me(uow, person)
            found = notice(uow, me, absence_id, event, now)
            with speaking(me.language):
                return notice_screen(found, me.time_zone) if found else None

        screen = await self._writer.write(render)
        if screen is None:
            return None
        sent = await self._delivery.write(row.chat_id, screen.text, markup(packed(screen.keyboard)))
        return Delivered(sent.message_id)
