"""Why somebody is not offered a next status, and who could set it instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from domain.alerts import Place
from domain.objects import ObjectStatus
from domain.process import ClientReason, Condition, Process, Reason, Row, S, Subject, obstacle, right_ends
from domain.requests import ANSWERED_BY, follow_up
from domain.roles import NOBODY, Actor, OrganisationKind, Role


@dataclass(frozen=True, slots=True)
class Chance:
    """Roles that can set a status: from a moment on, or up to one; without a moment: now."""

    roles: Role
    opens: datetime | None = None
    closes: datetime | None = None


@dataclass(frozen=True, slots=True)
class Missing(Generic[S]):
    """A next status that somebody is not offered now.

    ``answers``: it does not follow directly, it is what a client's open request asks for.
    """

    target: S
    reason: Reason
    chances: tuple[Chance, ...]
    answers: bool = False


def missing(process: Process[S], actor: Actor, subject: Subject[S], now: datetime) -> list[Missing[S]]:
    """Every next status that the actor is not offered now, in the table's order."""
    offered = {row.target for row in process.choices(actor, subject, now)}
    found: dict[S, list[Row[S]]] = {}
    for row in process.leaving(subject.status):
        if row.target not in offered:
            found.setdefault(row.target, []).append(row)
    return [
        Missing(
            target,
            _closest([obstacle(row, actor, subject, now) for row in rows]),
            tuple(chance for row in rows for chance in _chances(row, subject, now)),
        )
        for target, rows in found.items()
    ]


def unanswered(
    actor: Actor, subject: Subject[ObjectStatus], request: ClientReason | None, now: datetime
) -> Missing[ObjectStatus] | None:
    """The status that the client's open request asks for, when the actor may not answer it."""
    able = NOBODY
    for role in Role:
        if follow_up(_alone(role), subject, request, now) is not None:
            able |= role
    if request is None or not able or follow_up(actor, subject, request, now) is not None:
        return None
    return Missing(ANSWERED_BY[request], Reason.WRONG_ROLE, (Chance(able),), answers=True)


def _closest(obstacles: list[Reason | None]) -> Reason:
    # As ``decide`` says it: of several rows the one that is closest to being allowed.
    return next((one for one in obstacles if one and one is not Reason.WRONG_ROLE), Reason.WRONG_ROLE)


def _chances(row: Row[S], subject: Subject[S], now: datetime) -> list[Chance]:
    able, waiting = NOBODY, NOBODY
    for role in (row.roles | row.late) & ~Role.SYSTEM:
        problem = obstacle(row, _alone(role), subject, now)
        if problem is None:
            able |= role
        elif problem is Reason.NOT_LATE_YET:
            waiting |= role
    closes = right_ends(subject.since) if row.asks(Condition.WITHIN_8_DAYS) and subject.since else None
    found = [Chance(able, closes=closes)] if able else []
    if waiting and subject.late_from is not None:
        found.append(Chance(waiting, opens=subject.late_from))
    return found


def _alone(role: Role) -> Actor:
    """Somebody who is this and nothing else."""
    kind = OrganisationKind.CLIENT if role is Role.CLIENT else OrganisationKind.ADMINISTRATIVE_GROUP
    return Actor(None, None, kind, role)


def stand_for(people: Iterable[Actor], place: Place, role: Role) -> list[int]:
    """The ids of those who are asked for a role: whoever is named for it, else all who have it there.

    Where nobody has it, it is the group's people, who see everything.
    """
    home = place.client_id if role is Role.CLIENT else place.parent_id
    holders = [actor for actor in people if role in actor.roles]
    near = [actor for actor in holders if actor.organisation_id == home]
    named = {Role.INSTALLER: place.installer_id, Role.SUPPORT: place.support_id}.get(role)
    if any(actor.person_id == named for actor in near):
        near = [actor for actor in near if actor.person_id == named]
    central = [actor for actor in holders if actor.kind is OrganisationKind.ADMINISTRATIVE_GROUP]
    return [actor.person_id for actor in near or central if actor.person_id is not None]
