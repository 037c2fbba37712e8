"""The history of objects and clients: lines are added, never changed."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.tables import EntryKind, HistoryRecord, PersonRecord, PhotoRecord

_H = HistoryRecord


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history, with who wrote it and how many photos it has."""

    record: HistoryRecord
    person: str | None
    photos: int


class History:
    """Questions about the history."""

    def __init__(self, session: Session, happened: Counter[Hashable]) -> None:
        self._session = session
        self._happened = happened

    def add(self, record: HistoryRecord, photos: Sequence[PhotoRecord] = ()) -> HistoryRecord:
        """Append a line with its photos."""
        self._session.add(record)
        self._session.flush()
        for position, photo in enumerate(photos):
            photo.history_id = record.id or 0
            photo.position = position
            self._session.add(photo)
        self._session.flush()
        self._happened[record.kind] += 1
        return record

    def get(self, history_id: int) -> Entry | None:
        """One line."""
        record = self._session.get(_H, history_id)
        return self._entry(record) if record else None

    def of_object(self, object_id: int, limit: int = 500) -> list[Entry]:
        """The lines of an object, newest first."""
        return self._lines(object_id=object_id, limit=limit)

    def of_client(self, client_id: int, limit: int = 500) -> list[Entry]:
        """The lines of a client as a sales case, newest first."""
        return self._lines(client_id=client_id, limit=limit)

    def last_change(self, *, object_id: int | None = None, client_id: int | None = None) -> Entry | None:
        """The latest change of status."""
        lines = self._lines(object_id=object_id, client_id=client_id, kind=EntryKind.STATUS, limit=1)
        return lines[0] if lines else None

    def photos(self, history_id: int) -> Sequence[PhotoRecord]:
        """The photos of a line, in the order in which they came."""
        return self._session.exec(
            select(PhotoRecord)
            .where(PhotoRecord.history_id == history_id)
            .order_by(col(PhotoRecord.position))
        ).all()

    def recent_comments(self, person_id: int, after: str | None, limit: int = 3) -> list[str]:
        """A person's own latest different comments on changes to a status."""
        found = self._session.exec(
            select(_H.comment)
            .where(_H.person_id == person_id, _H.kind == EntryKind.STATUS, _H.after == after)
            .group_by(_H.comment)
            .order_by(func.max(_H.id).desc())
            .limit(limit)
        ).all()
        return list(found)

    def _lines(
        self,
        *,
        object_id: int | None = None,
        client_id: int | None = None,
        kind: EntryKind | None = None,
        limit: int,
    ) -> list[Entry]:
        query = select(_H).order_by(col(_H.id).desc()).limit(limit)
        query = query.where(_H.object_id == object_id if object_id is not None else _H.client_id == client_id)
        if kind is not None:
            query = query.where(_H.kind == kind)
        return [self._entry(record) for record in self._session.exec(query)]

    def _entry(self, record: HistoryRecord) -> Entry:
        person = self._session.get(PersonRecord, record.person_id) if record.person_id else None
        photos = self._session.exec(
            select(func.count()).select_from(PhotoRecord).where(PhotoRecord.history_id == record.id)
        ).one()
        return Entry(record, person.name if person else None, photos)
