"""The groups and topics of groups that get the moderators' alerts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.reminder_tables import BoundChatRecord

_B = BoundChatRecord


class BoundChats:
    """Questions about bound groups; ``thread_id`` 0 is the group itself, outside of its topics."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def bind(self, chat_id: int, thread_id: int, title: str, bound_by: int, at: datetime) -> bool:
        """Bind a group or topic; False when it was bound already, and is called so from now on."""
        known = self.at(chat_id, thread_id)
        if known is not None:
            known.title = title[:255]
            self._session.add(known)
        else:
            self._session.add(
                BoundChatRecord(
                    chat_id=chat_id, thread_id=thread_id, title=title[:255], bound_by=bound_by, at=at
                )
            )
        self._session.flush()
        return known is None

    def unbind(self, bound_id: int) -> bool:
        """Let one go; False when it was not bound."""
        gone = self._session.connection().execute(delete(_B).where(col(_B.id) == bound_id))
        return gone.rowcount == 1

    def get(self, bound_id: int) -> BoundChatRecord | None:
        """One of them; None when it was let go."""
        return self._session.exec(select(_B).where(_B.id == bound_id)).first()

    def at(self, chat_id: int, thread_id: int) -> BoundChatRecord | None:
        """What is bound at exactly this place."""
        return self._session.exec(select(_B).where(_B.chat_id == chat_id, _B.thread_id == thread_id)).first()

    def all(self) -> Sequence[BoundChatRecord]:
        """All of them, in the order in which they were bound."""
        return self._session.exec(select(_B).order_by(col(_B.id))).all()

    def of_chat(self, chat_id: int) -> Sequence[BoundChatRecord]:
        """What is bound of one group: itself, and topics."""
        return self._session.exec(select(_B).where(_B.chat_id == chat_id).order_by(col(_B.id))).all()

    def leave(self, chat_id: int) -> int:
        """Let all of a group go, because the bot is not in it any more; how many there were."""
        gone = self._session.connection().execute(delete(_B).where(col(_B.chat_id) == chat_id))
        return int(gone.rowcount)

    def move(self, chat_id: int, to: int) -> None:
        """A group was made a supergroup and has another number now."""
        if self.of_chat(to):
            self.leave(chat_id)  # whoever bound the new one was faster
            return
        self._session.exec(update(_B).where(col(_B.chat_id) == chat_id).values(chat_id=to))
        self._session.expire_all()
