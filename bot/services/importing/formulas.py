"""Where a spreadsheet computes or has an error: readers give the last result, which may be old or missing."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

_PIECE = 1 << 20
_CELL = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<(?:\w+:)?(?:f[\s/>]|v>(#[^<]{1,20})<)'
)
"""A cell with a formula, or with an error that stands there for good."""
_OVERLAP = 400
_LIMIT = 1_000_000

COMPUTED = "="
Places = dict[tuple[int, int], str]
"""By row and column, 0 for the first: that it is computed, or the error that stands there."""


def in_xlsx(path: Path, sheet_part: str) -> Places:
    """What is computed and what is an error on one sheet of an XLSX file."""
    places: Places = {}
    tail = b""
    for piece in _pieces(path, sheet_part):
        text = tail + piece
        places.update(
            ((int(row) - 1, _column(letters)), error.decode(errors="replace") or COMPUTED)
            for letters, row, error in _CELL.findall(text)
        )
        tail = text[-_OVERLAP:]
        if len(places) > _LIMIT:
            break
    return places


def in_ods(path: Path, sheet: str) -> Places:
    """The computed cells of one sheet of an ODS file."""
    if not any(b"table:formula" in piece for piece in _pieces(path, "content.xml")):
        return {}
    walk = _OdsWalk(sheet)
    for piece in _pieces(path, "content.xml"):
        walk.parser.Parse(piece, False)  # noqa: FBT003  # pyexpat takes it by position
    return walk.places


def sheet_parts(path: Path) -> dict[str, str]:
    """The names of an XLSX file's sheets, with the parts of the archive that hold them."""
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml").decode(errors="replace")
        links = archive.read("xl/_rels/workbook.xml.rels").decode(errors="replace")
    targets = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links):
        key, target = re.search(r'\bId="([^"]+)"', link), re.search(r'\bTarget="([^"]+)"', link)
        if key and target:
            whole = target[1].lstrip("/")
            targets[key[1]] = whole if whole.startswith("xl/") else f"xl/{whole}"
    found = {}
    for position, sheet in enumerate(re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book)):
        key = re.search(r'\br?:?id="([^"]+)"', sheet)
        if key and key[1] in targets:
            found[str(position)] = targets[key[1]]
    return found


def _pieces(path: Path, part: str) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


class _OdsWalk:
    """Walks through a sheet's rows and cells, which may stand for several."""

    def __init__(self, sheet: str) -> None:
        self.places: Places = {}
        self._sheet = sheet
        self._inside = False
        self._row = self._column = 0
        self._repeat = 1
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, said: dict[str, str]) -> None:
        if name == "table:table":
            self._inside = said.get("table:name") == self._sheet
            self._row = 0
        elif self._inside and name == "table:table-row":
            self._column = 0
            self._repeat = int(said.get("table:number-rows-repeated", "1"))
        elif self._inside and name in {"table:table-cell", "table:covered-table-cell"}:
            if "table:formula" in said and len(self.places) < _LIMIT:
                self.places[self._row, self._column] = COMPUTED
            self._column += int(said.get("table:number-columns-repeated", "1"))

    def _end(self, name: str) -> None:
        if self._inside and name == "table:table-row":
            self._row += self._repeat
