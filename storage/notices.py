"""Who has to be told what of which object, and who was: see ``storage.reminder_tables``.

Notices are of the object as it is: when it moves on they are forgotten, so whatever stands here is true.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from domain.reminders import Stage
from storage.reminder_tables import AbsenceRecord, NoticeRecord
from storage.tables import PersonRecord

_N, _A, _P = NoticeRecord, AbsenceRecord, PersonRecord
_BESIDE_DIGEST = col(_N.stage) != Stage.HEARD_ONCE.value
_KEY = ["object_id", "version", "stage", "person_id", "history_id", "bound_chat_id"]
Ear = tuple[int, int]
"""Who is told: a person, and the bound group that is told through them (0: their own chat)."""


class Notices:
    """Questions about notices."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, notices: Iterable[NoticeRecord]) -> None:
        """Keep notices; one that is there already stays as it is."""
        rows = [notice.model_dump() for notice in notices]
        if not rows:
            return
        connection = self._session.connection()
        insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(_N)
        connection.execute(insert.on_conflict_do_nothing(index_elements=_KEY), rows)

    def ears(self, now: datetime, limit: int) -> list[Ear]:
        """Some of those who have something to be told by now, beside the digest.

        Whoever is away or out of reach gets it with the digest when they are back.
        """
        silent = select(col(_P.id)).where(col(_P.reachable).is_(False))
        away = select(col(_A.person_id)).where(col(_A.ended_at).is_(None), col(_A.until) > now)
        is_there = and_(col(_N.person_id).not_in(silent), col(_N.person_id).not_in(away))
        found = self._session.exec(
            select(_N.person_id, _N.bound_chat_id)
            .where(*_untold(now), _BESIDE_DIGEST, or_(col(_N.bound_chat_id) != 0, is_there))
            .group_by(col(_N.person_id), col(_N.bound_chat_id))
            .order_by(col(_N.person_id), col(_N.bound_chat_id))
            .limit(limit)
        )
        return [(person_id, chat) for person_id, chat in found]

    def most_urgent(self, ear: Ear, now: datetime) -> int | None:
        """The most urgent stage of which somebody has to be told by now."""
        return self._session.exec(select(func.max(_N.stage)).where(*_of(ear), *_untold(now))).one()

    def take_untold(self, ear: Ear, now: datetime, *, digest: bool = True) -> list[NoticeRecord]:
        """What somebody has to be told by now, the most urgent first; it counts as told from now on.

        ``digest``: also what is said in digests alone.
        """
        condition = (*_of(ear), *_untold(now), *([] if digest else [_BESIDE_DIGEST]))
        found = self._session.exec(
            select(_N).where(*condition).order_by(col(_N.stage).desc(), col(_N.object_id), col(_N.history_id))
        ).all()
        for record in found:
            self._session.expunge(record)
        self._session.connection().execute(update(_N).where(*condition).values(told_at=now))
        return list(found)

    def postpone(self, ear: Ear, now: datetime, until: datetime) -> None:
        """What somebody has to be told by now is due later."""
        statement = update(_N).where(*_of(ear), *_untold(now)).values(due_at=until)
        self._session.connection().execute(statement)

    def standing(self, person_id: int, limit: int) -> list[int]:
        """The objects of which somebody was told because time has passed, the most urgent first."""
        found = self._session.exec(
            select(_N.object_id)
            .where(_N.person_id == person_id, _N.bound_chat_id == 0, col(_N.stage) >= Stage.SOON.value)
            .group_by(col(_N.object_id))
            .order_by(func.max(col(_N.stage)).desc(), col(_N.object_id))
            .limit(limit)
        )
        return list(found)

    def get(self, ear: Ear, object_id: int, stage: int, history_id: int = 0) -> NoticeRecord | None:
        """One notice; None: it is not true any more, or never was."""
        return self._session.exec(
            select(_N).where(
                *_of(ear), _N.object_id == object_id, _N.stage == stage, _N.history_id == history_id
            )
        ).first()

    def of_object(self, object_id: int) -> Sequence[NoticeRecord]:
        """All that is to be told, or was, of an object as it is."""
        return self._session.exec(
            select(_N).where(_N.object_id == object_id).order_by(col(_N.stage), col(_N.person_id))
        ).all()

    def again(self, notice: NoticeRecord, due_at: datetime) -> None:
        """Have somebody told once more."""
        self._session.connection().execute(
            update(_N)
            .where(
                *_of((notice.person_id, notice.bound_chat_id)),
                col(_N.object_id) == notice.object_id,
                col(_N.version) == notice.version,
                col(_N.stage) == notice.stage,
                col(_N.history_id) == notice.history_id,
            )
            .values(due_at=due_at, told_at=None)
        )

    def count_as_told(self, now: datetime) -> None:
        """Whatever is not told yet counts as told."""
        self._session.connection().execute(update(_N).where(col(_N.told_at).is_(None)).values(told_at=now))

    def forget(self, object_id: int) -> None:
        """Forget all notices of an object: it has moved on."""
        self._session.connection().execute(delete(_N).where(col(_N.object_id) == object_id))

    def forget_chat(self, bound_chat_id: int) -> None:
        """Forget what a bound group was to be told."""
        self._session.connection().execute(delete(_N).where(col(_N.bound_chat_id) == bound_chat_id))


def _untold(now: datetime) -> list[ColumnElement[bool]]:
    return [col(_N.told_at).is_(None), col(_N.due_at) <= now]


def _of(ear: Ear) -> list[ColumnElement[bool]]:
    person_id, bound_chat_id = ear
    return [col(_N.person_id) == person_id, col(_N.bound_chat_id) == bound_chat_id]
