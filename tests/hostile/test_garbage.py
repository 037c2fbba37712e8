"""In the middle of every dialogue comes what is no answer; the answer that was waited for still works."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.conftest import Databases
from tests.hostile import mischief, raw
from tests.hostile.company import Company, settle
from tests.hostile.driving import Bot, Clock, Outcome
from tests.hostile.raw import Json
from tests.hostile.watching import Watch

# Who, and what they do; a press begins with «!». Agro's objects are {0} … {3}, Agro itself is {client}.
SCRIPTS = {
    "equip": ("Anna", ("/start o{0}", "!chg:o:{0}", "86-0001", "Mounted", "!do:o:{0}")),
    "decommission": ("Ivan", ("/start o{0}", "!chg:o:{0}", "!pick:o:{0}:1:3", "!sure", "Gone", "!do:o:{0}")),
    "accept": ("Clara", ("/start o{1}", "!chg:o:{1}", "!pick:o:{1}:1:10", "!rate:5", "Good", "!do:o:{1}")),
    "ask": ("Clara", ("/start o{2}", "!chg:o:{2}", "!why18:block", "Please", "!do:o:{2}")),
    "note": ("Olga", ("!note:o:{2}", "A note", "!do:o:{2}")),
    "correct": ("Ivan", ("!fix:{2}", "!fixf:{2}:plate", "AB 1")),
    "place": ("Mona", ("!fixf:{2}:position", "50.25, 30.75")),
    "machine": (
        "Gina",
        (
            "/new",
            "!org:{client}:0",
            "N-1",
            "Loader",
            "AB 2",
            "VIN 3",
            "Call",
            "Field",
            "50, 30",
            "New",
            "!do::",
        ),
    ),
    "client": ("Adam", ("/newclient", "A new one", "!org:{north}:0", "Met", "!do::")),
    "sales": ("Olga", ("!chg:c:{client}", "They want it", "!do:c:{client}")),
    "invite": ("Adam", ("/invite", "!role::1", "!do::", "!org:{north}:0")),
    "times": (
        "Adam",
        ("/times", "!org:{client}:0", "!tset:{client}:Service", "2 d / 4 d", "!tdo:{client}:Service"),
    ),
}
GARBAGE = {
    name: number
    for number in range(mischief.CONTENTS)
    if not {"text", "caption"} & (content := mischief.content(number)).keys()
    and (name := f"{number}-{next(iter(content), '')}")
}
"""What is no answer to anything: a photo's caption is a comment."""
BLANK = ("\u2800", "\u200b", "\u3164\u115f")
DOUBLE = ("sure", "keep", "rate:3", "say:9", "org:1:0", "skip:number:0", "rate:")
"""Presses that mean something in a dialogue only, at some other step of it, and forged ones."""


class Chat:
    """One person and the bot."""

    def __init__(self, bot: Bot, company: Company, runner: asyncio.Runner) -> None:
        self.bot, self.company, self._runner = bot, company, runner
        self.watch = Watch(bot, company)

    def feed(self, *updates: Json) -> Outcome:
        """Hand updates in; all that has to hold is looked at."""
        return self.watch.look(self._runner.run(self.bot.feed(*updates)))

    def act(self, account: int, what: str) -> Outcome:
        """Say or press something."""
        names = dict(enumerate(self.company.objects["Agro"]))
        clients = {"client": self.company.organisations["Agro"], "north": self.company.organisations["North"]}
        data = what.format(*names.values(), **clients)
        return self.feed(raw.presses(account, data[1:]) if data[:1] == "!" else raw.says(account, data))

    def place(self, account: int) -> object:
        """Where somebody is in which dialogue, and what they have filled in, photos apart."""
        return next(
            (
                place[:2]
                for user, *place in (row[1:] for row in self.watch.after.dialogues)
                if user == account
            ),
            None,
        )


@pytest.fixture
def chat(databases: Databases) -> Iterator[Chat]:
    """The company, fresh."""
    database = databases.fresh("sqlite")
    with database.write() as unit:
        company = settle(unit)
    bot = Bot(database, Clock())
    with asyncio.Runner() as runner:
        runner.run(bot.start())
        yield Chat(bot, company, runner)
        runner.run(bot.stop())
    databases.drop(database)


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_expected_answer_works_after_any_garbage(chat: Chat, script: str) -> None:
    name, acts = SCRIPTS[script]
    account = chat.company.accounts[name]
    written = chat.watch.after.last_line
    for act in acts:
        chat.act(account, act)
        place = chat.place(account)
        if place is None:
            continue
        for number in GARBAGE.values():
            content = mischief.content(number)
            if "location" in content and place[1] in {"position", "value"}:  # type: ignore[index]  # a tuple here
                continue  # an answer
            shown = chat.feed(raw.sends(account, **content)).to(account)
            assert shown, "no answer"
            assert chat.place(account) == place, f"{content} leads from {place} to {chat.place(account)}"
        edited = {**raw.sent(account, text="edited"), "edit_date": raw.SENT}
        chat.feed({"edited_message": edited})
        assert chat.place(account) == place
    assert chat.place(account) is None
    assert chat.watch.after.last_line > written or script in {"invite", "times"}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_forged_press_in_the_middle_changes_nothing(chat: Chat, script: str) -> None:
    name, acts = SCRIPTS[script]
    account = chat.company.accounts[name]
    for end in range(1, len(acts)):
        for data in DOUBLE:
            chat.act(account, "/menu")
            for act in acts[:end]:
                chat.act(account, act)
            before = chat.watch.after
            chat.feed(raw.presses(account, data), raw.presses(account, data))
            assert chat.watch.after.objects == before.objects
            assert chat.watch.after.organisations == before.organisations
            [shown] = chat.act(account, "/cancel").to(account)
            assert shown.keyboard


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_text_that_nobody_can_read_is_no_comment(chat: Chat, script: str) -> None:
    name, acts = SCRIPTS[script]
    account = chat.company.accounts[name]
    for act in acts:
        chat.act(account, act)
        place = chat.place(account)
        if isinstance(place, list) and place[1] in {"comment", "words"}:
            for text in BLANK:
                assert chat.feed(raw.says(account, text)).to(account)
                assert chat.place(account) == place
