"""``greenlight forecast``: what will be sent to whom, when and why, if nothing changes."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.commands.adding import client_named
from bot.commands.common import Stop, now, opened, progress
from bot.services import forecast as looking
from bot.services.forecast import About, Day, Foretold, Form
from bot.settings import load
from bot.texts import forecast as words
from bot.texts import gettext as _
from bot.texts.times import day_name, moment
from bot.texts.words import COLOUR_ICONS, role_names, status_name
from storage.database import UnitOfWork
from storage.objects import Seen
from storage.scope import Scope

FARTHEST = 92
SHOWN = 6
"""Objects of one message that a table shows; ``--json`` has all of them."""


def forecast(
    days: Annotated[int, typer.Option(help=words.HELP_DAYS, min=1, max=FARTHEST)] = 14,
    number: Annotated[str | None, typer.Option("--object", metavar="NUMBER", help=words.HELP_OBJECT)] = None,
    client: Annotated[str | None, typer.Option(metavar="NAME", help=words.HELP_CLIENT)] = None,
    json_: Annotated[bool, typer.Option("--json", help=words.HELP_JSON)] = False,
) -> None:
    """Look ahead."""
    settings = load()
    begins = now()
    every = timedelta(seconds=settings.tick_seconds)
    with opened(settings) as database, database.read() as uow:
        scope, whose = _scope(uow, number, client)
        until = begins + timedelta(days=days)
        frame = {"from": begins.isoformat(), "until": until.isoformat()}
        if whose is None:
            counts = _last(looking.by_day(uow, begins, until, every))
            _print({**frame, "days": [_day_json(one) for one in counts]} if json_ else _days(counts, days))
        else:
            with progress.status(words.looking()):
                each = list(looking.forecast(uow, begins, until, scope=scope, every=every))
            table = {**frame, "messages": [_json(one) for one in each]} if json_ else _each(each, days, whose)
            _print(table)


def _scope(uow: UnitOfWork, number: str | None, client: str | None) -> tuple[Scope, str | None]:
    """Of what is asked, and how it is called; None: of everything."""
    owner = client_named(uow, client) if client is not None else None
    if number is None:
        return (Scope(client_ids=(owner.id or 0,)), owner.name) if owner else (Scope(), None)
    found = looking.named(uow, " ".join(number.split()), owner.id if owner else None)
    if not found:
        raise Stop(words.no_object(number))
    if len(found) > 1:
        raise Stop(words.several_objects(number, sorted(one.client.name for one in found)))
    return Scope(object_id=found[0].object.id), _called(found[0])


def _called(seen: Seen) -> str:
    return " · ".join(filter(None, (seen.object.number, seen.object.name, seen.client.name)))


def _last(parts: Iterable[list[Day]]) -> list[Day]:
    """What all parts come to; says meanwhile how far it is."""
    counts: list[Day] = []
    with progress.status(words.looking()) as status:
        for number, counts in enumerate(parts, 1):  # noqa: B007  # the last one is wanted
            status.update(f"{words.looking()} · {number}")
    return counts


def _print(what: Table | dict[str, Any]) -> None:
    if isinstance(what, dict):
        typer.echo(json.dumps(what, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    if not what.row_count:
        console.print(words.quiet())
        return
    console.print(what)
    console.print(words.zones(), soft_wrap=True)


def _each(messages: Iterable[Foretold], days: int, whose: str) -> Table:
    table = Table(*map(_, words.COLUMNS), title=words.title(days, whose))
    for one in messages:
        shown = one.about[:SHOWN]
        more = [words.more(len(one.about) - SHOWN)] if len(one.about) > SHOWN else []
        head = [words.digest()] if one.form is Form.DIGEST else []
        reasons = dict.fromkeys(words.why(a.because, a.role, a.instead_of) for a in shown)
        table.add_row(
            moment(one.at, one.reader.time_zone),
            Text(_whom(one)),
            Text("\n".join([*head, *map(_what, shown), *more])),
            Text("\n".join(reasons)),
        )
    return table


def _whom(one: Foretold | Day) -> str:
    if one.group is not None:
        return words.in_group(one.group.title)
    return f"{one.reader.name}, {role_names(one.reader.actor.roles)} · {one.reader.organisation}"


def _what(about: About) -> str:
    named = " · ".join(filter(None, (about.number, about.name)))
    stage = _(words.STAGES[about.stage])
    return f"{COLOUR_ICONS[about.colour]} {named} · {status_name(about.status)} · {about.client} · {stage}"


def _days(counts: Iterable[Day], days: int) -> Table:
    table = Table(*map(_, words.COLUMNS_DAYS), title=words.title(days, None))
    for one in counts:
        numbers = (one.digest, len(one.alerts), len(one.told), len(one.red))
        table.add_row(
            day_name(one.day), Text(_whom(one)), *(str(number) if number else "" for number in numbers)
        )
    return table


def _json(one: Foretold) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(),
        "kind": one.form,
        **_reader(one),
        "objects": [
            {
                "number": about.number,
                "client": about.client,
                "status": about.status,
                "colour": about.colour.name.lower(),
                "stage": about.stage.name.lower(),
                "because": about.because,
                "role": about.role.key,
                "instead_of": about.instead_of,
            }
            for about in one.about
        ],
    }


def _day_json(one: Day) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        **_reader(one),
        "digest_objects": one.digest,
        "alerts": len(one.alerts),
        "alert_objects": len(one.told),
        "red": len(one.red),
    }


def _reader(one: Foretold | Day) -> dict[str, Any]:
    """Who reads it; in a group it is told through the person who bound that."""
    return {
        "person": one.reader.name,
        "organisation": one.reader.organisation,
        "group": one.group.title if one.group else None,
    }
