"""What organisations have set for themselves, and the trail of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.reminder_tables import OrganisationSettingRecord
from storage.tables import PersonRecord

_S = OrganisationSettingRecord
Value = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A line of the trail: who set what when, and what it was before."""

    record: OrganisationSettingRecord
    before: Value | None
    person: str | None


class OrganisationSettings:
    """The settings of organisations. Rows are only added; the latest of a key holds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[int, Mapping[str, OrganisationSettingRecord]] = {}
        self._wrote = False

    def add(self, record: OrganisationSettingRecord) -> OrganisationSettingRecord:
        """Set something; a value of None takes the organisation's own setting back."""
        self._session.add(record)
        self._session.flush()
        # What this unit has read holds no more, nor does what it reads before a savepoint is undone.
        self._wrote = True
        return record

    def of(self, organisation_id: int) -> Mapping[str, OrganisationSettingRecord]:
        """The settings of an organisation that hold, by key. A unit that only reads asks once."""
        if self._wrote or organisation_id not in self._known:
            self._known[organisation_id] = self._latest(organisation_id)
        return self._known[organisation_id]

    def latest(self, organisation_id: int, key: str) -> OrganisationSettingRecord | None:
        """The latest row of a key, also one that takes the setting back."""
        query = select(_S).where(_S.organisation_id == organisation_id, _S.key == key)
        return self._session.exec(query.order_by(col(_S.id).desc()).limit(1)).first()

    def trail(self, organisation_id: int, *, offset: int = 0, limit: int = 50) -> Sequence[SettingChange]:
        """A page of the changes of an organisation's settings, the latest first."""
        earlier, before = aliased(_S), aliased(_S)
        previous = (
            select(func.max(earlier.id))
            .where(
                earlier.organisation_id == col(_S.organisation_id),
                earlier.key == col(_S.key),
                col(earlier.id) < col(_S.id),
            )
            .correlate(_S)
            .scalar_subquery()
        )
        found = self._session.exec(
            select(_S, before.value, PersonRecord.name)
            .select_from(_S)
            .outerjoin(before, col(before.id) == previous)
            .outerjoin(PersonRecord, col(PersonRecord.id) == col(_S.person_id))
            .where(_S.organisation_id == organisation_id)
            .order_by(col(_S.id).desc())
            .offset(offset)
            .limit(limit)
        ).all()
        return [SettingChange(record, was, name) for record, was, name in found]

    def count_trail(self, organisation_id: int) -> int:
        """How many changes there were."""
        query = select(func.count()).select_from(_S).where(_S.organisation_id == organisation_id)
        return self._session.exec(query).one()

    def _latest(self, organisation_id: int) -> Mapping[str, OrganisationSettingRecord]:
        last = (
            select(func.max(_S.id).label("id"))
            .where(_S.organisation_id == organisation_id)
            .group_by(_S.key)
            .subquery()
        )
        records = self._session.exec(select(_S).join(last, and_(col(_S.id) == last.c.id))).all()
        return {record.key: record for record in records if record.value is not None}
