"""Invitations: single use, for a while, found by the hash of their secret."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.columns import reread
from storage.tables import InvitationRecord

_I = InvitationRecord


class Invitations:
    """Questions about invitations."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: InvitationRecord) -> InvitationRecord:
        """Keep a new invitation."""
        self._session.add(record)
        self._session.flush()
        return record

    def by_hash(self, secret_hash: str) -> InvitationRecord | None:
        """The invitation with this hash, in whatever state."""
        return self._session.exec(select(_I).where(_I.secret_hash == secret_hash)).first()

    def get(self, invitation_id: int) -> InvitationRecord | None:
        """One invitation."""
        return self._session.get(_I, invitation_id)

    def open(self, now: datetime) -> Sequence[InvitationRecord]:
        """Invitations that somebody may still use, the latest first."""
        return self._session.exec(
            select(_I)
            .where(col(_I.used_at).is_(None), col(_I.revoked_at).is_(None), _I.expires_at > now)
            .order_by(col(_I.id).desc())
        ).all()

    def use(self, invitation_id: int, now: datetime) -> bool:
        """Spend it; False when it was spent, revoked or has expired: of two at once one wins."""
        return self._close(invitation_id, now, used_at=now)

    def used_by(self, invitation_id: int, person_id: int) -> None:
        """Remember whom it brought."""
        self._session.exec(update(_I).where(col(_I.id) == invitation_id).values(used_by=person_id))

    def revoke(self, invitation_id: int, now: datetime) -> bool:
        """Make it useless; False when it was already."""
        return self._close(invitation_id, now, revoked_at=now)

    def _close(self, invitation_id: int, now: datetime, **values: datetime) -> bool:
        result = self._session.connection().execute(
            update(_I)
            .where(
                col(_I.id) == invitation_id,
                col(_I.used_at).is_(None),
                col(_I.revoked_at).is_(None),
                col(_I.expires_at) > now,
            )
            .values(**values)
        )
        reread(self._session, _I, invitation_id)
        return result.rowcount == 1
