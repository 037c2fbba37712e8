"""Text and entities → a tree of formatted pieces, and the tree → safe HTML.

The page builds its elements from the tree and never reads HTML; the HTML is for tests and for
people with curl. Everything that is text is escaped, and an address is a link only when it is one.
"""

from __future__ import annotations

import html
from itertools import pairwise
from typing import Any

from sandbox.entities import Entity
from sandbox.limits import utf16_length

Node = dict[str, Any]
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "spoiler": "tg-spoiler",
    "text_link": "a",
    "url": "a",
    "bot_command": "a",
}
_SAFE = ("http://", "https://", "tg://", "mailto:", "tel:")


def tree(text: str, entities: list[Entity]) -> list[Node]:
    """Nested pieces: ``{"text": …}`` or ``{"tag": …, "children": […]}``.

    A piece may also have ``href``, ``command``, ``language`` or ``expandable``.
    """
    units = text.encode("utf-16-le")
    shown = [entity for entity in entities if entity["type"] in _TAGS]
    edges = {0, utf16_length(text)}
    for entity in shown:
        edges |= {entity["offset"], entity["offset"] + entity["length"]}
    root: list[Node] = []
    stack: list[tuple[Entity, list[Node]]] = []
    for start, end in pairwise(sorted(edges)):
        piece = units[2 * start : 2 * end].decode("utf-16-le", "replace")
        active = [e for e in shown if e["offset"] <= start and end <= e["offset"] + e["length"]]
        active.sort(key=lambda e: (e["offset"], -e["length"]))
        keep = _shared(stack, active)
        del stack[keep:]
        for entity in active[keep:]:
            node = _node(entity, units)
            (stack[-1][1] if stack else root).append(node)
            stack.append((entity, node["children"]))
        (stack[-1][1] if stack else root).append({"text": piece})
    return root


def _shared(stack: list[tuple[Entity, list[Node]]], active: list[Entity]) -> int:
    """How many of the open pieces stay open."""
    count = 0
    while count < min(len(stack), len(active)) and stack[count][0] is active[count]:
        count += 1
    return count


def _node(entity: Entity, units: bytes) -> Node:
    node: Node = {"tag": _TAGS[entity["type"]], "children": []}
    start, end = entity["offset"], entity["offset"] + entity["length"]
    inside = units[2 * start : 2 * end].decode("utf-16-le", "replace")
    if entity["type"] == "bot_command":
        node["command"] = inside
    elif node["tag"] == "a":
        url = str(entity.get("url") or inside)
        if url.lower().startswith(_SAFE):
            node["href"] = url
    elif entity["type"] == "expandable_blockquote":
        node["expandable"] = True
    elif entity.get("language"):
        node["language"] = entity["language"]
    return node


def to_html(nodes: list[Node]) -> str:
    """The tree as HTML in which nothing a person wrote can become a tag or a script."""
    return "".join(_piece(node) for node in nodes)


def _piece(node: Node) -> str:
    if "text" in node:
        return html.escape(node["text"]).replace("\n", "<br>")
    tag, inside = node["tag"], to_html(node["children"])
    if tag == "a":
        if "href" not in node:
            return inside
        return f'<a href="{html.escape(node["href"])}" rel="noopener noreferrer nofollow">{inside}</a>'
    return f"<{tag}{' expandable' if node.get('expandable') else ''}>{inside}</{tag}>"
