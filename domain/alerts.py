"""Who hears of an object, and why: those whose turn it is, stand-ins, and whom it goes up to.

whose turn is it (the process table) -> who is named for it -> who stands in for whom
-> is a role left without anybody? up the ladder: manager, moderator, administrator
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Subject
from domain.reminders import Stage
from domain.roles import Actor, OrganisationKind, Role
from domain.standing_in import stand_in_for

CLIENT_HEARS = frozenset({ObjectStatus.VERIFIED, ObjectStatus.FAULTY})
"""Statuses in which it is the client's turn."""

_LOCAL = Role.INSTALLER | Role.SUPPORT | Role.MANAGER
_CENTRAL = Role.MODERATOR | Role.ADMINISTRATOR
_LADDER = (Role.MANAGER, Role.MODERATOR, Role.ADMINISTRATOR)
"""To whom an alert goes up when nobody can be reached below."""


class Because(StrEnum):
    """Why somebody hears of an object."""

    TURN = "turn"
    """It is the turn of everybody in this role."""
    NAMED = "named"
    """The person is assigned to the object, or responsible for its client."""
    ESCALATION = "escalation"
    """It is red, which moderators and administrators hear."""
    OVER = "over"
    """The client's right to answer has ended."""
    HEARS_ONCE = "hears_once"
    """The client's machine is equipped."""
    NOBODY_BELOW = "nobody_below"
    """Nobody can be reached in the role whose turn it is."""
    ASSIGNED = "assigned"
    """The person has just been named for it."""


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who hears: as what and why; ``instead_of`` is the person for whom they stand in."""

    person_id: int
    role: Role
    because: Because
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object belongs: its client, who looks after it, and who is named for it."""

    client_id: int
    parent_id: int | None
    installer_id: int | None = None
    support_id: int | None = None

    def named(self, person_id: int) -> Role:
        """The roles for which this person is named."""
        roles = Role.INSTALLER if person_id == self.installer_id else Role(0)
        return roles | (Role.SUPPORT if person_id == self.support_id else Role(0))


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody whom a client's objects may concern, as of one moment.

    ``silent``: the bot cannot write to them. ``away``: each with the stand-in, None: nobody.
    """

    actors: tuple[Actor, ...]
    silent: frozenset[int] = frozenset()
    away: Mapping[int, int | None] = field(default_factory=lambda: MappingProxyType({}))

    def reached(self, person_id: int) -> int | None:
        """Who gets what is meant for this person: they, their stand-in, or nobody."""
        instead = stand_in_for(person_id, self.away) if person_id in self.away else person_id
        known = any(actor.person_id == instead for actor in self.actors)
        return instead if known and instead not in self.silent else None

    def is_there(self, person_id: int | None) -> bool:
        """Whether the person can be reached, and is not away."""
        return person_id is not None and person_id not in self.away and person_id not in self.silent


def hearers(
    crowd: Crowd, place: Place, subject: Subject[ObjectStatus], stage: Stage, now: datetime
) -> list[Hearer]:
    """Who hears that an object has come to a stage, each once.

    An assigned installer stands for all installers and a responsible support employee for all of
    support, as long as that person has the role and can be reached.
    """
    turns = {} if stage is Stage.HEARD_ONCE else _turns(crowd, place, subject, now)
    there = Role(0)
    reached: dict[int, Hearer] = {}
    for actor, hearer in _meant(crowd, place, subject, stage, turns):
        person_id = crowd.reached(hearer.person_id)
        if person_id is None:
            continue
        there |= turns.get(actor, Role(0)) | hearer.role
        instead = hearer.person_id if person_id != hearer.person_id else None
        known = reached.get(person_id)
        if known is None or (known.instead_of is not None and instead is None):
            reached[person_id] = replace(hearer, person_id=person_id, instead_of=instead)
    if turns:
        for hearer in _goes_up(crowd, place, _expected(subject, stage, now), there):
            reached.setdefault(hearer.person_id, hearer)
    return list(reached.values())


def without_author(found: Iterable[Hearer], author_id: int | None) -> list[Hearer]:
    """Nobody is told of their own action."""
    return [hearer for hearer in found if hearer.person_id != author_id]


def _turns(crowd: Crowd, place: Place, subject: Subject[ObjectStatus], now: datetime) -> dict[Actor, Role]:
    """The roles in which it is everybody's turn; whoever is named stands for the others of the role."""
    turns = {actor: _turn(actor, place, subject, now) for actor in crowd.actors}
    for role, named in ((Role.INSTALLER, place.installer_id), (Role.SUPPORT, place.support_id)):
        holders = {actor.person_id for actor, roles in turns.items() if role in roles}
        if named is not None and named in holders and crowd.reached(named) is not None:
            turns = {a: roles if a.person_id == named else roles & ~role for a, roles in turns.items()}
    return turns


def _meant(
    crowd: Crowd,
    place: Place,
    subject: Subject[ObjectStatus],
    stage: Stage,
    turns: Mapping[Actor, Role],
) -> list[tuple[Actor, Hearer]]:
    """Who should hear, whether they can be reached or not."""
    found = []
    for actor in crowd.actors:
        roles = turns.get(actor, Role(0))
        if actor.person_id is None:
            continue
        if mine := roles & place.named(actor.person_id):
            found.append((actor, Hearer(actor.person_id, next(iter(mine)), Because.NAMED)))
        elif roles:
            found.append((actor, Hearer(actor.person_id, next(iter(roles)), Because.TURN)))
        elif other := _besides(actor, place, subject, stage):
            found.append((actor, Hearer(actor.person_id, *other)))
    return found


def _besides(
    actor: Actor, place: Place, subject: Subject[ObjectStatus], stage: Stage
) -> tuple[Role, Because] | None:
    """Why somebody hears although it is not their turn."""
    if actor.kind is OrganisationKind.CLIENT:
        if actor.organisation_id != place.client_id or Role.CLIENT not in actor.roles:
            return None
        if stage is Stage.HEARD_ONCE and subject.status is ObjectStatus.EQUIPPED:
            return Role.CLIENT, Because.HEARS_ONCE
        over = stage is Stage.RED and subject.status is ObjectStatus.VERIFIED
        return (Role.CLIENT, Because.OVER) if over else None
    central = actor.roles & _CENTRAL if actor.kind is OrganisationKind.ADMINISTRATIVE_GROUP else Role(0)
    return (next(iter(central)), Because.ESCALATION) if central and stage is Stage.RED else None


def _goes_up(crowd: Crowd, place: Place, expected: Role, there: Role) -> list[Hearer]:
    """Those whom it goes up to, for each role in which nobody can be reached."""
    found: list[Hearer] = []
    for role in expected & ~there:
        # A manager who is missing is missed only if nobody else below can act.
        if role is Role.MANAGER and there & _LOCAL:
            continue
        for above in _LADDER[_LADDER.index(role) + 1 if role in _LADDER else 0 :]:
            ids = [a.person_id for a in crowd.actors if _holds(a, above, place)]
            up = [i for i in ids if i is not None and crowd.is_there(i)]
            if up:
                found += [Hearer(i, above, Because.NOBODY_BELOW) for i in up]
                break
    return found


def _expected(subject: Subject[ObjectStatus], stage: Stage, now: datetime) -> Role:
    """The roles that have somebody who hears, if all goes well."""
    found = Role(0)
    for role in _LOCAL | _CENTRAL | Role.CLIENT:
        kind = OrganisationKind.CLIENT if role is Role.CLIENT else OrganisationKind.ADMINISTRATIVE_GROUP
        if role is Role.CLIENT and subject.status not in CLIENT_HEARS:
            continue
        if OBJECT_PROCESS.choices(Actor(None, None, kind, role), subject, now):
            found |= role
    return found | (_CENTRAL if stage is Stage.RED else Role(0))


def _turn(actor: Actor, place: Place, subject: Subject[ObjectStatus], now: datetime) -> Role:
    """The roles in which it is the actor's turn to move this object on."""
    turn = Role(0)
    for role in actor.roles:
        mine = role is not Role.CLIENT or subject.status in CLIENT_HEARS
        alone = Actor(actor.person_id, actor.organisation_id, actor.kind, role)
        if mine and _holds(actor, role, place) and OBJECT_PROCESS.choices(alone, subject, now):
            turn |= role
    return turn


def _holds(actor: Actor, role: Role, place: Place) -> bool:
    """Whether the actor has a role in which one may be concerned with an object of this place."""
    if role not in actor.roles:
        return False
    if role is Role.CLIENT:
        return actor.kind is OrganisationKind.CLIENT and actor.organisation_id == place.client_id
    if role in _CENTRAL:
        return actor.kind is OrganisationKind.ADMINISTRATIVE_GROUP
    return actor.kind is not OrganisationKind.CLIENT and actor.organisation_id == place.parent_id
