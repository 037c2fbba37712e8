"""What the hostile tests share."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.conftest import Databases
from tests.hostile.company import settle
from tests.hostile.driving import Bot, Clock
from tests.hostile.probes import Yard, own


@pytest.fixture
def yard(databases: Databases) -> Iterator[Yard]:
    """The company, with one invitation by its administrator."""
    database = databases.fresh("sqlite")
    with database.write() as unit:
        company = settle(unit)
    own.object, own.client = company.objects["Agro"][1], company.organisations["Agro"]
    bot = Bot(database, Clock())
    with asyncio.Runner() as runner:
        runner.run(bot.start())
        made = Yard(bot, company, runner)
        made.prepare()
        yield made
        runner.run(bot.stop())
    databases.drop(database)
