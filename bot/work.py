"""What the one process does that works: the parts of the bot, and the order in which they start and stop."""

import asyncio
import warnings
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
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
from bot.intake import ALLOWED_UPDATES, Intake, Polling, StoringRequest
from bot.jobs import Forgetting, Ticks
from bot.leading import Right
from bot.logs import logger_of, said
from bot.metrics import Metrics
from bot.notifier import Notifier
from bot.settings import Settings
from bot.transport import AiohttpRequest
from bot.unit import Answer, Clock, Offer, in_transaction
from bot.updates import Feed, Processor, note_failure
from bot.web.webhook import AT_ONCE, Webhook
from storage.writer import Writer

LONGEST_PAUSE = 30.0
"""Seconds between two tries to reach Telegram at the start."""
LOOK = 0.25
"""Seconds after which it is seen that another process has stored an update."""
LOOK_ALONE = 1.0
"""Seconds after which an update is taken up again that failed because the database was away."""

logger = logger_of(__name__)


class Work:
    """Polls or is brought updates, works the inbox, ticks and sends."""

    def __init__(
        self,
        settings: Settings,
        writer: Writer,
        intake: Intake,
        right: Right,
        clock: Clock,
        metrics: Metrics,
        webhook: Webhook | None = None,
    ) -> None:
        self._writer = writer
        self._webhook = webhook
        queue: asyncio.Queue[object] = asyncio.Queue()
        self._feed = Feed(writer, queue, intake.arrived, metrics)
        delivery = Delivery(writer, Files(settings.files), metrics.failed)
        BulkDelivery(writer, delivery, settings.files, picking_screen)
        AlertDelivery(writer, delivery, GroupDelivery(writer, delivery))
        AbsenceDelivery(writer, delivery)
        ForecastDelivery(writer, delivery)
        ImportDelivery(writer, delivery, settings.files)
        importing = ImportWork(writer, delivery, settings.files, clock)
        self._notifier = Notifier(writer, delivery, clock, settings.pace)
        importing.wake = self._notifier.wake
        every = timedelta(seconds=settings.tick_seconds)
        self._ticks = Ticks(writer, clock, self._notifier.wake, every, metrics)
        self._forgetting = Forgetting(writer, clock, timedelta(days=settings.keep_days))
        self._processor = Processor(
            self._feed, writer, clock, self._deliver, show_truth, intake.regrets, metrics
        )
        with warnings.catch_warnings():
            # All of ours is per chat and person; the library asks whether that is meant, once a dialogue.
            warnings.filterwarnings("ignore", message=".*per_message", category=PTBUserWarning)
            self._dialogues = conversations.build()
        self._application = self._build(settings, intake, right, queue)
        self._processor.application = self._application
        self._feed.bot = self._application.bot
        self._polling = Polling(self._application.bot, right, metrics)

    def _build(
        self, settings: Settings, intake: Intake, right: Right, queue: "asyncio.Queue[object]"
    ) -> Application[Any, Any, Any, Any, Any, Any]:
        sending = AiohttpRequest(proxy=settings.proxy, forbidden=in_transaction, allowed=right.is_sure)
        application: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder()
            .token(settings.token)
            .base_url(f"{settings.telegram_api}/bot")
            .base_file_url(f"{settings.telegram_api}/file/bot")
            .request(sending)
            .get_updates_request(StoringRequest(intake, pool_size=2, proxy=settings.proxy))
            .updater(None)
            .update_queue(queue)
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

    async def run(self, stopped: asyncio.Event, listening: Callable[[], None]) -> None:
        """Work until ``stopped`` is set; finish what is in hand. ``listening`` is called when all runs."""
        application = self._application
        try:
            if not await self._insist(application.initialize, stopped):
                return
            await self._resume(application.bot.username)
            await self._notifier.start(application.bot)
            if not await self._insist(self._begin_to_listen, stopped):
                return
            await application.start()
            self._feed.start(LOOK if self._webhook else LOOK_ALONE)
            if self._webhook is None:
                self._polling.start()
            self._ticks.start(application)
            self._forgetting.start(application)
            logger.info("listening", username=application.bot.username)
            listening()
            await stopped.wait()
        finally:
            self._ticks.stop()
            self._forgetting.stop()
            await self._polling.stop()
            await self._feed.stop()
            if application.running:
                await application.stop()
            await self._notifier.stop()
            await application.shutdown()

    def ended(self) -> list[str]:
        """What has ended of all that goes on while this works: only a new start brings it back."""
        going_on = {
            "polling": [self._polling.task], "the inbox's feed": [self._feed.task],
            "sending": self._notifier.going_on,
        }  # fmt: skip
        return [name for name, tasks in going_on.items() if any(task and task.done() for task in tasks)]

    async def _begin_to_listen(self) -> None:
        if self._webhook is None:
            await self._application.bot.delete_webhook()
        else:
            await self._application.bot.set_webhook(
                self._webhook.url,
                secret_token=self._webhook.secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=AT_ONCE,
            )

    @staticmethod
    async def _insist(call: Callable[[], Awaitable[object]], stopped: asyncio.Event) -> bool:
        """Make a call until Telegram answers it, however long; False when stopped meanwhile."""
        pause = 1.0
        while not stopped.is_set():
            try:
                await call()
            except (NetworkError, RetryAfter) as error:
                asked = _asked(error)
                # Refused is a webhook's address; it may be the name server's fault, so it is tried again.
                refused = isinstance(error, BadRequest)
                what = "Telegram refuses the settings" if refused else "Telegram cannot be reached"
                logger.warning(what, error=said(error), again_in=asked or pause)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), asked or pause)
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
        self._processor.replaying = await self._writer.read(lambda uow: uow.inbox.waiting_ids())

    async def _deliver(self, answer: Answer | Offer | None) -> None:
        if answer is not None:
            self._notifier.answer(answer)
        self._notifier.wake()


def _asked(error: TelegramError) -> float:
    """For how many seconds Telegram wants to be left alone; 0 when it did not say."""
    asked = getattr(error, "retry_after", 0)
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
