"""Who is told when a status is set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Subject
from domain.roles import NOBODY, Actor, OrganisationKind, Role

CLIENT_HEARS = frozenset({ObjectStatus.VERIFIED, ObjectStatus.FAULTY})
"""Statuses in which it is the client's turn."""

_LOCAL = Role.INSTALLER | Role.SUPPORT | Role.MANAGER
_CENTRAL = Role.MODERATOR | Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object belongs: its client, who looks after it, and who is named for it."""

    client_id: int
    parent_id: int | None
    installer_id: int | None = None
    support_id: int | None = None


def told_on_set(
    people: Iterable[Actor],
    place: Place,
    subject: Subject[ObjectStatus],
    author_id: int | None,
    now: datetime,
) -> list[int]:
    """The ids of those who can move the object on, but for the author.

    An assigned installer stands for all installers and a responsible support employee for all of
    support, as long as that person is among ``people`` and has the role.
    """
    everybody = list(people)
    turns = {actor: _turn(actor, place, subject, now) for actor in everybody}
    for role, named in ((Role.INSTALLER, place.installer_id), (Role.SUPPORT, place.support_id)):
        holders = {actor.person_id for actor, roles in turns.items() if role in roles}
        if named in holders:
            turns = {a: roles if a.person_id == named else roles & ~role for a, roles in turns.items()}
    return [
        actor.person_id
        for actor, roles in turns.items()
        if roles and actor.person_id is not None and actor.person_id != author_id
    ]


def _turn(actor: Actor, place: Place, subject: Subject[ObjectStatus], now: datetime) -> Role:
    """The roles in which it is the actor's turn to move this object on."""
    if actor.kind is OrganisationKind.CLIENT:
        mine = actor.organisation_id == place.client_id and subject.status in CLIENT_HEARS
        candidates = actor.roles & Role.CLIENT if mine else NOBODY
    else:
        local = actor.roles & _LOCAL if actor.organisation_id == place.parent_id else NOBODY
        central = actor.roles & _CENTRAL if actor.kind is OrganisationKind.ADMINISTRATIVE_GROUP else NOBODY
        candidates = local | central
    turn = NOBODY
    for role in candidates:
        alone = Actor(actor.person_id, actor.organisation_id, actor.kind, role)
        if OBJECT_PROCESS.choices(alone, subject, now):
            turn |= role
    return turn
