"""The steps of an import, each a screen; all of them are built from how far it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.buttons import Menu, ObjectList
from bot.screens import Key, Keyboard, Screen, esc, pages, rows, way_out
from bot.screens.change import told_line
from bot.screens.choosing import Picking, pick_organisation
from bot.screens.importing_buttons import (
    ImportCheck,
    ImportColumn,
    ImportColumns,
    ImportGo,
    ImportList,
    ImportPart,
    ImportShow,
    ImportStop,
)
from bot.texts import gettext as _
from bot.texts import importing as words
from bot.texts import ngettext
from domain.imports import Part
from domain.objects import ObjectStatus
from storage.import_tables import ImportRecord, ImportState

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


def ask_client(picking: Picking, file: str) -> Screen:
    """Whose machines are they?"""
    head = f"<b>{esc(file)}</b>" if file else f"<b>{_('Import a list')}</b>"
    return pick_organisation(f"{head}\n" + _("Which client's machines are these?"), picking, back=False)


def ask_file(client: str, problem: str = "") -> Screen:
    """The list, please."""
    text = _(
        "Send me the list as a file: XLSX, XLS, ODS or CSV, 20 MB at most. One row a machine, with a heading"
        " above; number, name, plate, VIN, address, contact and terminal are recognised. First I check every"
        " row and change nothing."
    )
    warning = f"⚠️ {esc(problem)}\n\n" if problem else ""
    return Screen(f"{warning}<b>{_('Import a list')}</b> · {esc(client)}\n{text}", rows(way_out()))


def import_screen(view: ImportView) -> Screen:
    """How far the import is, and what can be done now."""
    return _SCREENS[view.record.state](view)


def columns_screen(view: ImportView) -> Screen:
    """Which column holds what; what is not clear stands on top."""
    record = view.record
    lines = [_head(view)]
    if Part.NUMBER not in record.columns:
        lines.append(_("⚠️ Say which column has the number of the machine."))
    for part, found in record.twice.items():
        names = ", ".join(_column(record, at) for at in found)
        lines.append(
            _("⚠️ Several columns look like {part}: {names}. Say which one it is.").format(
                part=words.part_name(part), names=esc(names)
            )
        )
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
            [Key(_("Check the list"), ImportCheck(view.id))] if ready else [],
            [Key(_("Cancel"), ImportStop(view.id))],
        ),
    )


def part_screen(view: ImportView, part: Part, page: int) -> Screen:
    """The columns from which one is chosen, each with a sample."""
    record = view.record
    count = max(len(record.titles), len(record.samples))
    shown = range(page * PAGE, min((page + 1) * PAGE, count))
    question = _("Which column has {part}?").format(part=f"<b>{esc(words.part_name(part))}</b>")
    keys = [Key(_label(record, at), ImportColumn(view.id, part, at)) for at in shown]
    return Screen(
        f"{_head(view)}\n{question}",
        rows(
            *([key] for key in keys),
            pages(page, count, PAGE, lambda to: ImportPart(view.id, part, to)),
            [Key(_("No column"), ImportColumn(view.id, part, None))],
            [Key(_("« Back"), ImportColumns(view.id)), Key(_("Cancel"), ImportStop(view.id))],
        ),
    )


def file_caption(record: ImportRecord) -> str:
    """What stands under the checked file."""
    return _("{file}, checked: what I would do with each row stands in front of it.").format(
        file=record.file_name
    )


def counts_line(record: ImportRecord) -> str:
    """How many rows will be what."""
    total = record.new + record.same + record.changed + record.wrong
    return (
        ngettext("{n} row", "{n} rows", total).format(n=total)
        + ": "
        + ", ".join(
            part
            for part in (
                _("{n} new").format(n=record.new) if record.new else "",
                _("{n} already there").format(n=record.same) if record.same else "",
                _("{n} changed").format(n=record.changed) if record.changed else "",
                _("{n} wrong").format(n=record.wrong) if record.wrong else "",
            )
            if part
        )
    )


def fault_lines(record: ImportRecord) -> list[str]:
    """The first rows that cannot be imported, and why."""
    lines = [
        _("Row {row}: {why}").format(row=line, why=words.fault(kind, part, detail))
        for line, kind, part, detail in record.faults
    ]
    more = record.wrong - len(lines)
    if more > 0:
        lines.append(
            ngettext("and {n} more: see the file", "and {n} more: see the file", more).format(n=more)
        )
    return lines


def _head(view: ImportView) -> str:
    return f"<b>{esc(view.record.file_name)}</b> · {esc(view.client)}"


def _reading(view: ImportView) -> Screen:
    return Screen(f"{_head(view)}\n" + _("I am reading it…"), _may_stop(view))


def _checking(view: ImportView) -> Screen:
    record = view.record
    done = min(100 * record.done // max(record.last, 1), 100)
    return Screen(f"{_head(view)}\n" + _("I am checking it: {done} %").format(done=done), _may_stop(view))


def _writing(view: ImportView) -> Screen:
    return Screen(f"{_head(view)}\n" + _("I am importing it: all of it, or nothing."))


def _checked(view: ImportView) -> Screen:
    record = view.record
    lines = [_head(view), counts_line(record)]
    if record.faults:
        lines += ["", *map(esc, fault_lines(record))]
    if record.other_sheets:
        others = ", ".join(f"«{name}»" for name in record.other_sheets[:5])
        lines.append(
            _("I read the sheet «{sheet}», not {others}.").format(sheet=esc(record.sheet), others=esc(others))
        )
    if not view.good:
        lines.append(_("There is nothing to import."))
    elif record.new:
        lines.append(told_line(view.hearers))
    label = ngettext("Import {n} row", "Import {n} rows", view.good).format(n=view.good)
    return Screen(
        "\n".join(lines),
        rows(
            [Key(label, ImportGo(view.id))] if view.good else [],
            [Key(_("Columns"), ImportColumns(view.id)), Key(_("Cancel"), ImportStop(view.id))],
        ),
    )


def _done(view: ImportView) -> Screen:
    record = view.record
    lines = [
        _head(view),
        ngettext("✅ {n} machine is new.", "✅ {n} machines are new.", record.created).format(
            n=record.created
        )
        if record.created
        else "",
        ngettext("✅ {n} machine is corrected.", "✅ {n} machines are corrected.", record.corrected).format(
            n=record.corrected
        )
        if record.corrected
        else "",
    ]
    if record.left_out:
        shown = ", ".join(record.left_out[:PAGE])
        lines.append(
            _("⚠️ Left out, since they were changed meanwhile: {numbers}. Send the list again.").format(
                numbers=esc(shown)
            )
        )
    return Screen(
        "\n".join(filter(None, lines)),
        rows([Key(_("Show the new ones"), new_ones(record)) if record.created else None], _on()),
    )


def _refused(view: ImportView) -> Screen:
    record = view.record
    return Screen(
        f"{_head(view)}\n⚠️ {esc(words.problem(record.problem or 'ours', record.where))}", rows(_on())
    )


def _canceled(view: ImportView) -> Screen:
    return Screen(f"{_head(view)}\n" + _("This import was left. Nothing was changed."), rows(_on()))


def _on() -> tuple[Key, ...]:
    return (Key(_("Another list"), ImportList()), Key(_("« Menu"), Menu()))


def _may_stop(view: ImportView) -> Keyboard:
    return rows([Key(_("How far is it?"), ImportShow(view.id)), Key(_("Cancel"), ImportStop(view.id))])


def new_ones(record: ImportRecord) -> ObjectList:
    """The list of what this import has created, as far as nobody went on from there."""
    return ObjectList(client_id=record.client_id, status=list(ObjectStatus).index(ObjectStatus.NEW))


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


_SCREENS: dict[ImportState, Callable[[ImportView], Screen]] = {
    ImportState.READING: _reading,
    ImportState.ASKING: columns_screen,
    ImportState.CHECKING: _checking,
    ImportState.CHECKED: _checked,
    ImportState.WRITING: _writing,
    ImportState.DONE: _done,
    ImportState.REFUSED: _refused,
    ImportState.CANCELED: _canceled,
}
