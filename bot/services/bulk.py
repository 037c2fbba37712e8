"""Many at once, the first half: which objects are picked, and what may be done to all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.alerts import Audience
from bot.services.numbers import key_of, spellings
from bot.services.objects import MAY_ASSIGN, Listing, listing, person_name
from bot.services.people import Me
from domain.alerts import without_author
from domain.many import Fit, fits, may_take
from domain.objects import ObjectStatus
from domain.process import Reason, Refused, Subject
from domain.roles import Role, sight
from storage.bulk_tables import BulkRecord, BulkState
from storage.database import UnitOfWork
from storage.object_terms import ObjectFilter
from storage.objects import Seen
from storage.tables import PersonRecord

LIMIT = 10_000
"""Objects that one bulk change takes."""
SAMPLES = 300
"""Kinds of objects of which it is said beforehand who will be told."""
UNKNOWN, SEVERAL = "UNKNOWN", "SEVERAL"
"""Why a number that was sent leads to no object: none that is seen has it, or several clients' have."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of numbers that were sent. ``too_many``: nothing was taken, the selection is full."""

    found: int = 0
    missing: Mapping[str, str] | None = None
    twice: int = 0
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class PickingPage:
    """A page of a list with what is picked on it, and how much is picked in all."""

    listing: Listing
    chosen: set[int]
    count: int
    missing: int


@dataclass(frozen=True, slots=True)
class Options:
    """The next statuses of a selection, those for all first. ``hidden`` objects are not seen any more."""

    total: int
    hidden: int
    fits: Sequence[Fit]

    def of(self, target: ObjectStatus) -> Fit:
        """The fit of a status; ``Refused`` if nobody here may take it."""
        for fit in self.fits:
            if fit.target is target:
                return fit
        raise Refused(Reason.NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class Parent:
    """An organisation that looks after some of the selected objects."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Installers:
    """Who may be named for all of the selection: the installers of the one that looks after all."""

    total: int
    parents: Sequence[Parent]
    people: Sequence[PersonRecord]


def begin(uow: UnitOfWork, me: Me, now: datetime) -> int:
    """An empty selection; what the person had picked before and not used is forgotten."""
    return uow.bulks.begin(me.id, now).id or 0


def picking(uow: UnitOfWork, me: Me, bulk_id: object) -> BulkRecord:
    """The person's own selection that is not started yet; ``Refused`` if it is none."""
    record = uow.bulks.get(bulk_id) if isinstance(bulk_id, int) else None
    if record is None or record.person_id != me.id or record.state is not BulkState.PICKING:
        raise Refused(Reason.NOT_FOUND)
    return record


def picking_page(
    uow: UnitOfWork, me: Me, bulk_id: int, wanted: ObjectFilter, page: int, now: datetime
) -> PickingPage:
    """A page of the list from which is picked."""
    found = listing(uow, me, wanted, page, now)
    chosen = uow.bulks.chosen(bulk_id, [line.record.id or 0 for line in found.lines])
    return PickingPage(found, chosen, uow.bulks.count(bulk_id), uow.bulks.missing(bulk_id))


def tick(uow: UnitOfWork, me: Me, bulk_id: int, object_id: int, *, on: bool) -> bool:
    """Put one object in or take it out; False when the selection is full."""
    if uow.objects.get(object_id, sight(me.actor)) is None:
        raise Refused(Reason.NOT_FOUND)
    if not on:
        uow.bulks.drop(bulk_id, [object_id])
        return True
    return _put_in(uow, bulk_id, [object_id])


def tick_list(uow: UnitOfWork, me: Me, bulk_id: int, wanted: ObjectFilter, now: datetime) -> bool:
    """Put a whole list in; False when it is longer than one change takes."""
    return _put_in(uow, bulk_id, uow.objects.ids(sight(me.actor), wanted, now, LIMIT + 1))


def tick_numbers(
    uow: UnitOfWork,
    me: Me,
    bulk_id: int,
    numbers: Sequence[str],
    client_id: int | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Taken:
    """Put in what these numbers name; each that names nothing, or several objects, is kept as such.

    So is what is ``wrong``: no number, each with the reason.
    """
    asked = list(dict.fromkeys(numbers))
    if len(asked) + len(wrong or ()) > LIMIT:
        return Taken(too_many=True)
    known: dict[str, dict[int, str]] = {}
    variants = list(dict.fromkeys(one for number in asked for one in spellings(number)))
    for object_id, number in uow.bulks.by_numbers(sight(me.actor), variants, client_id):
        known.setdefault(key_of(number), {})[object_id] = number
    found: dict[int, str] = {}
    missing: dict[str, str] = {}
    for number in asked:
        hits = known.get(key_of(number), {})
        exact = [object_id for object_id, name in hits.items() if name == number] or list(hits)
        if len(exact) == 1:
            found.setdefault(exact[0], number[:40])
        else:
            missing[number[:40]] = SEVERAL if exact else UNKNOWN
    if not _put_in(uow, bulk_id, found, found):
        return Taken(too_many=True)
    twice = len(numbers) - len(found) - len(missing)
    missing |= wrong or {}
    uow.bulks.note_missing(bulk_id, missing)
    return Taken(len(found), missing, twice)


def _put_in(
    uow: UnitOfWork, bulk_id: int, object_ids: Iterable[int], given: Mapping[int, str] | None = None
) -> bool:
    ids = set(object_ids)
    if len(ids) > LIMIT or uow.bulks.count_with(bulk_id, ids) > LIMIT:
        return False
    uow.bulks.pick(bulk_id, object_ids, given)
    return True


def options(uow: UnitOfWork, me: Me, bulk_id: int, now: datetime, *, draw: bool = False) -> Options:
    """What may follow, for how many, and why not for all. ``draw``: they are shown as they are now."""
    if draw:
        uow.bulks.draw(bulk_id)
    seen = uow.bulks.picked(bulk_id, sight(me.actor))
    found = fits(me.actor, [one.subject for one in seen], now)
    found.sort(key=lambda fit: (not fit.for_all, -fit.fits))
    return Options(len(seen), uow.bulks.count(bulk_id) - len(seen), found)


def hearers(uow: UnitOfWork, me: Me, bulk_id: int, target: ObjectStatus, now: datetime) -> list[str]:
    """The names of those who would be told if the status were set on all of them now."""
    audience = Audience(uow, now)
    ids: dict[int, None] = {}
    for record, client in uow.bulks.samples(bulk_id, sight(me.actor), SAMPLES):
        commissioned = record.commissioned or target is ObjectStatus.ACTIVE
        ahead = Subject(target, since=now, commissioned=commissioned)
        found = without_author(audience.of(Seen(record, client), ahead), me.actor.person_id)
        ids.update(dict.fromkeys(hearer.person_id for hearer in found))
    names = (person_name(uow, person_id) for person_id in ids)
    return [name for name in names if name]


def narrow(uow: UnitOfWork, me: Me, bulk_id: int, target: ObjectStatus, now: datetime) -> None:
    """Keep those that may take this status."""
    seen = uow.bulks.picked(bulk_id, sight(me.actor))
    keep = {one.object_id for one in seen if may_take(me.actor, one.subject, target, now)}
    uow.bulks.keep(bulk_id, keep)


def may_assign(me: Me) -> None:
    """``Refused`` if the person may not name installers."""
    if not me.has(MAY_ASSIGN):
        raise Refused(Reason.WRONG_ROLE)


def installers(uow: UnitOfWork, me: Me, bulk_id: int, *, draw: bool = False) -> Installers:
    """Who may be named for all of them; with several who look after them, nobody may."""
    may_assign(me)
    if draw:
        uow.bulks.draw(bulk_id)
    seen = uow.bulks.picked(bulk_id, sight(me.actor))
    counts: dict[int, int] = {}
    for one in seen:
        if one.parent_id is not None:
            counts[one.parent_id] = counts.get(one.parent_id, 0) + 1
    parents = []
    for parent_id, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        record = uow.organisations.get(parent_id)
        parents.append(Parent(parent_id, record.name if record else "", count))
    people = uow.people.with_role(Role.INSTALLER, parents[0].id) if len(parents) == 1 else ()
    return Installers(len(seen), parents, people)


def narrow_to_parent(uow: UnitOfWork, me: Me, bulk_id: int, parent_id: int) -> None:
    """Keep those of the clients whom this organisation looks after."""
    seen = uow.bulks.picked(bulk_id, sight(me.actor))
    uow.bulks.keep(bulk_id, {one.object_id for one in seen if one.parent_id == parent_id})


def installer_named(uow: UnitOfWork, me: Me, bulk_id: int, person_id: int | None) -> str | None:
    """The name of somebody who may be named for all; None for nobody; ``Refused`` for anybody else."""
    if person_id is None:
        may_assign(me)
        return None
    if all(person.id != person_id for person in installers(uow, me, bulk_id).people):
        raise Refused(Reason.NOT_FOUND)
    return person_name(uow, person_id)
