"""The composition root of the process: what it is made of, whether it may work, and how it ends.

start --> stand by --the right to work--> work (bot.work) --SIGTERM--> finish what is in hand, exit 0
            '<- start over <--another process has it, or the database is away--'
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from telegram import Bot

from bot.intake import Intake
from bot.leading import Alone, Leased, Right
from bot.logs import logger_of, said
from bot.metrics import Metrics
from bot.regrets import Regrets
from bot.services.deployment import Deployment, put_in_force, read_file
from bot.settings import Settings
from bot.transport import AiohttpRequest
from bot.unit import Clock, wall_clock
from bot.web.listener import Listener
from bot.web.monitor import Monitor
from bot.web.webhook import Webhook
from bot.work import Work
from storage import migrations
from storage.database import Database
from storage.outages import is_outage
from storage.writer import Writer

PATIENCE = 9.0
"""Seconds in which what is in hand is finished; the rest waits in the database for the next process."""
PAUSE = 1.0
"""Seconds after which a process starts over that the database has failed."""
AGAIN = "--again"
"""Says to ``greenlight run`` that it goes on for a process that had its database: it waits for it."""

logger = logger_of(__name__)


class Greenlight:
    """The process: takes updates in, stands by until it may work, and works."""

    def __init__(
        self, settings: Settings, clock: Clock = wall_clock, times: Deployment | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._times = times
        self._metrics = Metrics()
        self.database = Database(settings.database_url, serving=True, told=self._metrics.happened)
        self.right = right_to(self.database)
        self._writer = Writer(self.database)
        api = settings.telegram_api
        self._spare = Bot(
            settings.token, f"{api}/bot", f"{api}/file/bot", AiohttpRequest(proxy=settings.proxy)
        )
        self._intake = Intake(self._writer, clock, Regrets(self._spare))
        self._monitor = Monitor(self._writer, self.right, self._metrics, clock)
        self._webhook: Webhook | None = None
        self._listeners: list[Listener] = []
        if settings.webhook_url:
            self._webhook = Webhook(settings.webhook_url, settings.token, self._intake)
            self._listeners.append(Listener("GREENLIGHT_LISTEN", settings.listen, [self._webhook.route]))
        if settings.monitor:
            self._listeners.append(Listener("GREENLIGHT_MONITOR", settings.monitor, self._monitor.routes))

    async def run(self, stopped: asyncio.Event) -> None:
        """Serve until ``stopped`` is set, or until another process works."""
        self._monitor.stopped = stopped
        try:
            await self._spare.request.initialize()
            for listener in self._listeners:
                await listener.start()
            self._monitor.stands_by()
            if await self.right.obtain(stopped):
                await self._work(stopped)
        finally:
            for listener in self._listeners:
                await listener.stop()
            await self._spare.request.shutdown()
            await self.right.give_back()
            self._monitor.close()
            self._writer.close()
            self.database.close()

    async def _work(self, stopped: asyncio.Event) -> None:
        epoch = self.right.epoch
        writer = self._writer if epoch is None else Writer(self.database.under(epoch))
        keeping = asyncio.create_task(self.right.keep())
        try:
            await asyncio.to_thread(migrations.upgrade, self.database)
            if self._times is not None:
                times = self._times
                if anew := await writer.write(lambda uow: put_in_force(uow, times, self._clock())):
                    logger.info("the times have changed: deadlines are reckoned anew", deadlines=anew)
            work = Work(
                self._settings, writer, self._intake, self.right, self._clock, self._metrics, self._webhook
            )
            self._monitor.watch(work.ended, writer)
            await work.run(stopped, self._monitor.listens)
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])
            writer.close()


def right_to(database: Database) -> Right:
    """The right to work on a database; ``InUse`` when it is an SQLite file that another process works on."""
    if not database.is_sqlite:
        return Leased(database.leases())
    path = database.engine.url.database
    return Alone(Path(path) if path else None)


def run(settings: Settings, clock: Clock = wall_clock) -> None:
    """Run the bot until SIGTERM or Ctrl-C.

    Raises:
        InvalidToken: Telegram does not know the token.
        InUse: another process works on the SQLite file.
    """
    times = read_file(settings.times)
    asyncio.run(_until_signal(Greenlight(settings, clock, times)))


async def _until_signal(greenlight: Greenlight) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        stopped.set()
        hurry = threading.Timer(PATIENCE, _give_up)
        hurry.daemon = True
        hurry.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    over = asyncio.create_task(greenlight.right.lost.wait())
    serving = asyncio.create_task(greenlight.run(stopped))
    await asyncio.wait({over, serving}, return_when=asyncio.FIRST_COMPLETED)
    if greenlight.right.lost.is_set() and not stopped.is_set():
        _start_over()
    over.cancel()
    with suppress(asyncio.CancelledError):
        await over
    try:
        await serving
    except DBAPIError as error:
        if not is_outage(error):
            raise
        logger.warning("the database cannot be reached", error=said(error))
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), PAUSE)
        if not stopped.is_set():
            _start_over()


def _give_up() -> None:
    """End although something is in hand: it is in the database, and the next process goes on with it."""
    logger.warning("not everything was finished in time; it is kept", seconds=PATIENCE)
    os._exit(0)


def _start_over() -> None:
    """Begin anew in place of this process: nothing of what it had in hand may go on."""
    logger.warning("starting over")
    logging.shutdown()
    command = [*sys.orig_argv[1:], *([] if AGAIN in sys.orig_argv else [AGAIN])]
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606  # our own command line
