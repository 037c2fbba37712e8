"""Whether those can be reached who have to be told, and whether anybody tells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.alerts import Audience
from domain.alerts import CLIENT_HEARS, Crowd
from domain.roles import NOBODY, OrganisationKind, Role
from storage.database import UnitOfWork
from storage.tables import OrganisationRecord

TEAM = Role.INSTALLER | Role.SUPPORT | Role.MANAGER
CENTRE = Role.MODERATOR | Role.ADMINISTRATOR
LATE = timedelta(minutes=10)
"""What a tick has not come to after this long, no tick comes to."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What keeps people from being told."""

    gaps: Sequence[tuple[str, Role]]
    """Organisations that look after clients, each with the roles in which nobody can be reached."""
    centre: Role
    """Of moderator and administrator those in which nobody can be reached, where there is any client."""
    clients: Sequence[tuple[str, int]]
    """Clients that are to answer and have no user who can be reached, each with the number of objects."""
    silent: Sequence[str]
    """The people to whom the bot cannot write."""
    groups: Sequence[str]
    """Bound groups that get nothing, because whoever bound them may not any more."""
    overdue: int
    """Objects that nobody has looked at when it was time."""
    untold: timedelta
    """How long the longest has been waiting that should have been told."""


def reach(uow: UnitOfWork, now: datetime) -> Reach:
    """Look at all of it."""
    caring = uow.staffing.looking_after()
    bound = {chat.id for chat in Audience(uow, now).groups()}
    untold = uow.staffing.untold_since(now)
    gaps = [(one.name, TEAM & ~_reached(uow, one, now)) for one in caring]
    return Reach(
        [(name, missing) for name, missing in gaps if missing],
        CENTRE & ~_centre(uow, now) if caring else NOBODY,
        [
            (client.name, number)
            for client, number in uow.staffing.answering(sorted(CLIENT_HEARS))
            if not _reached(uow, client, now) & Role.CLIENT
        ],
        [person.name for person in uow.staffing.silent()],
        [chat.title for chat in uow.bound_chats.all() if chat.id not in bound],
        uow.staffing.overdue(now - LATE),
        now - untold if untold is not None else timedelta(),
    )


def _centre(uow: UnitOfWork, now: datetime) -> Role:
    groups = uow.organisations.of_kind(OrganisationKind.ADMINISTRATIVE_GROUP)
    found = NOBODY
    for group in groups:
        found |= _reached(uow, group, now)
    return found


def _reached(uow: UnitOfWork, organisation: OrganisationRecord, now: datetime) -> Role:
    """The roles in which somebody of an organisation, or a stand-in, can be reached."""
    away = {person_id: one.stand_in_id for person_id, one in uow.absences.all_open(now).items()}
    actors = uow.people.concerned(organisation.id or 0, organisation.parent_id)
    crowd = Crowd(tuple(actors), uow.watch.silent(), away)
    found = NOBODY
    for actor in actors:
        mine = actor.organisation_id == organisation.id and actor.person_id is not None
        if mine and crowd.reached(actor.person_id or 0) is not None:
            found |= actor.roles
    return found
