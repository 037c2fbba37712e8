"""What the log may show: events and ids, but no text of a person, no invitation, and not the bot's token.

Our own modules write events with keys (``logger_of``). Libraries write whatever they like: whole updates
into a message, a row into a database's error, an address with the token. So all records leave through one
formatter, which trusts none of them: of a message's arguments it shows numbers, of an exception what it
says only if that can be about nothing but the program; and what still looks like a secret is hidden last.
"""

import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Mapping
from enum import StrEnum
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN: Final = "[token]"

# The look-behind starts a match at the first digit only: a long number is read once, not once a digit.
_TOKEN: Final = re.compile(r"(?<!\d)\d+(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
_INVITATION: Final = re.compile(r"(?<=start(?:=|\s|\+))[A-Za-z0-9_-]{30,}|(?<=start%3D)[A-Za-z0-9_-]{30,}")
_QUOTED: Final = re.compile(r"""b'.*'|".*\"""")  # what was read, and from whom
_OURS: Final = ("bot", "demo", "domain", "storage")
_TALKATIVE: Final = ("httpx", "httpcore", "apscheduler", "sqlalchemy", "aiohttp.access")
"""Every address they call, every tick, every statement, at INFO."""
_REVISIONS: Final = "alembic.runtime.migration"
"""Speaks of revisions alone, which are our own words."""
_ABOUT_THE_PROGRAM: Final = (
    TypeError, AttributeError, NameError, ImportError, RuntimeError, MemoryError, OSError,
)  # fmt: skip
"""Exceptions whose words are Python's or the system's; others like to quote what they stumbled over."""


class Form(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


def redact(text: str, *secrets: str) -> str:
    """Return the text with whatever looks like a bot token or an invitation, and the secrets, hidden.

    Args:
        text: anything that may be shown.
        secrets: exact strings to hide as well; empty ones are passed over.
    """
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    return _INVITATION.sub("[invitation]", _TOKEN.sub(HIDDEN, text))


def logger_of(name: str) -> structlog.stdlib.BoundLogger:
    """A module's logger: ``logger.warning("message refused", message=7)``. The values must be no texts.

    What it writes is an ordinary record of ``logging``, so it needs no configuration.
    """
    logger: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return logger


def said(error: BaseException) -> str:
    """The name of an exception, and what it says if that is about nothing but the program.

    A database's error names the row that it refused, a ValueError what could not be read.
    """
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    words = _QUOTED.sub('"…"', _words(error).partition("\n")[0])
    return f"{name}: {words}" if words else name


def _words(error: BaseException) -> str:
    modules = {kind.__module__ for kind in type(error).__mro__}
    if "sqlite3" in modules:
        code = getattr(error, "sqlite_errorname", None)
        # SQLITE_ERROR is about the statement, and quotes it; without a code it is about the parameters.
        return f"{code}: {error}" if code not in {None, "SQLITE_ERROR"} else code or ""
    if "psycopg" in modules:
        found = getattr(error, "diag", None)
        names = (getattr(found, f"{part}_name", None) for part in ("table", "column", "constraint"))
        # Without a code it comes from the connection: no row is in it.
        state = getattr(error, "sqlstate", None)
        return " ".join(filter(None, (state, *names))) if state else str(error)
    return str(error) if isinstance(error, _ABOUT_THE_PROGRAM) or "telegram.error" in modules else ""


def trace(error: BaseException) -> str:
    """The traceback as Python writes it, but of each exception only what ``said`` lets through."""
    return "".join(_trace(error, set())).rstrip()


def _trace(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _trace(before, seen)
        yield "\nThe above exception led to this one:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{said(error)}\n"
    for inner in getattr(error, "exceptions", ()):
        if isinstance(inner, BaseException) and id(inner) not in seen:
            yield from _trace(inner, seen)


class Gate(structlog.stdlib.ProcessorFormatter):
    """Every record leaves through here: text for people, or an object of JSON a line.

    Args:
        secrets: exact strings to hide besides what looks like one.
        render: makes the line of the event.
    """

    def __init__(self, render: Processor, *secrets: str) -> None:
        self._secrets = secrets
        self._render = render
        super().__init__(
            foreign_pre_chain=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                _only_own_words,
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _tell_exception,
            ],
            processors=[self.remove_processors_meta, render],
            pass_foreign_args=True,
            use_get_message=False,
        )

    def format(self, record: logging.LogRecord) -> str:
        """The line; one that cannot be written says so, and nothing of what is in it."""
        try:
            line = super().format(record)
        except Exception as error:  # noqa: BLE001  # logging would print the arguments to stderr
            event = {"event": "a record cannot be written", "logger": record.name, "error": said(error)}
            line = str(self._render(None, "error", event))
        return redact(line, *self._secrets)


def _only_own_words(logger: WrappedLogger, level: str, event: EventDict) -> EventDict:
    """Our events with their keys; of a library's message the first line, with numbers alone put into it."""
    record: logging.LogRecord = event["_record"]
    arguments = event.pop("positional_args", ())
    said_first = _message(record.name, record.msg, arguments).partition("\n")[0]
    # asyncio names the call that failed, with all that was handed to it.
    event["event"] = said_first.partition("(")[0] if record.name == "asyncio" else said_first
    return structlog.stdlib.ExtraAdder()(logger, level, event) if _is_ours(record.name) else event


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in _OURS


def _message(name: str, template: object, arguments: Any) -> str:  # noqa: ANN401  # logging takes anything
    if not isinstance(template, str):
        return said(template) if isinstance(template, BaseException) else type(template).__name__
    if not arguments:
        return template
    if isinstance(arguments, Mapping):
        return template % {key: _shown(name, value) for key, value in arguments.items()}
    return template % tuple(_shown(name, value) for value in arguments)


def _shown(name: str, value: object) -> object:
    """An argument that may be shown as it is, or something in its place."""
    if isinstance(value, BaseException):
        return _Something(said(value))
    known = name == _REVISIONS or _is_ours(name) or isinstance(value, int | float | None)
    return value if known else _Something("…")


class _Something(str):
    """A text that is shown as itself by %r, too."""

    __slots__ = ()
    __repr__ = str.__str__


def _tell_exception(_logger: WrappedLogger, _level: str, event: EventDict) -> EventDict:
    """An exception as its traceback, without what it may quote."""
    _kind, error, _trace_of = event.pop("exc_info", None) or (None, None, None)
    if error is not None:
        event["exception"] = trace(error)
    if stack := event.pop("stack_info", None):
        event["stack"] = stack
    return event


def configure_logging(
    level: int | str,
    *secrets: str,
    form: Form | None = None,
    file: Path | None = None,
    days: int = 30,
) -> None:
    """Write the log to stderr or to a file, in place of earlier handlers.

    Libraries are held at INFO or above whatever the level, and those that speak of each call at WARNING.
    What Python itself would write to stderr – warnings, exceptions that nobody catches – goes the same way.
    A handler added later needs a :class:`Gate` of its own.

    Args:
        level: the least level shown, as ``logging`` spells it (``"INFO"`` or 20).
        secrets: see :class:`Gate`.
        form: None is text on a terminal, else JSON.
        file: begun anew at midnight, UTC.
        days: how many older files are kept.

    Raises:
        ValueError: there is no such level.
        OSError: the file cannot be written.
    """
    handler = _handler(file, days)
    terminal = file is None and sys.stderr.isatty()
    if form is None:
        form = Form.TEXT if terminal else Form.JSON
    handler.setFormatter(Gate(_json() if form is Form.JSON else _text(colours=terminal), *secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    root = logging.getLogger()
    for name in _OURS:
        logging.getLogger(name).setLevel(root.level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.getLogger(_REVISIONS).addFilter(_is_a_migration)
    root.setLevel(max(logging.INFO, root.level))
    logging.raiseExceptions = False  # or a handler in trouble prints the arguments
    _take_over_from_python()


def _is_a_migration(record: logging.LogRecord) -> bool:
    """Whether alembic speaks of a revision, and not of each look at what the database is."""
    return record.levelno > logging.INFO or str(record.msg).startswith("Running")


def _handler(file: Path | None, days: int) -> logging.Handler:
    if file is None:
        return logging.StreamHandler()
    return TimedRotatingFileHandler(
        file, when="midnight", utc=True, backupCount=days, encoding="utf-8", errors="backslashreplace"
    )


def _json() -> Processor:
    # Never a value's own repr: nobody knows what it says.
    return structlog.processors.JSONRenderer(default=lambda value: type(value).__name__)


def _text(*, colours: bool) -> Processor:
    plain = structlog.dev.plain_traceback  # the default one shows the values of variables
    return structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=0, exception_formatter=plain)


def _take_over_from_python() -> None:
    logger = logger_of("bot.python")

    def warned(message: object, category: type[Warning], filename: str, lineno: int, *_: object) -> None:  # noqa: ARG001  # it may quote
        logger.warning("python warns", category=category.__name__, where=f"{filename}:{lineno}")

    def uncaught(error: BaseException | None) -> None:
        logger.critical("nobody caught an exception", exc_info=error)

    warnings.showwarning = warned  # type: ignore[assignment]  # it takes the rest, too
    sys.excepthook = lambda _kind, error, _trace: uncaught(error)
    threading.excepthook = lambda what: uncaught(what.exc_value)
    sys.unraisablehook = lambda what: uncaught(what.exc_value)
