"""Programs that run while their supervisor runs, and not a moment longer."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

GRACE = 8.0
"""Seconds that a child gets to end by itself."""
SOON = 5.0
"""A child that lived shorter than this did not really start."""
PATIENCE = 5
"""How many times in a row a child may fail to start."""
PAUSE = 0.2
"""Seconds before a child is started again; they double while it keeps failing."""

_PR_SET_PDEATHSIG = 1


class KeepsFailing(Exception):  # noqa: N818  # reads as what happened
    """A child dies again and again."""

    def __init__(self, child: "Child") -> None:
        super().__init__(child.name)
        self.child = child


@dataclass(slots=True)
class Child:
    """One program; its output goes to ``log``."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    process: Process | None = None
    started_at: float = field(default=0.0)

    async def start(self) -> None:
        """Start it in a session of its own: a Ctrl-C reaches the supervisor alone, who ends all in order."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.arguments,
                cwd=self.folder,
                env=self.environment,
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=partial(_end_with_parent, os.getpid()) if sys.platform == "linux" else None,
            )
        self.started_at = time.monotonic()

    async def keep(self, tell: Callable[["Child", int], None]) -> None:
        """Start it again whenever it ends; ``KeepsFailing`` when that does not help."""
        failures = 0
        while self.process is not None:
            code = await self.process.wait()
            failures = failures + 1 if time.monotonic() - self.started_at < SOON else 1
            if failures >= PATIENCE:
                raise KeepsFailing(self)
            tell(self, code)
            await asyncio.sleep(PAUSE * 2 ** (failures - 1))
            await self.start()

    async def stop(self, hurry: asyncio.Event) -> None:
        """Ask it to end, and insist after a while or when in a hurry."""
        if self.process is None or self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        ended = asyncio.ensure_future(self.process.wait())
        hurried = asyncio.ensure_future(hurry.wait())
        await asyncio.wait({ended, hurried}, timeout=GRACE, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        await ended

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        return lines[-1] if lines else "–"


def environment(**settings: str) -> dict[str, str]:
    """This process's environment for a child: these settings of Greenlight and no others."""
    root = str(Path(__file__).resolve().parents[2])
    kept = {key: value for key, value in os.environ.items() if not key.upper().startswith("GREENLIGHT_")}
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"} | settings


def _end_with_parent(parent: int) -> None:
    """Have the kernel end the child when the supervisor is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it was killed before the kernel was told
        os._exit(1)
