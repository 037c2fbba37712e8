"""The steps of a note, each a screen."""

from collections.abc import Sequence

from bot.buttons import Confirm, Rewrite
from bot.screens import Key, Screen, esc, quote, rows, way_out
from bot.screens.change import told_line
from bot.services.cases import Case
from bot.texts import gettext as _
from bot.texts import ngettext


def ask_note(case: Case, photos: int, *, client: bool) -> Screen:
    """What is to be said?"""
    if photos:
        text = ngettext(
            "{n} photo is there. Now write the note.", "{n} photos are there. Now write the note.", photos
        ).format(n=photos)
    elif client:
        text = _("Write your note: those who look after the machine read it. Photos are welcome.")
    else:
        text = _("Write your note. The client reads this. Photos are welcome, before or after.")
    return Screen(f"{_head(case)}\n{text}", rows(way_out()))


def note_summary(case: Case, comment: str, photos: int, hearers: Sequence[str]) -> Screen:
    """The note as it will stand in the history, and who will be told."""
    lines = [
        _head(case),
        quote(comment),
        ngettext("{n} photo", "{n} photos", photos).format(n=photos) if photos else "",
        told_line(hearers),
    ]
    return Screen(
        "\n".join(filter(None, lines)),
        rows(
            [Key(_("Leave this note"), Confirm(case.kind, case.id))],
            [Key(_("Change the text"), Rewrite())],
            way_out(),
        ),
    )


def _head(case: Case) -> str:
    return f"<b>{esc(case.title)}</b> · " + _("Note")
