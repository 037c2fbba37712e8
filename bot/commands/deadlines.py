"""``greenlight deadlines``: which times are in force, and where each comes from."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.adding import client_named
from bot.commands.common import now, opened
from bot.services.deployment import Deployment, in_force, read_file
from bot.services.public_holidays import next_holidays
from bot.services.sources import Setting, Source, settings_of
from bot.services.time_values import Key, Quiet, timed_name, to_row
from bot.services.times import calendar_for, claim_length
from bot.settings import load
from bot.texts import deadlines as words
from bot.texts import gettext as _
from bot.texts.schedule_values import (
    from_default,
    from_file,
    from_organisation,
    key_name,
    next_holidays_text,
    span_text,
    value_text,
)
from domain.deadlines import Times
from storage.database import UnitOfWork
from storage.tables import OrganisationRecord

SHOWN_HOLIDAYS = 5


def deadlines(
    client: Annotated[str | None, typer.Option(metavar="NAME", help=words.HELP_CLIENT)] = None,
    example: Annotated[bool, typer.Option("--example", help=words.HELP_EXAMPLE)] = False,
    json_: Annotated[bool, typer.Option("--json", help=words.HELP_JSON)] = False,
) -> None:
    """Show the times in force."""
    if example:
        typer.echo(words.EXAMPLE, nl=False)
        return
    settings = load()
    file = read_file(settings.times)
    with opened(settings) as database, database.read() as uow:
        owner = client_named(uow, client) if client is not None else None
        found = settings_of(uow, owner)
        if json_:
            typer.echo(json.dumps(as_json(uow, found, owner), ensure_ascii=False, indent=2))
            return
        _print(uow, found, owner, file)


def as_json(uow: UnitOfWork, found: Sequence[Setting], owner: OrganisationRecord | None) -> dict[str, Any]:
    """What holds, as other programs read it."""
    return {
        "client": owner.name if owner else None,
        "claim_hours": claim_length(uow).total_seconds() / 3600,
        "days_off": [day.isoformat() for day in in_force(uow).days_off],
        "settings": {
            setting.key: {
                "value": to_row(setting.key, setting.value),
                "source": setting.source.name.lower(),
                "organisation": setting.organisation,
                "by": setting.by,
                "at": setting.at.isoformat() if setting.at else None,
            }
            for setting in found
        },
    }


def _print(
    uow: UnitOfWork, found: Sequence[Setting], owner: OrganisationRecord | None, file: Deployment
) -> None:
    console = Console(highlight=False)
    console.print(_statuses(found, owner))
    zone = owner.time_zone if owner else "UTC"
    rest = Table(*map(_, words.COLUMNS_REST))
    for setting in found:
        if timed_name(setting.key) is None:
            rest.add_row(key_name(setting.key), shown(setting), origin(setting, zone))
            if setting.key == Key.HOLIDAYS and setting.value:
                rest.add_row(_(words.NEXT_HOLIDAYS), _coming(uow, setting, owner, now()), "")
            if setting.key == Key.HOLIDAYS and (days := in_force(uow).days_off):
                coming = [day for day in days if day >= _today(uow, owner, now())]
                rest.add_row(_(words.DAYS_OFF), words.days_off(coming, SHOWN_HOLIDAYS), from_file())
    rest.add_row(_(words.CLAIM), words.hours(claim_length(uow)), "")
    console.print(rest)
    console.print(words.explanation(), soft_wrap=True)
    if file != in_force(uow):
        console.print(words.file_changed(), style="bold", soft_wrap=True)


def _statuses(found: Sequence[Setting], owner: OrganisationRecord | None) -> Table:
    table = Table(*map(_, words.COLUMNS), title=words.title(owner.name if owner else None))
    for setting in found:
        if isinstance(setting.value, Times):
            table.add_row(
                key_name(setting.key),
                span_text(setting.value.main),
                span_text(setting.value.urgent),
                origin(setting, owner.time_zone if owner else "UTC"),
            )
    return table


def shown(setting: Setting) -> str:
    """The value in words."""
    passes = isinstance(setting.value, Quiet) and setting.value.red_passes
    return value_text(setting.key, setting.value, red_passes=passes)


def origin(setting: Setting, time_zone: str) -> str:
    """Where it comes from."""
    if setting.source is Source.DEFAULT:
        return from_default()
    if setting.source is Source.FILE:
        return from_file()
    return from_organisation(setting.organisation or "", setting.by, setting.at, time_zone)


def _coming(uow: UnitOfWork, setting: Setting, owner: OrganisationRecord | None, at: datetime) -> str:
    return next_holidays_text(next_holidays(str(setting.value), _today(uow, owner, at), SHOWN_HOLIDAYS))


def _today(uow: UnitOfWork, owner: OrganisationRecord | None, at: datetime) -> date:
    return calendar_for(uow, owner).local_day(at) if owner else at.date()
