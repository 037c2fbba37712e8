"""What one row of a list asks for: the values of its columns, or why it cannot be imported."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.services.importing.cells import is_cut, is_date, is_error, is_formula, is_nothing, whole
from bot.services.importing.headings import is_total, recognise
from bot.services.importing.tables import Row
from bot.services.objects import LENGTHS, checked_terminal
from domain.imports import Fault, Part
from domain.process import Refused
from domain.search import fold

JOINED = {"name": (Part.NAME, Part.MAKE, Part.MODEL), "contact": (Part.CONTACT, Part.PHONE)}
"""Fields that lists like to spread over several columns."""
EXACT = frozenset({Part.NUMBER, Part.PLATE, Part.VIN, Part.TERMINAL})
"""Parts in which a spreadsheet's guess does harm: a date or a shortened number is not what was typed."""
_SEPARATORS = re.compile(r"([-./_\s]+)")

Trouble = tuple[Fault, str, str]
"""What is wrong, in which part, and a detail."""


@dataclass(slots=True)
class Wish:
    """A row as it is understood. Empty values say nothing: what is there stays."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    trouble: Trouble | None = None

    @property
    def number(self) -> str:
        """The number of the machine."""
        return self.values.get("number", "")


def alike(number: str) -> str:
    """What two numbers have in common that people take for the same: case and look-alike letters apart."""
    return "".join(fold(part) or " " if not part.strip() else fold(part) or part for part in _pieces(number))


def _pieces(number: str) -> list[str]:
    return [piece for piece in _SEPARATORS.split(number) if piece]


def wish_of(row: Row, columns: Mapping[Part, int]) -> Wish:
    """Read a row."""
    wish = Wish(row.number)
    if row.title:
        wish.trouble = (Fault.TITLE, "", "")
        return wish
    cells = {part: row.cells[at] for part, at in columns.items() if at < len(row.cells)}
    wish.trouble = (Fault.HEADING, "", "") if _is_heading(cells) else _trouble_of(cells)
    if wish.trouble is None:
        wish.values = _values(cells)
        if is_total(row.cells) and sum(map(bool, wish.values.values())) < 3:  # noqa: PLR2004  # hardly a machine
            wish.trouble = (Fault.TOTAL, "", "")
        else:
            wish.trouble = _misfit(wish.values)
    return wish


def _is_heading(cells: Mapping[Part, str]) -> bool:
    """Whether the heading stands here once more, as at the top of each printed page."""
    number = cells.get(Part.NUMBER, "")
    if not number or any(map(str.isdigit, number)):
        return False
    known = [recognise(text) for text in cells.values() if text]
    titled = recognise(number)
    return all(known) and titled is not None and titled.part is Part.NUMBER


def _trouble_of(cells: Mapping[Part, str]) -> Trouble | None:
    for part, text in cells.items():
        if is_error(text):
            return (Fault.ERROR, part, text[:40])
        if is_formula(text):
            return (Fault.FORMULA, part, text[:40])
        if part in EXACT and is_cut(text):
            return (Fault.CUT, part, text[:40])
        if part in EXACT and part is not Part.VIN and is_date(text):
            return (Fault.DATE, part, text[:40])
    return None


def _values(cells: Mapping[Part, str]) -> dict[str, str]:
    said = {part: "" if is_nothing(text) else text for part, text in cells.items()}
    for part in (Part.NUMBER, Part.TERMINAL):
        said[part] = whole(said.get(part, ""))
    values = {
        part.value: said.get(part, "")
        for part in (Part.NUMBER, Part.PLATE, Part.VIN, Part.ADDRESS, Part.TERMINAL)
    }
    for name, parts in JOINED.items():
        values[name] = _joined([said.get(part, "") for part in parts])
    return values


def _joined(texts: list[str]) -> str:
    """The texts one after the other, without what another one says already."""
    whole = ""
    for text in texts:
        if whole.casefold() in text.casefold():
            whole = text or whole
        elif text.casefold() not in whole.casefold():
            whole = f"{whole} {text}"
    return whole


def _misfit(values: dict[str, str]) -> Trouble | None:
    if not values["number"]:
        return (Fault.NO_NUMBER, Part.NUMBER, "")
    for name, limit in LENGTHS.items():
        if len(values[name]) > limit:
            return (Fault.TOO_LONG, name, str(limit))
    if values["terminal"]:
        try:
            values["terminal"] = checked_terminal(values["terminal"])
        except Refused:
            return (Fault.NOT_A_TERMINAL, Part.TERMINAL, values["terminal"][:40])
    return None
