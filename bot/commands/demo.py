"""``greenlight demo``: the sandbox, the bot and an invented company, with nothing to set up."""

import asyncio
import contextlib
import errno
import fcntl
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import typer
from rich.progress import BarColumn, Progress, TextColumn

from bot.commands.children import Child, KeepsFailing, environment
from bot.commands.common import Stop, bring_up_to_date, now, progress
from bot.commands.demo_clock import go_to, lives, read_at
from bot.services.people import hash_secret, invite, refresh_commands
from bot.services.reminders import begin_quietly
from bot.texts import cli
from bot.texts import demo as words
from demo.company import NEWCOMER, NEWCOMER_ORGANISATION, NEWCOMER_ROLES, TIME_ZONE, accounts
from demo.seeding import is_seeded, seed
from storage.database import Database, UnitOfWork

FOLDER = Path("demo-data")
PORT = 8080
HOST = "127.0.0.1"
TOKEN = "7000000001:a-token-of-the-sandbox-and-of-nobody-else"  # noqa: S105  # opens nothing
BOT_USERNAME = "greenlight_demo_bot"
INVITATION = "demo_invitation"
"""The setting that names the newcomer's open invitation."""

DATABASE, SANDBOX = "greenlight.db", "sandbox.db"
OWN_FILES = (
    *(name + end for name in (DATABASE, SANDBOX) for end in ("", "-wal", "-shm", "-journal")),
    f"{SANDBOX}.calls.jsonl",
    "bot.log",
    "sandbox.log",
)
OWN_FOLDERS = ("files",)
OLD = 2
"""Days after which the demonstration says that it has aged."""


def demo(
    port: Annotated[int, typer.Option(help=cli.HELP_DEMO_PORT)] = PORT,
    reset: Annotated[bool, typer.Option("--reset", help=cli.HELP_DEMO_RESET)] = False,
    at: Annotated[str | None, typer.Option("--at", metavar="WHEN", help=cli.HELP_DEMO_AT)] = None,
) -> None:
    """Play everything in a browser."""
    folder = FOLDER.absolute()
    wanted = read_at(at, now())
    port = usable(port)
    with held(folder):
        if reset:
            forget(folder)
        ahead, people = prepare(folder, wanted)
        try:
            asyncio.run(Demo(folder, port, people, ahead).run())
        except KeepsFailing as failing:
            child = failing.child
            raise Stop(words.child_fails(child.name, str(child.log), child.last_words()), 1) from None
        finally:
            with opened_demo(folder) as database, database.write() as uow:
                lives(uow, now() + ahead)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder, for this process alone."""
    try:
        folder.mkdir(exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise Stop(words.folder(str(folder), error.strerror or str(error))) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Stop(words.runs(str(folder))) from None
        yield


def usable(port: int) -> int:
    """The port, or a free one for 0; ``Stop`` when somebody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OverflowError:
            raise Stop(words.bad_port(port)) from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Stop(words.port_used(port)) from None
            raise Stop(words.port_forbidden(port, error.strerror or str(error))) from None
        return int(probe.getsockname()[1])


def forget(folder: Path) -> None:
    """Delete what the demonstration made, and nothing else that may lie there."""
    for name in OWN_FILES:
        (folder / name).unlink(missing_ok=True)
    for name in OWN_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)


@contextmanager
def opened_demo(folder: Path) -> Iterator[Database]:
    """The demonstration's database."""
    database = Database(f"sqlite:///{folder / DATABASE}")
    try:
        yield database
    finally:
        database.close()


def prepare(folder: Path, wanted: timedelta | None) -> tuple[timedelta, list[dict[str, Any]]]:
    """Make the company on the first start; gives how far ahead its clock goes, and the sandbox's accounts."""
    with opened_demo(folder) as database:
        bring_up_to_date(database)
        with database.write() as uow:
            made = is_seeded(uow)
            if made is None:
                _make_company(uow)
            ahead = go_to(uow, wanted, now())
            if ahead:
                progress.print(words.clock_there(now() + ahead, TIME_ZONE))
            elif made is not None and (days := (now() - made).days) >= OLD:
                progress.print(words.old(days))
            return ahead, accounts(_newcomer_hint(uow, now() + ahead))


def _make_company(uow: UnitOfWork) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=progress) as bar:
        task = bar.add_task(words.making(), total=None)
        begins = now()
        seed(uow, begins, lambda done, total: bar.update(task, completed=done, total=total))
    begin_quietly(uow, begins)
    for person in uow.people.all():
        refresh_commands(uow, person, begins)


def _newcomer_hint(uow: UnitOfWork, at: datetime) -> str:
    """An invitation that is open, however old the demonstration is."""
    if uow.people.by_telegram_id(NEWCOMER.telegram_id) is not None:
        return words.newcomer_known()
    if earlier := uow.settings.get(INVITATION):
        uow.invitations.revoke(int(earlier), at)
    home = uow.organisations.by_name(NEWCOMER_ORGANISATION)
    if home is None:
        raise Stop(cli.unknown_organisation(NEWCOMER_ORGANISATION, ()))
    secret = invite(uow, NEWCOMER_ROLES, home, at)
    written = uow.invitations.by_hash(hash_secret(secret))
    uow.settings.put(INVITATION, str(written.id if written else ""))
    return words.newcomer(secret)


class Demo:
    """The two programs and their supervisor."""

    def __init__(self, folder: Path, port: int, people: list[dict[str, Any]], ahead: timedelta) -> None:
        self._people = people
        self.url = f"http://{HOST}:{port}"
        seconds = str(ahead.total_seconds())
        self.sandbox = Child(
            "sandbox",
            [
                sys.executable, "-m", "sandbox", "--host", HOST, "--port", str(port), "--token", TOKEN,
                "--data", str(folder / SANDBOX), "--bot-username", BOT_USERNAME,
                "--ahead", seconds,
            ],
            environment(),
            folder,
            folder / "sandbox.log",
        )  # fmt: skip
        self.bot = Child(
            "bot",
            [sys.executable, "-m", "bot", "run", "--clock-ahead", seconds],
            environment(
                GREENLIGHT_TELEGRAM_TOKEN=TOKEN,
                GREENLIGHT_TELEGRAM_API=self.url,
                GREENLIGHT_DATABASE_URL=f"sqlite:///{folder / DATABASE}",
                GREENLIGHT_FILES=str(folder / "files"),
            ),
            folder,
            folder / "bot.log",
        )
        for child in (self.sandbox, self.bot):
            child.log.unlink(missing_ok=True)

    async def run(self) -> None:
        """Run both until a signal; whatever happens, no child is left behind."""
        ended, hurry = asyncio.Event(), asyncio.Event()

        def end() -> None:
            (hurry if ended.is_set() else ended).set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, end)
        work = asyncio.ensure_future(self._work())
        signalled = asyncio.ensure_future(ended.wait())
        try:
            await asyncio.wait({work, signalled}, return_when=asyncio.FIRST_COMPLETED)
            error = work.exception() if work.done() else None
            if error is not None:
                raise error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
        finally:
            for task in (work, signalled):
                task.cancel()
            await asyncio.wait({work, signalled})
            # The bot first: it tells the sandbox which updates it has taken.
            await self.bot.stop(hurry)
            await self.sandbox.stop(hurry)

    async def _work(self) -> None:
        async with aiohttp.ClientSession(self.url) as http, asyncio.TaskGroup() as tasks:
            with progress.status(words.starting()):
                await self.sandbox.start()
                tasks.create_task(self.sandbox.keep(self._tell))
                before = int((await self._ask(http, "/sandbox/state"))["calls"])
                await self._declare(http)
                await self.bot.start()
                tasks.create_task(self.bot.keep(self._tell))
                while not await self._polls(http, before):
                    pass
            typer.echo(words.ready(self.url + "/"))

    async def _ask(self, http: aiohttp.ClientSession, path: str) -> dict[str, Any]:
        """Ask the sandbox until it answers: it may still be starting, or starting again."""
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                async with http.get(path) as response:
                    answer: dict[str, Any] = await response.json()
                    return answer
            await asyncio.sleep(0.05)

    async def _declare(self, http: aiohttp.ClientSession) -> None:
        async with http.post("/sandbox/accounts", json={"accounts": self._people}) as response:
            response.raise_for_status()

    async def _polls(self, http: aiohttp.ClientSession, before: int) -> bool:
        """Whether the bot has begun to ask for updates since.

        getUpdates itself is logged when it is answered, long after; the library begins with deleteWebhook.
        """
        log = await self._ask(http, f"/sandbox/log?method=deleteWebhook&limit=1&wait=1&after={before}")
        return bool(log["calls"])

    @staticmethod
    def _tell(child: Child, code: int) -> None:
        progress.print(words.child_ended(child.name, code, str(child.log)), soft_wrap=True)
