"""``python -m bot`` and ``greenlight``: see ``bot.commands``."""

import sys
from collections.abc import Sequence

from bot.commands import run_command_line


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    return run_command_line(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
