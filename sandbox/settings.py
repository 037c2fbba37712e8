"""What can be set at the start and changed while the sandbox runs."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from sandbox.errors import PersonError

QUERY_AGE = 60.0


@dataclass(frozen=True)
class Settings:
    """``privacy``, ``inline`` and ``inline_feedback`` are what a bot's owner sets with BotFather.

    ``query_age`` is after how many seconds a press or an inline query can no longer be answered, 0 for
    never; ``limits`` says whether Telegram's rate limits hold.
    """

    privacy: bool = True
    inline: bool = True
    inline_feedback: bool = False
    query_age: float = QUERY_AGE
    limits: bool = False

    def changed(self, body: dict[str, Any]) -> Settings:
        """With the named ones changed; PersonError when one makes no sense."""
        kinds = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        if unknown := set(body) - set(kinds):
            raise PersonError(f"there is no setting {', '.join(sorted(unknown))}", status=400)
        for name, value in body.items():
            fits = isinstance(value, bool) if kinds[name] is bool else _is_number(value)
            if not fits:
                raise PersonError(f"{name} must be {kinds[name].__name__}", status=400)
        return replace(self, **body)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
