"""The watch of the hostile tests sees what it is there for: each thing that nobody may do is noticed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.buttons import Confirm, StandIn
from storage.reminder_tables import AbsenceRecord, BoundChatRecord, ClaimRecord, OrganisationSettingRecord
from tests.builders import NOW
from tests.hostile import raw
from tests.hostile.company import Company
from tests.hostile.driving import Outcome, Shown
from tests.hostile.probes import Yard

LATER = NOW + timedelta(days=3)
Deed = Callable[[Session, Company], Any]


def away(person: str, stand_in: str | None = None, **fields: Any) -> Deed:
    """Somebody is said to be away."""

    def do(session: Session, company: Company) -> None:
        other = company.people[stand_in] if stand_in else None
        values = {"person_id": company.people[person], "stand_in_id": other, "at": NOW, "until": LATER}
        session.add(AbsenceRecord(**values | fields))

    return do


def back(session: Session, _company: Company) -> None:
    session.exec(update(AbsenceRecord).values(ended_at=NOW))


def bound(session: Session, company: Company) -> None:
    session.add(BoundChatRecord(chat_id=-9, bound_by=company.people["Ivan"], at=NOW))


def renamed(session: Session, _company: Company) -> None:
    session.exec(update(BoundChatRecord).values(title="Another"))


def let_go(session: Session, _company: Company) -> None:
    session.exec(delete(BoundChatRecord))


def taken(person: str, client: str) -> Deed:
    """Somebody has an object in hand."""

    def do(session: Session, company: Company) -> None:
        session.add(
            ClaimRecord(
                object_id=company.objects[client][0], version=1, person_id=company.people[person],
                at=NOW, until=LATER,
            )
        )  # fmt: skip

    return do


def given_up(session: Session, _company: Company) -> None:
    session.exec(update(ClaimRecord).values(ended_at=NOW))


def set_times(session: Session, company: Company) -> None:
    north, ivan = company.organisations["North"], company.people["Ivan"]
    session.add(OrganisationSettingRecord(organisation_id=north, key="digest", person_id=ivan, at=NOW))


@pytest.mark.parametrize(
    ("first", "deed"),
    [
        ((), away("Olga")),
        ((), away("Ivan", "Stan")),
        ((), away("Ivan", until=NOW + timedelta(days=400))),
        ((("Olga", ("/away 3 days", "!" + StandIn(None).pack(), "!" + Confirm().pack())),), back),
        ((), bound),
        ((), renamed),
        ((), let_go),
        ((), taken("Olga", "Agro")),
        ((), taken("Ivan", "Terra")),
        ((("Olga", ("!take:{object}:1",)),), given_up),
        ((), set_times),
    ],
)
def test_what_nobody_did_is_noticed(
    yard: Yard,
    first: tuple[tuple[str, tuple[str, ...]], ...],
    deed: Deed,
) -> None:
    for name, acts in first:
        for one in acts:
            yard.act(name, one.format(object=yard.company.objects["Agro"][3]))
    with yard.bot.database.write() as unit:
        deed(unit.session, yard.company)
    with pytest.raises(AssertionError):
        yard.act("Ivan", "/menu")


def test_what_people_do_themselves_is_fine(yard: Yard) -> None:
    stand_in = yard.company.people["Anna"]
    for one in ("/away 3 days", "!" + StandIn(stand_in).pack(), "!" + Confirm().pack()):
        yard.act("Olga", one)
    yard.act("Olga", f"!take:{yard.company.objects['Agro'][3]}:1")
    adam = yard.company.accounts["Adam"]
    for text in ("/unbind", "/bind", "/bind"):
        yard.feed(raw.says_in_group(adam, text, thread=7))
    after = yard.watch.after
    assert len(after.absences) == 1
    assert len(after.claims) == 1
    assert len(after.bound) == 2
    with yard.bot.database.read() as unit:
        [absence] = unit.session.exec(select(AbsenceRecord).where(col(AbsenceRecord.ended_at).is_(None)))
        assert absence.stand_in_id == stand_in


def test_a_group_is_told_of_machines_while_it_is_bound(yard: Yard) -> None:
    number = yard.watch.after.objects[yard.company.objects["Agro"][1]]["number"]
    told = [Shown(raw.GROUP_CHAT, "alert", number)]
    yard.watch.look_at_work(Outcome([], told))
    yard.feed(raw.says_in_group(yard.company.accounts["Adam"], "/unbind"))
    yard.act("Ivan", "/menu")
    with pytest.raises(AssertionError):
        yard.watch.look_at_work(Outcome([], told))
