"""The command line: ``greenlight …`` is ``python -m bot …``.

Exit codes: 0 done · 1 refused, or something is wrong · 2 a wrong setting, a wrong use, or no database.
What is wrong is one line on stderr.
"""

import locale
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.exceptions import Abort, TyperException

from bot.commands import adding, backup, deadlines, demo, doctor, forecast, importing, invite, processes, run
from bot.commands.common import WRONG, Stop
from bot.logs import redact
from bot.settings import WrongSetting
from bot.texts import backup as backup_words
from bot.texts import cli as words
from bot.texts import deadlines as deadline_words
from bot.texts import forecast as forecast_words
from bot.texts import gettext as _
from bot.texts import importing as import_words
from bot.texts import speaking

INTERRUPTED = 130


def build() -> typer.Typer:
    """All commands, under the names that other programs rely on."""
    app = typer.Typer(
        name="greenlight", help=words.HELP, add_completion=False, pretty_exceptions_enable=False
    )
    app.command("run", help=words.HELP_RUN)(run.run)
    app.command("demo", help=words.HELP_DEMO)(demo.demo)
    app.command("invite", help=words.HELP_INVITE)(invite.invite)
    organisation = typer.Typer(help=words.HELP_ORGANISATION)
    organisation.command("add", help=words.HELP_ORGANISATION_ADD)(adding.organisation)
    organisation.callback()(_group)
    app.add_typer(organisation, name="organisation")
    machine = typer.Typer(help=words.HELP_OBJECT)
    machine.command("add", help=words.HELP_OBJECT_ADD)(adding.machine)
    machine.callback()(_group)
    app.add_typer(machine, name="object")
    app.command("import-objects", help=import_words.HELP)(importing.import_objects)
    app.command("processes", help=words.HELP_PROCESSES)(processes.processes)
    app.command("deadlines", help=deadline_words.HELP)(deadlines.deadlines)
    app.command("forecast", help=forecast_words.HELP)(forecast.forecast)
    app.command("backup", help=backup_words.HELP)(backup.backup)
    app.command("doctor", help=words.HELP_DOCTOR)(doctor.doctor)
    return app


def run_command_line(arguments: Sequence[str]) -> int:
    """Do what the arguments say; gives the exit code."""
    with speaking(_language()):
        try:
            command = typer.main.get_command(build())
            _translate(command)
            code = command(list(arguments) or ["--help"], prog_name="greenlight", standalone_mode=False)
        except TyperException as error:
            return _fail(words.see_help(error.format_message(), "greenlight"), WRONG)
        except WrongSetting as error:
            return _fail(str(error), WRONG)
        except Stop as stop:
            return _fail(stop.line, stop.code)
        except (Abort, KeyboardInterrupt):
            return INTERRUPTED
    return code if isinstance(code, int) else 0


def _group() -> None:
    """Keep a group of one command a group."""


def _translate(command: Any) -> None:  # noqa: ANN401  # Typer's own type is private
    """Put the help, which was marked where the options stand, into the language that is spoken."""
    for thing in (command, *command.params):
        if getattr(thing, "help", None):
            thing.help = _(thing.help)
    for inner in getattr(command, "commands", {}).values():
        _translate(inner)


def _fail(line: str, code: int) -> int:
    sys.stderr.write(f"greenlight: {redact(' '.join(line.split()))}\n")
    return code


def _language() -> str:
    """The first part of the operator's locale, such as ``uk``."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return (locale.normalize(named).partition("_")[0] or "en").lower()
