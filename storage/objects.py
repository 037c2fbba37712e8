"""Objects: who sees which, what is next for whom, and the compare-and-set of their status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import Subject
from domain.roles import Sight
from storage.columns import reread
from storage.object_lists import ObjectLists
from storage.object_terms import ObjectFilter
from storage.organisations import visible_clients
from storage.search import searchable
from storage.tables import ObjectRecord, OrganisationRecord

_PORTION = 1_000
"""A statement takes so many values, not any number."""

_X = ObjectRecord
_O = OrganisationRecord


@dataclass(frozen=True, slots=True)
class Seen:
    """An object with its client."""

    object: ObjectRecord
    client: OrganisationRecord


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a list, and how long the list is; ``MANY`` stands for that long or longer."""

    total: int
    seen: list[Seen]


def subject_of(record: ObjectRecord) -> Subject[ObjectStatus]:
    """A stored object as the rules see it."""
    return Subject(
        record.status,
        record.status_since,
        late_from=record.main_at,
        commissioned=record.commissioned,
        open_request=record.open_request is not None,
    )


class Objects:
    """Questions about objects."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lists = ObjectLists(session)

    def add(self, record: ObjectRecord) -> ObjectRecord:
        """Keep a new object."""
        self.save(record)
        return record

    def save(self, record: ObjectRecord) -> None:
        """Keep the corrected fields of an object. The status goes through ``set_status`` alone."""
        record.folded = searchable(record.number, record.name, record.plate, record.vin, record.terminal)
        self._session.add(record)
        self._session.flush()

    def get(self, object_id: int, sight: Sight) -> Seen | None:
        """An object if it is seen; an unknown and an unseen one are alike."""
        found = self._session.exec(
            select(_X, _O)
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(_X.id == object_id, visible_clients(sight))
        ).first()
        return Seen(*found) if found else None

    def by_number(self, client_id: int, number: str) -> ObjectRecord | None:
        """The client's object of that number."""
        return self._session.exec(select(_X).where(_X.client_id == client_id, _X.number == number)).first()

    def by_terminal(self, terminal: str) -> ObjectRecord | None:
        """The object that carries this terminal, whoever asks."""
        return self._session.exec(select(_X).where(_X.terminal == terminal)).first()

    def find(
        self, sight: Sight, wanted: ObjectFilter, now: datetime, *, offset: int = 0, limit: int = 8
    ) -> Found:
        """A page of the objects that are seen, reddest first, then those longest in their status.

        Whoever wants what comes after ``MANY`` objects has to ask more precisely: there is no such page.
        """
        total, ids = self._lists.find(sight, wanted, now, offset=offset, limit=limit)
        return Found(total, self._seen(ids))

    def page(
        self, sight: Sight, wanted: ObjectFilter, now: datetime, *, offset: int = 0, limit: int = 8
    ) -> list[Seen]:
        """The objects of a page alone."""
        return self.find(sight, wanted, now, offset=offset, limit=limit).seen

    def ids(self, sight: Sight, wanted: ObjectFilter, now: datetime, limit: int) -> list[int]:
        """The ids of the first objects of a list, in its order."""
        return self._lists.ids(sight, wanted, now, limit)

    def count(self, sight: Sight, wanted: ObjectFilter, now: datetime) -> int:
        """How many objects the list has; ``MANY`` stands for that many or more."""
        return self._lists.find(sight, wanted, now, limit=0)[0]

    def counts_by_colour(self, sight: Sight, wanted: ObjectFilter, now: datetime) -> dict[Colour, int]:
        """How many objects the list has of each colour: the reddest ``MANY`` of a longer one are counted."""
        return self._lists.counts_by_colour(sight, wanted, now)

    def set_status(self, object_id: int, version: int, values: Mapping[str, Any]) -> bool:
        """Compare and set the status with all that hangs on it: False when somebody was faster."""
        result = self._session.connection().execute(
            update(_X)
            .where(col(_X.id) == object_id, col(_X.version) == version)
            .values(**values, version=version + 1)
        )
        reread(self._session, _X, object_id)
        return result.rowcount == 1

    def unassign(self, person_id: int) -> None:
        """Take a person off all objects."""
        self._session.exec(update(_X).where(col(_X.installer_id) == person_id).values(installer_id=None))

    def _seen(self, ids: Sequence[int]) -> list[Seen]:
        by_id: dict[int | None, Seen] = {}
        query = select(_X, _O).join(_O, col(_X.client_id) == col(_O.id))
        for start in range(0, len(ids), _PORTION):
            found = self._session.exec(query.where(col(_X.id).in_(ids[start : start + _PORTION])))
            by_id |= {record.id: Seen(record, client) for record, client in found}
        return [by_id[object_id] for object_id in ids]
