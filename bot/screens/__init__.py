"""What people see: a screen is a value, built by pure functions and compared by tests.

Texts are HTML as Telegram knows it; names and comments pass through ``esc``.
"""

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.buttons import Back, Button, Cancel
from bot.texts import gettext as _
from storage.object_lists import MANY

TEXT_LIMIT = 4096
"""UTF-16 units that Telegram takes in a message, counted after the HTML is read."""


@dataclass(frozen=True, slots=True)
class Key:
    """One button: a label, and what it says or where it leads."""

    label: str
    button: Button | None = None
    url: str | None = None


Keyboard = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A message with its buttons."""

    text: str
    keyboard: Keyboard = ()


def rows(*lines: Iterable[Key | None]) -> Keyboard:
    """A keyboard of these lines, without what is None and without empty lines."""
    kept = (tuple(key for key in line if key is not None) for line in lines)
    return tuple(line for line in kept if line)


def in_pairs(keys: Sequence[Key]) -> list[tuple[Key, ...]]:
    """Keys two in a row, as fits a phone."""
    return [tuple(keys[i : i + 2]) for i in range(0, len(keys), 2)]


def way_out(*, back: bool = True) -> tuple[Key, ...]:
    """The last line of each step of a dialogue: always in the same place."""
    cancel = Key(_("Cancel"), Cancel())
    return (Key(_("« Back"), Back()), cancel) if back else (cancel,)


def pages(page: int, count: int, size: int, turn: Callable[[int], Button]) -> tuple[Key, ...]:
    """The line that turns pages; empty when all fits on one."""
    last = max(0, (count - 1) // size)
    if last == 0:
        return ()
    here = Key(f"{page + 1}/{last + 1}", turn(page))
    before = Key("◀", turn(page - 1 if page > 0 else last))
    after = Key("▶", turn(page + 1 if page < last else 0))
    return (before, here, after)


def counted(number: int) -> str:
    """A count as people read it; lists are counted no further than ``MANY``."""
    return f"{MANY}+" if number >= MANY else str(number)


def esc(text: str) -> str:
    """A person's text inside HTML."""
    return html.escape(text, quote=False)


def quote(comment: str, *, long: int = 200) -> str:
    """A comment as a quotation, folded when it is long."""
    tag = "blockquote expandable" if len(comment) > long else "blockquote"
    return f"<{tag}>{esc(comment)}</blockquote>"


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int) -> str:
    """The beginning of a text, so much as Telegram takes; no character is halved."""
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")


Packed = list[list[list[str | None]]]


def packed(keyboard: Keyboard) -> Packed:
    """A keyboard as the outbox keeps it: label, data and address of each button."""
    return [
        [[key.label, key.button.pack() if key.button else None, key.url] for key in line] for line in keyboard
    ]


def as_payload(screen: Screen, *, edit: int | None = None, refresh: bool = False) -> dict[str, object]:
    """A screen as the outbox keeps it.

    ``edit`` is the message that it takes the place of; ``refresh``: of the chat's living one.
    """
    return {"text": screen.text, "keyboard": packed(screen.keyboard), "edit": edit, "refresh": refresh}
