"""Which column holds what, chosen by buttons if it is not clear; and what all screens of an import share."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens import Key, Screen, esc, pages, rows
from bot.screens.importing_buttons import (
    ImportCheck,
    ImportColumn,
    ImportColumns,
    ImportHeading,
    ImportPart,
    ImportStop,
)
from bot.services.importing.headings import is_guess
from bot.texts import gettext as _
from bot.texts import importing as words
from domain.imports import Part
from storage.import_tables import ImportRecord

ALWAYS = (Part.NUMBER, Part.NAME, Part.PLATE, Part.VIN, Part.TERMINAL, Part.ADDRESS, Part.CONTACT)
"""The parts that are always offered; the others where a list has them."""
PAGE = 8
LABEL = 40


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as its person may see it."""

    record: ImportRecord
    client: str
    hearers: Sequence[str] = ()

    @property
    def id(self) -> int:
        """The import."""
        return self.record.id or 0

    @property
    def good(self) -> int:
        """How many rows would be imported."""
        return self.record.new + self.record.changed


def head(view: ImportView) -> str:
    """The file, and whose machines they are."""
    return f"<b>{esc(view.record.file_name)}</b> · {esc(view.client)}"


def columns_screen(view: ImportView) -> Screen:
    """Which column holds what; what is not clear stands on top."""
    record = view.record
    lines = [head(view)]
    if Part.NUMBER not in record.columns:
        lines.append(_("⚠️ Say which column has the number of the machine."))
    for part, found in record.twice.items():
        names = ", ".join(_column(record, at) for at in found)
        lines.append(
            _("⚠️ Several columns look like {part}: {names}. Say which one it is.").format(
                part=words.part_name(part), names=esc(names)
            )
        )
    guess, row = is_guess(record.titles), abs(record.heading)
    if record.heading < 0:
        lines.append(_("There is no heading: row {row} is a machine, too.").format(row=row))
    elif guess:
        lines.append(_("⚠️ I take row {row} for the heading, and know none of its words.").format(row=row))
    lines.append(_("Which column holds what?"))
    parts = [part for part in Part if part in ALWAYS or part in record.columns or part in record.twice]
    keys = [
        Key(f"{words.part_name(part)}: {_chosen(record, part)}"[:LABEL], ImportPart(view.id, part))
        for part in parts
    ]
    ready = Part.NUMBER in record.columns and not record.twice
    return Screen(
        "\n".join(lines),
        rows(
            *([key] for key in keys),
            [_heading_key(view, row)] if guess else [],
            [Key(_("Check the list"), ImportCheck(view.id))] if ready else [],
            [Key(_("Cancel"), ImportStop(view.id))],
        ),
    )


def _heading_key(view: ImportView, row: int) -> Key:
    if view.record.heading < 0:
        return Key(_("Row {row} is a heading").format(row=row), ImportHeading(view.id, machine=False))
    return Key(_("Row {row} is a machine, too").format(row=row), ImportHeading(view.id, machine=True))


def part_screen(view: ImportView, part: Part, page: int) -> Screen:
    """The columns from which one is chosen, each with a sample."""
    record = view.record
    count = max(len(record.titles), len(record.samples))
    shown = range(page * PAGE, min((page + 1) * PAGE, count))
    question = _("Which column has {part}?").format(part=f"<b>{esc(words.part_name(part))}</b>")
    keys = [Key(_label(record, at), ImportColumn(view.id, part, at)) for at in shown]
    return Screen(
        f"{head(view)}\n{question}",
        rows(
            *([key] for key in keys),
            pages(page, count, PAGE, lambda to: ImportPart(view.id, part, to)),
            [Key(_("No column"), ImportColumn(view.id, part, None))],
            [Key(_("« Back"), ImportColumns(view.id)), Key(_("Cancel"), ImportStop(view.id))],
        ),
    )


def _chosen(record: ImportRecord, part: Part) -> str:
    if part in record.twice:
        return "?"
    at = record.columns.get(part)
    return _column(record, at) if at is not None else "–"


def _column(record: ImportRecord, at: int) -> str:
    title = record.titles[at] if at < len(record.titles) else ""
    return f"{letters(at)} «{title}»" if title else letters(at)


def _label(record: ImportRecord, at: int) -> str:
    sample = record.samples[at] if at < len(record.samples) else ""
    return f"{_column(record, at)} · {sample}"[:LABEL] if sample else _column(record, at)[:LABEL]


def letters(column: int) -> str:
    """A column's name as spreadsheets have it: A, B … Z, AA."""
    name, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
