"""``greenlight run``: the bot itself."""

from datetime import timedelta
from typing import Annotated

import typer

from bot.commands.common import Stop, opened, shown
from bot.logs import redact
from bot.settings import load
from bot.texts import checks as words
from bot.texts import cli as words_cli
from bot.unit import wall_clock


def run(
    ahead: Annotated[float, typer.Option("--clock-ahead", hidden=True, help=words_cli.HELP_RUN_AHEAD)] = 0,
) -> None:
    """Check the settings and the database, then work until told to end.

    On SQLite a second one ends with 2.
    """
    from telegram.error import InvalidToken  # noqa: PLC0415  # the other commands do not wait for it

    from bot import app  # noqa: PLC0415  # the same
    from bot.leading import InUse  # noqa: PLC0415  # the same

    settings = load()
    token = settings.token
    with opened(settings):
        pass
    try:
        app.run(settings, lambda: wall_clock() + timedelta(seconds=ahead))
    except InUse as error:
        raise Stop(words_cli.database_in_use(shown(settings.database_url), error.pid)) from None
    except InvalidToken as error:
        raise Stop(words.token_refused(redact(str(error), token))) from None
