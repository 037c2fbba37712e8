"""Buttons of alerts: taking an object, giving it up, and why one was told."""

from dataclasses import dataclass

from bot.buttons.base import Button


@dataclass(frozen=True, slots=True)
class TakeIt(Button):
    """«I take it»; ``version`` is the one that the alert was drawn from."""

    TAG = "take"
    object_id: int
    version: int


@dataclass(frozen=True, slots=True)
class GiveUp(Button):
    """What one took is free again."""

    TAG = "giveup"
    object_id: int


@dataclass(frozen=True, slots=True)
class WhyMe(Button):
    """«Why did I get this?», of an alert about this stage or line of the history.

    Without an object: of a message about several, or of the digest; without a stage: of one of these.
    """

    TAG = "whyme"
    object_id: int = 0
    stage: int = 0
    history_id: int = 0
