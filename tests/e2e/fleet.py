"""Several processes of the bot on one PostgreSQL, and a way to it that can be cut."""

import signal
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from sqlmodel import text

from tests.e2e.world import World
from tests.talk import BOUND


class Fleet:
    """Processes by their names; whoever works is known by the lease."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, **environment: str) -> None:
        """Start a process and wait until it works or stands by."""
        told = self.world.stage.bot_log
        self.launch(name, **environment)
        self.until_log_says('"listening"', "standing by", after=len(told))

    def launch(self, name: str, **environment: str) -> None:
        """Start a process, and wait for nothing."""
        self._processes[name] = self.world.stage.process(**environment)

    def until_log_says(self, *signs: str, after: int = 0) -> None:
        """Wait for one of these words."""
        for _ in range(int(BOUND / 0.05)):
            if any(sign in self.world.stage.bot_log[after:] for sign in signs):
                return
            self.world.stage.pass_time(0.05)
        raise AssertionError(self.world.stage.bot_log[after:])

    def kill(self, name: str) -> None:
        """End a process as a power cut does."""
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def freeze(self, name: str) -> None:
        """Let a process stand still, in the middle of whatever it does."""
        self._processes[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let it go on where it was; wait until it knows that its time is over."""
        told = self.world.stage.bot_log
        self._processes[name].send_signal(signal.SIGCONT)
        self.until_log_says("starting over", after=len(told))
        self.until_log_says("standing by", after=len(told))

    def ask(self, name: str) -> None:
        """Ask a process to end, and wait for nothing."""
        self._processes[name].terminate()

    def free(self) -> None:
        """Let the lease of one that is gone be the next one's at once."""
        with self.world.database.write() as unit:
            unit.session.connection().execute(text("UPDATE lease SET until = clock_timestamp()"))

    def stop(self, name: str) -> int:
        """Ask a process to end; its exit code."""
        process = self._processes.pop(name)
        process.terminate()
        return process.wait(BOUND)

    def ended(self, name: str) -> int:
        """The exit code of a process that ends by itself."""
        code = self._processes[name].wait(BOUND)
        del self._processes[name]
        return code

    @property
    def worker(self) -> int:
        """The number of the process that has the lease."""
        with self.world.database.read() as unit:
            holder = unit.session.connection().execute(text("SELECT holder FROM lease")).scalar_one()
        return int(str(holder).rpartition(":")[2])

    def pid(self, name: str) -> int:
        """The number of a process."""
        return self._processes[name].pid

    def close(self) -> None:
        """End what is left."""
        for name in list(self._processes):
            self._processes[name].send_signal(signal.SIGCONT)
            self.kill(name)


class Wire:
    """A way to the server of a database through a port of its own, that can be cut without a word."""

    def __init__(self, server: Path) -> None:
        self._server = str(server)
        self._cut = threading.Event()
        self._passing = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, after: int = 0) -> None:
        """Nothing passes any more once the server has got so many pieces more, and nobody is told."""
        self._passing = after
        self._cut.set()

    def mend(self) -> None:
        """What was on its way is gone; new connections pass."""
        self._close_all()
        self._cut.clear()

    def close(self) -> None:
        """Let go of everything."""
        self._listening.close()
        self._close_all()

    def _close_all(self) -> None:
        while self._ends:
            with suppress(OSError):
                self._ends.pop().shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._server)
                self._ends += [near, far]
                threading.Thread(target=self._pass, args=(near, far, 1), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, 0), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, counts: int) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                if not self._cut.is_set() or self._passing:
                    self._passing -= counts
                    other.sendall(data)
        if not self._cut.is_set():  # else neither end hears of the other's
            with suppress(OSError):
                other.shutdown(socket.SHUT_RDWR)
        one.close()
