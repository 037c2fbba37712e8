"""How long many lists are, found out in one statement: what a board shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from domain.board import Window
from domain.roles import Sight
from storage.object_lists import MANY
from storage.object_terms import ObjectFilter, conditions
from storage.tables import ObjectRecord
from storage.windows import mark_of

K = TypeVar("K")


class Boards:
    """Questions about lists as a whole. The conditions are those of the lists themselves."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counts(self, sight: Sight, lists: Mapping[K, ObjectFilter], now: datetime) -> dict[K, int]:
        """How many objects each list has; ``MANY`` stands for that many or more. No words are looked for."""
        counted = [_count(sight, wanted, now).label(f"list{n}") for n, wanted in enumerate(lists.values())]
        row = self._session.connection().execute(select(*counted)).one()
        return dict(zip(lists, row, strict=True))

    def moments(self, sight: Sight, due: Window, client_id: int | None, now: datetime) -> list[datetime]:
        """When each object of a window turns; of many, so many as lists count."""
        query = select(mark_of(due)).where(*_of(sight, due, client_id, now)).limit(MANY)
        return [at for at in self._session.exec(query) if at is not None]

    def first(self, sight: Sight, due: Window, client_id: int | None, now: datetime) -> datetime | None:
        """When the first object of a window turns; None when there is none."""
        query = select(func.min(mark_of(due))).where(*_of(sight, due, client_id, now))
        return self._session.exec(query).one()


def _of(sight: Sight, due: Window, client_id: int | None, now: datetime) -> list[ColumnElement[bool]]:
    return conditions(sight, ObjectFilter(client_id=client_id, due=due), now)


def _count(sight: Sight, wanted: ObjectFilter, now: datetime) -> ColumnElement[int]:
    some = select(col(ObjectRecord.id)).where(*conditions(sight, wanted, now)).limit(MANY).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
