"""Who hears of an object, and the notices and alerts that this comes to.

    a change, a note --> ``tell``: a notice and an alert for everybody who hears, at once
    time passes --> ``bot.services.reminders``

What would fall into somebody's quiet hours is a notice alone: the morning brings it.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.services.times import deadline_of, rhythm_of
from domain.alerts import Because, Crowd, Hearer, Place, hearers, without_author
from domain.objects import ObjectStatus
from domain.process import Subject, matters
from domain.reminders import Stage, stage_of
from domain.rhythm import Rhythm
from domain.roles import Actor, Role
from domain.standing_in import stand_in_for
from storage.database import UnitOfWork
from storage.objects import Seen
from storage.outbox import Message
from storage.reminder_tables import AbsenceRecord, BoundChatRecord, NoticeRecord
from storage.tables import EntryKind, HistoryRecord, ObjectRecord, OrganisationRecord, PersonRecord

HEARD_IN_GROUPS = Role.MODERATOR | Role.ADMINISTRATOR
"""What these hear, the bound groups hear too."""


class Audience:
    """Who hears of objects; what is alike is asked about once."""

    def __init__(self, uow: UnitOfWork, now: datetime) -> None:
        self._uow = uow
        self._now = now
        self._silent = uow.watch.silent()
        self._away = uow.absences.all_open(now)
        self._crowds: dict[tuple[int, int | None], tuple[Actor, ...]] = {}
        self._known: dict[tuple[object, ...], list[Hearer]] = {}
        self._rhythms: dict[int, Rhythm] = {}
        self._groups: list[BoundChatRecord] | None = None

    def of(
        self,
        seen: Seen,
        subject: Subject[ObjectStatus],
        stage: Stage = Stage.SET,
        *,
        at: datetime | None = None,
    ) -> list[Hearer]:
        """Everybody who hears when this object is at this stage, now or at a later moment."""
        client, now = seen.client, at or self._now
        place = Place(client.id or 0, client.parent_id, seen.object.installer_id, client.support_id)
        away = _away(self._away, now)
        key = (place, matters(subject, now), stage, tuple(away))
        if key not in self._known:
            crowd = Crowd(self._actors(place), self._silent, away)
            self._known[key] = hearers(crowd, place, subject, stage, now)
        return self._known[key]

    def reached(self, person_id: int, at: datetime) -> int | None:
        """Who gets what is meant for a person of our own, whatever it is about: see ``Crowd.reached``."""
        taker = stand_in_for(person_id, _away(self._away, at))
        return taker if taker not in self._silent else None

    def rhythm(self, person_id: int) -> Rhythm:
        """The local day of a person."""
        if person_id not in self._rhythms:
            person = self._uow.people.get(person_id)
            if person is None:
                raise RuntimeError("people are never deleted")
            home = self._uow.session.get_one(OrganisationRecord, person.organisation_id)
            self._rhythms[person_id] = rhythm_of(self._uow, home)
        return self._rhythms[person_id]

    def groups(self) -> list[BoundChatRecord]:
        """The bound groups of people who may still bind them."""
        if self._groups is None:
            self._groups = [chat for chat in self._uow.bound_chats.all() if self._may_bind(chat.bound_by)]
        return self._groups

    def _may_bind(self, person_id: int) -> bool:
        person = self._uow.people.get(person_id)
        gone = person is None or person.removed_at is not None
        return not gone and bool(self._uow.people.roles(person_id) & HEARD_IN_GROUPS)

    def _actors(self, place: Place) -> tuple[Actor, ...]:
        scope = (place.client_id, place.parent_id)
        if scope not in self._crowds:
            self._crowds[scope] = tuple(self._uow.people.concerned(*scope))
        return self._crowds[scope]


def audience_of(uow: UnitOfWork, now: datetime) -> Audience:
    """The audience as of now; in a unit that only looks ahead it is the same all the time."""
    return uow.recall(Audience, lambda: Audience(uow, now))


def who_hears(
    uow: UnitOfWork, seen: Seen, subject: Subject[ObjectStatus], author_id: int | None, now: datetime
) -> list[PersonRecord]:
    """Those who would be told if the object were in this state."""
    found = without_author(Audience(uow, now).of(seen, subject), author_id)
    people = [uow.people.get(hearer.person_id) for hearer in found]
    return [person for person in people if person is not None]


def tell(
    uow: UnitOfWork, seen: Seen, subject: Subject[ObjectStatus], entry: HistoryRecord, now: datetime
) -> int:
    """Have everybody who hears told of a line of the history; how many they are."""
    audience = Audience(uow, now)
    found = without_author(audience.of(seen, subject), entry.person_id)
    tell_hearers(uow, audience, seen.object, found, entry, now)
    return len(found)


def tell_once(
    uow: UnitOfWork, seen: Seen, subject: Subject[ObjectStatus], entry: HistoryRecord, now: datetime
) -> None:
    """The client's users hear once, in the digest, that their machine is equipped."""
    if entry.kind is not EntryKind.STATUS or subject.status is not ObjectStatus.EQUIPPED:
        return
    audience = Audience(uow, now)
    found = without_author(audience.of(seen, subject, Stage.HEARD_ONCE), entry.person_id)
    uow.notices.add(
        notice_for(seen.object, Stage.HEARD_ONCE, hearer, entry.id or 0, due)
        for hearer in found
        for due in [audience.rhythm(hearer.person_id).next_digest(now)]
    )


def tell_hearers(
    uow: UnitOfWork,
    audience: Audience,
    record: ObjectRecord,
    found: Iterable[Hearer],
    entry: HistoryRecord,
    now: datetime,
) -> None:
    """Keep a notice for each of them, and queue its alert unless it is their quiet time."""
    notices = [
        notice_for(record, Stage.SET, hearer, entry.id or 0, audience.rhythm(hearer.person_id).speaks_at(now))
        for hearer in found
    ]
    notices += [
        notice_for(
            record, Stage.SET, hearer, entry.id or 0, audience.rhythm(chat.bound_by).speaks_at(now), chat
        )
        for hearer, chat in in_groups(audience, found)
    ]
    for notice in notices:
        notice.told_at = now if notice.due_at <= now else None
    uow.notices.add(notices)
    send(uow, [notice for notice in notices if notice.told_at], now)


def in_groups(audience: Audience, found: Iterable[Hearer]) -> list[tuple[Hearer, BoundChatRecord]]:
    """The bound groups that hear of it, each through the person who bound it."""
    heard = next((hearer for hearer in found if hearer.role & HEARD_IN_GROUPS), None)
    if heard is None:
        return []
    return [(Hearer(chat.bound_by, heard.role, heard.because), chat) for chat in audience.groups()]


def notice_for(
    record: ObjectRecord,
    stage: Stage,
    hearer: Hearer,
    history_id: int,
    due_at: datetime,
    chat: BoundChatRecord | None = None,
) -> NoticeRecord:
    """The notice of what somebody hears."""
    return NoticeRecord(
        object_id=record.id or 0,
        version=record.version,
        stage=stage.value,
        person_id=hearer.person_id,
        history_id=history_id,
        bound_chat_id=chat.id or 0 if chat is not None else 0,
        role=hearer.role.key,
        because=hearer.because,
        instead_of=hearer.instead_of,
        due_at=due_at,
    )


def send(uow: UnitOfWork, notices: Iterable[NoticeRecord], now: datetime) -> None:
    """Queue an alert for each of these notices, of one object each."""
    for notice in notices:
        key = f"alert:{notice.history_id}:{notice.person_id}:{notice.bound_chat_id}"
        queue_alert(uow, [notice], now, dedup_key=key if notice.history_id else None)


def queue_alert(
    uow: UnitOfWork, notices: list[NoticeRecord], now: datetime, *, dedup_key: str | None = None
) -> None:
    """Queue one message to one person or group: the facts; what is true of them is said when it is sent."""
    first = notices[0]
    payload: dict[str, object] = {"items": [[n.object_id, n.version, n.stage, n.history_id] for n in notices]}
    if first.bound_chat_id:
        chat = uow.bound_chats.get(first.bound_chat_id)
        chat_id = chat.chat_id if chat is not None else None
        payload |= {"bound": first.bound_chat_id}
    else:
        person = uow.people.get(first.person_id)
        chat_id = person.telegram_id if person is not None else None
    if chat_id is None:
        return
    uow.outbox.add([Message("alert", chat_id, payload, person_id=first.person_id, dedup_key=dedup_key)], now)


def tell_named(
    uow: UnitOfWork, record: ObjectRecord, person_id: int, role: Role, entry: HistoryRecord, now: datetime
) -> bool:
    """Tell somebody, or who stands in, that they are named for an object; False when nobody is reached.

    At whatever stage it is: that is told by this, too.
    """
    audience = Audience(uow, now)
    taker = audience.reached(person_id, now)
    if taker is None or taker == entry.person_id:
        return False
    named = Hearer(taker, role, Because.ASSIGNED, person_id if taker != person_id else None)
    tell_hearers(uow, audience, record, [named], entry, now)
    stage = stage_of(record.status_since, deadline_of(record), now)
    if stage > Stage.SET:
        known = notice_for(record, stage, named, 0, now)
        known.told_at = now
        uow.notices.add([known])
    return True


def _away(absences: dict[int, AbsenceRecord], now: datetime) -> dict[int, int | None]:
    return {person_id: one.stand_in_id for person_id, one in absences.items() if now < one.until}
