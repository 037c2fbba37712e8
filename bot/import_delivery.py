"""What imports say: their outbox rows, each rendered when it is sent.

``import_view`` brings the person's screen up to date, ``import_file`` sends the checked file, ``import``
tells somebody who can go on from there, once for the whole list.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePath

from telegram import InputFile

from bot.delivery import Delivered, Delivery, markup
from bot.import_work import FOLDER, reader
from bot.screens import Screen, as_payload, packed
from bot.screens.importing import file_caption, import_screen
from bot.screens.importing_alert import alert_of_import
from bot.screens.importing_columns import ImportView
from bot.services.importing import imports
from bot.texts import gettext as _
from bot.texts import speaking
from domain.process import Refused
from domain.roles import sight
from storage.database import UnitOfWork
from storage.import_tables import ImportState
from storage.queues import DialogueRecord, OutboxRecord
from storage.writer import Writer

DIALOGUE = "importing"
_S = ImportState


class ImportDelivery:
    """Knows the kinds of rows that tell of imports."""

    def __init__(self, writer: Writer, delivery: Delivery, folder: Path) -> None:
        self._writer = writer
        self._delivery = delivery
        self._folder = folder / FOLDER
        delivery.also({"import_view": self._view, "import_file": self._file, "import": self._alert})

    async def _view(self, row: OutboxRecord, now: datetime) -> Delivered | None:
        """The person's screen, if they look at it; what waits for them is told wherever they are."""
        import_id = int(str(row.payload["import_id"]))

        def render(uow: UnitOfWork) -> tuple[Screen, bool, ImportState] | None:
            record = uow.imports.get(import_id)
            me = reader(uow, record.person_id) if record else None
            if record is None or me is None or record.state is _S.CANCELED:
                return None
            with speaking(me.language):
                try:
                    _record, client = imports.mine(uow, me, import_id)
                except Refused:
                    return None
                hearers = (
                    [p.name for p in imports.hearers(uow, me, client, now)]
                    if record.state is _S.CHECKED
                    else []
                )
                view = ImportView(record, client.name, hearers)
                return import_screen(view), _is_looking(uow, row.chat_id, import_id), record.state

        shown = await self._writer.write(render)
        if shown is None:
            return None
        screen, looking, state = shown
        if looking:
            # The checked file has pushed the screen up: the next step stands below it.
            payload = as_payload(screen, refresh=state is not _S.CHECKED)
            return await self._delivery.screen(row.chat_id, payload)
        if state in {_S.READING, _S.CHECKING, _S.WRITING}:
            return None
        sent = await self._delivery.write(row.chat_id, screen.text, markup(packed(screen.keyboard)))
        return Delivered(sent.message_id)

    async def _file(self, row: OutboxRecord, _now: datetime) -> Delivered | None:
        import_id = int(str(row.payload["import_id"]))

        def render(uow: UnitOfWork) -> tuple[str, str] | None:
            record = uow.imports.get(import_id)
            me = reader(uow, record.person_id) if record else None
            if record is None or me is None or record.state is not _S.CHECKED:
                return None
            with suppress(Refused), speaking(me.language):
                imports.mine(uow, me, import_id)
                return file_caption(record), f"{PurePath(record.file_name).stem} · {_('checked')}.xlsx"
            return None

        made = await self._writer.write(render)
        path = self._folder / f"{import_id}.xlsx"
        if made is None or not await asyncio.to_thread(path.exists):
            return None
        caption, name = made
        content = await asyncio.to_thread(path.read_bytes)
        sent = await self._delivery.bot.send_document(
            row.chat_id, InputFile(content, filename=name), caption=caption
        )
        return Delivered(sent.message_id)

    async def _alert(self, row: OutboxRecord, _now: datetime) -> Delivered | None:
        """One message for the whole import, to somebody who still sees the client."""

        def render(uow: UnitOfWork) -> Screen | None:
            record = uow.imports.get(int(str(row.payload["import_id"])))
            me = reader(uow, row.person_id)
            if record is None or me is None:
                return None
            client = uow.organisations.client(record.client_id, sight(me.actor))
            author = uow.people.get(record.person_id) if record.person_id else None
            if client is None:
                return None
            with speaking(me.language):
                return alert_of_import(record, client.name, author.name if author else _("the operator"))

        screen = await self._writer.write(render)
        if screen is None:
            return None
        sent = await self._delivery.write(row.chat_id, screen.text, markup(packed(screen.keyboard)))
        return Delivered(sent.message_id)


def _is_looking(uow: UnitOfWork, chat_id: int, import_id: int) -> bool:
    """Whether the person is in the dialogue that shows this import."""
    place = uow.session.get(DialogueRecord, (chat_id, chat_id))
    return place is not None and place.name == DIALOGUE and place.draft.get("import") == import_id
