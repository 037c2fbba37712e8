"""The one step that answers a client's request: both changes in one transaction, and one alert."""

from collections.abc import Sequence
from datetime import datetime

from bot.services.alerts import tell
from bot.services.cases import Case, Changed, Wish, change_quietly, load
from bot.services.people import Me
from domain.objects import ObjectStatus
from domain.process import Kind, Reason, Refused, Request, Row
from domain.requests import Step
from domain.requests import follow_up as rows_of
from domain.roles import Actor
from storage.columns import reread
from storage.database import UnitOfWork
from storage.objects import subject_of
from storage.tables import HistoryRecord, ObjectRecord


def answer_to(record: ObjectRecord | None, actor: Actor, now: datetime) -> Row[ObjectStatus] | None:
    """The row to the status that the client's open request asks for; None: not for this person now."""
    step = rows_of(actor, subject_of(record), record.open_request, now) if record else None
    return step[1] if step else None


def step_of(case: Case, actor: Actor, now: datetime) -> Step:
    """Both rows; ``Refused`` when this person may not answer the request, or there is none."""
    record = case.seen.object
    step = rows_of(actor, subject_of(record), record.open_request, now)
    if step is None:
        raise Refused(Reason.WRONG_ROLE if record.open_request else Reason.NOT_ALLOWED)
    return step


def follow_up(
    uow: UnitOfWork,
    me: Me,
    case: Case,
    comment: str,
    photos: Sequence[tuple[str, str]],
    version: int,
    now: datetime,
) -> Changed:
    """Put the object back into operation and set what the client wants: both or nothing.

    Both lines of the history carry the comment, the photos stand with the second, which is the one
    that people hear of.
    """
    if version != case.version:
        raise Refused(Reason.SOMEBODY_WAS_FASTER)
    step = step_of(case, me.actor, now)
    try:
        with uow.savepoint():
            entry = _both(uow, me, case, step, (comment, photos), now)
    finally:
        reread(uow.session, ObjectRecord, case.id)  # what was read inside may be what has been undone
    after = load(uow, me, Kind.OBJECT, case.id)
    return Changed(entry, tell(uow, after.seen, after.subject, entry, now))


def _both(
    uow: UnitOfWork,
    me: Me,
    case: Case,
    step: Step,
    said: tuple[str, Sequence[tuple[str, str]]],
    now: datetime,
) -> HistoryRecord:
    """The two changes; the line of the second."""
    (back, on), (comment, photos) = step, said
    change_quietly(uow, me, case, Wish(Request(back.target, comment), case.version), now)
    between = load(uow, me, Kind.OBJECT, case.id)
    wish = Wish(Request(on.target, comment), between.version, photos=photos)
    return change_quietly(uow, me, between, wish, now)
