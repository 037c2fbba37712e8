"""Why a next status is not offered to somebody, and who could set it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.services.cases import Case
from bot.services.people import Me
from domain.alerts import Place
from domain.missing import Chance, Missing, missing, stand_for, unanswered
from domain.process import Reason
from domain.roles import STAFF, Actor, Role
from storage.database import UnitOfWork

FEW = 3
"""So many people are named; of more, the role says enough."""


@dataclass(frozen=True, slots=True)
class Able:
    """A role that can set a status, from a moment on or up to one, and who has it where they are few."""

    role: Role
    names: Sequence[str] = ()
    opens: datetime | None = None
    closes: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """A next status that is not offered. ``answers``: a client's open request asks for it."""

    target: Any
    reason: Reason
    able: Sequence[Able]
    opens: datetime | None
    """When the reader may set it by themselves."""
    answers: bool


def explain(uow: UnitOfWork, me: Me, case: Case, now: datetime) -> list[Explained]:
    """Every next status that is not offered to the person now."""
    found = list(missing(case.process, me.actor, case.subject, now))
    if case.object is not None:
        wanted = unanswered(me.actor, case.subject, case.object.open_request, now)
        found[:0] = [wanted] if wanted else []
    people = _people(uow, me, case) if found else []
    return [_explained(uow, me, case, one, people) for one in found]


def _people(uow: UnitOfWork, me: Me, case: Case) -> list[Actor]:
    """Whom the reader may hear named: a client's users nobody, they turn to those who look after them."""
    if not me.has(STAFF):
        return []
    return uow.people.concerned(case.client.id or 0, case.client.parent_id)


def _explained(uow: UnitOfWork, me: Me, case: Case, one: Missing[Any], people: Sequence[Actor]) -> Explained:
    mine = (chance.opens for chance in one.chances if me.has(chance.roles))
    able = [
        Able(role, _names(uow, case, chance, role, people), chance.opens, chance.closes)
        for chance in one.chances
        for role in chance.roles
    ]
    return Explained(one.target, one.reason, able, next(mine, None), one.answers)


def _names(
    uow: UnitOfWork, case: Case, chance: Chance, role: Role, people: Sequence[Actor]
) -> tuple[str, ...]:
    """Who has the role, where they are few; of a client's users and of later helpers, nobody is named."""
    if role is Role.CLIENT or chance.opens is not None:
        return ()
    installer_id = case.object.installer_id if case.object else None
    place = Place(case.client.id or 0, case.client.parent_id, installer_id, case.client.support_id)
    ids = stand_for(people, place, role)
    found = [uow.people.get(person_id) for person_id in ids[: FEW + 1]]
    return tuple(person.name for person in found if person) if len(ids) <= FEW else ()
