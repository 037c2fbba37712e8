"""The storm: a crowd at work, bad weather, and trouble (``tests.torture.troubles``); then all is counted."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from storage import migrations
from storage.database import Database
from tests.torture import walks
from tests.torture.company import Company
from tests.torture.person import Ledger, Person, Stuck
from tests.torture.reckoning import Reckoning
from tests.torture.rig import PATIENCE, Rig
from tests.torture.weather import Weather

NAP = 0.1
PASSER_BY = 9_000_000_001
"""Somebody whom nobody knows; everybody else may be waiting for an answer that cannot be sent."""


@dataclass(frozen=True)
class Plan:
    """How bad it will be."""

    seed: int
    people: int
    kills: int
    faults: float = 4.0
    """Of a hundred calls, so many fail."""
    away: float = 0.0
    """Seconds that the first outage lasts after somebody has noticed it; the others end then."""


@dataclass(frozen=True)
class Place:
    """Where it happens: the folder of logs, the database, and how the bot sees it where that is another."""

    folder: Path
    url: str
    seen_by_bot: str = ""
    files: Path | None = None


@dataclass
class Storm:
    """A company in the storm; ``reckoning`` says what came of it."""

    plan: Plan
    rig: Rig
    database: Database
    company: Company
    chance: random.Random
    weather: Weather
    ledger: Ledger = field(default_factory=Ledger)
    began: float = field(default_factory=time.monotonic)
    outages: list[tuple[float, float]] = field(default_factory=list)
    """From when to when nothing could be saved."""
    _over: bool = False

    async def crowd(self, trouble: Callable[[], Awaitable[None]]) -> None:
        """Let everybody go on while there is trouble; afterwards each ends what is begun."""
        people = [
            Person(self.rig, member, self.ledger, random.Random(f"{self.plan.seed} {member.name}"))  # noqa: S311  # the same each time
            for member in self.company.members
        ]
        async with asyncio.TaskGroup() as tasks:
            for person in people:
                tasks.create_task(self._live(person))
            blowing = tasks.create_task(self.weather.blow())
            await trouble()
            self._over = True
            blowing.cancel()
            await self.weather.calm()

    async def _live(self, me: Person) -> None:
        """One errand after another."""
        errands = iter(me.member.errands)
        await me.says("/start")
        await me.sees()
        while not self._over:
            what = "look"
            if await walks.take(me):
                what = "take"
            elif await walks.answer(me):
                what = "answer"
            elif me.chance.random() < walks.DETOUR or (errand := next(errands, None)) is None:
                await walks.look(me)
            else:
                what = errand.what
                await walks.WALKS[what](me, errand)
            self.ledger.walks[what] += 1
        await me.says("/menu")
        await me.sees(button="More")

    async def acts(self, count: int) -> None:
        """Wait until people have done so many things more."""
        enough = len(self.ledger.updates) + count
        async with self.ledger.acted, asyncio.timeout(PATIENCE):
            await self.ledger.acted.wait_for(lambda: len(self.ledger.updates) >= enough)

    async def regrets(self) -> None:
        """Let a passer-by write, and wait until they have been told that nothing can be saved."""
        done = await self.rig.post(f"people/{PASSER_BY}/text", {"text": "Hello?"})
        self.ledger.updates += done["update_ids"]
        enough = len(self.weather.regrets) + 1
        async with asyncio.timeout(PATIENCE):
            while len(self.weather.regrets) < enough:
                await self.rig.pass_time(NAP)

    async def quiet(self) -> None:
        """Wait until all that people did is handled, and all that was to be sent is sent."""
        with self.database.write() as unit:
            self.company.grow_no_more(unit)
        until = time.monotonic() + PATIENCE
        while waiting := await self._waiting():
            if time.monotonic() > until:
                raise Stuck(f"{waiting} wait for ever")
            await self.rig.pass_time(NAP)
        await self.weather.read()

    async def scene(self) -> str:
        """How everything stands, for whoever has to find out what went wrong."""
        await self.weather.read()
        await self.rig.confess()
        told = ("n", "at", "method", "chat_id", "ok", "fault", "description")
        calls = [str({name: call.get(name) for name in told}) for call in self.weather.calls[-30:]]
        head = f"alive: {self.rig.alive}, waiting: {await self._waiting()}"
        return "\n".join([head, *calls, *self.rig.log.splitlines()[-60:]])

    async def _waiting(self) -> list[object]:
        pending = (await self.rig.get("state"))["pending"]

        def ask() -> list[object]:
            with self.database.read() as unit:
                return [*unit.inbox.waiting_ids(), *(record.id for record in unit.outbox.waiting())]

        return ["pending"] * pending + await asyncio.to_thread(ask)


Trouble = Callable[[Storm], Awaitable[None]]


async def torture(plan: Plan, place: Place, trouble: Trouble) -> Reckoning:
    """Let a company work while there is trouble, and count what came of it."""
    chance = random.Random(plan.seed)  # noqa: S311  # the same each time
    database = Database(place.url)
    try:
        migrations.upgrade(database)
        company = Company(database, plan.people, 10 + plan.kills // 4, chance)
        async with Rig(place.folder, place.seen_by_bot or place.url, place.files) as rig:
            await rig.declare({one.account: one.name for one in company.members} | {PASSER_BY: "Nobody"})
            with database.write() as unit:
                company.grow_late(unit, timedelta(seconds=1), 3 * plan.people)
            storm = Storm(plan, rig, database, company, chance, Weather(rig, chance, plan.faults))
            rig.start()
            try:
                await storm.crowd(partial(trouble, storm))
                await storm.quiet()
            except BaseException as error:
                error.add_note(await storm.scene())
                raise
            return Reckoning(storm, await rig.stop(), (await rig.get("state"))["violations"])
    finally:
        database.close()
