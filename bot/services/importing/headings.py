"""Which column holds what: known by its heading, in English, Russian or Ukrainian."""

# ruff: noqa: RUF001  # words and letters of three languages

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.imports import Part

LOOK_AT = 40
"""How many rows may stand above the heading, more or less."""


# In the order in which they are asked: what stands further up wins. ``*``: any ending; the number is how
# well the heading fits, 1 best. None: a column that is known, and not needed.
_PHRASES: tuple[tuple[Part | None, int, str], ...] = (
    (None, 0, "№ п п|№ з п|n п п|n з п|п п|з п|№ пп|№пп|пп|порядковый номер|порядковий номер|nn|row|line"),
    (None, 0, "sim*|сим|сим карт*|сім|сім карт*|дата*|date*|статус*|стан|status|примечан*|примітк*|remark*"),
    (None, 0, "comment*|коммент*|комент*|год|год выпуск*|рік"),
    (None, 0, "рік випуск*|year|клиент*|клієнт*|client|customer"),
    (None, 0, "заказчик|замовник|организац*|організац*"),
    (None, 0, "тип терминал*|тип термінал*|terminal type|tracker type"),
    (None, 0, "модель терминал*|модель термінал*|модель трекер*|terminal model|tracker model|result|why"),
    (Part.TERMINAL, 1, "imei*|имей|імей|терминал*|термінал*|terminal*|трекер*|tracker*|gps id|id gps"),
    (Part.TERMINAL, 2, "id устройств*|id прибор*|id пристро*|device*|unit id|прибор|прилад|gps"),
    (Part.VIN, 1, "vin*|вин|він|вин код|він код"),
    (Part.VIN, 2, "шасси|шасі|chassis*|рамы|рами|кузов*"),
    (Part.VIN, 2, "serial*|серийный*|серійний*|заводской*|заводський*|зав №|зав номер"),
    (Part.PLATE, 1, "гос номер*|госномер*|гос №|гос рег*|г н|грз|гос знак|госзнак|рег номер*|рег №|рег знак"),
    (Part.PLATE, 1, "регистрационный*|реєстраційний*|держ номер*|держномер*"),
    (Part.PLATE, 1, "держ №|державний*|днз|д н з|держ знак"),
    (Part.PLATE, 1, "номерной знак|номерний знак|plate*|license*"),
    (Part.PLATE, 1, "licence*|registration*|reg no|reg number|reg"),
    (Part.PLATE, 2, "номер авто*|номер машин*|номер тс|номер тз|номер транспорт*|№ авто*|№ машин*|№ тс|№ тз"),
    (Part.NUMBER, 1, "гаражн*|гар номер|гар №|бортов*|борт номер"),
    (Part.NUMBER, 1, "борт №|борт|инвентар*|инв номер|инв №|інвентар*"),
    (Part.NUMBER, 1, "інв номер|інв №|хозяйственн*|хоз номер"),
    (Part.NUMBER, 1, "хоз №|господарськ*|fleet no|fleet number|fleet id"),
    (Part.NUMBER, 1, "unit no|unit number|inventory*|inv no|asset*|object no|object number|machine no"),
    (Part.NUMBER, 1, "machine number|vehicle no|vehicle number|vehicle id|machine id"),
    (Part.NUMBER, 1, "object id|номер объект*|номер об єкт*|№ объект*|№ об єкт*"),
    (Part.NUMBER, 1, "номер техник*|номер технік*"),
    (Part.PHONE, 1, "телефон*|тел|моб|моб тел|phone*|mobile*|tel"),
    (Part.CONTACT, 1, "контакт*|contact*"),
    (Part.CONTACT, 2, "ответственн*|відповідальн*|responsible*|водител*|воді*"),
    (Part.CONTACT, 2, "driver*|механик*|механік*|фио|піб"),
    (Part.ADDRESS, 1, "адрес*|address*"),
    (Part.ADDRESS, 2, "местонахожд*|місцезнаход*|место|место стоянк*|місце"),
    (Part.ADDRESS, 2, "місце стоянк*|стоянк*|location*|site|depot"),
    (Part.ADDRESS, 2, "база|расположен*|розташуван*|place|where"),
    (Part.MODEL, 1, "модель*|model*"),
    (Part.MAKE, 1, "марка*|make*|brand*|manufacturer|производител*|виробник*"),
    (Part.NAME, 1, "название*|наименован*|назва*|найменуван*|name*|description*|описание|опис|имя"),
    (Part.NAME, 2, "техник*|технік*|машина|автомобил*|автомобіл*"),
    (Part.NAME, 2, "транспортное средство|транспортний засіб|тс|тз|авто"),
    (Part.NAME, 2, "vehicle*|machine*|equipment*|object*|объект*|об єкт*|unit*|asset name"),
    (Part.NAME, 3, "тип*|вид*|type*|kind"),
    (Part.NUMBER, 2, "номер|number|no|num|код|code|id|нумерация"),
    (Part.NUMBER, 3, "№|n"),
)  # fmt: skip

_NOISE = re.compile(r"[^\w№]+|_")
_TOTAL = re.compile(r"(итого|всего|всього|разом|усього|total|sum)\b", re.IGNORECASE)


def _pattern(phrase: str) -> str:
    words = (re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in phrase.split())
    return " ".join(words)


_KNOWN = tuple(
    (part, rank, re.compile(rf"(?:^| )(?:{'|'.join(map(_pattern, phrases.split('|')))})(?= |$)"))
    for part, rank, phrases in _PHRASES
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says: a part (None: nothing that is needed) and how well it fits, 1 best."""

    part: Part | None
    rank: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the heading stands (0: the first row), what the columns hold, and what is not clear.

    ``columns`` are positions, 0 for the first; ``twice`` has the columns that claim to be the same part.
    ``first`` is the first row below the heading.
    """

    heading: int
    first: int
    columns: Mapping[Part, int]
    twice: Mapping[Part, tuple[int, ...]]
    titles: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether the list can be read without asking."""
        return Part.NUMBER in self.columns and not self.twice


def plain(text: str) -> str:
    """A heading as it is compared: no case, no signs, one space between words."""
    bare = text.replace("#", "№").casefold().replace("ё", "е").replace("№", " № ")
    return " ".join(_NOISE.sub(" ", bare).split())


def recognise(title: str) -> Heading | None:
    """What a heading says; None when it is not known."""
    words = plain(title)
    if not words or len(words) > 60:  # noqa: PLR2004  # a sentence is no heading
        return None
    for part, rank, pattern in _KNOWN:
        # A bare «№» or «name» inside of a longer heading says nothing.
        found = pattern.fullmatch(words) if rank == 3 else pattern.search(words)  # noqa: PLR2004  # the weakest rank
        if found:
            return Heading(part, rank)
    return None


def find_layout(rows: Sequence[Sequence[str]]) -> Layout:
    """Find the heading among the first rows: the one in which most columns are known.

    Without any, the first row with cells is taken for it and nothing is known.
    """
    best, most = 0, 0
    for position, row in enumerate(rows[:LOOK_AT]):
        score = _score(row)
        if score > most:
            best, most = position, score
    if not most:
        best = next((at for at, row in enumerate(rows) if any(row)), 0)
    titles = list(rows[best]) if rows else []
    if best and most:
        titles = _joined([cell if recognise(cell) else "" for cell in rows[best - 1]], titles)
    first = best + 1
    if first < len(rows) and _goes_on(titles, rows[first]):
        titles = _joined(titles, rows[first])
        first += 1
    if first < len(rows) and _is_numbering(rows[first]):
        first += 1
    return _layout(best, first, titles)


def is_guess(titles: Sequence[str]) -> bool:
    """Whether the row was taken for the heading for want of a better one: it may be a machine as well."""
    return not _score(titles)


def _score(row: Sequence[str]) -> int:
    """How much a row looks like a heading."""
    parts = {known.part for cell in row if (known := recognise(cell)) and known.part}
    # One known word is a heading only where hardly anything else stands.
    alone = len(parts) == 1 and (Part.NUMBER not in parts or sum(map(bool, row)) > 2)  # noqa: PLR2004  # two cells are a title
    return 0 if alone else 2 * len(parts) + (Part.NUMBER in parts)


def is_total(row: Sequence[str]) -> bool:
    """Whether a row sums the list up."""
    said = [cell for cell in row if cell]
    return bool(said) and _TOTAL.match(said[0]) is not None


def _goes_on(titles: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the heading has a second line, as under merged cells."""
    pairs = [(titles[at] if at < len(titles) else "", cell) for at, cell in enumerate(below) if cell]
    fresh = [cell for above, cell in pairs if cell != above]
    return bool(fresh) and all(recognise(cell) for cell in fresh)


def _joined(titles: Sequence[str], below: Sequence[str]) -> list[str]:
    wide = max(len(titles), len(below))
    above = [*titles, *[""] * (wide - len(titles))]
    under = [*below, *[""] * (wide - len(below))]
    return [low or high for high, low in zip(above, under, strict=True)]


def _is_numbering(row: Sequence[str]) -> bool:
    """Whether the row only counts the columns, beginning with 1."""
    said = [cell for cell in row if cell]
    return len(said) > 2 and said == [str(number) for number in range(1, len(said) + 1)]  # noqa: PLR2004  # 1, 2, 3 at least


def _layout(heading: int, first: int, titles: Sequence[str]) -> Layout:
    claims: dict[Part, dict[int, list[int]]] = {}
    for column, title in enumerate(titles):
        known = recognise(title)
        if known is not None and known.part is not None:
            claims.setdefault(known.part, {}).setdefault(known.rank, []).append(column)
    columns: dict[Part, int] = {}
    twice: dict[Part, tuple[int, ...]] = {}
    for part, by_rank in claims.items():
        found = by_rank[min(by_rank)]
        if len(found) == 1:
            columns[part] = found[0]
        else:
            twice[part] = tuple(found)
    return Layout(heading, first, columns, twice, tuple(titles))
