"""A company, the bot, and everybody's keyboards: what the storms have in common."""

import asyncio
from collections import Counter
from contextlib import ExitStack

from hypothesis.stateful import initialize

from tests.hostile.company import Company, settle
from tests.hostile.driving import Bot, Clock, Json, Outcome, Shown
from tests.hostile.watching import Watch
from tests.stateful import Machine

EAGER = 14
"""Of thirty presses so many take the first button, which leads on."""
tried: Counter[str] = Counter()


class Crowd(Machine):
    """One company whose people do what the rules of a storm say."""

    def __init__(self) -> None:
        super().__init__()
        self.database = self.databases.fresh(self.kind)
        self.open = ExitStack()
        self.open.callback(self.databases.drop, self.database)
        self.runner = self.open.enter_context(asyncio.Runner())
        self.keyboards: dict[int, list[Shown]] = {}
        self.data: list[str] = ["menu"]

    @initialize()
    def begin(self) -> None:
        """A company that works."""
        with self.database.write() as unit:
            self.company: Company = settle(unit)
        self.clock = Clock()
        self.bot = Bot(self.database, self.clock)
        self.runner.run(self.bot.start())
        self.open.callback(lambda: self.runner.run(self.bot.stop()))
        self.watch = Watch(self.bot, self.company)
        tried["examples"] += 1

    def teardown(self) -> None:
        """End the bot and take the database away."""
        self.open.close()

    # What they do

    def account(self, name: str) -> int:
        """Somebody's Telegram account."""
        return self.company.accounts[name]

    def step(self, *updates: Json) -> Outcome:
        """Hand updates in, look, and remember the buttons."""
        tried["steps"] += 1
        tried["updates"] += len(updates)
        outcome = self.watch.look(self.runner.run(self.bot.feed(*updates)))
        tried["shown"] += len(outcome.shown)
        tried["presses"] += sum("callback_query" in update for update in updates)
        tried.update(f"history: {line.kind}" for line in self.watch.lines)
        for kept in ("absences", "bound", "claims", "settings"):
            before, after = getattr(self.watch.before, kept), getattr(self.watch.after, kept)
            tried[f"{kept}: another"] += before != after
        tried.update(f"dialogue: {name}" for *_ids, name, _state, _draft in self.watch.after.dialogues)
        for shown in outcome.shown:
            if shown.keyboard:
                kept = self.keyboards.setdefault(shown.chat_id, [])
                kept.append(shown)
                del kept[:-3]
                self.data += [one for one in shown.data if one not in self.data]
        del self.data[:-200]
        return outcome

    def own(self, name: str, place: int) -> str:
        """A button that somebody has before them, the newest message's most often."""
        kept = self.keyboards.get(self.account(name))
        if not kept:
            return "menu"
        buttons = kept[-1 - place % 2 % len(kept)].data if place > 25 else kept[-1].data
        return buttons[0 if place < EAGER else place % len(buttons)] if buttons else "menu"
