"""Claims – «I take it» – and the copies of alerts that tell of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.reminder_tables import ClaimRecord, CopyRecord

_C = ClaimRecord
_A = CopyRecord


class Claims:
    """Questions about who took what."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open_of(self, object_id: int) -> ClaimRecord | None:
        """The claim that was not ended yet; it may have lapsed."""
        return self._session.exec(
            select(_C).where(_C.object_id == object_id, col(_C.ended_at).is_(None))
        ).first()

    def held(self, object_id: int, now: datetime) -> ClaimRecord | None:
        """The claim that holds at this moment; also when the clock was put back since."""
        found = self.open_of(object_id)
        return found if found is not None and now < found.until else None

    def last_of(self, object_id: int, version: int) -> ClaimRecord | None:
        """The latest claim of an object as it is, ended or not."""
        return self._session.exec(
            select(_C).where(_C.object_id == object_id, _C.version == version).order_by(col(_C.id).desc())
        ).first()

    def add(self, record: ClaimRecord) -> ClaimRecord:
        """Keep a claim; the schema refuses a second open one."""
        self._session.add(record)
        self._session.flush()
        return record

    def end(self, object_id: int, now: datetime) -> None:
        """End the open claim, if there is one."""
        found = self.open_of(object_id)
        if found is not None:
            found.ended_at = now
            self._session.add(found)
            self._session.flush()


class Copies:
    """Questions about the alerts that stand in chats."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: CopyRecord) -> None:
        """Keep a copy that was sent; the message is one copy, also when its sending is recorded twice."""
        connection = self._session.connection()
        insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(_A)
        values = record.model_dump(exclude={"id"})
        connection.execute(insert.on_conflict_do_nothing(index_elements=["chat_id", "message_id"]), [values])

    def adopt(self, object_id: int, chat_id: int, message_id: int, person_id: int) -> None:
        """A message with an alert's buttons is a copy too, though its sending was never recorded.

        It came twice, since its answer was lost; or the process died, and then it was true no more.
        """
        if self.of_message(chat_id, message_id) is not None:
            return
        others = self.open_of(object_id)
        twin = next((copy for copy in others if copy.chat_id == chat_id), None)
        if twin is None and chat_id > 0:  # a person's own chat
            twin = next((copy for copy in others if not copy.bound_chat_id), None)
        if twin is not None:
            own = {"chat_id": chat_id, "message_id": message_id}
            own |= {"person_id": person_id if chat_id > 0 else twin.person_id}
            self.add(_A(**{**twin.model_dump(exclude={"id"}), **own}))

    def get(self, copy_id: int) -> CopyRecord | None:
        """One copy."""
        return self._session.get(_A, copy_id)

    def open_of(self, object_id: int) -> Sequence[CopyRecord]:
        """The copies about an object whose buttons are in force."""
        return self._session.exec(
            select(_A).where(_A.object_id == object_id, col(_A.closed_at).is_(None)).order_by(col(_A.id))
        ).all()

    def of_message(self, chat_id: int, message_id: int) -> CopyRecord | None:
        """The copy that this message is."""
        return self._session.exec(
            select(_A).where(_A.chat_id == chat_id, _A.message_id == message_id)
        ).first()

    def close(self, copy_id: int, now: datetime) -> None:
        """The copy is not edited any more."""
        self._session.connection().execute(
            update(_A).where(col(_A.id) == copy_id, col(_A.closed_at).is_(None)).values(closed_at=now)
        )

    def close_message(self, chat_id: int, message_id: int, now: datetime) -> None:
        """The message has become something else: a dialogue."""
        self._session.connection().execute(
            update(_A)
            .where(
                col(_A.chat_id) == chat_id,
                col(_A.message_id) == message_id,
                col(_A.closed_at).is_(None),
            )
            .values(closed_at=now)
        )
