"""``greenlight run``: the bot itself."""

from datetime import timedelta
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from bot.commands.common import Stop, opened, shown
from bot.logs import configure_logging, redact
from bot.settings import Settings, WrongSetting, load
from bot.texts import checks as words
from bot.texts import cli as words_cli
from bot.unit import wall_clock


def run(
    ahead: Annotated[float, typer.Option("--clock-ahead", hidden=True, help=words_cli.HELP_RUN_AHEAD)] = 0,
    again: Annotated[bool, typer.Option("--again", hidden=True, help=words_cli.HELP_RUN_AGAIN)] = False,
) -> None:
    """Check the settings and the database, then work until told to end.

    Without its database it ends with 2: the address may be wrong. Who starts over knows better, and waits.
    On SQLite a second one ends with 2, and so does one whose address is taken.
    """
    from telegram.error import InvalidToken  # noqa: PLC0415  # the other commands do not wait for it

    from bot import app  # noqa: PLC0415  # the same
    from bot.leading import InUse  # noqa: PLC0415  # the same
    from bot.web.listener import NotToBeHad  # noqa: PLC0415  # the same

    settings = load()
    token = settings.token
    start_log(settings, token)
    if not again:
        with opened(settings):
            pass
    try:
        app.run(settings, lambda: wall_clock() + timedelta(seconds=ahead))
    except InUse as error:
        raise Stop(words_cli.database_in_use(shown(settings.database_url), error.pid)) from None
    except NotToBeHad as error:
        raise Stop(str(error)) from None
    except InvalidToken as error:
        raise Stop(words.token_refused(redact(str(error), token))) from None


def start_log(settings: Settings, token: str) -> None:
    """Have everything that happens written where the settings say."""
    passwords = [make_url(url).password or "" for url in (settings.database_url, settings.proxy) if url]
    try:
        configure_logging(
            settings.log_level, token, *passwords,
            form=settings.log_format, file=settings.log_file, days=settings.keep_days,
        )  # fmt: skip
    except OSError as error:
        raise WrongSetting(f"GREENLIGHT_LOG_FILE {settings.log_file}: {error.strerror}") from None
