"""HTML markup → text and entities, and back to HTML that cannot bite."""

from __future__ import annotations

import pytest

from sandbox.entities import parse
from sandbox.errors import ApiError
from sandbox.render import to_html, tree

Marks = list[tuple[str, int, int]]


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("plain", "plain", []),
        ("<b>x</b>", "x", [("bold", 0, 1)]),
        ("<STRONG>x</STRONG>", "x", [("bold", 0, 1)]),
        ("<i>x</i><em>y</em>", "xy", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>x</u><ins>y</ins>", "xy", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>x</s><del>y</del>", "xy", [("strikethrough", 0, 1), ("strikethrough", 1, 1)]),
        ("<code>x</code>", "x", [("code", 0, 1)]),
        ("<pre>x</pre>", "x", [("pre", 0, 1)]),
        ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<blockquote>x</blockquote>", "x", [("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ('<a href="https://example.org">x</a>', "x", [("text_link", 0, 1)]),
        ("😀<b>x</b>", "😀x", [("bold", 2, 1)]),
        ("<b>x<i>y</i></b>", "xy", [("bold", 0, 2), ("italic", 1, 1)]),
        ("&lt;b&gt; &amp; &quot; &#1071; &#x1F600;", '<b> & " Я 😀', []),
        ("&nbsp;&copy;", "&nbsp;&copy;", []),
        ("  <b> x</b>  ", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ('<a href="javascript:alert(1)">x</a>', "x", []),
        ("see https://example.org/a.", "see https://example.org/a.", [("url", 4, 21)]),
        ("/start abc", "/start abc", [("bot_command", 0, 6)]),
        ("<code>/start</code>", "/start", [("code", 0, 6)]),
        ("@anna_k #done", "@anna_k #done", [("mention", 0, 7), ("hashtag", 8, 5)]),
    ],
)
def test_markup_becomes_entities(source: str, text: str, marks: Marks) -> None:
    plain, entities = parse(source, "HTML")
    assert plain == text
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == marks


def test_a_program_keeps_its_language() -> None:
    _, entities = parse('<pre><code class="language-python">x</code></pre>', "HTML")
    assert entities == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("я<foo>", 'Unsupported start tag "foo" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<span class="x">y</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ],
)
def test_wrong_markup_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse(source, "HTML")
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("text", "entities", "html"),
    [
        ("<script>alert(1)</script>", [], "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('x" onclick="y', [], "x&quot; onclick=&quot;y"),
        ("x", [{"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}], "x"),
        (
            "x",
            [{"type": "text_link", "offset": 0, "length": 1, "url": 'https://e.org/"><script>'}],
            '<a href="https://e.org/&quot;&gt;&lt;script&gt;" rel="noopener noreferrer nofollow">x</a>',
        ),
        ("x", [{"type": "script", "offset": 0, "length": 1}], "x"),
    ],
)
def test_nothing_written_becomes_a_script(text: str, entities: list[dict[str, object]], html: str) -> None:
    assert to_html(tree(text, entities)) == html


def test_overlapping_marks_nest() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 4}, {"type": "italic", "offset": 2, "length": 4}]
    assert to_html(tree("abcdef", entities)) == "<b>ab<i>cd</i></b><i>ef</i>"
