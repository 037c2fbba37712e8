"""Who is away until when, and who stands in meanwhile.

    start --> open --end: they are back--> ended
                  '--``until`` is over--> ended as of then

Whoever asks says when it is, so an absence whose time is over is over at that moment, whether or not
anything has marked it yet. The schema holds that a person has one open absence at most.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, or_, update
from sqlmodel import Session, col, select

from storage.reminder_tables import AbsenceRecord

_A = AbsenceRecord


class Absences:
    """Questions about who is away."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self, person_id: int, stand_in_id: int | None, at: datetime, until: datetime) -> AbsenceRecord:
        """Somebody is away from now on; an absence that is open takes its end first."""
        self.end(person_id, at)
        record = AbsenceRecord(person_id=person_id, stand_in_id=stand_in_id, at=at, until=until)
        self._session.add(record)
        self._session.flush()
        return record

    def end(self, person_id: int, at: datetime) -> bool:
        """Somebody is back; False when they were not away."""
        was_away = self.open_of(person_id, at) is not None
        self._end(col(_A.person_id) == person_id, at)
        return was_away

    def get(self, absence_id: int) -> AbsenceRecord | None:
        """One absence, whether or not it is over."""
        return self._session.get(_A, absence_id)

    def open_of(self, person_id: int, now: datetime) -> AbsenceRecord | None:
        """The absence of a person who is away now."""
        return self._session.exec(select(_A).where(_A.person_id == person_id, _open(now))).first()

    def all_open(self, now: datetime) -> dict[int, AbsenceRecord]:
        """Everybody who is away now."""
        return {record.person_id: record for record in self._session.exec(select(_A).where(_open(now)))}

    def stood_in_by(self, person_id: int, now: datetime) -> list[int]:
        """Those who are away and have named this person, the longest away first."""
        query = select(_A.person_id).where(_A.stand_in_id == person_id, _open(now)).order_by(col(_A.id))
        return list(self._session.exec(query))

    def end_overdue(self, now: datetime) -> list[int]:
        """Mark those whose time is over as ended, as of that time; whose they were."""
        over = and_(col(_A.ended_at).is_(None), col(_A.until) <= now)
        found = list(self._session.exec(select(_A.person_id).where(over).order_by(col(_A.id))))
        self._end(over, now)
        return found

    def end_with(self, person_id: int, at: datetime) -> Sequence[AbsenceRecord]:
        """End all that has to do with somebody who leaves: their own, and where they stand in.

        What is given are those of the others: they have nobody any more.
        """
        others = self._session.exec(
            select(_A).where(_A.stand_in_id == person_id, _open(at)).order_by(col(_A.id))
        ).all()
        self._end(or_(col(_A.person_id) == person_id, col(_A.stand_in_id) == person_id), at)
        return others

    def _end(self, which: ColumnElement[bool], at: datetime) -> None:
        """End the open ones among these; one whose time was over ended then."""
        ended = case((col(_A.until) < at, col(_A.until)), else_=at)
        statement = update(_A).where(which, col(_A.ended_at).is_(None)).values(ended_at=ended)
        # Records in hand are to be read anew, whatever Python would make of the condition.
        self._session.exec(statement.execution_options(synchronize_session="fetch"))


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(col(_A.ended_at).is_(None), col(_A.until) > now)
