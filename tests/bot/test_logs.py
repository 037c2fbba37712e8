"""What the log shows, with the most talkative level: events and ids, never a secret nor a person's words."""

import asyncio
import contextlib
import gc
import io
import json
import logging
import sqlite3
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from structlog.contextvars import bound_contextvars
from telegram import Update
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.logs import HIDDEN, Form, configure_logging, logger_of, redact, said, trace
from bot.transport import AiohttpRequest
from storage.database import Database
from storage.tables import EntryKind
from tests.bot.servers import QUICK, TOKEN, Api, running, serving
from tests.builders import add_company, add_entry

COMMENT = 'Grey zebra, "quoted": \u0441\u0442\u043e\u0438\u0442 \u0432 \u043f\u043e\u043b\u0435'


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with serving() as api:
        yield api


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test configures is undone: handlers, levels, and what was taken over from Python."""
    root, names = logging.getLogger(), list(logging.Logger.manager.loggerDict)
    kept = {name: logging.getLogger(name).level for name in ("", *names)}
    monkeypatch.setattr(root, "handlers", [])
    for thing, name in (
        (logging, "raiseExceptions"), (warnings, "showwarning"), (sys, "excepthook"),
        (sys, "unraisablehook"), (threading, "excepthook"),
    ):  # fmt: skip
        monkeypatch.setattr(thing, name, getattr(thing, name))
    yield
    for handler in root.handlers:
        handler.close()
    for name in ("", *logging.Logger.manager.loggerDict):
        logging.getLogger(name).setLevel(kept.get(name, logging.NOTSET))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Configure logging as the bot does, with the most talkative level, into a string."""
    written = io.StringIO()
    with contextlib.redirect_stderr(written):
        configure_logging("DEBUG", "configured-secret")
        yield written


def events(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def says_nothing_of_it(text: str) -> bool:
    return not any(part in text for part in ("zebra", "quoted", COMMENT[-6:], json.dumps(COMMENT)[-20:]))


class Telltale:
    """A value that shows the token, as repr(bot) does."""

    def __repr__(self) -> str:
        return f"Bot[token={TOKEN}]"


def test_one_event_is_one_line_with_its_keys(log: io.StringIO) -> None:
    with bound_contextvars(update_id=7, chat=-5):
        logger_of("bot.some").warning("a message is refused", outbox_id=9, thing=object())
    (event,) = events(log)
    assert str(event.pop("timestamp")).endswith("Z")
    assert event == {
        "event": "a message is refused", "logger": "bot.some", "level": "warning",
        "update_id": 7, "chat": -5, "outbox_id": 9, "thing": "object",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("form", "line"),
    [(Form.TEXT, "[warning ] a message is refused [bot.some] outbox_id=9"), (Form.JSON, '"outbox_id": 9')],
)
def test_people_and_programs_read_it(form: Form, line: str, tmp_path: Path) -> None:
    file = tmp_path / "bot.log"
    configure_logging("INFO", form=form, file=file)
    logger_of("bot.some").warning("a message is refused", outbox_id=9)
    assert " ".join(line.split()) in " ".join(file.read_text().split())


def test_a_file_begins_anew_each_day_and_is_kept_for_so_many(tmp_path: Path) -> None:
    file = tmp_path / "bot.log"
    configure_logging("INFO", file=file, days=2)
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, TimedRotatingFileHandler)
    for day in range(1, 6):
        logger_of("bot.some").info("day", number=day)
        handler.rolloverAt -= 24 * 60 * 60 * (6 - day)  # each is named by the day that it is of
        handler.doRollover()
    kept = [json.loads(old.read_text())["number"] for old in sorted(tmp_path.glob("bot.log.*"))]
    assert kept == [4, 5]
    assert file.read_text() == ""


def test_messages_arguments_and_stacks_lose_the_token(log: io.StringIO) -> None:
    logger = logging.getLogger("bot.some")
    logger.info("calling https://api/bot%s/getMe", TOKEN)
    logger.info("%r and %s", Telltale(), "bot" + TOKEN.replace(":", "%3A"))
    logger.info("split %s:%s", *TOKEN.split(":"))
    logger.info("a configured-secret of %d words", 1)
    logger.info(f"stack {TOKEN}", stack_info=True)  # noqa: G004 - what a library may do
    logger.info("does not fit %d", TOKEN)
    logger_of("bot.some").info("keys", **{TOKEN: Telltale(), "text": TOKEN})
    text = log.getvalue()
    assert len(events(log)) == 6 + 1
    assert TOKEN.split(":")[1] not in text
    assert "configured-secret of" not in text
    assert f"bot{HIDDEN}/getMe" in text
    assert "a [token] of 1 words" in text


def test_exceptions_lose_the_token(log: io.StringIO) -> None:
    error = InvalidToken(f"The token `{TOKEN}` was rejected")
    error.__cause__ = OSError(f"no way to /bot{TOKEN}/getMe")
    logging.getLogger("bot").error("failed", exc_info=error)
    text = log.getvalue()
    assert text.count(HIDDEN) == 2
    assert "The above exception led to this one" in text
    assert TOKEN not in text


def refused(database: Database) -> None:
    """A history line that no database takes, with a comment in it."""
    with database.write() as unit:
        add_entry(unit, add_company(unit).client, kind=EntryKind.STATUS, comment=COMMENT)


def test_a_refused_row_is_named_but_not_shown(database: Database, log: io.StringIO) -> None:
    try:
        refused(database)
    except IntegrityError:
        logger_of("bot.some").exception("a line is refused")
    text = log.getvalue()
    assert says_nothing_of_it(text)
    assert "history_status_names_status" in text
    assert "add_entry(unit" in text


def test_a_statement_and_its_rows_are_not_shown_either(database: Database, log: io.StringIO) -> None:
    engine = create_engine(database.engine.url)  # as it were at that level
    with engine.connect() as connection:
        connection.execute(text("SELECT CAST(:comment AS varchar)"), {"comment": COMMENT}).all()
    engine.dispose()
    assert log.getvalue() == ""


def raised(error: Exception) -> Exception:
    try:
        raise error  # noqa: TRY301  # to have its traceback
    except Exception as caught:  # noqa: BLE001  # any of them
        return caught


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (ValueError(COMMENT), "ValueError"),
        (KeyError(COMMENT), "KeyError"),
        (TypeError(f'no "{COMMENT}" here'), 'TypeError: no "…" here'),
        (sqlite3.OperationalError(COMMENT), "sqlite3.OperationalError"),
        (BadRequest(f'Unsupported tag "{COMMENT}"'), 'telegram.error.BadRequest: Unsupported tag "…"'),
        (TelegramError(f"Parsing the server response {COMMENT.encode()!r} failed"), 'response "…" failed'),
        (RuntimeError(f"first line\n{COMMENT}"), "RuntimeError: first line"),
        (FileNotFoundError(2, "No file", "files/7"), "FileNotFoundError: [Errno 2] No file: 'files/7'"),
        (AttributeError("'NoneType' object has no attribute 'x'"), "'NoneType' object has no attribute 'x'"),
        (ExceptionGroup("of two", [raised(ValueError(COMMENT)), OSError("disk")]), "OSError: disk"),
    ],
)  # fmt: skip
def test_an_exception_says_no_more_than_is_about_the_program(error: Exception, shown: str) -> None:
    error.add_note(COMMENT)
    outer = raised(RuntimeError("outer"))
    outer.__context__ = raised(error)
    text = trace(outer)
    assert says_nothing_of_it(text)
    assert says_nothing_of_it(said(error))
    assert shown in text
    assert text.endswith("RuntimeError: outer")


def test_a_circle_of_exceptions_ends() -> None:
    first, second = ValueError(), ValueError()
    first.__context__, second.__context__ = second, first
    assert trace(first).count("ValueError") == 2


def of_asyncio_in_a_task() -> None:
    async def fail() -> None:
        raise ValueError(COMMENT)

    async def lose() -> None:
        task = asyncio.create_task(fail(), name="lost")
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(lose())


def of_asyncio_in_a_call() -> None:
    async def fail() -> None:
        asyncio.get_running_loop().call_soon(int, COMMENT)
        await asyncio.sleep(0)

    asyncio.run(fail())


def of_nobody_who_catches() -> None:
    thread = threading.Thread(target=int, args=(COMMENT,))
    thread.start()
    thread.join()
    error = raised(ValueError(COMMENT))
    sys.excepthook(type(error), error, error.__traceback__)


def of_python_which_warns() -> None:
    warnings.warn(COMMENT, UserWarning, stacklevel=1)


def of_a_library_with_an_update() -> None:
    update = Update.de_json({"update_id": 1, "message": {
        "message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "text": COMMENT,
    }}, None)  # fmt: skip
    logger = logging.getLogger("telegram.ext.Application")
    logger.debug("Processing update %s", update)
    logger.critical("Error while building CallbackContext for update %s.", update)
    logger.error("Fetching updates was aborted due to %r", ValueError(COMMENT))
    logger.error("%(update)s after %(seconds)d s", {"update": update, "seconds": 3})
    logger.error(ValueError(COMMENT))
    logger.error({"text": COMMENT})
    logger.error("Error", extra={"text": COMMENT}, stack_info=True)
    logger.error("not a number: %d", COMMENT)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    "way",
    [of_asyncio_in_a_task, of_asyncio_in_a_call, of_nobody_who_catches, of_python_which_warns,
     of_a_library_with_an_update],
)  # fmt: skip
def test_no_way_leads_into_the_log(
    way: Callable[[], None], log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    way()
    assert says_nothing_of_it(log.getvalue())
    assert says_nothing_of_it("".join(capfd.readouterr()))
    assert events(log)


def test_a_library_is_heard(log: io.StringIO) -> None:
    logging.getLogger("telegram.ext.Application").info("Application started")
    logging.getLogger("telegram.ext.AIORateLimiter").info("Retrying after %f seconds", 1.5)
    logging.getLogger("alembic.runtime.migration").info("Running upgrade %s -> %s", "0001", "0002")
    logging.getLogger("alembic.runtime.migration").info("Context impl %s.", "SQLiteImpl")
    logging.getLogger("telegram.Bot").debug("Set Bot API URL: %s", "https://…")
    assert [event["event"] for event in events(log)] == [
        "Application started", "Retrying after 1.500000 seconds", "Running upgrade 0001 -> 0002",
    ]  # fmt: skip


def test_the_talkative_are_held_at_warning(log: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST …")
    logging.getLogger("httpcore.connection").debug("connect_tcp.started")
    logging.getLogger("httpx").warning("shown")
    assert [event["event"] for event in events(log)] == ["shown"]
    configure_logging(logging.ERROR)
    assert not logging.getLogger("httpx").isEnabledFor(logging.WARNING)


@pytest.mark.timeout(10)  # a pattern tried at each digit would take hours
def test_redact_reads_a_long_number_once() -> None:
    assert redact("9" * 1_000_000) == "9" * 1_000_000


def test_redact_leaves_what_is_no_token() -> None:
    assert redact("chat 123456789:short", "") == "chat 123456789:short"


async def test_a_whole_session_at_debug_never_logs_the_token(api: Api, log: io.StringIO) -> None:
    async with running(AiohttpRequest(timeouts=QUICK), api.base) as bot:
        await bot.initialize()
        await bot.send_message(5, COMMENT)
        for method in ("hang", "reset", "page"):
            try:
                await bot.do_api_request(method)
            except TelegramError:
                logging.getLogger("bot").exception("failed with %r", bot)
        await bot.shutdown()
    text = log.getvalue()
    assert len(events(log)) == 4  # one is of the library, with the whole page
    assert HIDDEN in text
    assert TOKEN not in text
    assert says_nothing_of_it(text)


@pytest.mark.parametrize(
    "line",
    [
        "https://t.me/greenlight_bot?start={}",
        "Processing update Update(message=Message(text='/start {}'))",
        "https%3A%2F%2Ft.me%2Fbot%3Fstart%3D{}&x=1",
    ],
)
def test_the_secret_of_an_invitation_never_reaches_the_log(line: str) -> None:
    secret = "k3xNf-0Zq_9aVb7WcYt5RsUm1PoLi8HgTdEwJjKlMnA"  # noqa: S105  # of nothing
    shown = redact(line.format(secret))
    assert secret not in shown
    assert shown == line.format("[invitation]")
