"""``python -m sandbox``: run the sandbox until it is told to end."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.server import Options, Sandbox
from sandbox.strict import StrictUnavailableError

PORT_IN_USE = 2
STRICT_UNAVAILABLE = 2


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """The command line as options."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default=Options.host, help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=Options.port, help="0 takes a free one (%(default)s)")
    parser.add_argument("--data", type=Path, help="keep the state in this file over restarts")
    parser.add_argument("--token", required=True, help="the bot's token; any other is refused")
    parser.add_argument("--bot-username", default=Options.bot_username, help="(%(default)s)")
    parser.add_argument("--bot-name", default=Options.bot_name, help="(%(default)s)")
    parser.add_argument("--strict", action="store_true", help="check all against aiogram's schema; limits on")
    parser.add_argument(
        "--limits", action=argparse.BooleanOptionalAction, help="Telegram's rate limits (as --strict)"
    )
    parser.add_argument(
        "--privacy", action=argparse.BooleanOptionalAction, default=True, help="privacy mode in groups"
    )
    parser.add_argument("--inline", action=argparse.BooleanOptionalAction, default=True, help="inline mode")
    parser.add_argument(
        "--query-age",
        type=float,
        default=Options.query_age,
        help="seconds until a press cannot be answered any more, 0 for never (%(default)s)",
    )
    parser.add_argument("--ahead", type=float, default=Options.ahead, help="seconds that the clock is ahead")
    return Options(**vars(parser.parse_args(arguments)))


async def serve(options: Options) -> int:
    """Serve until SIGTERM or SIGINT; gives the exit code."""
    try:
        sandbox = Sandbox(options)
    except StrictUnavailableError as error:
        sys.stderr.write(f"{error}\n")
        return STRICT_UNAVAILABLE
    try:
        await sandbox.start()
    except OSError as error:
        await sandbox.stop()
        sys.stderr.write(f"cannot listen on {options.host}:{options.port}: {error.strerror or error}\n")
        return PORT_IN_USE
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no signal handlers in its event loop: Ctrl+C ends the process there.
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    sys.stdout.write(f"sandbox for @{options.bot_username} is listening on {sandbox.url}\n")
    sys.stdout.flush()
    await ended.wait()
    await sandbox.stop()
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(serve(read_options(arguments)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
