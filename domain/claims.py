"""«I take it»: one person has an object in hand, and for a while nobody is reminded of it."""

from collections.abc import Sequence

from domain.objects import ObjectStatus
from domain.process import Row
from domain.roles import Actor, Role


def may_take(actor: Actor, choices: Sequence[Row[ObjectStatus]]) -> bool:
    """Whether somebody may take an object: staff who can move it on, moderators and administrators."""
    central = actor.roles & (Role.MODERATOR | Role.ADMINISTRATOR)
    return actor.is_staff and (bool(choices) or bool(central))
