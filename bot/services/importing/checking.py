"""The dry run: a verdict for each row of a list, against the rest of the list and what is there.

It goes through the rows twice: once to learn which numbers and terminals come twice, once to compare them
with the database, a portion at a time. Nothing but staged rows is written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.services.importing.reading import rows_of
from bot.services.importing.tables import Row
from bot.services.importing.wishes import Trouble, Wish, alike, wish_of
from domain.imports import Fault, Part, Verdict
from domain.search import fold
from storage.database import UnitOfWork
from storage.imports import FIELDS, as_before
from storage.search import searchable

T = TypeVar("T")
CHUNK = 1_000
"""Rows between two looks into the database, and in one writing of staged rows."""
SHOWN = 8
"""As many faults as the chat tells; the file has all of them."""

Change = tuple[str, str, str]
"""A field, what it was, and what it will be."""


class Hand(Protocol):
    """How work reaches the database from wherever the dry run runs."""

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the database."""

    def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Write, in a short transaction of its own."""


@dataclass(slots=True)
class Judged:
    """A row with its verdict."""

    row: Row
    verdict: Verdict
    wish: Wish
    changes: Sequence[Change] = ()
    object_id: int | None = None
    before: str | None = None


@dataclass(slots=True)
class Counts:
    """How many rows have each verdict, and the first faults."""

    new: int = 0
    same: int = 0
    changed: int = 0
    wrong: int = 0
    faults: list[list[str]] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        """Count a row."""
        name = judged.verdict.value
        setattr(self, name, getattr(self, name) + 1)
        if judged.wish.trouble is not None and len(self.faults) < SHOWN:
            fault, part, detail = judged.wish.trouble
            self.faults.append([str(judged.row.number), fault.value, str(part), detail])


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be checked: the rows that were read, where the list begins, and what its columns hold."""

    import_id: int
    client_id: int
    rows: Path
    last_heading: int
    columns: Mapping[Part, int]


class Check:
    """One dry run."""

    def __init__(self, plan: Plan, hand: Hand) -> None:
        self._plan = plan
        self._hand = hand
        self._numbers: dict[str, int] = {}
        self._terminals: dict[str, int] = {}
        self._twice: dict[str, int] = {}
        self._known: dict[str, int] = {}
        self._exactly: dict[str, int] = {}

    def run(self) -> Iterator[list[Judged]]:
        """The rows with their verdicts, a portion at a time; what will change something is staged."""
        self._learn_list()
        self._hand.read(self._learn_numbers)
        rows = self._below()
        while portion := list(islice(rows, CHUNK)):
            wishes = [self._wish(row) for row in portion]
            judged = self._hand.read(
                lambda uow, rows=portion, wishes=wishes: self._judge(uow, rows, wishes)  # type: ignore[misc]  # the lambda binds its values
            )
            staged = [self._staged(one) for one in judged if one.verdict in {Verdict.NEW, Verdict.CHANGED}]
            self._hand.write(lambda uow, rows=staged: uow.imports.stage(rows))  # type: ignore[misc]  # the lambda binds its values
            yield judged

    def _below(self) -> Iterator[Row]:
        return (row for row in rows_of(self._plan.rows) if row.number > self._plan.last_heading)

    def _learn_list(self) -> None:
        """Remember where each number and terminal stands, and where it stands again."""
        for row in self._below():
            wish = wish_of(row, self._plan.columns)
            if wish.trouble is not None:
                continue
            for names, key in (
                (self._numbers, alike(wish.number)),
                (self._terminals, wish.values["terminal"]),
            ):
                if key and names.setdefault(key, row.number) != row.number:
                    self._twice.setdefault(key, row.number)

    def _learn_numbers(self, uow: UnitOfWork) -> None:
        for object_id, number in uow.imports.numbers(self._plan.client_id):
            if self._known.setdefault(alike(number), object_id) != object_id:
                self._exactly[number] = object_id

    def _wish(self, row: Row) -> Wish:
        wish = wish_of(row, self._plan.columns)
        if wish.trouble is None:
            wish.trouble = self._doubled(wish)
        return wish

    def _doubled(self, wish: Wish) -> Trouble | None:
        """The other row that names the same machine or terminal: which one is right is not ours to say."""
        for names, fault, part, key in (
            (self._numbers, Fault.NUMBER_TWICE, Part.NUMBER, alike(wish.number)),
            (self._terminals, Fault.TERMINAL_TWICE, Part.TERMINAL, wish.values["terminal"]),
        ):
            if key and key in self._twice:
                first, second = names[key], self._twice[key]
                return (fault, part, str(second if wish.line == first else first))
        return None

    def _judge(self, uow: UnitOfWork, rows: Sequence[Row], wishes: Sequence[Wish]) -> list[Judged]:
        good = [wish for wish in wishes if wish.trouble is None]
        ids = {wish.line: self._id_of(wish.number) for wish in good}
        objects = uow.imports.objects([i for i in ids.values() if i is not None])
        carriers = uow.imports.carriers([w.values["terminal"] for w in good if w.values["terminal"]])
        judged = []
        for row, wish in zip(rows, wishes, strict=True):
            object_id = ids.get(wish.line)
            if wish.trouble is None:
                wish.trouble = self._taken(wish, object_id, carriers)
            judged.append(_verdict(row, wish, object_id, objects.get(object_id or 0)))
        return judged

    def _id_of(self, number: str) -> int | None:
        return self._exactly.get(number) or self._known.get(alike(number))

    def _taken(
        self, wish: Wish, object_id: int | None, carriers: Mapping[str, tuple[int, int, str]]
    ) -> Trouble | None:
        carrier = carriers.get(wish.values["terminal"])
        if carrier is None or carrier[0] == object_id:
            return None
        # Of another client's machine nothing is told but that it is there.
        number = carrier[2] if carrier[1] == self._plan.client_id else ""
        return (Fault.TERMINAL_IN_USE, Part.TERMINAL, number)

    def _staged(self, judged: Judged) -> dict[str, Any]:
        values = judged.wish.values
        return {
            "import_id": self._plan.import_id,
            "line": judged.row.number,
            "object_id": judged.object_id,
            "before": judged.before,
            **{name: values[name] for name in FIELDS if name != "terminal"},
            "terminal": values["terminal"] or None,
            "folded": searchable(
                values["number"], values["name"], values["plate"], values["vin"], values["terminal"]
            ),
        }


def _verdict(row: Row, wish: Wish, object_id: int | None, there: dict[str, str] | None) -> Judged:
    if wish.trouble is not None:
        return Judged(row, Verdict.WRONG, wish)
    if there is None:
        return Judged(row, Verdict.NEW, wish)
    changes = [
        (name, there[name], wish.values[name])
        for name in FIELDS[1:]
        if wish.values[name] and _differs(name, there[name], wish.values[name])
    ]
    wish.values = there | {name: after for name, _before, after in changes}
    if not changes:
        return Judged(row, Verdict.SAME, wish, object_id=object_id)
    return Judged(row, Verdict.CHANGED, wish, changes, object_id, as_before(there))


def _differs(name: str, before: str, after: str) -> bool:
    # Another way to write the same plate is no change.
    return fold(before) != fold(after) if name in {"plate", "vin"} else before != after
