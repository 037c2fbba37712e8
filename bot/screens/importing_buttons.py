"""The buttons of an import. How far it is stands in the database, not in them."""

from dataclasses import dataclass

from bot.buttons import Button
from domain.imports import Part


@dataclass(frozen=True, slots=True)
class ImportList(Button):
    """Start an import."""

    TAG = "imp"


@dataclass(frozen=True, slots=True)
class ImportShow(Button):
    """How far an import is."""

    TAG = "impsee"
    import_id: int


@dataclass(frozen=True, slots=True)
class ImportGo(Button):
    """Import the good rows."""

    TAG = "impgo"
    import_id: int


@dataclass(frozen=True, slots=True)
class ImportColumns(Button):
    """Show which column holds what."""

    TAG = "impcols"
    import_id: int


@dataclass(frozen=True, slots=True)
class ImportPart(Button):
    """Choose the column of a part; a page of the columns."""

    TAG = "imppart"
    import_id: int
    part: Part
    page: int = 0


@dataclass(frozen=True, slots=True)
class ImportColumn(Button):
    """This column holds the part; none: no column does."""

    TAG = "impcol"
    import_id: int
    part: Part
    column: int | None


@dataclass(frozen=True, slots=True)
class ImportHeading(Button):
    """The row that was taken for the heading is one, or a machine."""

    TAG = "imphead"
    import_id: int
    machine: bool


@dataclass(frozen=True, slots=True)
class ImportCheck(Button):
    """Do the dry run with these columns."""

    TAG = "impchk"
    import_id: int


@dataclass(frozen=True, slots=True)
class ImportStop(Button):
    """Forget the list."""

    TAG = "impno"
    import_id: int
