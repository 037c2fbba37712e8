"""Many objects at once: which are picked, what became of each, and how far it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_all

from domain.objects import ObjectStatus
from domain.process import Subject
from domain.roles import Sight
from storage.bulk_tables import BulkItemRecord, BulkRecord, BulkState, Outcome
from storage.columns import reread
from storage.organisations import visible_clients
from storage.tables import ObjectRecord, OrganisationRecord

_B, _I, _X, _O = BulkRecord, BulkItemRecord, ObjectRecord, OrganisationRecord
PORTION = 500
"""As many values as one statement carries."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A picked object as the rules see it, and who looks after its client."""

    object_id: int
    subject: Subject[ObjectStatus]
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an item."""

    item_id: int
    outcome: Outcome
    reason: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """An item with what its reader may see of the object: nothing, if they do not see it any more."""

    item: BulkItemRecord
    object: ObjectRecord | None
    client: str


class Bulks:
    """Questions about bulk changes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, person_id: int, now: datetime) -> BulkRecord:
        """A new selection in place of what the person had begun and not started."""
        stale = select(col(_B.id)).where(col(_B.person_id) == person_id, col(_B.state) == BulkState.PICKING)
        connection = self._session.connection()
        connection.execute(delete(_I).where(col(_I.bulk_id).in_(stale)))
        connection.execute(
            delete(_B).where(col(_B.person_id) == person_id, col(_B.state) == BulkState.PICKING)
        )
        record = BulkRecord(person_id=person_id, created_at=now)
        self._session.add(record)
        self._session.flush()
        return record

    def get(self, bulk_id: int) -> BulkRecord | None:
        """One, whoever asks."""
        return self._session.get(_B, bulk_id)

    def start(self, bulk_id: int, values: Mapping[str, Any]) -> bool:
        """Take it from picking to running, once: False when it was started before."""
        result = self._session.connection().execute(
            update(_B)
            .where(col(_B.id) == bulk_id, col(_B.state) == BulkState.PICKING)
            .values(**values, state=BulkState.RUNNING)
        )
        reread(self._session, _B, bulk_id)
        return result.rowcount == 1

    def pick(self, bulk_id: int, object_ids: Iterable[int], given: Mapping[int, str] | None = None) -> None:
        """Put objects into the selection; those that are in stay."""
        there = set(self._session.exec(select_all(_I.object_id).where(_I.bulk_id == bulk_id)).all())
        names = given or {}
        fresh = [i for i in dict.fromkeys(object_ids) if i not in there]
        rows = [{"bulk_id": bulk_id, "object_id": i, "given": names.get(i, ""), "version": 0} for i in fresh]
        if rows:
            self._session.connection().execute(insert(_I), rows)

    def note_missing(self, bulk_id: int, reasons: Mapping[str, str]) -> None:
        """Keep numbers that lead to no object, each with the reason; one that is kept already stays."""
        there = set(
            self._session.exec(
                select_all(_I.given).where(_I.bulk_id == bulk_id, col(_I.object_id).is_(None))
            ).all()
        )
        rows = [
            {"bulk_id": bulk_id, "given": number, "version": 0, "outcome": Outcome.REFUSED, "reason": reason}
            for number, reason in reasons.items()
            if number not in there
        ]
        if rows:
            self._session.connection().execute(insert(_I), rows)

    def drop(self, bulk_id: int, object_ids: Sequence[int]) -> None:
        """Take objects out of the selection."""
        for start in range(0, len(object_ids), PORTION):
            self._session.connection().execute(
                delete(_I).where(
                    col(_I.bulk_id) == bulk_id, col(_I.object_id).in_(object_ids[start : start + PORTION])
                )
            )

    def keep(self, bulk_id: int, object_ids: set[int]) -> None:
        """Take all objects but these out of the selection."""
        there = self._session.exec(
            select_all(_I.object_id).where(_I.bulk_id == bulk_id, col(_I.object_id).is_not(None))
        ).all()
        self.drop(bulk_id, [i for i in there if i is not None and i not in object_ids])

    def clear(self, bulk_id: int) -> None:
        """Take everything out of the selection, numbers that led nowhere too."""
        self._session.connection().execute(delete(_I).where(col(_I.bulk_id) == bulk_id))

    def draw(self, bulk_id: int) -> None:
        """Remember the objects as they are now: that is what is about to be shown."""
        here = col(_X.id) == col(_I.object_id)
        self._session.connection().execute(
            update(_I)
            .where(col(_I.bulk_id) == bulk_id, col(_I.object_id).is_not(None))
            .values(
                version=select(col(_X.version)).where(here).scalar_subquery(),
                installer_id=select(col(_X.installer_id)).where(here).scalar_subquery(),
            )
            .execution_options(synchronize_session=False)
        )

    def count(self, bulk_id: int) -> int:
        """How many objects are in the selection."""
        return self._session.exec(
            select_all(func.count()).where(_I.bulk_id == bulk_id, col(_I.object_id).is_not(None))
        ).one()

    def count_with(self, bulk_id: int, object_ids: set[int]) -> int:
        """How many objects would be in the selection with these."""
        there = self._session.exec(select_all(_I.object_id).where(_I.bulk_id == bulk_id)).all()
        return len(object_ids | {i for i in there if i is not None})

    def missing(self, bulk_id: int) -> int:
        """How many numbers led to no object."""
        return self._session.exec(
            select_all(func.count()).where(_I.bulk_id == bulk_id, col(_I.object_id).is_(None))
        ).one()

    def chosen(self, bulk_id: int, object_ids: Iterable[int]) -> set[int]:
        """Which of these are in the selection."""
        found = self._session.exec(
            select_all(_I.object_id).where(_I.bulk_id == bulk_id, col(_I.object_id).in_(list(object_ids)))
        ).all()
        return {i for i in found if i is not None}

    def picked(self, bulk_id: int, sight: Sight) -> list[Picked]:
        """The selection as the rules see it; what is not seen any more is left out."""
        found = self._session.connection().execute(
            select(_X.__table__, col(_O.parent_id))  # type: ignore[attr-defined]  # SQLModel's own table
            .join(_I, col(_I.object_id) == col(_X.id))
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(col(_I.bulk_id) == bulk_id, visible_clients(sight))
        )
        return [
            Picked(
                row.id,
                Subject(
                    row.status, row.status_since, row.main_at, row.commissioned, row.open_request is not None
                ),
                row.parent_id,
            )
            for row in found
        ]

    def samples(
        self, bulk_id: int, sight: Sight, limit: int
    ) -> list[tuple[ObjectRecord, OrganisationRecord]]:
        """One object of each kind that differs in who hears of it: client, installer, commissioned."""
        one_each = (
            select(func.min(col(_X.id)))
            .join(_I, col(_I.object_id) == col(_X.id))
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(col(_I.bulk_id) == bulk_id, visible_clients(sight))
            .group_by(col(_X.client_id), col(_X.installer_id), col(_X.commissioned))
            .limit(limit)
        )
        found = self._session.exec(
            select_all(_X, _O).join(_O, col(_X.client_id) == col(_O.id)).where(col(_X.id).in_(one_each))
        ).all()
        return [(record, client) for record, client in found]

    def by_numbers(
        self, sight: Sight, numbers: Sequence[str], client_id: int | None = None
    ) -> list[tuple[int, str]]:
        """The ids and numbers of the objects that are seen and have one of these numbers."""
        query = (
            select(col(_X.id), col(_X.number))
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(visible_clients(sight))
        )
        if client_id is not None:
            query = query.where(col(_X.client_id) == client_id)
        found: list[tuple[int, str]] = []
        for start in range(0, len(numbers), PORTION):
            here = query.where(col(_X.number).in_(numbers[start : start + PORTION]))
            found += [(row.id or 0, row.number) for row in self._session.connection().execute(here)]
        return found

    def waiting(self, bulk_id: int, limit: int) -> list[BulkItemRecord]:
        """The next objects without an outcome."""
        return list(
            self._session.exec(
                select_all(_I)
                .where(_I.bulk_id == bulk_id, col(_I.outcome).is_(None))
                .order_by(col(_I.id))
                .limit(limit)
            ).all()
        )

    def settle(self, settled: Sequence[Settled]) -> None:
        """Keep what became of items, many at once."""
        if not settled:
            return
        self._session.flush()
        table = _I.__table__  # type: ignore[attr-defined]  # SQLModel's own table
        values: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in ("outcome", "reason", "before", "after")
        }
        self._session.connection().execute(
            update(table).where(table.c.id == bindparam("item_id")).values(**values),
            [
                {
                    "item_id": one.item_id,
                    "new_outcome": one.outcome,
                    "new_reason": one.reason,
                    "new_before": one.before,
                    "new_after": one.after,
                }
                for one in settled
            ],
        )
        for one in settled:
            reread(self._session, _I, one.item_id)

    def counts(self, bulk_id: int) -> dict[Outcome | None, int]:
        """How many items have each outcome; None: they wait."""
        found = self._session.exec(
            select_all(_I.outcome, func.count()).where(_I.bulk_id == bulk_id).group_by(_I.outcome)
        ).all()
        return {Outcome(outcome) if outcome else None: count for outcome, count in found}

    def results(
        self, bulk_id: int, sight: Sight, *, offset: int = 0, limit: int | None = None
    ) -> list[Result]:
        """Items with their objects: the refused first, then in the order in which they were picked."""
        refused = case((col(_I.outcome) == Outcome.REFUSED, 0), else_=1)
        # Seen or not, an item is a line: what is not seen any more shows no name.
        query = (
            select_all(_I, _X, _O)
            .join(_X, col(_I.object_id) == col(_X.id), isouter=True)
            .join(
                _O,
                (col(_X.client_id) == col(_O.id)) & visible_clients(sight),
                isouter=True,
            )
            .where(_I.bulk_id == bulk_id)
            .order_by(refused, col(_I.id))
            .offset(offset)
            .limit(limit)
        )
        found: Iterable[Any] = self._session.exec(query)
        return [
            Result(item, record if client is not None else None, client.name if client is not None else "")
            for item, record, client in found
        ]

    def changed(self, bulk_id: int, sight: Sight) -> list[tuple[ObjectRecord, OrganisationRecord]]:
        """The objects that were changed and are seen."""
        found = self._session.exec(
            select_all(_X, _O)
            .join(_I, col(_I.object_id) == col(_X.id))
            .join(_O, col(_X.client_id) == col(_O.id))
            .where(_I.bulk_id == bulk_id, col(_I.outcome) == Outcome.CHANGED, visible_clients(sight))
            .order_by(col(_I.id))
        ).all()
        return [(record, client) for record, client in found]
