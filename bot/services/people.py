"""People: who is it, invitations, roles, and taking somebody out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from domain.process import Reason, Refused
from domain.roles import NOBODY, ROLES_OF, Actor, OrganisationKind, Role, sight
from storage.database import UnitOfWork
from storage.outbox import Message
from storage.queues import OutboxRecord
from storage.tables import InvitationRecord, OrganisationRecord, PersonRecord

INVITATION_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Me:
    """The person that an update comes from."""

    id: int
    name: str
    actor: Actor
    organisation: str
    time_zone: str
    language: str

    @classmethod
    def stranger(cls) -> Self:
        """Somebody whom the bot does not know."""
        return cls(0, "", Actor(None, None, OrganisationKind.CLIENT, NOBODY), "", "UTC", "en")

    @property
    def is_known(self) -> bool:
        """Whether this is one of our people."""
        return self.id != 0

    def has(self, roles: Role) -> bool:
        """Whether the person has one of these roles."""
        return bool(self.actor.roles & roles)


def recognise(uow: UnitOfWork, telegram_id: int) -> Me | None:
    """Who uses this Telegram account, as of this moment: a removed role is gone with the next press."""
    person = uow.people.by_telegram_id(telegram_id)
    if person is None:
        return None
    me = as_me(uow, person)
    return me if me.actor.roles else None


def as_me(uow: UnitOfWork, person: PersonRecord) -> Me:
    """A stored person with roles and organisation."""
    actor = uow.people.actor(person)
    organisation = uow.session.get_one(OrganisationRecord, person.organisation_id)
    return Me(person.id or 0, person.name, actor, organisation.name, organisation.time_zone, person.language)


def invite(
    uow: UnitOfWork,
    roles: Role,
    organisation: OrganisationRecord,
    now: datetime,
    *,
    author_id: int | None = None,
) -> str:
    """Write an invitation and return its secret, kept nowhere; ``Refused`` if a role does not fit."""
    if not roles or roles & ~ROLES_OF[organisation.kind]:
        raise Refused(Reason.BAD_VALUE)
    secret = secrets.token_urlsafe(32)
    uow.invitations.add(
        InvitationRecord(
            secret_hash=hash_secret(secret),
            organisation_id=organisation.id or 0,
            roles=[role.key for role in roles],
            created_by=author_id,
            created_at=now,
            expires_at=now + INVITATION_LIFE,
        )
    )
    return secret


def accept_invitation(
    uow: UnitOfWork, secret: str, telegram_id: int, name: str, now: datetime
) -> PersonRecord:
    """Make the account a person with the invitation's roles; ``Refused`` when it is not open any more.

    Somebody who is known already gets the roles on top if it is the same organisation.
    """
    invitation = uow.invitations.by_hash(hash_secret(secret))
    if invitation is None or invitation.id is None or not uow.invitations.use(invitation.id, now):
        raise Refused(Reason.INVITATION_INVALID)
    roles = NOBODY
    for key in invitation.roles:
        roles |= Role.from_key(key)
    person = uow.people.by_telegram_id(telegram_id)
    if person is None:
        person = uow.people.add(
            PersonRecord(
                organisation_id=invitation.organisation_id,
                name=name[:120],
                telegram_id=telegram_id,
                created_at=now,
            ),
            roles,
        )
    elif person.organisation_id == invitation.organisation_id:
        uow.people.grant(person.id or 0, roles)
    else:
        raise Refused(Reason.BAD_VALUE)
    uow.invitations.used_by(invitation.id, person.id or 0)
    hear_from_now(uow, person, now)
    refresh_commands(uow, person, now)
    return person


def hash_secret(secret: str) -> str:
    """What is kept of a secret.

    It has 256 random bits, so it needs no salt and no slow hash; looking the hash up reveals nothing
    by its timing, since nobody can aim a hash.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def lose(uow: UnitOfWork, chat_id: int, now: datetime) -> None:
    """The bot cannot write to this account any more: what the person was told goes up to others."""
    person = uow.people.by_telegram_id(chat_id)
    if person is None or not person.reachable:
        return
    uow.people.set_reachable(chat_id, reachable=False)
    uow.watch.look_soon(now, told=person.id)


def bounced(uow: UnitOfWork, record: OutboxRecord, now: datetime) -> None:
    """Somebody cannot be reached: what they were to be told waits for them, and others hear meanwhile."""
    lose(uow, record.chat_id, now)
    if record.kind not in {"alert", "digest"} or record.payload.get("bound"):
        return
    items: Any = record.payload["items"]
    for object_id, _version, stage, history_id in items:
        notice = uow.notices.get((record.person_id or 0, 0), object_id, stage, history_id)
        if notice is not None:
            uow.notices.again(notice, notice.due_at)


def welcome_back(uow: UnitOfWork, person: PersonRecord, now: datetime) -> None:
    """Whoever comes back can be written to again, and gets one digest of what they missed."""
    if not person.reachable and person.telegram_id is not None:
        uow.people.set_reachable(person.telegram_id, reachable=True)
        catch_up(uow, person, now)
    refresh_commands(uow, person, now)


def catch_up(uow: UnitOfWork, person: PersonRecord, now: datetime) -> None:
    """Have somebody who was not there get one digest of all that waits for them."""
    hear_from_now(uow, person, now)
    uow.watch.digest_soon(person, now)


def hear_from_now(uow: UnitOfWork, person: PersonRecord, now: datetime) -> None:
    """Have what waits looked at again: somebody more is concerned."""
    uow.watch.look_soon(now, seen_by=sight(uow.people.actor(person)))


def refresh_commands(uow: UnitOfWork, person: PersonRecord, now: datetime) -> None:
    """Have the person's list of commands fitted to their roles."""
    if person.telegram_id is not None:
        uow.outbox.add([Message("commands", person.telegram_id, {}, person_id=person.id)], now)
