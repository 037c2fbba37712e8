"""What people and forgers send: texts, files, data of buttons, and things from where no dialogue runs."""

import itertools
import sys
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from bot.buttons import Button
from tests.hostile import raw
from tests.hostile.raw import Json

_numbers = itertools.count(1)

COMMANDS = (
    "start", "menu", "help", "cancel", "tasks", "objects", "board", "clients", "new", "newclient", "people",
    "invite", "times", "forecast",
    "import", "many", "bind", "unbind", "bind@greenlight_bot", "away", "away until Fri", "unknown",
    "start@greenlight_bot", "cancel@other_bot", "START",
)  # fmt: skip
IN_GROUPS = (
    "/bind", "/bind@greenlight_bot", "/unbind", "/unbind@greenlight_bot", "/bind@other_bot", "/away",
    "/start o1",
)  # fmt: skip
PAYLOADS = (
    "o1", "o0", "o-1", "o999999999", "o99999999999999999999", "o\u0661", "o1 o2", "o", "O1", "o1\n", "o1;--",
    "../../etc", "%00", "\x00", "\ud800", "x" * 64, "\u0410" * 64, "o+1", "o1_000", "o 1", "=", "ob1", "o²",
)  # fmt: skip
TEXTS = (
    "", " ", "\n\n", "\u2800", "\u200b", "\u115f\u3164", "\xa0", "\u202e\u05d0\u05d1", "🚜" * 600,
    "👩‍👩‍👧‍👦" * 300,
    "<b>bold</b>", "<b>", "</blockquote>", "&lt;&amp;<&>", "<a href='tg://user?id=1'>x</a>", "a\x00b",
    "\x1b[31m",
    "\ud83d", "x\udc00y", "\ufeff\ufffe", "A" * 4096, "я" * 5000, "%s %d {name} {}", "' OR 1=1 --",
    "%_\\", '"*"',
    "NEAR(a b)", "50.45, 30.52", "91, 181", "nan, nan", "1e400", "-0, -0", "/", "//", "/start", "0", "-1",
    "\u0663", "²", "Z" * 33, "86-1234", "İıſß", "ﷺ" * 300, "\u0301" * 200,
    "a\u2028b", "Agro", "o1",
    "AB", "ab ", "!",
)  # fmt: skip

texts = st.one_of(
    st.sampled_from(TEXTS),
    st.text(max_size=30),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "So", "Mn", "Lo", "Nd"]), max_size=12),
    st.lists(st.sampled_from(TEXTS), min_size=2, max_size=3).map("".join),
)

NUMBERS = ("0", "-1", "1", "2", "3", "7", "2147483647", "2147483648", "9" * 19, "9" * 40, "", " 1",
           "\uff11", "1_0",
           "+1", "1.0", "0x1", "o", "c", "x", "None", "\x00", "🚜", "-", "--1")  # fmt: skip


def kinds_of_button(kind: type[Button] = Button) -> list[type[Button]]:
    """Every declared button."""
    found = []
    for more in kind.__subclasses__():
        # A dataclass with slots is a second class: the first one is in no module any more.
        if getattr(sys.modules[more.__module__], more.__name__, None) is more:
            found += [more, *kinds_of_button(more)]
    return found


def forged() -> st.SearchStrategy[str]:
    """Data that no keyboard holds: known tags with invented values, and plain noise."""
    tags = [kind.TAG for kind in kinds_of_button()]
    values = st.lists(st.sampled_from(NUMBERS), max_size=9)
    made = st.builds(lambda tag, rest: ":".join([tag, *rest]), st.sampled_from(tags), values)
    noise = st.sampled_from(
        ["", ":", "::::", "\x00", "🚜" * 20, "a" * 65, "a" * 4000, "\ud800", "menu\n", "MENU"]
    )
    return st.one_of(made, noise, st.text(max_size=70))


def mutated(data: str, at: int, value: str) -> str:
    """Data of a real button with one of its values replaced."""
    tag, *values = data.split(":")
    if values:
        values[at % len(values)] = value
    return ":".join([tag, *values])


def _contents() -> Sequence[Json]:
    name = f"sent-{next(_numbers)}"
    file = {"file_id": name, "file_unique_id": f"{name}-u"}
    place = {"latitude": 50.1, "longitude": 30.2}
    someone = {"id": 77, "is_bot": False, "first_name": "Far"}
    origin = {"type": "user", "sender_user": someone, "date": raw.SENT}
    return (
        raw.photo(name),
        raw.photo(name, caption="<i>look</i> & see"),
        raw.photo(name, caption="\u2800", media_group_id="77"),
        raw.photo(name, media_group_id="77"),
        {"location": place},
        {"location": {"latitude": 1e300, "longitude": -1e300}},
        {"location": {**place, "live_period": 60}},
        {"venue": {"location": place, "title": "T", "address": "A"}, "location": place},
        {"contact": {"phone_number": "+1", "first_name": "<b>"}},
        {"document": {**file, "file_name": "list.xlsx", "mime_type": "application/x-x", "file_size": 10**12}},
        {"document": {**file, "file_name": "../../a\x00.csv"}, "caption": "x" * 1024},
        {"document": file},
        {"sticker": {**file, "type": "regular", "width": 1, "height": 1,
                     "is_animated": False, "is_video": False}},
        {"voice": {**file, "duration": 1}},
        {"video": {**file, "width": 1, "height": 1, "duration": 1}, "caption": "film"},
        {"video_note": {**file, "length": 1, "duration": 1}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"poll": {
            "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
            "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
            "allows_revoting": False, "members_only": False,
        }},
        {"text": "forwarded", "forward_origin": origin},
        {"text": "A text", "via_bot": {"id": 9, "is_bot": True, "first_name": "b", "username": "b"}},
        {"text": "/start o1"},
        {"text": "x", "entities": [{"type": "bot_command", "offset": 0, "length": 99}]},
        {"text": "/new", "entities": [{"type": "bot_command", "offset": 3, "length": 4}]},
        {"text": "a b", "entities": [{"type": "text_link", "offset": 0, "length": 3, "url": "http://x"}]},
        {"pinned_message": {"message_id": 1, "date": 0, "chat": raw.private(1)}},
        {"delete_chat_photo": True},
        {"caption": "of nothing"},
        {},
    )  # fmt: skip


CONTENTS = len(_contents())


def content(number: int) -> Json:
    """The content of a message that is no plain text."""
    return _contents()[number % CONTENTS]


def _inline_press(account: int, data: str) -> Json:
    query: dict[str, Any] = raw.presses(account, data)["callback_query"]
    del query["message"]
    return {"callback_query": {**query, "inline_message_id": "inline"}}


def _elsewhere(account: int, text: str, data: str) -> Sequence[Json]:
    channel = {"id": -100_7, "type": "channel", "title": "News"}
    in_group = {**raw.sent(account, **raw.words(text)), "chat": raw.group()}
    return (
        {"edited_message": {**raw.sent(account, **raw.words(text)), "edit_date": raw.SENT}},
        {"message": in_group},
        {"message": {**in_group, **raw.photo(f"group-{next(_numbers)}")}},
        {"channel_post": {"message_id": 1, "date": 0, "chat": channel, "text": text}},
        {"edited_channel_post": {"message_id": 1, "date": 0, "chat": channel, "text": text, "edit_date": 1}},
        {"message": {**in_group, "sender_chat": channel, "is_automatic_forward": True}},
        raw.presses(account, data, message={"message_id": 1, "date": raw.SENT, "chat": raw.group()}),
        raw.presses(account, data, message={"message_id": 1, "date": 0, "chat": raw.private(account)}),
        _inline_press(account, data),
        raw.presses(account, None, game_short_name="game"),
        raw.membership(account, "kicked"),
        raw.membership(account, "member"),
        {"my_chat_member": {**raw.membership(account, "left")["my_chat_member"], "chat": raw.group()}},
        {"message": {**raw.sent(account), "chat": raw.group(), "migrate_to_chat_id": -100_8}},
        {"message": {**raw.sent(account), "chat": raw.group(), "migrate_from_chat_id": -100_8}},
        {"poll_answer": {
            "poll_id": "1", "user": raw.account(account), "option_ids": [], "option_persistent_ids": [],
        }},
        {"chosen_inline_result": {"result_id": "1", "from": raw.account(account), "query": text}},
        {"something_new": {"from": raw.account(account)}},
        {},
    )  # fmt: skip


ELSEWHERE = len(_elsewhere(1, "", ""))


def elsewhere(number: int, account: int, text: str, data: str) -> Json:
    """An update from where no dialogue runs, or of a kind that nobody asked for."""
    return _elsewhere(account, text, data)[number % ELSEWHERE]
