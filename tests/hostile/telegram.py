"""What Telegram takes: the HTML of messages, and their limits."""

import html
import re
from collections.abc import Sequence

from domain.process import checked_comment

TAGS = {"b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler"}
TEXT, CAPTION, TOAST, DATA, BUTTONS = 4096, 1024, 200, 64, 100
_TOKEN = re.compile(r"<(/?)([a-z-]+)( expandable)?>|&(?:lt|gt|amp|quot|#\d+);|[<>&]")


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def plain(text: str) -> str:
    """The text that is read of HTML; ``AssertionError`` when Telegram would refuse it."""
    open_tags: list[str] = []
    for found in _TOKEN.finditer(text):
        end, name, more = found.groups()
        if name is None:
            assert len(found[0]) > 1, f"a bare {found[0]} in {text!r}"
        elif end:
            assert open_tags, f"</{name}> closes nothing in {text!r}"
            assert open_tags.pop() == name, f"</{name}> closes another tag in {text!r}"
        else:
            assert name in TAGS, f"no tag of Telegram: {name}"
            assert not more or name == "blockquote"
            open_tags.append(name)
    assert not open_tags, f"{open_tags} stay open in {text!r}"
    return html.unescape(re.sub(r"<[^<>]*>", "", text))


def check_text(text: str) -> str:
    """A message's HTML; what is read of it."""
    seen = plain(text)
    assert units(seen) <= TEXT, f"{units(seen)} units in {text!r}"
    checked_comment(seen[:1000])  # nobody gets a message that is empty to the eye
    return seen


def check_keyboard(buttons: Sequence[Sequence[str | None]]) -> None:
    """The buttons of a message."""
    assert len(buttons) <= BUTTONS
    for label, data, url in buttons:
        assert label is not None
        checked_comment(label)  # nor a button
        assert (data is None) != (url is None)
        assert data is None or 1 <= len(data.encode()) <= DATA, data
