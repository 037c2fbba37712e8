"""Having a file read by a process of its own, and going through its rows afterwards."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.services.importing.headings import LOOK_AT, Layout, find_layout
from bot.services.importing.tables import Row
from domain.imports import BadFile, Problem

_ROOT = Path(__file__).parents[3]
_PATIENCE = 180.0
"""Seconds after which a reader that says nothing is ended."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What there is to tell of how a file was understood."""

    rows: int
    last: int
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""


async def read(source: Path, target: Path) -> Understood:
    """Read a file into lines of JSON; ``BadFile`` when it is no list, or its reader came to harm."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.services.importing.child", *_from_anywhere(source, target),
        cwd=_ROOT, env=_environment(), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(child.communicate(), _PATIENCE)
    except TimeoutError:
        raise BadFile(Problem.SWELLS) from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode != 0:
        # Ended by the system: it wanted too much. Ended by itself: it could not make head or tail of it.
        raise BadFile(Problem.SWELLS if (child.returncode or 0) < 0 else Problem.DAMAGED)
    return _understood(json.loads(said))


def _from_anywhere(*paths: Path) -> list[str]:
    """The paths as a process in another folder has to know them."""
    return [str(path.resolve()) for path in paths]


def _environment() -> dict[str, str]:
    """Nothing of ours but what Python needs: the reader must not know the token."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": str(_ROOT)}


def _understood(said: Mapping[str, Any]) -> Understood:
    if "problem" in said:
        raise BadFile(Problem(said["problem"]), said["where"])
    return Understood(
        said["rows"],
        said["last"],
        said["sheet"],
        tuple(said["other_sheets"]),
        said["encoding"],
        said["delimiter"],
    )


def rows_of(target: Path) -> Iterator[Row]:
    """The rows that were read, one at a time."""
    with target.open(encoding="utf-8") as file:
        for line in file:
            number, title, cells = json.loads(line)
            yield Row(number, cells, title)


@dataclass(frozen=True, slots=True)
class Found:
    """The heading of a list that was read, in the file's own row numbers."""

    layout: Layout
    heading: int
    last_heading: int
    samples: tuple[str, ...]


def found_in(target: Path) -> Found:
    """The heading of the list, and a sample of each column."""
    top: list[Row] = []
    for row in rows_of(target):
        top.append(row)
        if len(top) > LOOK_AT + 5:
            break
    layout = find_layout([[] if row.title else row.cells for row in top])
    width = max((len(row.cells) for row in top), default=0)
    below = top[layout.first :]
    samples = tuple(
        next((row.cells[at] for row in below if at < len(row.cells) and row.cells[at]), "")
        for at in range(width)
    )
    return Found(layout, top[layout.heading].number, top[layout.first - 1].number, samples)
