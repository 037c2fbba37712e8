"""The steps of an import, each a screen; all of them are built from how far it is."""

from collections.abc import Callable

from bot.buttons import Menu, ObjectList
from bot.screens import Key, Keyboard, Screen, esc, rows, way_out
from bot.screens.change import told_line
from bot.screens.choosing import Picking, pick_organisation
from bot.screens.importing_buttons import ImportColumns, ImportGo, ImportList, ImportShow, ImportStop
from bot.screens.importing_columns import PAGE, ImportView, columns_screen, head
from bot.texts import gettext as _
from bot.texts import importing as words
from bot.texts import ngettext
from bot.texts.words import refusal
from domain.imports import Problem
from domain.objects import ObjectStatus
from domain.process import Reason
from storage.import_tables import ImportRecord, ImportState


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


def no_list() -> Screen:
    """A file that nobody can read as a list, outside of any dialogue."""
    return Screen(f"⚠️ {esc(words.problem(Problem.NO_TABLE, ''))}", rows(_on()))


def not_for_you() -> Screen:
    """Whoever may not import hears who may."""
    why = refusal(Reason.WRONG_ROLE)
    said = _("Lists of machines are imported by moderators and support.")
    return Screen(f"{why} {said}", rows([Key(_("« Menu"), Menu())]))


def import_screen(view: ImportView) -> Screen:
    """How far the import is, and what can be done now."""
    return _SCREENS[view.record.state](view)


def file_caption(record: ImportRecord) -> str:
    """What stands under the checked file."""
    return _("{file}, checked: what I would do with each row stands in front of it.").format(
        file=record.file_name
    )


def counts_line(record: ImportRecord) -> str:
    """How many rows will be what."""
    total = record.new + record.same + record.changed + record.wrong
    if not total:
        return _("There is no row below the heading.")
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


def _reading(view: ImportView) -> Screen:
    return Screen(f"{head(view)}\n" + _("I am reading it…"), _may_stop(view))


def _checking(view: ImportView) -> Screen:
    record = view.record
    done = min(100 * record.done // max(record.last, 1), 100)
    return Screen(f"{head(view)}\n" + _("I am checking it: {done} %").format(done=done), _may_stop(view))


def _writing(view: ImportView) -> Screen:
    return Screen(f"{head(view)}\n" + _("I am importing it: all of it, or nothing."))


def _checked(view: ImportView) -> Screen:
    record = view.record
    lines = [head(view), counts_line(record)]
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
        head(view),
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
        f"{head(view)}\n⚠️ {esc(words.problem(record.problem or 'ours', record.where))}", rows(_on())
    )


def _canceled(view: ImportView) -> Screen:
    return Screen(f"{head(view)}\n" + _("This import was left. Nothing was changed."), rows(_on()))


def _on() -> tuple[Key, ...]:
    return (Key(_("Another list"), ImportList()), Key(_("« Menu"), Menu()))


def _may_stop(view: ImportView) -> Keyboard:
    return rows([Key(_("How far is it?"), ImportShow(view.id)), Key(_("Cancel"), ImportStop(view.id))])


def new_ones(record: ImportRecord) -> ObjectList:
    """The list of what this import has created, as far as nobody went on from there."""
    return ObjectList(client_id=record.client_id, status=list(ObjectStatus).index(ObjectStatus.NEW))


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
