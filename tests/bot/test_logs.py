"""What the log shows, with the most talkative level: never the token."""

import contextlib
import io
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from telegram.error import InvalidToken, TelegramError

from bot.logs import HIDDEN, TokenFilter, configure_logging, redact
from bot.transport import AiohttpRequest
from tests.bot.servers import QUICK, TOKEN, Api, running, serving


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with serving() as api:
        yield api


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Configure logging as the bot does, with the most talkative level, into a string."""
    root = logging.getLogger()
    kept = root.level, {name: logging.getLogger(name).level for name in ("httpx", "httpcore")}
    monkeypatch.setattr(root, "handlers", [])
    written = io.StringIO()
    with contextlib.redirect_stderr(written):
        configure_logging("DEBUG", "configured-secret")
        yield written
    root.setLevel(kept[0])
    for name, level in kept[1].items():
        logging.getLogger(name).setLevel(level)


class Telltale:
    """A value that shows the token, as repr(bot) does."""

    def __repr__(self) -> str:
        return f"Bot[token={TOKEN}]"


def test_messages_arguments_and_stacks_lose_the_token(log: io.StringIO) -> None:
    logger = logging.getLogger("some.library")
    logger.info("calling https://api/bot%s/getMe", TOKEN)
    logger.info("%r and %s", Telltale(), "bot" + TOKEN.replace(":", "%3A"))
    logger.info("split %s:%s", *TOKEN.split(":"))
    logger.info("a configured-secret of %d words", 1)
    logger.info(f"stack {TOKEN}", stack_info=True)  # noqa: G004 - what a library may do
    logger.info("does not fit %d", TOKEN)
    text = log.getvalue()
    assert len(text.splitlines()) > 6
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
    assert "direct cause of the following exception" in text
    assert TOKEN not in text


def test_a_record_without_the_token_stays_as_it_was() -> None:
    error = ValueError("12:30 is no time")
    info = (ValueError, error, None)
    record = logging.LogRecord("n", logging.INFO, "p", 1, "at %s", ("12:30",), info)
    assert TokenFilter().filter(record)
    assert (record.msg, record.args, record.exc_info) == ("at %s", ("12:30",), info)


def test_a_cleaned_record_cannot_leak_to_a_later_handler() -> None:
    error = ValueError(TOKEN)
    record = logging.LogRecord("n", logging.INFO, "p", 1, "%s", (TOKEN,), (type(error), error, None))
    TokenFilter().filter(record)
    assert TOKEN not in repr(vars(record))


def test_httpx_is_held_at_warning(log: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST …")
    logging.getLogger("httpcore.connection").debug("connect_tcp.started")
    logging.getLogger("httpx").warning("shown")
    assert "HTTP Request" not in log.getvalue()
    assert "connect_tcp" not in log.getvalue()
    assert "shown" in log.getvalue()
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
        await bot.send_message(5, "hi")
        for method in ("hang", "reset", "page"):
            try:
                await bot.do_api_request(method)
            except TelegramError:
                logging.getLogger("bot").exception("failed with %r", bot)
        await bot.shutdown()
    text = log.getvalue()
    assert "Set Bot API URL" in text
    assert HIDDEN in text
    assert TOKEN not in text


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
