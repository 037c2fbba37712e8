"""What an administrator does: people, their roles, and invitations. Everybody else is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.absences import leave
from bot.services.people import Me, hear_from_now, invite, refresh_commands
from bot.services.reminders import leaves
from domain.process import Reason, Refused
from domain.roles import NOBODY, ROLES_OF, OrganisationKind, Role
from domain.search import fold
from storage.database import UnitOfWork
from storage.tables import OrganisationRecord, PersonRecord

PAGE = 8
MAY_ADMINISTER = Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as an administrator sees one."""

    person: PersonRecord
    organisation: OrganisationRecord
    roles: Role


@dataclass(frozen=True, slots=True)
class Staffing:
    """A page of the organisations that have people, with their numbers, and how many there are."""

    lines: Sequence[tuple[OrganisationRecord, int]]
    total: int


@dataclass(frozen=True, slots=True)
class Fitting:
    """A page of the organisations that roles fit, and how many there are."""

    organisations: Sequence[OrganisationRecord]
    total: int


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that somebody may still use."""

    id: int
    roles: Role
    organisation: str
    author: str | None
    expires_at: datetime


def check(me: Me) -> None:
    """``Refused`` if the person is no administrator."""
    if not me.has(MAY_ADMINISTER):
        raise Refused(Reason.WRONG_ROLE)


def staffing(uow: UnitOfWork, me: Me, page: int) -> Staffing:
    """The organisations that have people."""
    check(me)
    found = uow.organisations.with_people(offset=max(page, 0) * PAGE, limit=PAGE)
    return Staffing(found, uow.organisations.count_with_people())


def people_of(uow: UnitOfWork, me: Me, organisation_id: int) -> tuple[OrganisationRecord, Sequence[Profile]]:
    """An organisation and its people."""
    check(me)
    organisation = uow.organisations.get(organisation_id)
    if organisation is None:
        raise Refused(Reason.NOT_FOUND)
    people = uow.people.of_organisation(organisation_id)
    return organisation, [_profile(uow, person) for person in people]


def people_named(uow: UnitOfWork, me: Me, words: str) -> Sequence[Profile]:
    """Everybody whose name has the words."""
    check(me)
    wanted = fold(words)
    return [_profile(uow, person) for person in uow.people.all() if wanted in fold(person.name)]


def profile(uow: UnitOfWork, me: Me, person_id: int) -> Profile:
    """One person; ``Refused`` when there is none, or not any more."""
    check(me)
    person = uow.people.get(person_id)
    if person is None or person.removed_at is not None:
        raise Refused(Reason.NOT_FOUND)
    return _profile(uow, person)


def toggle_role(uow: UnitOfWork, me: Me, person_id: int, role: Role, now: datetime) -> bool:
    """Give a role, or take it if the person has it; whether they have it now.

    ``Refused`` if it does not fit the organisation, or if nobody would be administrator any more.
    """
    found = profile(uow, me, person_id)
    if role not in tuple(ROLES_OF[found.organisation.kind]):
        raise Refused(Reason.BAD_VALUE)
    if role in found.roles:
        _keep_an_administrator(uow, found, role)
        uow.people.revoke(person_id, role)
        _unname(uow, person_id, role)
        leaves(uow, person_id, now)
        if role == found.roles:
            leave(uow, person_id, now)  # whom the bot does not answer cannot stand in for anybody
    else:
        uow.people.grant(person_id, role)
        hear_from_now(uow, found.person, now)
    refresh_commands(uow, found.person, now)
    return role not in found.roles


def remove(uow: UnitOfWork, me: Me, person_id: int, now: datetime) -> str:
    """Take a person out, as of their next press; their name, which the history keeps."""
    found = profile(uow, me, person_id)
    _keep_an_administrator(uow, found, found.roles)
    _unname(uow, person_id, found.roles)
    leave(uow, person_id, now)
    leaves(uow, person_id, now)
    refresh_commands(uow, found.person, now)  # before the account is free: its commands go
    uow.people.remove(found.person, now)
    return found.person.name


def fitting(uow: UnitOfWork, me: Me, roles: Role, words: str, page: int) -> Fitting:
    """The organisations whose people may have all these roles."""
    check(me)
    kinds = [kind for kind in OrganisationKind if roles and not roles & ~ROLES_OF[kind]]
    found = uow.organisations.of_kinds(kinds, words, offset=max(page, 0) * PAGE, limit=PAGE)
    return Fitting(found, uow.organisations.count_of_kinds(kinds, words))


def invite_into(uow: UnitOfWork, me: Me, roles: Role, organisation_id: int, now: datetime) -> str:
    """Write an invitation and return its secret, kept nowhere; ``Refused`` if a role does not fit."""
    check(me)
    organisation = uow.organisations.get(organisation_id)
    if organisation is None:
        raise Refused(Reason.NOT_FOUND)
    return invite(uow, roles, organisation, now, author_id=me.actor.person_id)


def open_invitations(uow: UnitOfWork, me: Me, now: datetime) -> Sequence[OpenInvitation]:
    """The invitations that somebody may still use, the latest first."""
    check(me)
    found = []
    for record in uow.invitations.open(now):
        organisation = uow.organisations.get(record.organisation_id)
        author = uow.people.get(record.created_by) if record.created_by is not None else None
        roles = NOBODY
        for key in record.roles:
            roles |= Role.from_key(key)
        found.append(
            OpenInvitation(
                record.id or 0,
                roles,
                organisation.name if organisation else "",
                author.name if author else None,
                record.expires_at,
            )
        )
    return found


def revoke(uow: UnitOfWork, me: Me, invitation_id: int, now: datetime) -> bool:
    """Withdraw an invitation; False when nobody could use it any more."""
    check(me)
    return uow.invitations.revoke(invitation_id, now)


def _profile(uow: UnitOfWork, person: PersonRecord) -> Profile:
    organisation = uow.organisations.get(person.organisation_id)
    if organisation is None:
        raise RuntimeError("a person belongs to an organisation")
    return Profile(person, organisation, uow.people.roles(person.id or 0))


def _keep_an_administrator(uow: UnitOfWork, found: Profile, lost: Role) -> None:
    if Role.ADMINISTRATOR not in found.roles & lost:
        return
    others = [one for one in uow.people.with_role(Role.ADMINISTRATOR) if one.id != found.person.id]
    # Whoever has no account yet cannot let anybody in.
    if not any(one.telegram_id for one in others):
        raise Refused(Reason.LAST_ADMINISTRATOR)


def _unname(uow: UnitOfWork, person_id: int, lost: Role) -> None:
    """Without the role one is not named for machines or clients."""
    if Role.INSTALLER in lost:
        uow.objects.unassign(person_id)
    if Role.SUPPORT in lost:
        uow.organisations.release(person_id)
