"""The composition root: everything is built and joined here, and nowhere else."""

import asyncio
import logging
import signal
import warnings
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from telegram import Update
from telegram.error import NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, InlineQueryHandler
from telegram.warnings import PTBUserWarning

from bot import conversations
from bot.absence_delivery import AbsenceDelivery
from bot.alert_delivery import BOT_USERNAME, AlertDelivery
from bot.bulk_delivery import BulkDelivery
from bot.context import Dialogue
from bot.conversations import claims, inline
from bot.conversations.bulk_asking import picking_screen
from bot.conversations.ways import show_truth
from bot.delivery import Delivery
from bot.files import Files
from bot.forecast_delivery import ForecastDelivery
from bot.group_delivery import GroupDelivery
from bot.import_delivery import ImportDelivery
from bot.import_work import ImportWork
from bot.jobs import Ticks
from bot.logs import configure_logging
from bot.notifier import Notifier
from bot.services.deployment import put_in_force, read_file
from bot.settings import Settings
from bot.transport import AiohttpRequest
from bot.unit import Answer, Clock, Offer, in_transaction, wall_clock
from bot.updates import InboxQueue, Processor, StoringRequest, note_failure
from storage import migrations
from storage.database import Database
from storage.writer import Writer

ALLOWED_UPDATES = [
    Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER,
]  # fmt: skip
LONGEST_PAUSE = 30.0
"""Seconds between two tries to reach Telegram at the start."""

logger = logging.getLogger(__name__)


class Greenlight:
    """The running bot: its parts, and the order in which they start and stop."""

    def __init__(self, settings: Settings, clock: Clock = wall_clock) -> None:
        self.database = Database(settings.database_url)
        self._writer = Writer(self.database)
        self._queue = InboxQueue(self._writer)
        delivery = Delivery(self._writer, Files(settings.files))
        BulkDelivery(self._writer, delivery, settings.files, picking_screen)
        AlertDelivery(self._writer, delivery, GroupDelivery(self._writer, delivery))
        AbsenceDelivery(self._writer, delivery)
        ForecastDelivery(self._writer, delivery)
        ImportDelivery(self._writer, delivery, settings.files)
        importing = ImportWork(self._writer, delivery, settings.files, clock)
        self._notifier = Notifier(self._writer, delivery, clock)
        importing.wake = self._notifier.wake
        every = timedelta(seconds=settings.tick_seconds)
        self._ticks = Ticks(self._writer, clock, self._notifier.wake, every)
        self._processor = Processor(self._queue, self._writer, clock, self._deliver, show_truth)
        with warnings.catch_warnings():
            # All of ours is per chat and person; the library asks whether that is meant, once a dialogue.
            warnings.filterwarnings("ignore", message=".*per_message", category=PTBUserWarning)
            self._dialogues = conversations.build()
        self._application = self._build(settings, clock)
        self._processor.application = self._application
        self._queue.bot = self._application.bot

    def _build(self, settings: Settings, clock: Clock) -> Application[Any, Any, Any, Any, Any, Any]:
        application: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder()
            .token(settings.token)
            .base_url(f"{settings.telegram_api}/bot")
            .base_file_url(f"{settings.telegram_api}/file/bot")
            .request(AiohttpRequest(proxy=settings.proxy, forbidden=in_transaction))
            .get_updates_request(StoringRequest(self._writer, clock, pool_size=2, proxy=settings.proxy))
            .update_queue(self._queue)
            .concurrent_updates(self._processor)
            .build()
        )
        application.add_handlers(
            [
                InlineQueryHandler(inline.offer),
                *conversations.in_groups(),
                *claims.handlers(),
                *self._dialogues,
            ]
        )
        application.add_error_handler(note_failure)
        return application

    async def run(self, stopped: asyncio.Event) -> None:
        """Work until ``stopped`` is set; finish what is in hand."""
        application, updater = self._application, self._application.updater
        if updater is None:
            raise RuntimeError("the application polls")
        try:
            if not await self._insist(application.initialize, stopped):
                return
            await self._resume(application.bot.username)
            await self._notifier.start(application.bot)
            # The library's own tries would not hear that the bot is asked to end.
            poll = partial(
                updater.start_polling,
                allowed_updates=ALLOWED_UPDATES,
                bootstrap_retries=0,
                error_callback=_polling_failed,
            )
            if not await self._insist(poll, stopped):
                return
            await application.start()
            self._ticks.start(application)
            logger.info("@%s is listening", application.bot.username)
            await stopped.wait()
        finally:
            self._ticks.stop()
            if updater.running:
                await updater.stop()
            if application.running:
                await application.stop()
            await self._notifier.stop()
            await application.shutdown()
            self._writer.close()
            self.database.close()

    @staticmethod
    async def _insist(call: Callable[[], Awaitable[object]], stopped: asyncio.Event) -> bool:
        """Make a call until Telegram answers it, however long; False when stopped meanwhile."""
        pause = 1.0
        while not stopped.is_set():
            try:
                await call()
            except NetworkError as error:
                logger.warning("Telegram cannot be reached (%s); trying again in %g s", error, pause)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return True
        return False

    async def _resume(self, username: str) -> None:
        """Go on where the last process ended: dialogues as they stood, updates not done yet."""
        stored = await self._writer.write(lambda uow: list(uow.dialogues.all()))
        by_name: dict[str, Dialogue] = {str(dialogue.name): dialogue for dialogue in self._dialogues}
        for place in stored:
            dialogue = by_name.get(place.name)
            if dialogue is not None and place.state in dialogue.states:
                dialogue.put((place.chat_id, place.user_id), place.state)
        await self._writer.write(lambda uow: uow.settings.put(BOT_USERNAME, username))
        for update_id in await self._writer.write(lambda uow: uow.inbox.waiting()):
            self._processor.replaying.add(update_id)
            await self._queue.put(Update(update_id))

    async def _deliver(self, answer: Answer | Offer | None) -> None:
        if answer is not None:
            self._notifier.answer(answer)
        self._notifier.wake()


def _polling_failed(error: TelegramError) -> None:
    """Say in a line what happens in normal life; the library goes on asking."""
    logger.warning("Telegram cannot be asked for updates (%s); asking again", error)


def run(settings: Settings, clock: Clock = wall_clock) -> None:
    """Run the bot until SIGTERM or Ctrl-C; ``InvalidToken`` when Telegram does not know the token."""
    configure_logging(settings.log_level, settings.token)
    times = read_file(settings.times)
    greenlight = Greenlight(settings, clock)
    migrations.upgrade(greenlight.database)
    with greenlight.database.write() as uow:
        if anew := put_in_force(uow, times, clock()):
            logger.info("the times have changed: %d deadlines are reckoned anew", anew)
    asyncio.run(_until_signal(greenlight.run))


async def _until_signal(work: Callable[[asyncio.Event], Any]) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await work(stopped)
