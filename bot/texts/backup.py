"""What ``greenlight backup`` says."""

from bot.texts import N_
from bot.texts import gettext as _
from bot.texts import ngettext as _n

HELP = N_("Copy the SQLite database into a file while the bot runs; for PostgreSQL, say how.")
HELP_FILE = N_("The file to write.")
HELP_FORCE = N_("Replace the file if it is there.")


def copying() -> str:
    """Beside the bar."""
    return _("Copying")


def done(file: str, size: str) -> str:
    """It is there."""
    return _("{file}: {size}, checked.").format(file=file, size=size)


def files_too(folder: str, count: int) -> str:
    """The photos are not in it."""
    return _n(
        "The {count} file in {folder} belongs to it: copy that folder, too, now or later.",
        "The {count} files in {folder} belong to it: copy that folder, too, now or later.",
        count,
    ).format(folder=folder, count=count)


def there_already(file: str) -> str:
    """Nothing is overwritten unasked."""
    return _("{file} is there already: name another one, or say --force.").format(file=file)


def own_database(file: str) -> str:
    """The target is what is to be copied."""
    return _("{file} is the database itself: name another file.").format(file=file)


def nothing_there(url: str) -> str:
    """There is no database yet, or somebody else's."""
    return _("{url} holds nothing of this program: there is nothing to copy.").format(url=url)


def failed(file: str, reason: str) -> str:
    """The file could not be written, or the database not be read."""
    return _("{file} was not written: {reason}").format(file=file, reason=reason)


def damaged(url: str, finding: str) -> str:
    """SQLite finds the database broken."""
    return _("{url} is damaged ({finding}): go back to an earlier backup. Nothing was written.").format(
        url=url, finding=finding
    )


def use_pg_dump(command: str) -> str:
    """PostgreSQL has a tool of its own."""
    return _(
        "PostgreSQL has a tool of its own that does it while the bot runs; the password is asked for, or read"
        " from ~/.pgpass or PGPASSWORD: {command}"
    ).format(command=command)
