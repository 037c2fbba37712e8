"""Where it may happen, and what: each scene is a database and a trouble."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.e2e.fleet import Wire
from tests.postgres import Server
from tests.torture.storm import Place, Trouble
from tests.torture.troubles import kills, outages, server_restarted, small_disk

MEGABYTES = 8
"""Of the small disk: enough for a company, and soon full."""

Scene = Iterator[tuple[Place, Trouble]]


@contextmanager
def killed_on_sqlite(folder: Path) -> Scene:
    """Kills, on SQLite."""
    yield Place(folder, f"sqlite:///{folder}/greenlight.db"), kills


@contextmanager
def killed_on_postgresql(folder: Path) -> Scene:
    """Kills, on PostgreSQL."""
    with _server() as server:
        yield Place(folder, server.url("postgres")), kills


@contextmanager
def full_disk(folder: Path) -> Scene:
    """No room for the database and the files; ``PermissionError`` where no small disk can be had."""
    with small_disk(folder / "small", MEGABYTES) as disk:
        place = Place(folder, f"sqlite:///{disk.folder}/greenlight.db", files=disk.folder / "files")
        yield place, outages(disk.fill, disk.free)


@contextmanager
def database_stopped(folder: Path) -> Scene:
    """PostgreSQL is stopped, and is away for a while."""
    with _server() as server:
        yield Place(folder, server.url("postgres")), outages(server.down, server.up)


@contextmanager
def database_crashed(folder: Path) -> Scene:
    """PostgreSQL crashes, and is away for a while."""
    with _server() as server:
        yield Place(folder, server.url("postgres")), outages(lambda: server.down(at_once=True), server.up)


@contextmanager
def database_restarted(folder: Path) -> Scene:
    """PostgreSQL is restarted in the middle."""
    with _server() as server:
        yield Place(folder, server.url("postgres")), server_restarted(server)


@contextmanager
def database_cut_off(folder: Path) -> Scene:
    """Nothing comes through to PostgreSQL, and nobody is told."""
    with _server() as server:
        wire = Wire(server.socket)
        by_wire = f"postgresql://postgres@127.0.0.1:{wire.port}/postgres"
        try:
            yield Place(folder, server.url("postgres"), seen_by_bot=by_wire), outages(wire.cut, wire.mend)
        finally:
            wire.close()


SCENES: dict[str, Callable[[Path], AbstractContextManager[tuple[Place, Trouble]]]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        killed_on_sqlite, killed_on_postgresql, full_disk, database_stopped, database_crashed,
        database_restarted, database_cut_off,
    )
}  # fmt: skip


@contextmanager
def _server() -> Iterator[Server]:
    """A server of its own that keeps what it promised."""
    made = Server(remembers=True)
    try:
        yield made
    finally:
        made.stop()
