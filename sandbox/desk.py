"""Inline queries and their answers, as long as they are good for anything."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.chats import Wire
from sandbox.errors import PersonError
from sandbox.waking import Bell


@dataclass
class Question:
    """An inline query; ``answer`` is None until the bot has given one."""

    id: str
    person: int
    query: str
    offset: str
    at: float
    answer: Wire | None = None

    def view(self) -> Wire:
        """For the control API: the results without what will be sent."""
        answer = self.answer or {"results": [], "next_offset": "", "button": None}
        shown = [{k: v for k, v in result.items() if k != "content"} for result in answer["results"]]
        return {"query_id": self.id, "query": self.query, "answered": self.answer is not None} | (
            answer | {"results": shown}
        )


@dataclass
class Desk:
    """The newest questions and the answers that still hold."""

    questions: dict[str, Question] = field(default_factory=dict)
    kept: dict[tuple[str, str, int], tuple[float, Wire]] = field(default_factory=dict)
    answered: Bell = field(default_factory=Bell)

    def of(self, query_id: str) -> Question:
        """A question a person has asked."""
        if query_id not in self.questions:
            raise PersonError(f"there is no inline query {query_id}", status=404)
        return self.questions[query_id]

    def clear(self) -> None:
        """Forget all."""
        self.questions.clear()
        self.kept.clear()
