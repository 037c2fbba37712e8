"""``python -m bot.services.importing.child FILE ROWS``: read a file that a stranger may have made.

A process of its own, with little memory and no secrets: whatever such a file does to its reader, the bot
goes on. It writes the rows as JSON, a line each, and says on stdout how it understood the file.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 1_500_000_000
"""Bytes of address space for the reader."""
SECONDS = 120
"""Processor time for the reader."""


def main(source: str, target: str) -> None:
    """Read ``source``, write ``target``, say how it went."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(convert(Path(source), Path(target)), ensure_ascii=True))


def convert(source: Path, target: Path) -> dict[str, Any]:
    """Write the rows of a file as lines of JSON; how it was understood, or what is wrong with it."""
    # Read here: the limits hold for the libraries, too.
    from bot.services.importing.tables import open_table  # noqa: PLC0415  # after the limits
    from domain.imports import BadFile, Problem  # noqa: PLC0415  # the same

    try:
        table = open_table(source)
        count = last = 0
        with target.open("w", encoding="utf-8") as file:
            for row in table.rows:
                if any(row.cells):
                    count, last = count + 1, row.number
                    line = [row.number, row.title, row.cells]
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except BadFile as bad:
        return {"problem": bad.problem.value, "where": bad.where}
    except MemoryError:
        return {"problem": Problem.SWELLS.value, "where": ""}
    if not count:
        return {"problem": Problem.EMPTY.value, "where": ""}
    return {
        "kind": table.kind.name,
        "sheet": table.sheet,
        "other_sheets": list(table.other_sheets),
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "rows": count,
        "last": last,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
