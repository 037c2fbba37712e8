"""Everybody at once sends whatever can be sent; what has to hold is looked at after every step.

The number of examples is for a push; ``GREENLIGHT_STORM=2000`` (the examples) tries deeper.
"""

import json
import os
from collections.abc import Iterator

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.conftest import Databases
from tests.hostile import mischief, raw
from tests.hostile.company import PEOPLE
from tests.hostile.crowd import Crowd, tried
from tests.hostile.driving import Json
from tests.stateful import let_loose

EXAMPLES = int(os.environ.get("GREENLIGHT_STORM", "12"))
STEPS = 50
TYPED = {
    "terminal", "comment", "words", "number", "name", "plate", "vin", "contact", "address", "position",
    "value", "client", "parent", "organisation",
}  # fmt: skip
"""The steps of dialogues that wait for a text."""
NAMES = (*PEOPLE, "Stranger", "Rem")

people = st.sampled_from(NAMES)
who_binds = st.sampled_from((*NAMES, *("Mona", "Adam") * 5))
index = st.integers(0, 30)


class Storm(Crowd):
    """One company, and everybody in it gone mad."""

    def expected(self, name: str, place: int) -> Json:
        """The answer that the person's dialogue waits for."""
        account = self.account(name)
        for _chat, user, _dialogue, state, draft in self.watch.after.dialogues:
            if user == account and state in TYPED:
                return raw.says(account, self.words_for(state, json.loads(draft), place))
        return raw.presses(account, self.own(name, place))

    def words_for(self, state: str, draft: Json, place: int) -> str:
        """A marked text that fits the question."""
        mark = self.company.secrets.mark()
        return {
            "terminal": f"86-{mark}",
            "position": f"{place}.5, {place}.25",
            "value": f"86-{mark}" if draft.get("field") == "terminal" else f"{place}.5, {place}.75"
            if draft.get("field") == "position" else mark,
            "vin": mark, "plate": mark, "client": "a", "parent": "o", "organisation": "r",
        }.get(state, f"{mark} was said")  # fmt: skip

    @rule(name=people, place=index)
    def go_on(self, name: str, place: int) -> None:
        """What a reasonable person does."""
        self.step(self.expected(name, place))

    @rule(name=people, places=st.lists(index, min_size=2, max_size=6))
    def go_on_for_a_while(self, name: str, places: list[int]) -> None:
        """The same, several times."""
        for place in places:
            self.step(self.expected(name, place))

    @rule(
        name=people,
        which=index,
        client=st.sampled_from(["Agro", "Terra", "Delta", "Bravo"]),
        picked=index,
        places=st.lists(index, min_size=4, max_size=8),
    )
    def change(self, name: str, which: int, client: str, picked: int, places: list[int]) -> None:
        """The way to a change of status, and perhaps to its end."""
        account, objects = self.account(name), self.company.objects[client]
        self.step(raw.says(account, f"/start o{objects[which % len(objects)]}"))
        self.step(raw.presses(account, self.own(name, 0)))
        self.step(raw.presses(account, self.own(name, picked)))
        for place in places:
            self.step(self.expected(name, place))

    @rule(name=people, place=st.integers(0, 199))
    def press_of_others(self, name: str, place: int) -> None:
        """A button that somebody else was shown, or oneself long ago."""
        self.step(raw.presses(self.account(name), self.data[place % len(self.data)]))

    @rule(name=people, place=st.integers(0, 199), at=index, value=st.sampled_from(mischief.NUMBERS))
    def press_mutated(self, name: str, place: int, at: int, value: str) -> None:
        """A real button of which one value was changed."""
        data = mischief.mutated(self.data[place % len(self.data)], at, value)
        self.step(raw.presses(self.account(name), data))

    @rule(name=people, data=mischief.forged())
    def press_forged(self, name: str, data: str) -> None:
        """Invented data."""
        self.step(raw.presses(self.account(name), data))

    @rule(name=people, text=mischief.texts)
    def say(self, name: str, text: str) -> None:
        """Any text."""
        self.step(raw.says(self.account(name), text))

    @rule(name=people, what=st.integers(0, mischief.CONTENTS - 1))
    def send(self, name: str, what: int) -> None:
        """Anything that is no text."""
        self.step(raw.sends(self.account(name), **mischief.content(what)))

    @rule(name=people, command=st.sampled_from(mischief.COMMANDS))
    def command(self, name: str, command: str) -> None:
        """A command, in the middle of whatever it is."""
        self.step(raw.says(self.account(name), f"/{command}"))

    @rule(name=people, payload=st.one_of(st.sampled_from(mischief.PAYLOADS), mischief.texts))
    def follow(self, name: str, payload: str) -> None:
        """A deep link, malformed more often than not."""
        self.step(raw.says(self.account(name), f"/start {payload}"))

    @rule(name=people, what=st.integers(0, mischief.ELSEWHERE - 1), text=mischief.texts, place=index)
    def from_elsewhere(self, name: str, what: int, text: str, place: int) -> None:
        """From a group, a channel, an edit, or of a kind that nobody asked for."""
        self.step(mischief.elsewhere(what, self.account(name), text, self.own(name, place)))

    @rule(name=who_binds, said=st.sampled_from(mischief.IN_GROUPS), thread=st.sampled_from([0, 0, 7]))
    def say_in_group(self, name: str, said: str, thread: int) -> None:
        """A command in a group or topic: whoever may not bind it does not."""
        self.step(raw.says_in_group(self.account(name), said, thread))

    @rule(
        name=people,
        words=st.sampled_from(["", " 3 days", " until Fri", " 2 years"]),
        places=st.lists(index, max_size=4),
    )
    def go_away(self, name: str, words: str, places: list[int]) -> None:
        """The way to an absence, and perhaps to its end."""
        self.step(raw.says(self.account(name), f"/away{words}"))
        for place in places:
            self.step(self.expected(name, place))

    @rule(name=people, text=mischief.texts)
    def inline(self, name: str, text: str) -> None:
        """The bot is asked from another chat."""
        self.step(raw.asks(self.account(name), text))

    @rule(name=people, place=index)
    def press_twice(self, name: str, place: int) -> None:
        """A double tap."""
        update = self.expected(name, place)
        again = raw.presses(self.account(name), update.get("callback_query", {}).get("data", "back"))
        self.step(update, again)

    @rule(acts=st.lists(st.tuples(people, index), min_size=2, max_size=6))
    def all_at_once(self, acts: list[tuple[str, int]]) -> None:
        """Several people, or one on several devices, in the same moment."""
        self.step(*(self.expected(name, place) for name, place in acts))

    @rule(name=people)
    def leave(self, name: str) -> None:
        """Whatever it was, /cancel leads to a screen and out of the dialogue."""
        account = self.account(name)
        [shown] = self.step(raw.says(account, "/cancel")).to(account)
        known = self.watch.after.of_account(account)
        assert shown.keyboard or known is None or not known.roles
        assert all(user != account for _chat, user, *_rest in self.watch.after.dialogues)

    @rule(name=people)
    def is_answered(self, name: str) -> None:
        """Whoever says anything gets a screen."""
        account = self.account(name)
        assert self.step(raw.says(account, "Hello")).to(account)

    @rule(hours=st.sampled_from([1, 30, 24 * 6, 24 * 9]))
    def time_passes(self, hours: int) -> None:
        """Deadlines pass."""
        self.clock.forward(hours=hours)


@pytest.fixture(scope="module", autouse=True)
def figures() -> Iterator[None]:
    """Say what was tried, for whoever runs it deeper (``pytest -s``)."""
    yield
    print(dict(sorted(tried.items())))  # noqa: T201  # asked for


@pytest.mark.timeout(0)
def test_everybody_at_once(databases: Databases) -> None:
    let_loose(Storm, databases, "sqlite", EXAMPLES, STEPS)


@pytest.mark.timeout(0)
def test_everybody_at_once_on_postgresql(databases: Databases) -> None:
    let_loose(Storm, databases, "postgresql", max(2, EXAMPLES // 5), STEPS)
