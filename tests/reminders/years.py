"""What may happen to a company in years, in any order."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import event

from tests.reminders.company import Living
from tests.reminders.ledger import Ledger
from tests.reminders.people import found
from tests.reminders.spec import DAY, HOUR
from tests.reminders.world import World, seen
from tests.stateful import Machine

STARTS = (
    datetime(2026, 3, 2, 12, tzinfo=UTC),
    datetime(2026, 3, 26, 20, 30, tzinfo=UTC),  # the clocks go forward on the 29th
    datetime(2026, 10, 22, 5, tzinfo=UTC),  # and back on the 25th
    datetime(2028, 2, 25, 22, tzinfo=UTC),  # a leap year
)

number = st.integers(0, 59)
absence = st.sampled_from((5, 30, 24 * 8, 24 * 40))
after = st.sampled_from(("all", "all", "all", "tick", "nothing"))
"""What follows at once: a tick and the sending, the tick alone, or neither."""


class Years(Machine):
    """A company over which time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()

    @initialize(start=st.sampled_from(STARTS), minutes=st.integers(0, 600))
    def begin(self, start: datetime, minutes: int) -> None:
        """Everybody is there, and nothing has happened."""
        database = self.databases.fresh(self.kind)
        self.open.callback(self.databases.drop, database)
        if database.is_sqlite:
            event.listen(database.engine, "connect", _hasty)
        now = self.began = start + timedelta(minutes=minutes)
        self.world = World(database, now, ledger=Ledger(found(database, now)))
        self.living = Living(self.world)
        self.world.step()
        seen["examples"] += 1

    def teardown(self) -> None:
        """Take the database away."""
        seen["days"] += (self.world.now - self.began).days
        self.open.close()

    def then(self, what: str) -> None:
        """What the bot does at once."""
        seen["rules"] += 1
        if what == "all":
            self.world.step()
        elif what == "tick":
            self.world.ticks()

    # Time

    @rule(
        length=st.sampled_from((HOUR, 3 * HOUR, 8 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY)),
        often=st.sampled_from((HOUR, 2 * HOUR, 5 * HOUR)),
    )
    def passes(self, length: timedelta, often: timedelta) -> None:
        """The bot runs on."""
        seen["rules"] += 1
        end = self.world.now + length
        while self.world.now < end:
            self.world.step(min(often, end - self.world.now))

    @rule(days=st.sampled_from((0.2, 0.5, 1, 3, 7, 10, 30, 70)), minutes=number)
    def is_out(self, days: float, minutes: int) -> None:
        """Nothing runs for long; or the clock is put forward."""
        seen["outages"] += 1
        self.world.sends()
        self.world.step(timedelta(days=days, minutes=minutes))

    @rule(days=st.integers(2, 4), minutes=number)
    def telegram_is_out(self, days: int, minutes: int) -> None:
        """The bot runs, and nothing that it says arrives for days."""
        seen["Telegram out"] += 1
        for _day in range(days):
            self.world.now += timedelta(days=1, minutes=minutes)
            self.world.ticks()
        self.world.step()

    @rule(hours=st.integers(1, 12))
    def clock_goes_back(self, hours: int) -> None:
        """The clock was wrong."""
        if self.living.ledger.slack > 3 * DAY:
            return
        seen["clock put back"] += 1
        self.world.step()  # what is to be done at once was done by the wrong clock
        self.living.ledger.slack += hours * HOUR
        self.world.step(-hours * HOUR)

    @rule(ticks=st.integers(1, 5), hours=st.sampled_from((0, 1, 7, 26)), then=after)
    def dies_in_a_tick(self, ticks: int, hours: int, then: str) -> None:
        """The process is killed while it does what is due."""
        self.world.now += hours * HOUR
        self.world.dies = ticks
        self.world.ticks()
        self.world.dies = 0
        self.then(then)

    @rule(messages=st.integers(1, 5), hours=st.sampled_from((0, 1, 7, 26)), then=after)
    def dies_while_sending(self, messages: int, hours: int, then: str) -> None:
        """The process is killed while a message is on its way."""
        self.world.now += hours * HOUR
        self.world.dies = 0
        self.world.ticks()
        self.world.dies = messages
        self.world.sends()
        self.world.dies = 0
        self.then(then)

    # People

    @rule(machine=number, who=number, which=number, reason=number, then=after)
    def changes(self, machine: int, who: int, which: int, reason: int, then: str) -> None:
        """A status is set."""
        self.living.changes(machine, who, which, reason)
        self.then(then)

    @rule(acts=st.lists(st.tuples(number, number, number, number), min_size=2, max_size=6), then=after)
    def work(self, acts: list[tuple[int, int, int, int]], then: str) -> None:
        """Statuses are set, and some of it is taken by somebody, every few hours."""
        for machine, who, which, reason in acts:
            self.living.changes(machine, who, which, reason)
            self.then(then)
            if reason % 3 == 0:
                self.living.takes(machine, which)
                self.then(then)
            self.world.step(reason % 8 * 3 * HOUR)

    @rule(machines=st.lists(number, min_size=2, max_size=5), who=number, then=after)
    def changes_many(self, machines: list[int], who: int, then: str) -> None:
        """A status is set of many at once."""
        self.living.changes_many(machines, who)
        self.then(then)

    @rule(machine=number, who=number, then=after)
    def notes(self, machine: int, who: int, then: str) -> None:
        """A note is left."""
        self.living.notes(machine, who)
        self.then(then)

    @precondition(lambda self: len(self.living.company.machines) < 8)
    @rule(count=st.integers(1, 3), who=number, then=after)
    def imports(self, count: int, who: int, then: str) -> None:
        """A list is imported."""
        self.living.imports(count, who)
        self.then(then)

    @rule(machine=number, who=number, whom=number, support=st.booleans(), then=after)
    def assigns(self, machine: int, who: int, whom: int, support: bool, then: str) -> None:
        """Somebody is named."""
        self.living.assigns(machine, who, whom, support=support)
        self.then(then)

    @rule(machine=number, who=number, then=after)
    def takes(self, machine: int, who: int, then: str) -> None:
        """«I take it»."""
        self.living.takes(machine, who)
        self.then(then)

    @rule(machine=number, then=after)
    def gives_up(self, machine: int, then: str) -> None:
        """«Give it up»."""
        self.living.gives_up(machine)
        self.then(then)

    @rule(who=number, whom=number, hours=absence, both=st.booleans(), then=after)
    def goes_away(self, who: int, whom: int, hours: int, both: bool, then: str) -> None:
        """Somebody is away."""
        self.living.goes_away(who, whom, hours, both=both)
        self.then(then)

    @rule(who=number, then=after)
    def comes_back(self, who: int, then: str) -> None:
        """Somebody is back."""
        self.living.comes_back(who)
        self.then(then)

    @rule(who=number, says_so=st.booleans(), then=after)
    def blocks(self, who: int, says_so: bool, then: str) -> None:
        """Somebody blocks the bot."""
        self.living.blocks(who, says_so=says_so)
        self.then(then)

    @rule(who=number, then=after)
    def starts(self, who: int, then: str) -> None:
        """Somebody lets it in again."""
        self.living.starts(who)
        self.then(then)

    @rule(who=number, machine=number, which=number, hours=st.sampled_from((0, 1, 7, 26)), then=after)
    def misses(self, who: int, machine: int, which: int, hours: int, then: str) -> None:
        """A status is set while somebody cannot be reached, who is back later."""
        self.living.blocks(who, says_so=False)
        self.living.changes(machine, who + 1, which, 0)
        self.world.step(hours * HOUR)
        self.living.starts(who)
        self.then(then)

    @rule(where=number, which=number, hours=st.sampled_from((0, 0, 30, 24 * 8)), then=after)
    def nobody_is_there(self, where: int, which: int, hours: int, then: str) -> None:
        """A role has nobody who can be reached."""
        self.living.nobody_is_there(where, which, hours)
        self.then(then)

    @precondition(lambda self: len(self.living.there()) > 9)
    @rule(who=number, then=after)
    def is_removed(self, who: int, then: str) -> None:
        """Somebody is taken out."""
        self.living.is_removed(who)
        self.then(then)

    @precondition(lambda self: len(self.living.there()) < 22)
    @rule(where=number, which=number, then=after)
    def joins(self, where: int, which: int, then: str) -> None:
        """Somebody is new."""
        self.living.joins(where, which)
        self.then(then)

    @rule(who=number, which=number, then=after)
    def changes_role(self, who: int, which: int, then: str) -> None:
        """Somebody gets a role, or loses it."""
        self.living.changes_role(who, which)
        self.then(then)

    @rule(where=number, what=number, value=number)
    def sets(self, where: int, what: int, value: int) -> None:
        """Quiet hours, the digest and the times of statuses are set."""
        self.living.sets(where, what, value)
        self.then("all")


def _hasty(connection: object, _record: object) -> None:
    """A test that loses power fails anyway."""
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]  # a driver's connection
