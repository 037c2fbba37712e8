"""A client's request (row 18), and the one step that answers it: two rows, taken at once."""

from datetime import datetime

from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import ClientReason, Row, Subject
from domain.roles import Actor

ANSWERED_BY = {
    ClientReason.BREAKDOWN: ObjectStatus.DIAGNOSTICS,
    ClientReason.ADDITIONAL_EQUIPMENT: ObjectStatus.ADDITIONAL_ORDER,
    ClientReason.BLOCK: ObjectStatus.BLOCKED,
}
"""What the client wants next. «Not in use» is no request: there is nothing to answer."""

Step = tuple[Row[ObjectStatus], Row[ObjectStatus]]
"""Out of service -> Active, and Active -> the wanted status."""


def follow_up(
    actor: Actor, subject: Subject[ObjectStatus], request: ClientReason | None, now: datetime
) -> Step | None:
    """The two rows that answer the open request; None when the actor may not take both of them now."""
    wanted = ANSWERED_BY.get(request) if request else None
    if wanted is None or subject.status is not ObjectStatus.OUT_OF_SERVICE:
        return None
    between = Subject(ObjectStatus.ACTIVE, since=now, commissioned=True)
    back = _to(ObjectStatus.ACTIVE, actor, subject, now)
    on = _to(wanted, actor, between, now)
    return (back, on) if back and on else None


def _to(
    target: ObjectStatus, actor: Actor, subject: Subject[ObjectStatus], now: datetime
) -> Row[ObjectStatus] | None:
    rows = OBJECT_PROCESS.choices(actor, subject, now)
    return next((row for row in rows if row.target is target), None)
