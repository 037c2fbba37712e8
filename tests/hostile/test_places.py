"""What the hostile tests go through by name is all that the running program has: nothing new is forgotten."""

import re

import pytest
from sqlmodel import SQLModel

from tests.hostile import mischief, raw
from tests.hostile.facts import WATCHED, WATCHED_ELSEWHERE
from tests.hostile.places import (
    AMONG_THOUSANDS,
    AS_OUTSIDE,
    FILLING,
    OUTSIDE,
    Place,
    document,
    taking_files,
    taking_texts,
)
from tests.hostile.probes import PICKING, Yard, readable
from tests.hostile.test_isolation import SEARCHERS, SEARCHES, commands, unknown, words_of

FILES: dict[Place, tuple[str, ...]] = {
    (OUTSIDE, "importing"): (),
    ("importing", "client"): ("/import",),
    ("importing", "file"): ("/import", "!org:{client}:0"),
    ("bulk", "picking"): PICKING,
}
"""Where a file is taken, and how one comes there."""


def test_every_table_is_watched() -> None:
    assert not WATCHED & WATCHED_ELSEWHERE.keys()
    assert WATCHED | WATCHED_ELSEWHERE.keys() == SQLModel.metadata.tables.keys()


def test_every_command_is_sent(yard: Yard) -> None:
    assert commands(yard.bot) <= set(mischief.COMMANDS)


def test_all_that_the_bot_sends_is_looked_at(yard: Yard) -> None:
    assert yard.bot.written._kinds.keys() | {"import_work"} == yard.bot._notifier._delivery._kinds.keys()


def test_every_search_is_probed(yard: Yard) -> None:
    reached = {place for before in SEARCHES.values() for place in reach(yard, before)}
    searching = {place for place in taking_texts(yard.bot) if place[0] != OUTSIDE}
    assert searching == reached | FILLING | AS_OUTSIDE | AMONG_THOUSANDS
    assert not reached & FILLING


def test_every_place_for_files_is_probed(yard: Yard) -> None:
    taken = {place for place in taking_files(yard.bot) if place != (OUTSIDE, "last")}
    assert taken == FILES.keys() | AS_OUTSIDE
    for place, before in FILES.items():
        assert place[0] == OUTSIDE or place in reach(yard, before)


@pytest.mark.parametrize("before", FILES.values(), ids=map("-".join, FILES))
def test_files(yard: Yard, before: tuple[str, ...]) -> None:
    for name in SEARCHERS:
        for words in words_of(yard, "Terra"):
            assert sent(yard, name, before, words) == sent(yard, name, before, unknown(words))


def sent(yard: Yard, name: str, before: tuple[str, ...], words: str) -> str:
    """What comes back for a file with these words in it and beneath it."""
    yard.act(name, "/menu")
    for one in before:
        yard.act(name, one.format(client=yard.company.organisations["Agro"]))
    yard.bot.written.wire.files["list.csv"] = f"Number\n{words}\n".encode()
    account = yard.company.accounts[name]
    found = readable(yard.feed(raw.sends(account, document=document("list.csv"), caption=words)), words)
    return re.sub(r"'(imp\w+):\d+", r"'\1:…", found)  # each list has a number of its own


def reach(yard: Yard, before: tuple[str, ...]) -> set[Place]:
    """Where these acts lead somebody who may do so: the moderator or the administrator."""
    found = set()
    for name in ("Mona", "Adam"):
        yard.act(name, "/menu")
        for one in before:
            yard.act(name, one.format(client=yard.company.organisations["Agro"]))
        account = yard.company.accounts[name]
        found |= {(str(d), str(s)) for _chat, user, d, s, _ in yard.watch.after.dialogues if user == account}
    return found
