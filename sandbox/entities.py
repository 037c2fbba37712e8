"""Text with HTML markup → plain text and message entities, as Telegram's own parser does it.

The markup is read byte by byte because the refusals name byte offsets. Entity offsets and lengths
are UTF-16 code units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.errors import bad_request
from sandbox.limits import utf16_length

Entity = dict[str, Any]

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot));?")
_SPACE = " \t\r\n\0\v"
_UNQUOTED = re.compile(r"[0-9A-Za-z.-]*")
_HIGHEST = 0x10FFFF
_DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'»])"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<mention>(?<![\w@./])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w))"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)",
)


@dataclass
class _Open:
    tag: str
    argument: str
    start: int


class _Parser:
    """One pass over a text; ``run`` gives the plain text and its entities."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.units = 0
        self.plain: list[str] = []
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def run(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            if self.source[self.at] != "<":
                self._emit(self._character())
            elif self._peek(1) == "/":
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise _refused(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.plain), self.entities

    def _peek(self, ahead: int = 0) -> str:
        """The character ahead, or an empty string at the end."""
        return self.source[self.at + ahead : self.at + ahead + 1]

    def _byte(self, index: int) -> int:
        return len(self.source[:index].encode())

    def _emit(self, character: str) -> None:
        self.plain.append(character)
        self.units += utf16_length(character)

    def _character(self) -> str:
        """Take one character, a character reference being one; an unknown reference stays as it is."""
        found = _REFERENCE.match(self.source, self.at)
        if found:
            hexadecimal, decimal, name = found.groups()
            code = ord(_NAMED[name]) if name else int(hexadecimal or decimal, 16 if hexadecimal else 10)
            if 0 < code <= _HIGHEST:
                self.at = found.end()
                return chr(code)
        self.at += 1
        return self.source[self.at - 1]

    def _until(self, stops: str) -> str:
        start = self.at
        while self.at < len(self.source) and self.source[self.at] not in stops:
            self.at += 1
        return self.source[start : self.at]

    def _skip_space(self) -> None:
        while self._peek() and self._peek() in _SPACE:
            self.at += 1

    def _start_tag(self) -> None:
        begin = self.at
        where = f"at byte offset {self._byte(begin)}"
        self.at += 1
        tag = self._until(_SPACE + ">").lower()
        if not self._peek():
            raise _refused(f"Unclosed start tag {where}")
        if tag not in _TYPES:
            raise _refused(f'Unsupported start tag "{tag}" {where}')
        argument = ""
        while self._next_attribute():
            name, value = self._attribute(tag, where)
            argument = _argument(tag, name, value) or argument
        self.at += 1
        if tag == "span" and argument != "spoiler":
            raise _refused(f'Tag "span" must have class "tg-spoiler" {where}')
        self.open.append(_Open(tag, argument, self.units))

    def _next_attribute(self) -> bool:
        self._skip_space()
        return self._peek() != ">"

    def _attribute(self, tag: str, where: str) -> tuple[str, str | None]:
        name = self._until(_SPACE + "=>/\"'")
        if not name and self._peek():
            raise _refused(f'Empty attribute name in the tag "{tag}" {where}')
        self._skip_space()
        if not self._peek():
            raise _refused(f'Unclosed start tag "{tag}" {where}')
        if self._peek() != "=":
            return name, None
        self.at += 1
        self._skip_space()
        if not self._peek():
            raise _refused(f'Unclosed start tag "{tag}" {where}')
        value = self._quoted() if self._peek() in "\"'" else self._unquoted()
        if not self._peek():
            raise _refused(f"Unclosed start tag {where}")
        return name, value

    def _unquoted(self) -> str:
        begin = self.at
        found = _UNQUOTED.match(self.source, begin)
        self.at = found.end() if found else begin
        if self._peek() and self._peek() not in _SPACE + ">":
            raise _refused(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return self.source[begin : self.at].lower()

    def _quoted(self) -> str:
        quote = self._peek()
        self.at += 1
        value: list[str] = []
        while self._peek() and self._peek() != quote:
            value.append(self._character())
        self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        where = f"at byte offset {self._byte(begin)}"
        if not self.open:
            raise _refused(f"Unexpected end tag {where}")
        self.at += 2
        name = self._until(_SPACE + ">").lower()
        self._skip_space()
        if self._peek() != ">":
            raise _refused(f"Unclosed end tag {where}")
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise _refused(f'Unmatched end tag {where}, expected "</{opened.tag}>", found "</{name}>"')
        if self.units > opened.start:
            self._add(opened)

    def _add(self, opened: _Open) -> None:
        length = self.units - opened.start
        entity: Entity = {"type": _TYPES[opened.tag], "offset": opened.start, "length": length}
        if opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "a":
            url = _link(opened.argument or _slice(self.plain, opened.start))
            if url is None:
                return
            entity["url"] = url
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "code":
            entity["language"] = opened.argument
        elif opened.tag == "pre" and self.entities:
            inner = self.entities[-1]
            if inner["type"] == "code" and (inner["offset"], inner["length"]) == (opened.start, length):
                self.entities.pop()
                if inner["language"]:
                    entity["language"] = inner["language"]
        self.entities.append(entity)


def _argument(tag: str, name: str, value: str | None) -> str:
    """What an attribute says about its entity: a link's address, a program's language."""
    if tag == "blockquote" and name == "expandable":
        return "expandable"
    value = value or ""
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    for wanted, prefix in ((("code", "class"), "language-"), (("span", "class"), "tg-")):
        if (tag, name) == wanted and value.startswith(prefix):
            return value.removeprefix(prefix)
    return ""


def _slice(plain: list[str], start: int) -> str:
    units = "".join(plain).encode("utf-16-le")
    return units[2 * start :].decode("utf-16-le")


def _link(url: str) -> str | None:
    """The address as Telegram keeps it, or None for one it drops (the text stays, without a link)."""
    if re.match(r"(?:https?|tg|ton|mailto|tel):\S+$", url, re.IGNORECASE):
        return url
    return f"http://{url}" if re.match(r"[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?$", url) else None


def _refused(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def detect(text: str, taken: list[Entity]) -> list[Entity]:
    """Links, commands, mentions and hashtags that Telegram marks by itself, except inside ``taken`` ones."""
    closed = [e for e in taken if e["type"] in {"code", "pre", "text_link"}]
    found: list[Entity] = []
    for match in _DETECTED.finditer(text):
        offset, length = utf16_length(text[: match.start()]), utf16_length(match.group())
        if all(offset + length <= e["offset"] or e["offset"] + e["length"] <= offset for e in closed):
            found.append({"type": str(match.lastgroup), "offset": offset, "length": length})
    return found


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut white space at both ends, and move the entities along."""
    cut = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    end = utf16_length(text)
    kept: list[Entity] = []
    for entity in entities:
        start = max(0, entity["offset"] - cut)
        length = min(end, entity["offset"] + entity["length"] - cut) - start
        if length > 0:
            kept.append({**entity, "offset": start, "length": length})
    return text, kept


def parse(text: str, parse_mode: str = "", entities: list[Entity] | None = None) -> tuple[str, list[Entity]]:
    """The text a person sees and its entities, sorted as Telegram sends them.

    Raises ApiError with the byte offset when the markup is wrong, or when the mode is unknown.
    """
    text = text.replace("\r", "")
    found = entities or []
    if parse_mode.lower() == "html":
        text, found = _Parser(text).run()
        found = [{k: v for k, v in e.items() if k != "language" or e["type"] == "pre"} for e in found]
    elif parse_mode.lower() in {"markdown", "markdownv2"}:
        raise bad_request("can't parse entities: this sandbox reads parse_mode HTML only")
    elif parse_mode:
        raise bad_request("unsupported parse_mode")
    text, found = _trim(text, found)
    found = found + detect(text, found)
    return text, sorted(found, key=lambda e: (e["offset"], -e["length"]))
