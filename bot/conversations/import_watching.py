"""Watching an import: how far it is, its columns, «Import», «Cancel». A part of ``importing``."""

from enum import StrEnum

from bot.context import END, Talk, button, step
from bot.conversations.parts import on
from bot.conversations.ways import show_menu
from bot.screens.importing import import_screen
from bot.screens.importing_buttons import (
    ImportCheck,
    ImportColumn,
    ImportColumns,
    ImportGo,
    ImportHeading,
    ImportPart,
    ImportShow,
    ImportStop,
)
from bot.screens.importing_columns import ImportView, columns_screen, part_screen
from bot.services.importing import imports
from bot.texts import gettext as _
from storage.import_tables import ImportState

CHOOSING = frozenset({ImportState.ASKING, ImportState.CHECKED})
"""While the columns may be chosen."""


class Step(StrEnum):
    """What the dialogue waits for."""

    CLIENT = "client"
    FILE = "file"
    WATCHING = "watching"


@step
def look(talk: Talk) -> object:
    """How far it is."""
    return watch(talk, button(talk, ImportShow).import_id)


@step
def show_columns(talk: Talk) -> object:
    """Which column holds what."""
    import_id = button(talk, ImportColumns).import_id
    view = _view(talk, import_id)
    if view.record.state not in CHOOSING:
        return watch(talk, import_id)
    _remember(talk, import_id)
    talk.show(columns_screen(view))
    return Step.WATCHING


@step
def show_part(talk: Talk) -> object:
    """The columns for one part."""
    pressed = button(talk, ImportPart)
    view = _view(talk, pressed.import_id)
    if view.record.state not in CHOOSING:
        return watch(talk, pressed.import_id)
    _remember(talk, pressed.import_id)
    talk.show(part_screen(view, pressed.part, max(pressed.page, 0)))
    return Step.WATCHING


@step
def choose(talk: Talk) -> object:
    """A column was chosen."""
    pressed = button(talk, ImportColumn)
    _view(talk, pressed.import_id)
    imports.choose_column(talk.uow, talk.me, pressed.import_id, pressed.part, pressed.column)
    return watch(talk, pressed.import_id)


@step
def say_heading(talk: Talk) -> object:
    """«Row 1 is a machine, too»; once it is checked, a late tap shows how far it is."""
    pressed = button(talk, ImportHeading)
    if _view(talk, pressed.import_id).record.state in CHOOSING:
        imports.say_heading(talk.uow, talk.me, pressed.import_id, machine=pressed.machine)
    return watch(talk, pressed.import_id)


@step
def check(talk: Talk) -> object:
    """«Check the list»."""
    import_id = button(talk, ImportCheck).import_id
    if _view(talk, import_id).record.state is ImportState.ASKING:
        imports.check(talk.uow, talk.me, import_id, talk.now)
    return watch(talk, import_id)


@step
def go(talk: Talk) -> object:
    """«Import»: a second tap shows how far it is."""
    import_id = button(talk, ImportGo).import_id
    if _view(talk, import_id).record.state is ImportState.CHECKED:
        imports.go(talk.uow, talk.me, import_id, talk.now)
    return watch(talk, import_id)


@step
def stop(talk: Talk) -> object:
    """«Cancel»: nothing was changed, unless it is too late for that."""
    import_id = button(talk, ImportStop).import_id
    if not imports.leave(talk.uow, talk.me, import_id, talk.now):
        return watch(talk, import_id)
    talk.toast(_("Nothing was changed."))
    show_menu(talk)
    return END


def _view(talk: Talk, import_id: int) -> ImportView:
    record, client = imports.mine(talk.uow, talk.me, import_id)
    hearers: tuple[str, ...] = ()
    if record.state is ImportState.CHECKED and record.new:
        hearers = tuple(p.name for p in imports.hearers(talk.uow, talk.me, client, talk.now))
    return ImportView(record, client.name, hearers)


def _remember(talk: Talk, import_id: int) -> None:
    talk.draft.clear()
    talk.draft.update({"import": import_id})


def watch(talk: Talk, import_id: int) -> object:
    """Show how far an import is, and look at it from now on."""
    view = _view(talk, import_id)
    _remember(talk, import_id)
    talk.show(import_screen(view))
    return Step.WATCHING


WATCHING = (
    on(ImportShow, look), on(ImportColumns, show_columns), on(ImportPart, show_part),
    on(ImportColumn, choose), on(ImportHeading, say_heading), on(ImportCheck, check),
    on(ImportGo, go), on(ImportStop, stop),
)  # fmt: skip
"""The buttons of an import's screens: each says which import it means, so they work from anywhere."""
