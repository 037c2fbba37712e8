"""What befalls the bot while people go on: kills, a full disk, a database that is away."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import text

from tests.postgres import Server
from tests.torture.storm import Storm, Trouble

STARTING = 0.4
"""Seconds within which a bot that has just been started is killed again, now and then."""
TWICE = 1 / 6
"""How often it is."""
AFTER_AN_ACT = 0.05
"""Seconds after somebody's act within which the bot dies: from the arrival to the last message."""
BLOCK = 1 << 16


async def kills(storm: Storm) -> None:
    """Kill the bot so often, each time at another moment."""
    while len(storm.rig.kills) < storm.plan.kills:
        if storm.chance.random() < TWICE:
            await storm.rig.pass_time(storm.chance.uniform(0, STARTING))
        else:
            await storm.acts(storm.chance.randint(1, 2 * storm.plan.people))
            await storm.rig.pass_time(storm.chance.uniform(0, AFTER_AN_ACT))
        storm.rig.kill()
        if not storm.database.is_sqlite:
            with storm.database.write() as unit:  # as if the time of the dead one's lease had passed
                unit.session.connection().execute(text("UPDATE lease SET until = clock_timestamp()"))
        storm.rig.start()


def outages(begin: Callable[[], None], end: Callable[[], None]) -> Trouble:
    """Nothing can be saved, as often as the plan has kills; each time somebody notices and is told so."""

    async def trouble(storm: Storm) -> None:
        everybody = storm.plan.people
        for _ in range(storm.plan.kills):
            await storm.acts(storm.chance.randint(everybody, 2 * everybody))
            began = time.time()
            begin()
            try:
                await storm.regrets()
                if not storm.outages:
                    await storm.rig.pass_time(storm.plan.away)
            finally:
                end()
                storm.outages.append((began, time.time()))
            await storm.acts(everybody)
            assert storm.rig.alive, storm.rig.log[-3000:]

    return trouble


class Disk:
    """A small file system that can be filled up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no room, not even for a byte."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (BLOCK, 1):
                try:
                    while ballast.write(b"\0" * size):
                        pass
                except OSError:  # no space left on device
                    continue

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A file system in memory, mounted at a folder; ``PermissionError`` for whoever may not mount."""
    folder.mkdir()
    if os.geteuid():
        raise PermissionError("only root may mount a small disk")
    size = f"size={megabytes}m"
    if _root("mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)):
        raise PermissionError("no small disk can be mounted here")
    try:
        yield Disk(folder)
    finally:
        _root("umount", str(folder))


def _root(*command: str) -> int:
    return subprocess.run(command, check=False, capture_output=True).returncode  # noqa: S603  # our own


def server_restarted(server: Server) -> Trouble:
    """The server is restarted in the middle, as often as the plan has kills: over before anybody notices."""

    async def trouble(storm: Storm) -> None:
        everybody = storm.plan.people
        for _ in range(storm.plan.kills):
            await storm.acts(storm.chance.randint(everybody, 2 * everybody))
            began = time.time()
            server.down()
            server.up()
            storm.outages.append((began, time.time()))
            await storm.acts(everybody)
            assert storm.rig.alive, storm.rig.log[-3000:]

    return trouble
