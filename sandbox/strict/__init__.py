"""Strict mode: requests, and the sandbox's own answers, against an independent schema of the Bot API.

The schema is aiogram's typed methods, the lengths are python-telegram-bot's constants. Neither is
imported unless strict mode is on: aiogram is there for development only, and takes seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.strict.check import Strict

MISSING = "strict mode needs {name}, which is not installed: python -m pip install -r requirements-dev.lock"


class StrictUnavailableError(Exception):
    """A library that strict mode needs is not there; the text is one line for a person."""


class SandboxError(Exception):
    """The sandbox itself was about to say what Telegram never would."""


def load(violations: list[str]) -> Strict:
    """Import the schema; ``violations`` collects what the sandbox does wrong itself."""
    try:
        from sandbox.strict.check import Strict  # noqa: PLC0415 - takes seconds
    except ModuleNotFoundError as error:
        raise StrictUnavailableError(MISSING.format(name=(error.name or "").partition(".")[0])) from None
    return Strict(violations)
