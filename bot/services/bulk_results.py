"""Many at once, what came of it: for whoever did it, and for those who go on from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.alerts import Audience
from bot.services.objects import Line, person_name
from bot.services.people import Me
from bot.services.times import deadline_of
from domain.deadlines import colour
from domain.process import Reason, Refused
from domain.roles import sight
from storage.bulk_tables import BulkKind, BulkRecord, BulkState, Outcome
from storage.bulks import Result
from storage.database import UnitOfWork
from storage.objects import Seen, subject_of

PAGE = 8


@dataclass(frozen=True, slots=True)
class Report:
    """A bulk change as its author sees it: how far it is, and a page of what became of each."""

    bulk: BulkRecord
    installer: str | None
    total: int
    done: int
    changed: int
    same: int
    refused: int
    page: int
    results: Sequence[Result]

    @property
    def is_done(self) -> bool:
        """Whether every object has its outcome."""
        return self.bulk.state is BulkState.DONE


@dataclass(frozen=True, slots=True)
class Heard:
    """A bulk change as somebody sees it who can move its objects on."""

    bulk: BulkRecord
    author: str
    seen: Sequence[Seen]

    def page(self, number: int, now: datetime) -> list[Line]:
        """A page of the objects as a list shows them."""
        return [
            Line(s.object, s.client.name, colour(deadline_of(s.object), now), deadline_of(s.object))
            for s in self.seen[number * PAGE :][:PAGE]
        ]


def own(uow: UnitOfWork, me: Me, bulk_id: int) -> BulkRecord:
    """The person's own bulk change that was started; ``Refused`` for anybody else's."""
    bulk = uow.bulks.get(bulk_id)
    if bulk is None or bulk.person_id != me.id or bulk.state is BulkState.PICKING:
        raise Refused(Reason.NOT_FOUND)
    return bulk


def report(uow: UnitOfWork, me: Me, bulk_id: int, page: int = 0) -> Report:
    """How far it is, and a page of results, the refused first."""
    bulk = own(uow, me, bulk_id)
    counts = uow.bulks.counts(bulk_id)
    total = sum(counts.values())
    page = min(max(page, 0), max(0, (total - 1) // PAGE))
    done = bulk.state is BulkState.DONE
    return Report(
        bulk,
        person_name(uow, bulk.installer_id),
        total,
        total - counts.get(None, 0),
        counts.get(Outcome.CHANGED, 0),
        counts.get(Outcome.SAME, 0),
        counts.get(Outcome.REFUSED, 0),
        page,
        uow.bulks.results(bulk_id, sight(me.actor), offset=page * PAGE, limit=PAGE) if done else (),
    )


def heard(uow: UnitOfWork, me: Me, bulk_id: int, now: datetime) -> Heard | None:
    """Those objects of a bulk change that are this person's turn now; None when there is none (any more)."""
    bulk = uow.bulks.get(bulk_id)
    if bulk is None or bulk.state is not BulkState.DONE:
        return None
    audience = Audience(uow, now)
    waiting = []
    for record, client in uow.bulks.changed(bulk_id, sight(me.actor)):
        seen = Seen(record, client)
        if bulk.kind is BulkKind.ASSIGN:
            concerns = record.installer_id == me.id
        else:
            concerns = me.id in {hearer.person_id for hearer in audience.of(seen, subject_of(record))}
        if concerns:
            waiting.append(seen)
    return Heard(bulk, person_name(uow, bulk.person_id) or "", waiting) if waiting else None
