"""«I take it»: whoever takes an object is not disturbed by others' reminders, nor they by theirs."""

from datetime import datetime

from bot.services.cases import choices, load
from bot.services.people import Me
from bot.services.reminders import Watcher, come_back, redraw
from bot.services.times import claim_length
from domain.claims import may_take
from domain.process import Kind, Reason, Refused
from storage.database import UnitOfWork
from storage.reminder_tables import ClaimRecord


def take(uow: UnitOfWork, me: Me, object_id: int, version: int, now: datetime) -> ClaimRecord:
    """Take an object for a while; ``Refused`` when it has moved on, or somebody else has it."""
    case = load(uow, me, Kind.OBJECT, object_id)
    if case.version != version:
        raise Refused(Reason.SOMEBODY_WAS_FASTER)
    if not may_take(me.actor, choices(case, me.actor, now)):
        raise Refused(Reason.WRONG_ROLE)
    held = uow.claims.held(object_id, now)
    if held is not None:
        if held.person_id == me.id:
            return held
        raise Refused(Reason.TAKEN)
    uow.claims.end(object_id, now)
    claim = uow.claims.add(
        ClaimRecord(
            object_id=object_id, version=version, person_id=me.id, at=now, until=now + claim_length(uow)
        )
    )
    uow.watch.plan(object_id, {"next_at": claim.until})
    redraw(uow, object_id, now)
    return claim


def give_up(uow: UnitOfWork, me: Me, object_id: int, now: datetime) -> None:
    """Give an object up before the time is over: it comes back to all the others."""
    case = load(uow, me, Kind.OBJECT, object_id)
    held = uow.claims.held(object_id, now)
    if held is None or held.person_id != me.id:
        raise Refused(Reason.NOT_TAKEN)
    uow.claims.end(object_id, now)
    uow.watch.plan(object_id, {"next_at": now})
    record = case.seen.object
    watcher = Watcher(uow, now)
    plan = watcher.plan(case.seen, None, now)
    come_back(uow, watcher, record, plan.stage, now, but=me.id)
