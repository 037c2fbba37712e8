"""What the log may show: everything but the bot's token and the secrets of invitations.

Telegram's addresses hold the token (``/bot123:AAH…/sendMessage``), so it turns up wherever a library
writes an address, a ``repr(bot)`` or a traceback. Records are cleaned at the handler, because a filter
on a logger does not see what its children write.
"""

import logging
import re
from typing import Final

HIDDEN: Final = "[token]"

# The look-behind starts a match at the first digit only: a long number is read once, not once a digit.
_TOKEN: Final = re.compile(r"(?<!\d)\d+(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
_INVITATION: Final = re.compile(r"(?<=start(?:=|\s|\+))[A-Za-z0-9_-]{30,}|(?<=start%3D)[A-Za-z0-9_-]{30,}")
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_TALKATIVE: Final = ("httpx", "httpcore", "apscheduler")  # every address they call, every tick, at INFO


def redact(text: str, *secrets: str) -> str:
    """Return the text with whatever looks like a bot token or an invitation, and the secrets, hidden.

    Args:
        text: anything that may be shown.
        secrets: exact strings to hide as well; empty ones are passed over.
    """
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    return _INVITATION.sub("[invitation]", _TOKEN.sub(HIDDEN, text))


class TokenFilter(logging.Filter):
    """Lets every record through, without the token.

    A record that shows none keeps its arguments and its exception. One that does is rendered here, and
    what it was made of is dropped, so that no later handler can render it again with the token in it.

    Args:
        secrets: exact strings to hide besides what looks like a token; the configured token, usually.
    """

    def __init__(self, *secrets: str) -> None:
        super().__init__()
        self._secrets = secrets
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record in place: message and arguments, exception, stack. Always true."""
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - an argument's own __str__ may raise anything
            # logging would print the raw arguments to stderr: show what there is, as one message
            message = f"{record.msg!s} (its arguments do not fit)"
            record.msg, record.args = message, None
        clean = redact(message, *self._secrets)
        if clean != message:
            record.msg, record.args = clean, None
        trace = record.exc_text
        if record.exc_info and not trace:
            trace = self._formatter.formatException(record.exc_info)
        if trace and (clean := redact(trace, *self._secrets)) != trace:
            record.exc_info, record.exc_text = None, clean
        if record.stack_info:
            record.stack_info = redact(record.stack_info, *self._secrets)
        return True


def configure_logging(level: int | str, *secrets: str) -> None:
    """Write the log to stderr, cleaned by a :class:`TokenFilter`, in place of earlier handlers.

    httpx and httpcore are held at WARNING or above whatever the level: they log addresses, token included.
    So is apscheduler, which tells of every tick.
    A handler added later needs a filter of its own.

    Args:
        level: the least level shown, as ``logging`` spells it (``"INFO"`` or 20).
        secrets: see :class:`TokenFilter`.

    Raises:
        ValueError: there is no such level.
    """
    handler = logging.StreamHandler()
    handler.addFilter(TokenFilter(*secrets))
    logging.basicConfig(level=level, format=_FORMAT, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
