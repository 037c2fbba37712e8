"""What is said of an import to those who can go on from there."""

from bot.screens import Key, Screen, esc, rows
from bot.screens.digests import why_key
from bot.screens.importing import new_ones
from bot.texts import gettext as _
from bot.texts import ngettext
from storage.import_tables import ImportRecord


def alert_of_import(record: ImportRecord, client: str, author: str) -> Screen:
    """What somebody hears who can go on from there: one message for the whole list."""
    count = ngettext("{n} new machine", "{n} new machines", record.created).format(n=record.created)
    return Screen(
        f"🔵 <b>{esc(client)}: {count}</b>\n"
        + _("{who} imported them from {file}.").format(who=esc(author), file=esc(record.file_name)),
        rows([Key(_("Show them"), new_ones(record))], [why_key()]),
    )
