"""What follows from a failure to send: is it this message's, this person's, or does it pass?"""

from enum import Enum

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.transport import NetworkInTransaction
from storage.lease import LeaseLost
from storage.outages import is_outage


class Fate(Enum):
    """What becomes of a message that failed."""

    REFUSED = "Telegram takes this one message never"
    UNREACHABLE = "the person has blocked the bot"
    BROKEN = "the program cannot write it"
    AGAIN = "network, server, database or disk: tried again, for a day"
    PATIENCE = "somebody has to do something about the bot: tried again without an end"


def fate_of(error: Exception) -> Fate:
    """What becomes of a message; not for ``RetryAfter``, which says it itself."""
    if isinstance(error, TelegramError):
        return _answered(error) if _is_telegrams(error) else Fate.AGAIN
    if isinstance(error, (LeaseLost, NetworkInTransaction)):
        return Fate.PATIENCE  # another process is about to send it
    return Fate.AGAIN if isinstance(error, OSError) or is_outage(error) else Fate.BROKEN


def _is_telegrams(error: TelegramError) -> bool:
    """Whether Telegram said so, and not a proxy on the way whose page the library could not read."""
    return not isinstance(error.__cause__, TelegramError)


def _answered(error: TelegramError) -> Fate:
    match error:
        case Forbidden():
            return Fate.UNREACHABLE
        case BadRequest() | ChatMigrated():
            return Fate.REFUSED
        case InvalidToken() | Conflict():
            return Fate.PATIENCE
        case _:
            return Fate.AGAIN
