"""The log of every Bot API call, in the order of the answers.

With a path it is an append-only file of one JSON object a line; what no longer fits in memory is
read from there. Without one the newest calls are kept, and counts of all.
"""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from itertools import islice
from pathlib import Path
from typing import Any

from sandbox.waking import Bell

KEPT = 50_000
PAGE = 1000

Call = dict[str, Any]


class CallLog:
    """Calls numbered from 1; the numbers go on after a restart when there is a file."""

    def __init__(self, path: Path | None) -> None:
        self._recent: deque[Call] = deque(maxlen=KEPT)
        self._path = path
        self.last = 0
        self._forgotten = 0
        self.counts: Counter[str] = Counter()
        if path is not None and path.exists():
            for call in _read(path):
                self._remember(call)
        # Unbuffered by line: whoever reads the file sees every answered call.
        self._file = path.open("a", encoding="utf-8", buffering=1) if path is not None else None
        self.grew = Bell()

    def _remember(self, call: Call) -> None:
        self.last = call["n"]
        self.counts[call["method"]] += 1
        self._recent.append(call)

    def add(self, call: Call) -> None:
        """Number a call, stamp it (seconds since 1970) and keep it."""
        call = {"n": self.last + 1, "at": round(time.time(), 4), **call}
        self._remember(call)
        if self._file is not None:
            self._file.write(json.dumps(call, ensure_ascii=False) + "\n")
        self.grew.ring()

    def after(self, number: int, method: str, limit: int = PAGE) -> list[Call]:
        """The oldest ``limit`` calls numbered above ``number``, of one method when it is named."""
        wanted, number = method.lower(), max(number, self._forgotten)
        oldest = self._recent[0]["n"] if self._recent else self.last + 1
        source = _read(self._path) if self._path is not None and number + 1 < oldest else iter(self._recent)
        matching = (c for c in source if c["n"] > number and (not wanted or c["method"].lower() == wanted))
        return list(islice(matching, limit))

    def clear(self) -> None:
        """Forget every call; numbers go on."""
        self._recent.clear()
        self.counts.clear()
        # The file only ever grows, so that no number is given twice after a restart either.
        self._forgotten = self.last

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


def _read(path: Path) -> Any:  # noqa: ANN401 - a generator of calls
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:
                # A killed process may leave half a last line.
                continue
