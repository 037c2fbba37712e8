"""The bot without its two ends: what Telegram would send is handed in, what it would get is caught.

Everything between is the real one: the composition root, the inbox, the processor, the dialogues, the
services and a database. Nothing polls, nothing is sent, and the clock stands still until it is moved.
"""

import itertools
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import event, text
from telegram import Bot as TelegramBot
from telegram import User
from telegram.ext import Application

from bot.absence_delivery import AbsenceDelivery
from bot.alert_delivery import AlertDelivery
from bot.bulk_delivery import BulkDelivery
from bot.context import Dialogue
from bot.conversations.bulk_asking import picking_screen
from bot.delivery import Delivered, Delivery, Then
from bot.files import Files
from bot.forecast_delivery import ForecastDelivery
from bot.group_delivery import GroupDelivery
from bot.import_delivery import ImportDelivery
from bot.intake import Intake
from bot.leading import Alone
from bot.metrics import Metrics
from bot.regrets import Regrets
from bot.settings import Settings
from bot.unit import Answer, Offer
from bot.work import Work
from storage.database import Database
from storage.queues import InboxState, OutboxRecord
from storage.writer import Writer
from tests.builders import NOW

Json = dict[str, Any]
TOKEN = "424242:a-token-of-no-bot"  # noqa: S105  # of no bot
WRITTEN_AT_ONCE = {"screen", "text", "pin", "album"}
"""What is rendered in the transaction; all else is when it is sent."""
SAYS_NOTHING = {"commands", "keep", "import_work"}
BOT_NAME = "greenlight_bot"
_update_ids = itertools.count(1)
_message_ids = itertools.count(1)


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """The time now."""
        return self.now

    def forward(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


@dataclass(frozen=True)
class Shown:
    """Something that a chat would get: a message or a toast, an album, a pin, an article."""

    chat_id: int
    kind: str
    text: str = ""
    keyboard: Sequence[Sequence[Sequence[str | None]]] = ()
    photos: Sequence[str] = ()
    pin: tuple[float, float] | None = None

    @property
    def buttons(self) -> list[Sequence[str | None]]:
        """Label, data and address of each button."""
        return [button for line in self.keyboard for button in line]

    @property
    def data(self) -> list[str]:
        """What its buttons say."""
        return [data for _label, data, _url in self.buttons if data]


def sent() -> Any:
    """A message that Telegram has taken."""
    return SimpleNamespace(message_id=next(_message_ids))


class Wire:
    """Telegram, as far as what is sent beside the conversations needs it."""

    def __init__(self, written: "Written") -> None:
        self._written = written
        self.files: dict[str, bytes] = {}
        """What stands in the files that people send; in any other there is nothing."""
        self.broken: Exception | None = None
        """What Telegram says to whoever asks for a file."""

    async def send_document(self, chat_id: int, _document: object, caption: str = "") -> Any:
        """Keep that a file was sent."""
        self._written.written.append(Shown(chat_id, "file", caption))
        return sent()

    async def send_message(self, chat_id: int, text: str, **options: Any) -> Any:
        """Keep what is written into a group."""
        return await self._written.write(chat_id, text, options["reply_markup"])

    async def edit_message_reply_markup(self, _chat_id: int, _message_id: int) -> None:
        """An alert loses its buttons, and says nothing new."""

    async def get_file(self, file_id: str) -> Any:
        """A file that somebody sent."""
        if self.broken is not None:
            raise self.broken

        async def download() -> bytearray:
            return bytearray(self.files.get(file_id, b""))

        return SimpleNamespace(download_as_bytearray=download)


class Written(Delivery):
    """Writes what is rendered when it is sent, and keeps it."""

    def __init__(self, writer: Writer, files: Files) -> None:
        super().__init__(writer, files)
        self.written: list[Shown] = []
        self.wire = Wire(self)
        self.bot = cast("TelegramBot", self.wire)

    async def write(self, chat_id: int, text: str, keyboard: Any) -> Any:
        """Keep the message instead of sending it."""
        lines = keyboard.inline_keyboard if keyboard else ()
        buttons = [[(b.text, cast("str | None", b.callback_data), b.url) for b in line] for line in lines]
        self.written.append(Shown(chat_id, "alert", text, buttons))
        return sent()

    async def edit(self, chat_id: int, _message_id: int, text: str, keyboard: Any) -> bool:
        """Keep what an alert says from now on."""
        await self.write(chat_id, text, keyboard)
        return True

    async def screen(self, chat_id: int, payload: Mapping[str, Any]) -> Delivered:
        """Keep the screen instead of showing it."""
        self.written.append(Shown(chat_id, "screen", payload["text"], payload["keyboard"]))
        return Delivered(1)


class Errors(logging.Handler):
    """Keeps every error that is logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record, with what raised it."""
        self.found.append(logging.Formatter("%(name)s: %(message)s").format(record))


@dataclass
class Outcome:
    """What one batch of updates led to."""

    updates: Sequence[Json]
    shown: list[Shown] = field(default_factory=list)
    answers: list[Answer | Offer] = field(default_factory=list)

    def to(self, account: int) -> list[Shown]:
        """What one chat got."""
        return [one for one in self.shown if one.chat_id == account]


class AtOnce(Executor):
    """Runs every call where it is asked for: one update after the other costs no change of threads."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run a call."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001  # whoever awaits it gets it
            future.set_exception(error)
        return future


class Bot(Work):
    """The real bot, with its answers caught."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.folder = TemporaryDirectory()
        settings = Settings(
            telegram_token=TOKEN, database_url=database.url, files=Path(self.folder.name), _env_file=None
        )
        self.database = Database(database.url)
        if self.database.is_sqlite:
            # A test that loses power fails anyway.
            event.listen(self.database.engine, "connect", _hasty)
        writer = Writer(self.database)
        writer._executor = cast("ThreadPoolExecutor", AtOnce())
        self._intake = Intake(writer, clock, Regrets(TelegramBot(TOKEN)))
        super().__init__(settings, writer, self._intake, Alone(None), clock, Metrics())
        self.clock = clock
        self._caught: list[Answer | Offer] = []
        self.files = settings.files
        self._written = Written(self._writer, Files(settings.files))
        BulkDelivery(self._writer, self._written, settings.files, picking_screen)
        ImportDelivery(self._writer, self._written, settings.files)
        AlertDelivery(self._writer, self._written, GroupDelivery(self._writer, self._written))
        AbsenceDelivery(self._writer, self._written)
        ForecastDelivery(self._writer, self._written)
        self._last_row = 0
        self.errors = Errors()

    @property
    def written(self) -> Written:
        """What writes all that is rendered when it is sent."""
        return self._written

    @property
    def writer(self) -> Writer:
        """The one writer."""
        return self._writer

    @property
    def application(self) -> Application[Any, Any, Any, Any, Any, Any]:
        """The library's application."""
        return self._application

    @property
    def dialogues(self) -> list[Dialogue]:
        """All dialogues."""
        return self._dialogues

    async def start(self) -> None:
        """Start as the real one does once Telegram has told it who it is."""
        bot = self._application.bot
        bot._bot_user = User(424242, "Greenlight", is_bot=True, username=BOT_NAME)
        self._application._initialized = True
        logging.getLogger().addHandler(self.errors)
        await self._resume(BOT_NAME)
        await self._application.start()

    async def stop(self) -> None:
        """End, and leave nothing open."""
        await self._application.stop()
        logging.getLogger().removeHandler(self.errors)
        self._writer.close()
        self.database.close()
        self.folder.cleanup()

    async def feed(self, *updates: Json) -> Outcome:
        """Store updates as polling does and handle them to their end, those of different chats at once."""
        numbered = [{**update, "update_id": next(_update_ids)} for update in updates]
        await self._intake.store(numbered)
        await self._feed.look()
        await self._application.update_queue.join()
        caught, self._caught = self._caught, []
        return Outcome(numbered, [one async for one in self._shown()], caught)

    async def _deliver(self, answer: Answer | Offer | None) -> None:
        if answer is not None:
            self._caught.append(answer)

    async def _shown(self) -> Any:
        """What the new rows of the outbox would show, and those that they lead to."""
        while rows := await self._writer.write(lambda uow: uow.outbox.waiting(after=self._last_row)):
            for row in rows:
                self._last_row = row.id or 0
                if row.kind in WRITTEN_AT_ONCE:
                    yield _as_shown(row)
                elif row.kind not in SAYS_NOTHING:
                    done = await self._written.deliver(row, self.clock())
                    if done is not None and (then := done.then) is not None:
                        await self._follow(then)
                    for one in self._written.written:
                        yield one
                    self._written.written.clear()

    async def _follow(self, then: Then) -> None:
        """Do what follows from a sending, as the notifier does."""
        await self._writer.write(lambda uow: then(uow, self.clock()))

    def inbox_states(self) -> dict[str, int]:
        """How many updates are in each state."""
        with self.database.read() as unit:
            found = unit.session.connection().execute(
                text("SELECT state, count(*) FROM inbox GROUP BY state")
            )
            return {state: count for state, count in found if state != InboxState.DONE}


def _as_shown(row: OutboxRecord) -> Shown:
    payload: dict[str, Any] = row.payload
    pin = (payload["latitude"], payload["longitude"]) if row.kind == "pin" else None
    words = payload.get("text") or payload.get("caption") or ""
    return Shown(row.chat_id, row.kind, words, payload.get("keyboard", ()), payload.get("photos", ()), pin)


def _hasty(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
