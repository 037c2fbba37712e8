"""``greenlight processes``: the two tables, for people and for programs."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.texts import cli as words
from bot.texts import gettext as _
from bot.texts.words import status_name
from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Process, Row

PROCESSES: dict[str, tuple[type[StrEnum], Process[Any], str]] = {
    "object": (ObjectStatus, OBJECT_PROCESS, words.TITLE_OBJECT),
    "client": (ClientStatus, CLIENT_PROCESS, words.TITLE_CLIENT),
}


def processes(
    json_: Annotated[bool, typer.Option("--json", help=words.HELP_PROCESSES_JSON)] = False,
) -> None:
    """Print both processes."""
    if json_:
        typer.echo(json.dumps(as_json(), ensure_ascii=False, indent=2))
        return
    console = Console()
    for _statuses, process, title in PROCESSES.values():
        console.print(_table(process, _(title)))


def as_json() -> dict[str, Any]:
    """Both processes as other programs read them."""
    return {
        key: {"statuses": [str(status) for status in statuses], "rows": [_row(row) for row in process.rows]}
        for key, (statuses, process, _title) in PROCESSES.items()
    }


def _row(row: Row[Any]) -> dict[str, Any]:
    return {
        "no": row.no,
        "from": str(row.source) if row.source else None,
        "to": str(row.target),
        "roles": [role.key for role in (*row.roles, *row.late)],
        "conditions": _conditions(row),
    }


def _conditions(row: Row[Any]) -> list[str]:
    return [*map(str, row.conditions), *(f"late:{role.key}" for role in row.late)]


def _table(process: Process[Any], title: str) -> Table:
    table = Table(*map(_, words.COLUMNS), title=title)
    for row in process.rows:
        table.add_row(
            str(row.no),
            status_name(row.source) if row.source else "–",
            status_name(row.target),
            ", ".join(role.key for role in row.roles),
            ", ".join(_conditions(row)),
        )
    return table
