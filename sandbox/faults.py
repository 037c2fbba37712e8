"""Failures on demand: what the network and Telegram do to a bot on a bad day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.errors import PersonError

KINDS = ("429", "500", "502", "reset", "hang", "slow", "lost")


@dataclass
class Fault:
    """One ordered failure: ``times`` counts down to its end, ``seconds`` is how slow a slow one is.

    ``done``: the call is carried out all the same, and only its answer fails.
    """

    kind: str
    method: str = "*"
    times: int = 1
    retry_after: int = 1
    seconds: float = 0.0
    chat_id: str = ""
    done: bool = False

    def meets(self, method: str, chat_id: str) -> bool:
        """Whether it strikes this call."""
        return self.method.lower() in {"*", method.lower()} and self.chat_id in {"", chat_id}


class Faults:
    """The failures still ordered, oldest first: the first that fits strikes."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def order(self, body: dict[str, Any]) -> Fault:
        """Add one from its JSON; raises PersonError when it makes no sense."""
        kind = str(body.get("kind", ""))
        if kind not in KINDS:
            raise PersonError(f"kind must be one of {', '.join(KINDS)}", status=400)
        try:
            fault = Fault(
                kind,
                str(body.get("method") or "*"),
                int(body.get("times", 1)),
                int(body.get("retry_after", 1)),
                float(body.get("seconds", 0)),
                str(body.get("chat_id") or ""),
                kind == "lost" or bool(body.get("done")),
            )
        except (TypeError, ValueError) as error:
            raise PersonError(f"a fault's numbers must be numbers: {error}", status=400) from None
        self.ordered.append(fault)
        return fault

    def take(self, method: str, chat_id: str) -> Fault | None:
        """The failure this call meets, counted down; None when all is well."""
        for fault in self.ordered:
            if fault.meets(method, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self.ordered.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """All is well again."""
        self.ordered.clear()
