"""Where everybody is in their dialogue, and which message of a chat is the living one."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, select

from storage.queues import DialogueRecord

_SAVE = text("""
    INSERT INTO dialogue (chat_id, user_id, name, state, draft)
    VALUES (:chat_id, :user_id, :name, :state, :draft)
    ON CONFLICT (chat_id, user_id)
    DO UPDATE SET name = excluded.name, state = excluded.state, draft = excluded.draft
""")
_LIVING = text("""
    INSERT INTO chat (chat_id, message_id, words, way) VALUES (:chat_id, :message_id, '', '')
    ON CONFLICT (chat_id) DO UPDATE SET message_id = excluded.message_id
""")

_WORDS = text("""
    INSERT INTO chat (chat_id, words, way) VALUES (:chat_id, :words, '')
    ON CONFLICT (chat_id) DO UPDATE SET words = excluded.words
""")
_WAY = text("""
    INSERT INTO chat (chat_id, words, way) VALUES (:chat_id, '', :way)
    ON CONFLICT (chat_id) DO UPDATE SET way = excluded.way
""")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A person's place in a dialogue and what they have filled in so far."""

    chat_id: int
    user_id: int
    name: str
    state: str
    draft: Mapping[str, Any]


class Dialogues:
    """One dialogue a person and chat."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def draft(self, chat_id: int, user_id: int) -> dict[str, Any]:
        """What the person has filled in so far; empty outside a dialogue."""
        query = text("SELECT draft FROM dialogue WHERE chat_id = :c AND user_id = :u")
        row = self._session.connection().execute(query, {"c": chat_id, "u": user_id}).first()
        if row is None:
            return {}
        stored = row[0]
        loaded: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
        return loaded

    def save(self, dialogue: Dialogue) -> None:
        """Put the person at this place of this dialogue, ending any other."""
        self._session.connection().execute(
            _SAVE,
            {
                "chat_id": dialogue.chat_id,
                "user_id": dialogue.user_id,
                "name": dialogue.name,
                "state": dialogue.state,
                "draft": json.dumps(dialogue.draft),
            },
        )

    def end(self, chat_id: int, user_id: int) -> None:
        """Take the person out of any dialogue."""
        self._session.connection().execute(
            text("DELETE FROM dialogue WHERE chat_id = :c AND user_id = :u"), {"c": chat_id, "u": user_id}
        )

    def all(self) -> Iterable[DialogueRecord]:
        """Every open dialogue, to go on with after a start."""
        return self._session.exec(select(DialogueRecord)).all()

    def living(self, chat_id: int) -> int | None:
        """The message of the chat whose buttons are in force."""
        row = self._session.connection().execute(
            text("SELECT message_id FROM chat WHERE chat_id = :c"), {"c": chat_id}
        ).first()  # fmt: skip
        return row[0] if row else None

    def set_living(self, chat_id: int, message_id: int) -> None:
        """Remember which message of the chat has the buttons in force."""
        self._session.connection().execute(_LIVING, {"chat_id": chat_id, "message_id": message_id})

    def words(self, chat_id: int) -> str:
        """What the person searched for last in this chat."""
        row = self._session.connection().execute(
            text("SELECT words FROM chat WHERE chat_id = :c"), {"c": chat_id}
        ).first()  # fmt: skip
        return row[0] if row else ""

    def set_words(self, chat_id: int, words: str) -> None:
        """Remember what the person searched for."""
        self._session.connection().execute(_WORDS, {"chat_id": chat_id, "words": words[:80]})

    def way(self, chat_id: int) -> str:
        """The button of the list from which a card is opened in this chat; empty: from elsewhere."""
        row = self._session.connection().execute(
            text("SELECT way FROM chat WHERE chat_id = :c"), {"c": chat_id}
        ).first()  # fmt: skip
        return row[0] if row else ""

    def set_way(self, chat_id: int, way: str) -> None:
        """Remember the list that is shown; empty: none leads to the next card."""
        self._session.connection().execute(_WAY, {"chat_id": chat_id, "way": way})
