"""Lists of machines in a storm: good and bad files, stale and forged buttons, a bot that dies at each step.

However it comes: a list is taken over whole or not at all, and never twice; nobody sees another's; the
dialogue goes on or is left. ``GREENLIGHT_STORM`` (the examples) tries deeper, as for the other storm.
"""

import os
from collections import Counter
from typing import Any, cast

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy import text
from telegram.error import BadRequest, NetworkError

from bot.import_work import ImportWork
from storage.import_tables import ImportState
from storage.outbox import Outcome
from storage.queues import OutboxRecord, OutboxState
from storage.writer import Writer
from tests.conftest import Databases
from tests.hostile import lists, mischief, raw
from tests.hostile.crowd import Crowd, tried
from tests.hostile.dying import AFTER, BEFORE, WITHIN, Dying, Killed
from tests.stateful import let_loose

EXAMPLES = max(2, int(os.environ.get("GREENLIGHT_STORM", "12")) // 4)
STEPS = 25
CLIENTS = ("Agro", "Terra", "Delta", "Bravo", "")
BUTTONS = ("impgo", "impsee", "impcols", "impchk", "impno")
STAFF = ("Mona", "Gina", "Ivan", "Stan")
"""Those who may import."""
DEADLY = 8
TOGETHER = 4
"""Presses from a list that was sent to its end, with columns that are not clear."""
MOST_TRIES = 40
STUCK = {ImportState.READING, ImportState.CHECKING, ImportState.WRITING}
FAULTS = (
    None,
    BadRequest("Wrong file_id or the file is temporarily unavailable"),
    BadRequest("file is too big"),
    NetworkError("the line is dead"),
)

who = st.sampled_from((*STAFF, "Mona", "Ivan", "Clara", "Anna", "Stranger", "Rem"))
index = st.integers(0, 30)
deaths = st.tuples(
    st.sampled_from((*range(DEADLY), 1, 1, 1, *[DEADLY] * 6)),
    st.sampled_from((BEFORE, WITHIN, WITHIN, AFTER)),
)
"""After how many transactions the bot dies, most often in the one that takes a list over; or not at all."""
pairs = st.sampled_from([("Mona", "Gina"), ("Ivan", "Mona"), ("Stan", "Gina"), ("Mona", "Mona")])
Journey = tuple[str, int, str, list[tuple[bool, int, tuple[int, int]]]]
journeys: st.SearchStrategy[Journey] = st.tuples(
    st.sampled_from(STAFF),
    index,
    st.sampled_from(CLIENTS),
    st.lists(st.tuples(st.sampled_from([False, False, True]), index, deaths), min_size=4, max_size=12),
)
"""Somebody sends a list, of some kind and for some client; then: a stray button?, which, how the bot dies."""


class ImportStorm(Crowd):
    """Several people import at once, and the bot dies now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[str] = []

    @initialize(first=st.lists(journeys, min_size=1, max_size=3), names=pairs, kind=index, death=deaths)
    def begin(
        self,
        first: list[Journey] | None = None,
        names: tuple[str, str] = ("Mona", "Gina"),
        kind: int = 0,
        death: tuple[int, int] = (0, 0),
    ) -> None:
        """A company where lists have been imported before."""
        super().begin()
        for journey in first or ():
            self.import_list(journey)
        self.import_together(names, "Agro", kind, death)

    def begin_file(self, name: str, content: bytes, mark: str) -> str:
        """Have a file stand in Telegram; its id."""
        file_id = f"file-{mark}"
        self.bot.written.wire.files[file_id] = content
        self.company.secrets.note(mark, account=self.account(name))
        return file_id

    def send_file(self, name: str, content: bytes, mark: str, file_name: str, caption: str = "") -> None:
        """Send a file."""
        file_id = self.begin_file(name, content, mark)
        document = {"file_id": file_id, "file_unique_id": f"{file_id}-u", "file_name": file_name}
        self.step(raw.sends(self.account(name), document=document, caption=caption))

    @rule(name=who, kind=index, client=st.sampled_from(CLIENTS), file_name=st.sampled_from(lists.NAMES[:4]))
    def send_good(self, name: str, kind: int, client: str, file_name: str) -> None:
        """A list that can be imported."""
        mark = self.company.secrets.mark()
        self.marks.append(mark)
        self.send_file(name, lists.GOOD[kind % len(lists.GOOD)](mark), mark, file_name, client)

    @rule(journey=journeys)
    def import_list(self, journey: Journey) -> None:
        """The whole way, with the bot dying on it now and then."""
        name, kind, client, steps = journey
        self.send_good(name, kind, client, lists.NAMES[0])
        for stray, place, (left, way) in steps:
            if stray:
                self.go_on(name, place)
            else:
                self.step(raw.presses(self.account(name), self.onward(name)))
            self.work_once(Dying(self.bot.writer, left, way) if left < DEADLY else self.bot.writer)

    @rule(names=pairs, client=st.sampled_from(CLIENTS[:-1]), kind=index, death=deaths)
    def import_together(self, names: tuple[str, str], client: str, kind: int, death: tuple[int, int]) -> None:
        """Two people import the same list for the same client, and press «Import» in the same moment."""
        self.send_good(names[0], kind, client, lists.NAMES[0])
        mark = self.marks[-1]
        self.send_file(names[1], self.bot.written.wire.files[f"file-{mark}"], mark, lists.NAMES[1], client)
        for _ in range(TOGETHER):
            self.step(*(raw.presses(self.account(name), self.onward(name)) for name in names))
            self.work_once(Dying(self.bot.writer, *death) if death[0] < DEADLY else self.bot.writer)
            self.work_once(self.bot.writer)
            self.work_once(self.bot.writer)

    def onward(self, name: str) -> str:
        """The button that leads on to the end of an import; without one, the first."""
        seen = [one for shown in self.keyboards.get(self.account(name), [])[-1:] for one in shown.data]
        on = [one for one in seen if one.startswith(("impgo:", "impchk:", "impcol:"))]
        return [*on, *seen, "menu"][0]

    @rule(name=who, which=index, client=st.sampled_from(CLIENTS))
    def send_known(self, name: str, which: int, client: str) -> None:
        """A list that was sent before, by whomever."""
        if self.marks:
            mark = self.marks[which % len(self.marks)]
            self.send_file(name, self.bot.written.wire.files[f"file-{mark}"], mark, "again.csv", client)

    @rule(name=who, kind=index, client=st.sampled_from(CLIENTS), file_name=st.sampled_from(lists.NAMES))
    def send_bad(self, name: str, kind: int, client: str, file_name: str) -> None:
        """A file that is no list, or means harm."""
        mark = self.company.secrets.mark()
        self.send_file(name, lists.BAD[kind % len(lists.BAD)](mark), mark, file_name, client)

    @rule(name=who, kind=index, good=st.booleans())
    def send_numbers(self, name: str, kind: int, *, good: bool) -> None:
        """A file of numbers, while objects are picked; or of anything."""
        mark = self.company.secrets.mark()
        made = (lists.GOOD if good else lists.BAD)[kind % len(lists.GOOD if good else lists.BAD)]
        self.step(raw.says(self.account(name), "/objects"))
        picks = [one for one in self.keyboards.get(self.account(name), [])[-1:] for one in one.data]
        self.step(
            raw.presses(self.account(name), next((one for one in picks if one.startswith("sel:")), "x"))
        )
        self.send_file(name, made(mark), mark, "numbers.xlsx")

    @rule(name=who, place=index)
    def go_on(self, name: str, place: int) -> None:
        """A button that is there."""
        self.step(raw.presses(self.account(name), self.own(name, place)))

    @rule(name=who, button=st.sampled_from(BUTTONS), number=st.integers(0, 12))
    def press_any(self, name: str, button: str, number: int) -> None:
        """A button of an import: one's own, another's, an old one, or of none."""
        self.step(raw.presses(self.account(name), f"{button}:{number}"))

    @rule(
        name=who, number=st.integers(0, 12), part=st.sampled_from(["number", "plate", "x", ""]), column=index
    )
    def press_column(self, name: str, number: int, part: str, column: int) -> None:
        """A column of any import."""
        self.step(raw.presses(self.account(name), f"impcol:{number}:{part}:{column - 1}"))

    @rule(name=who, data=mischief.forged())
    def press_forged(self, name: str, data: str) -> None:
        """Invented data."""
        self.step(raw.presses(self.account(name), data))

    @rule(
        names=st.lists(who, min_size=2, max_size=4),
        button=st.sampled_from(BUTTONS),
        number=st.integers(1, 12),
    )
    def all_at_once(self, names: list[str], button: str, number: int) -> None:
        """Several people, or one on several devices, press in the same moment."""
        self.step(*(raw.presses(self.account(name), f"{button}:{number}") for name in names))

    @rule(name=who, text=mischief.texts)
    def say(self, name: str, text: str) -> None:
        """Any text, in the midst of it."""
        self.step(raw.says(self.account(name), text))

    @rule(name=who)
    def leave(self, name: str) -> None:
        """Whatever it was, /cancel leads to a screen and out of the dialogue."""
        account = self.account(name)
        [shown] = self.step(raw.says(account, "/cancel")).to(account)
        known = self.watch.after.of_account(account)
        assert shown.keyboard or known is None or not known.roles
        assert all(user != account for _chat, user, *_rest in self.watch.after.dialogues)

    @rule(hours=st.sampled_from([1, 30, 24 * 3]))
    def time_passes(self, hours: int) -> None:
        """What nobody goes on with is forgotten."""
        self.clock.forward(hours=hours)

    # The bot's own part

    def waiting(self) -> list[OutboxRecord]:
        """The work that is not done yet, in its order."""
        with self.database.read() as unit:
            found = [row for row in unit.outbox.waiting() if row.kind == "import_work"]
            unit.session.expunge_all()
            return found

    async def work_on(self, row: OutboxRecord, writer: Any) -> bool:
        """Do a row of work; whether it is done, and need not be tried again."""
        work = ImportWork(cast("Writer", writer), self.bot.written, self.bot.files, self.clock)
        try:
            await work._work(row, self.clock())
        except (Killed, NetworkError):
            return False
        settled = Outcome(row.id or 0, OutboxState.SENT)
        await self.bot.writer.write(lambda uow: uow.outbox.settle([settled], self.clock()))
        return True

    def work_once(self, writer: Any) -> None:
        """Do the first row that waits, and look at what came of it."""
        if rows := self.waiting():
            tried["works"] += 1
            tried["works cut off"] += not self.runner.run(self.work_on(rows[0], writer))
            self.watch.look_at_work(self.runner.run(self.bot.feed()))
            self.check()

    @rule(fault=st.sampled_from(FAULTS), times=st.integers(1, 3))
    def work(self, fault: Exception | None, times: int) -> None:
        """The bot works, whether Telegram gives the file or not."""
        self.bot.written.wire.broken = fault
        for _ in range(times):
            self.work_once(self.bot.writer)
        self.bot.written.wire.broken = None

    @rule(left=st.integers(0, 12), way=st.integers(0, 2))
    def work_and_die(self, left: int, way: int) -> None:
        """The bot dies in the midst of its work."""
        self.work_once(Dying(self.bot.writer, left, way))

    def check(self) -> None:
        """Lists are taken over whole or not at all, once, and just as often as is said."""
        with self.database.read() as unit:
            say = unit.session.connection().execute
            objects = say(text("SELECT id, client_id, number FROM object")).all()
            lines = Counter(say(text("SELECT object_id FROM history WHERE route = 'import'")).scalars())
            done = text("SELECT coalesce(sum(created), 0) FROM \"import\" WHERE state = 'done'")
            created = say(done).scalar_one()
        imported = [(client, number.rpartition("-")[0]) for key, client, number in objects if key in lines]
        assert len(imported) == created
        assert all(count == lists.ROWS for count in Counter(imported).values()), imported
        assert {mark for _client, mark in imported} <= set(self.marks)
        assert all(count == 1 for count in lines.values())
        tried["imported"] = max(tried["imported"], len(imported))

    def teardown(self) -> None:
        """In the end all work is done: every import waits for its person, or is over."""
        try:
            for _ in range(MOST_TRIES):
                self.work_once(self.bot.writer)
            assert self.waiting() == []
            with self.database.read() as unit:
                states = unit.session.connection().execute(text('SELECT state FROM "import"')).scalars().all()
            assert not STUCK & set(states)
            tried.update(f"import: {state}" for state in states)
        finally:
            super().teardown()


@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_lists_in_a_storm(databases: Databases, kind: str) -> None:
    let_loose(ImportStorm, databases, kind, EXAMPLES if kind == "sqlite" else max(1, EXAMPLES // 3), STEPS)
    print(dict(sorted(tried.items())))  # noqa: T201  # asked for, by ``pytest -s``
