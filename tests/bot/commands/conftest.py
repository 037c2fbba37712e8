"""An operator at the command line, in an empty folder, with a Bot API on this machine."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.__main__ import main
from storage import migrations
from storage.database import Database
from tests.bot.commands.demonstrating import Demonstration, Start

TOKEN = "123456:" + "A" * 35
ROOT = Path(__file__).resolve().parents[3]


class Api(ThreadingHTTPServer):
    """A Bot API that knows one token and whose clock may be wrong."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.away = timedelta()


class Answer(BaseHTTPRequestHandler):
    """Answers getMe."""

    server: Api

    def do_GET(self) -> None:
        """Say who the bot is, or that nobody is."""
        known = self.path == f"/bot{TOKEN}/getMe"
        body = (
            {"ok": True, "result": {"id": 1, "username": "green_bot"}}
            if known
            else {"ok": False, "error_code": 401, "description": "Unauthorized"}
        )
        self.send_response_only(200 if known else 401)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.server.away, usegmt=True))
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[Api]:
    server = Api()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder without settings, in which SQLite's default database would be made."""
    for name in ("TOKEN", "API"):
        monkeypatch.delenv(f"GREENLIGHT_TELEGRAM_{name}", raising=False)
    for name in (
        "DATABASE_URL", "FILES", "TIMES", "PROXY", "LOG_LEVEL", "LOG_FORMAT", "LOG_FILE", "KEEP_DAYS",
        "WEBHOOK_URL", "LISTEN", "MONITOR",
    ):  # fmt: skip
        monkeypatch.delenv(f"GREENLIGHT_{name}", raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def reachable(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_API", api.url)
    return api


@pytest.fixture
def own(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The commands' database, on SQLite and on PostgreSQL."""
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("GREENLIGHT_DATABASE_URL", url.replace("+psycopg", ""))
    return database


@pytest.fixture
def start(place: Path) -> Iterator[Start]:
    started: list[Demonstration] = []

    def begin(*arguments: str) -> Demonstration:
        started.append(Demonstration(place, *arguments))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.end()
        if one.process.stdout:
            one.process.stdout.close()
        one.err.close()


Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Said:
    """Run a command; gives exit code, stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def newer(path: Path) -> None:
    """Make a database of a program that is newer than this one."""
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'f999'"))
    database.close()


def foreign(path: Path) -> None:
    """Make a database of another program."""
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE person (id INTEGER)"))
    database.close()
