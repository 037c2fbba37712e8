"""Everything at its longest, in characters that Telegram counts twice: every screen still fits."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.buttons import (
    Assign,
    ChangeStatus,
    Confirm,
    Correct,
    CorrectField,
    History,
    MapPin,
    Open,
    PickOrganisation,
    PickStatus,
    WhyNot,
    WriteNote,
)
from domain.process import COMMENT_LIMIT, Kind
from domain.roles import Role
from storage.tables import ObjectRecord, OrganisationRecord
from tests import builders
from tests.conftest import Databases
from tests.hostile.company import Company, settle
from tests.hostile.driving import Bot, Clock
from tests.hostile.probes import Yard
from tests.hostile.watching import Watch

WIDE = "🚜"
LENGTHS = {"name": 80, "plate": 20, "vin": 20, "contact": 120, "address": 200}
COMMENT = WIDE * COMMENT_LIMIT


def lengthen(unit: builders.UnitOfWork, company: Company) -> None:
    """Long names, and more people than fit a line."""
    for name, number in company.organisations.items():
        unit.session.get_one(OrganisationRecord, number).name = (name + WIDE * 120)[:120]
    group = unit.session.get_one(OrganisationRecord, company.organisations["Group"])
    north = unit.session.get_one(OrganisationRecord, company.organisations["North"])
    for _number in range(6):
        for organisation, roles in ((group, Role.MODERATOR), (north, Role.SUPPORT | Role.INSTALLER)):
            builders.add_person(unit, organisation, roles, WIDE * 120)
    machine = unit.session.get_one(ObjectRecord, company.objects["Agro"][0])
    for field, limit in LENGTHS.items():
        setattr(machine, field, WIDE * limit)
    machine.number, machine.terminal = WIDE * 40, "8" * 32


@pytest.fixture
def yard(databases: Databases) -> Iterator[Yard]:
    """The company, everything in it at its longest."""
    database = databases.fresh("sqlite")
    with database.write() as unit:
        company = settle(unit)
        lengthen(unit, company)
    bot = Bot(database, Clock())
    with asyncio.Runner() as runner:
        runner.run(bot.start())
        yield Yard(bot, company, runner)
        runner.run(bot.stop())
    databases.drop(database)


def test_a_card_and_a_change(yard: Yard) -> None:
    number = yard.company.objects["Agro"][0]
    for act in (
        f"/start o{number}",
        "!" + MapPin(number).pack(),
        "!" + Assign(number).pack(),
        "!" + Correct(number).pack(),
        "!" + CorrectField(number, "address").pack(),
        WIDE * 201,
        "!" + WriteNote(Kind.OBJECT, number).pack(),
        COMMENT,
        "!" + Confirm(Kind.OBJECT, number).pack(),
        "!" + PickStatus(Kind.OBJECT, number, 1, 4).pack(),
        "9" * 32,
        COMMENT,
        COMMENT + WIDE,
        "!" + Confirm(Kind.OBJECT, number).pack(),
        "!" + ChangeStatus(Kind.OBJECT, number).pack(),
        "!" + WhyNot(Kind.OBJECT, number).pack(),
        *("!" + History(Kind.OBJECT, number, page).pack() for page in range(4)),
        "/tasks",
        WIDE * 80,
        "/clients",
        "/menu",
    ):
        assert yard.act("Ivan", act).to(yard.company.accounts["Ivan"])
    assert yard.watch.after.objects[number]["status"] == "Equipped"


def test_a_new_machine(yard: Yard) -> None:
    client = "!" + PickOrganisation(yard.company.organisations["Agro"]).pack()
    fields = [WIDE * limit for limit in (40, 80, 20, 20, 120, 200)]
    number = [WIDE * 39 + "1", *fields[1:]]
    for act in ("/new", client, *number, "50, 30", COMMENT, COMMENT + WIDE, "!" + Confirm().pack()):
        assert yard.act("Ivan", act).to(yard.company.accounts["Ivan"])
    assert yard.watch.lines


def test_a_client_as_a_sales_case(yard: Yard) -> None:
    number = yard.company.organisations["Agro"]
    for version, row in enumerate((4, 5, 7, 13, 4)):
        for act in (
            "!" + Open(Kind.CLIENT, number).pack(),
            "!" + PickStatus(Kind.CLIENT, number, version, row).pack(),
            COMMENT + WIDE,
            COMMENT,
            "!" + Confirm(Kind.CLIENT, number).pack(),
        ):
            assert yard.act("Olga", act).to(yard.company.accounts["Olga"])
        assert yard.watch.lines


def test_a_window_that_is_just_full(yard: Yard) -> None:
    """The lines fill the page of the window; name, status and question stand above and below them."""
    number = yard.company.organisations["Agro"]
    for length in range(700, 1000, 15):
        with yard.bot.database.write() as unit:
            client = unit.session.get_one(OrganisationRecord, number)
            for _line in range(8):
                builders.add_entry(unit, client, "Potential", "x" * length)
        yard.watch = Watch(yard.bot, yard.company)
        yard.act("Olga", "!" + ChangeStatus(Kind.CLIENT, number).pack())
        yard.act("Olga", "x" * 1001)
        yard.act("Olga", "!stop")
