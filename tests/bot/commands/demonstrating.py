"""A demonstration that runs beside the test."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 40


def until(true: Callable[[], Any], what: str) -> Any:
    """Wait for something; a test that waits in vain says for what."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if found := true():
                return found
        time.sleep(0.05)
    pytest.fail(f"waited in vain: {what}")


class Demonstration:
    """A running demonstration."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GREENLIGHT_")}
        # What the operator has set for the real bot has no say here.
        strange = {"GREENLIGHT_DATABASE_URL": "sqlite:///real.db", "GREENLIGHT_PROXY": "http://127.0.0.1:1"}
        self.err = (folder / "err").open("w+")
        self.process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "bot", "demo", "--port", str(self.port), *arguments],
            cwd=folder,
            env=kept | strange | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=self.err,
            text=True,
        )
        assert self.process.stdout
        self.line = self.process.stdout.readline()

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the sandbox, as its page does."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # always http
            return json.load(answer)

    def children(self) -> dict[str, int]:
        """The ids of the two programs, by name."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        found = {}
        for number in listed.split():
            arguments = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
            if "-m" in map(bytes.decode, arguments):  # one that has just died has none
                found[arguments[2].decode()] = int(number)
        return found

    def said(self, person: int) -> list[str]:
        """What the bot has said to somebody."""
        chat = self.ask(f"/sandbox/people/{person}/chat")
        return [message["text"] for message in chat["messages"] if message["from"] == "bot"]

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """End it; gives exit code, what else it said, and stderr."""
        self.process.send_signal(how)
        out, _ = self.process.communicate(timeout=PATIENCE)
        self.err.seek(0)
        return self.process.returncode, out, self.err.read()


Start = Callable[..., Demonstration]
