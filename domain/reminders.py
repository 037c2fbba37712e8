"""The stages through which an object that does not move is told of, and when it comes to the next."""

from datetime import datetime, timedelta
from enum import IntEnum

from domain.deadlines import Deadline, soon_at

LOOK_AGAIN = timedelta(days=1)
"""How often a yellow or red object is looked at: who is concerned may have changed meanwhile."""


class Stage(IntEnum):
    """How far it has come; a larger number is more urgent."""

    HEARD_ONCE = 0  # the client's machine is equipped: heard once, in the digest
    SET = 1  # the status is set, or a note was written
    SOON = 2  # a quarter of the main time is left: in the digest
    YELLOW = 3  # the main time is over
    RED = 4  # the urgent time is over: the escalation


def stage_of(since: datetime, deadline: Deadline | None, now: datetime) -> Stage:
    """The stage of an object that is in its status since then."""
    if deadline is None or now < soon_at(since, deadline):
        return Stage.SET
    if now < deadline.main_at:
        return Stage.SOON
    return Stage.YELLOW if now < deadline.urgent_at else Stage.RED


def next_look(since: datetime, deadline: Deadline | None, now: datetime) -> datetime | None:
    """When there is something to tell of it next; None: never, it is permanent."""
    if deadline is None:
        return None
    stages = (soon_at(since, deadline), deadline.main_at, deadline.urgent_at)
    following = next((moment for moment in stages if moment > now), None)
    if stage_of(since, deadline, now) < Stage.YELLOW:
        return following
    again = now + LOOK_AGAIN
    return min(following, again) if following else again
