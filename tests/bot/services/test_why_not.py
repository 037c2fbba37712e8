"""Why a next status is not offered, who could set it, and whose names one may read; on both databases."""

from datetime import timedelta

import pytest

from bot.buttons import ChangeStatus, Open
from bot.screens import Screen
from bot.screens.why_not import why_not
from bot.services.cases import choices, load
from bot.services.people import as_me
from bot.services.why_not import FEW, explain
from domain.objects import ObjectStatus
from domain.process import ClientReason, Kind
from domain.roles import Role
from storage.database import Database, UnitOfWork
from storage.tables import ObjectRecord
from tests.builders import NOW, Company, add_company, add_object, add_person, key

S = ObjectStatus
READERS = [
    "installer", "support", "manager", "client_user", "moderator", "administrator",
    "group_installer", "group_support", "group_manager",
]  # fmt: skip
NAMES = {
    "moderator": "Mona", "administrator": "Adam", "installer": "Anna", "support": "Ivan", "manager": "Olga",
    "client_user": "Clara", "group_support": "Gina", "group_manager": "Gwen", "group_installer": "Gus",
    "group_client_user": "Dora",
}  # fmt: skip


def settled(unit: UnitOfWork) -> Company:
    """The company, everybody with a name of their own."""
    company = add_company(unit)
    for who, name in NAMES.items():
        getattr(company, who).name = name
    unit.session.flush()
    return company


def shown(
    unit: UnitOfWork, company: Company, reader: str, machine: ObjectRecord, *, from_card: bool = True
) -> Screen:
    me = as_me(unit, getattr(company, reader))
    case = load(unit, me, Kind.OBJECT, key(machine))
    return why_not(case, me, explain(unit, me, case, NOW), from_card=from_card)


def paragraph(screen: Screen, status: S) -> str:
    """What is said of one status."""
    [found] = [part for part in screen.text.split("\n\n") if f"<b>{status}</b> –" in part]
    return found


def said(text: str, *fragments: str) -> None:
    for fragment in fragments:
        assert fragment in text, text


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("status", S, ids=lambda status: status.name.lower())
def test_every_status_that_is_not_offered_is_there_and_no_other(
    database: Database, reader: str, status: S
) -> None:
    with database.write() as unit:
        company = settled(unit)
        machine = add_object(unit, company.client, status, request=ClientReason.BLOCK)
        me = as_me(unit, getattr(company, reader))
        case = load(unit, me, Kind.OBJECT, key(machine))
        offered = {row.target for row in choices(case, me.actor, NOW)}
        missing = {row.target for row in case.process.leaving(status)} - offered
        if status is S.OUT_OF_SERVICE and not me.has(Role.SUPPORT | Role.MODERATOR):
            missing.add(S.BLOCKED)  # what the client asks for
        text = shown(unit, company, reader, machine).text
        assert {one for one in S if f"<b>{one}</b> –" in text} == missing
        assert text.count("can now:") == len(missing)
        if not missing and status is not S.DECOMMISSIONED:
            said(text, "You can set all that can follow: ")
        if reader == "client_user":
            assert not [name for name in NAMES.values() if name in text]


def test_the_end_has_no_way_on(database: Database) -> None:
    with database.write() as unit:
        company = settled(unit)
        machine = add_object(unit, company.client, S.DECOMMISSIONED)
        for reader in READERS:
            text = shown(unit, company, reader, machine).text
            said(text, "Decommissioned", "This is for ever: there is no way on.")
            assert "Nothing else follows" not in text


def test_the_way_back_leads_where_one_came_from(database: Database) -> None:
    with database.write() as unit:
        company = settled(unit)
        machine = add_object(unit, company.client, S.SERVICE)
        for from_card, way in ((True, Open), (False, ChangeStatus)):
            back = shown(unit, company, "moderator", machine, from_card=from_card).keyboard[0][0]
            assert back.label == "« Back"
            assert back.button == way(Kind.OBJECT, key(machine))


def test_staff_read_who_is_named_and_a_client_reads_roles(database: Database) -> None:
    with database.write() as unit:
        company = settled(unit)
        other = add_person(unit, company.partner, Role.INSTALLER | Role.SUPPORT, "Otto")
        company.client.support_id = company.support.id
        machine = add_object(unit, company.client, S.NEW, installer_id=key(other))
        staff = paragraph(shown(unit, company, "moderator", machine), S.EQUIPPED)
        said(staff, "not for your role: moderator", "installer Otto", "support Ivan", "manager Olga")
        assert not [name for name in ("Anna", "Gus", "Gina", "Gwen") if name in staff]
        client = paragraph(shown(unit, company, "client_user", machine), S.EQUIPPED)
        said(client, "not for a client to set", "an installer, technical support, a manager")


def test_a_named_one_who_has_the_role_no_more_stands_for_nobody(database: Database) -> None:
    with database.write() as unit:
        company = settled(unit)
        machine = add_object(unit, company.client, S.NEW, installer_id=key(company.manager))
        said(paragraph(shown(unit, company, "moderator", machine), S.EQUIPPED), "installer Anna")
        unit.people.remove(company.installer, NOW)
        said(paragraph(shown(unit, company, "moderator", machine), S.EQUIPPED), "installer Gus")
        unit.people.remove(company.group_installer, NOW)
        said(paragraph(shown(unit, company, "moderator", machine), S.EQUIPPED), "now: an installer,")


def test_of_many_the_role_says_enough(database: Database) -> None:
    with database.write() as unit:
        company = settled(unit)
        machine = add_object(unit, company.client, S.NEW)
        for number in range(2, FEW + 1):
            add_person(unit, company.partner, Role.MANAGER, f"Manager {number}")
        said(
            paragraph(shown(unit, company, "moderator", machine), S.EQUIPPED),
            "manager Olga / Manager 2 / Manager 3",
        )
        add_person(unit, company.partner, Role.MANAGER, "One more")
        text = paragraph(shown(unit, company, "moderator", machine), S.EQUIPPED)
        said(text, "a manager")
        assert "Olga" not in text


def test_a_late_helper_reads_from_when(database: Database) -> None:
    with database.write() as unit:
        company = settled(unit)
        machine = add_object(unit, company.client, S.DIAGNOSTICS)  # since Monday noon, for two days
        for reader in ("moderator", "administrator"):
            text = paragraph(shown(unit, company, reader, machine), S.VERIFIED)
            said(text, "you may from Wed 4 Mar, 12:00 on", "can now: support Ivan, manager Olga")
            assert "→ from" not in text
        text = paragraph(shown(unit, company, "installer", machine), S.VERIFIED)
        said(text, "from Wed 4 Mar, 12:00 on: a moderator, an administrator")
        late = add_object(unit, company.client, S.DIAGNOSTICS, since=NOW - timedelta(days=3))
        said(
            shown(unit, company, "moderator", late).text,
            "You can set all that can follow: Verified, Service.",
        )
        said(shown(unit, company, "installer", late).text, "moderator Mona, administrator Adam")


def test_the_8_days(database: Database) -> None:
    with database.write() as unit:
        company = settled(unit)
        fresh = add_object(unit, company.client, S.VERIFIED)
        said(
            paragraph(shown(unit, company, "support", fresh), S.ACTIVE),
            "not for your role: support", "the client (until Tue 10 Mar, 12:00), moderator Mona",
        )  # fmt: skip
        said(
            paragraph(shown(unit, company, "client_user", fresh), S.DIAGNOSTICS),
            "only for a machine that was in operation before", "can now: a moderator",
        )  # fmt: skip
        known = add_object(unit, company.client, S.VERIFIED, commissioned=True)
        said(
            paragraph(shown(unit, company, "client_user", known), S.EQUIPPED),
            "only when it is commissioned for the first time",
        )
        old = add_object(unit, company.client, S.VERIFIED, since=NOW - timedelta(days=8))
        text = shown(unit, company, "client_user", old).text
        assert text.count("your 8 days to answer were over on Mon 2 Mar, 12:00") == 3
        assert text.count("can now: a moderator") == 3


def test_what_a_client_can_ask_for(database: Database) -> None:
    with database.write() as unit:
        company = settled(unit)
        text = shown(unit, company, "client_user", add_object(unit, company.client, S.ACTIVE)).text
        for reason in ("It broke down", "More equipment, please", "Block it"):
            said(text, f"ask for it: «Something is needed», «{reason}»")
        asked = add_object(unit, company.client, S.OUT_OF_SERVICE, request=ClientReason.BREAKDOWN)
        said(
            paragraph(shown(unit, company, "client_user", asked), S.DIAGNOSTICS),
            "you have asked for it", "can now: technical support, a moderator",
        )  # fmt: skip
        said(
            paragraph(shown(unit, company, "manager", asked), S.DIAGNOSTICS),
            "the client asks for it; not for your role", "can now: support Ivan, moderator Mona",
        )  # fmt: skip
