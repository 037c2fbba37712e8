"""Starts the bot again and again in no time: a process that has read its modules already, and forks.

    python -m tests.torture.nursery        in the bot's folder, with the bot's environment

It reads orders line by line and answers each with one line: ``start`` gives the process id of a new bot,
``wait ID`` its exit code, negative when a signal ended it. When the orders end, so do the bots.
"""

import faulthandler
import os
import signal
import sys

from bot import app  # noqa: F401  # read once, here, and not by each bot
from bot.__main__ import main


def attend() -> None:
    """Follow the orders."""
    alive: set[int] = set()
    for order in sys.stdin:
        verb, _, number = order.strip().partition(" ")
        if verb == "start":
            answer = start()
            alive.add(answer)
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(int(number), 0)[1])
            alive.discard(int(number))
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for child in alive:
        os.kill(child, signal.SIGKILL)


def start() -> int:
    """A new bot: all that follows is its own."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        faulthandler.register(signal.SIGUSR1)  # for whoever wonders what it waits for
        sys.orig_argv[1:] = ["-m", "bot", "run"]  # what a bot that starts over takes up again
        code = 1
        try:
            code = main(["run"])
        finally:
            sys.stderr.flush()
            os._exit(code)
    return child


if __name__ == "__main__":
    attend()
