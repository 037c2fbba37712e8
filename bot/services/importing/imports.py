"""The use cases of an import: begin, choose columns, check, go, take over, leave.

Each asks first whether the person may import and still sees the client; what is not theirs does not exist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.services.alerts import Audience, who_hears
from bot.services.cases import object_case
from bot.services.importing.checking import Counts
from bot.services.importing.headings import is_guess
from bot.services.importing.reading import Found, Understood
from bot.services.objects import client_for_object
from bot.services.people import Me
from bot.services.times import due_values, schedule_for
from bot.texts import importing as words
from domain.imports import BadFile, Part
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Reason, Refused, Request, Route, Subject
from storage.database import UnitOfWork
from storage.import_tables import ImportRecord, ImportState
from storage.imports import Stamp
from storage.outbox import Message
from storage.tables import ObjectRecord, OrganisationRecord, PersonRecord

LANE = 1
"""The outbox chat in which imports are worked on, one after the other: no person waits behind them."""
KEPT = timedelta(days=2)
"""How long a checked list waits for its person."""
NAME = 120
"""Characters that are kept of a file's name."""

_S = ImportState
_WAITING = (_S.READING, _S.ASKING, _S.CHECKING, _S.CHECKED)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import changed, and how many people are told."""

    created: int
    corrected: int
    left_out: int
    told: int


def begin(  # what an import is made of
    uow: UnitOfWork, me: Me, client_id: int, file_name: str, file_id: str, chat_id: int | None, now: datetime
) -> ImportRecord:
    """Begin an import in place of what the person has begun and not finished."""
    client_for_object(uow, me, client_id)
    if me.actor.person_id is not None:
        for earlier in uow.imports.open_of(me.actor.person_id):
            uow.imports.move(earlier, _WAITING, {"finished_at": now}, to=_S.CANCELED)
    record = uow.imports.add(
        ImportRecord(
            person_id=me.actor.person_id,
            chat_id=chat_id,
            client_id=client_id,
            file_id=file_id,
            file_name=" ".join(file_name.split())[:NAME] or "list",
            created_at=now,
        )
    )
    work_on(uow, record, now)
    return record


def work_on(uow: UnitOfWork, record: ImportRecord, now: datetime) -> None:
    """Have the next step done that needs no person; at the command line the command does it."""
    if record.chat_id is not None:
        uow.outbox.add([Message("import_work", LANE, {"import_id": record.id})], now)


def mine(uow: UnitOfWork, me: Me, import_id: int) -> tuple[ImportRecord, OrganisationRecord]:
    """The person's own import with its client; ``Refused`` when it is not theirs, or not any more."""
    record = uow.imports.get(import_id)
    if record is None or record.person_id != me.actor.person_id:
        raise Refused(Reason.NOT_FOUND)
    return record, client_for_object(uow, me, record.client_id)


def understood(
    uow: UnitOfWork, record: ImportRecord, known: Understood, found: Found, *, ask: bool = False
) -> bool:
    """Keep how the file was understood: on to the dry run, or to the person if it is not clear."""
    layout = found.layout
    clear = layout.is_clear and not ask
    values = {
        "sheet": known.sheet[:120],
        "other_sheets": [name[:120] for name in known.other_sheets[:20]],
        "last": known.last,
        "heading": found.last_heading,
        "titles": [title[:60] for title in layout.titles],
        "samples": [sample[:60] for sample in found.samples],
        "columns": {part.value: column for part, column in layout.columns.items()},
        "twice": {part.value: list(columns) for part, columns in layout.twice.items()},
        "done": 0,
    }
    return uow.imports.move(
        record.id or 0, [_S.READING], values, to=_S.CHECKING if clear else _S.ASKING
    )  # fmt: skip


def refused(uow: UnitOfWork, import_id: int, bad: BadFile, now: datetime) -> bool:
    """The file cannot be imported."""
    values = {"problem": bad.problem.value, "where": bad.where[:120], "finished_at": now}
    return uow.imports.move(import_id, (*_WAITING, _S.WRITING), values, to=_S.REFUSED)


def choose_column(uow: UnitOfWork, me: Me, import_id: int, part: Part, column: int | None) -> ImportRecord:
    """Say which column holds a part; None: none does. A column holds one part only."""
    record, _client = mine(uow, me, import_id)
    if column is not None and not 0 <= column < max(len(record.titles), len(record.samples)):
        raise Refused(Reason.BAD_VALUE)
    columns = {name: at for name, at in record.columns.items() if at != column and name != part}
    if column is not None:
        columns[part.value] = column
    twice = {name: found for name, found in record.twice.items() if name != part}
    _move(uow, record, [_S.ASKING, _S.CHECKED], {"columns": columns, "twice": twice}, to=_S.ASKING)
    return record


def say_heading(uow: UnitOfWork, me: Me, import_id: int, *, machine: bool) -> ImportRecord:
    """Say whether the row that was taken for the heading is a machine; a heading that is known is none."""
    record, _client = mine(uow, me, import_id)
    if not is_guess(record.titles):
        raise Refused(Reason.BAD_VALUE)
    row = abs(record.heading)
    _move(uow, record, [_S.ASKING, _S.CHECKED], {"heading": -row if machine else row}, to=_S.ASKING)
    return record


def check(uow: UnitOfWork, me: Me, import_id: int, now: datetime) -> ImportRecord:
    """Do the dry run with the columns as they are chosen."""
    record, _client = mine(uow, me, import_id)
    if Part.NUMBER not in record.columns:
        raise Refused(Reason.BAD_VALUE)
    _move(uow, record, [_S.ASKING], {"done": 0, "twice": {}}, to=_S.CHECKING)
    work_on(uow, record, now)
    return record


def checked(uow: UnitOfWork, import_id: int, counts: Counts) -> bool:
    """The dry run is over; False when the person has left meanwhile."""
    values = {
        "new": counts.new, "same": counts.same, "changed": counts.changed, "wrong": counts.wrong,
        "faults": counts.faults,
    }  # fmt: skip
    return uow.imports.move(import_id, [_S.CHECKING], values, to=_S.CHECKED)


def go(uow: UnitOfWork, me: Me, import_id: int, now: datetime) -> ImportRecord:
    """Import the good rows: once, however often it is pressed."""
    record, _client = mine(uow, me, import_id)
    if not record.new + record.changed:
        raise Refused(Reason.BAD_VALUE)
    _move(uow, record, [_S.CHECKED], {}, to=_S.WRITING)
    work_on(uow, record, now)
    return record


def leave(uow: UnitOfWork, me: Me, import_id: int, now: datetime) -> bool:
    """Forget an import; False when it is too late for that."""
    record, _client = mine(uow, me, import_id)
    return uow.imports.move(import_id, _WAITING, {"finished_at": now}, to=_S.CANCELED) or (
        record.state is _S.CANCELED
    )


def forget_stale(uow: UnitOfWork, now: datetime) -> None:
    """Leave imports that nobody went on with for long."""
    for import_id in uow.imports.stale(now - KEPT):
        uow.imports.move(import_id, (*_WAITING, _S.WRITING), {"finished_at": now}, to=_S.CANCELED)


def take_over(uow: UnitOfWork, me: Me, import_id: int, now: datetime) -> Taken | None:
    """Make the staged rows true, all in this transaction, and have people told; None: it was done before."""
    record, client = mine(uow, me, import_id)
    if record.state is not _S.WRITING:
        return None
    nothing: Subject[ObjectStatus] = Subject(None)
    comment = words.own_comment(record.file_name)
    decision = OBJECT_PROCESS.decide(
        me.actor, nothing, Request(ObjectStatus.NEW, comment), now, Route.IMPORT
    )  # fmt: skip
    stamp = Stamp(now, me.actor.person_id, decision.role.key or "", comment, decision.row.no)
    left_out = uow.imports.drop_outdated(import_id, record.client_id)
    corrected = uow.imports.correct_staged(import_id, stamp)
    created = uow.imports.create_staged(import_id, record.client_id, stamp, _as_new(uow, client, now))
    values = {
        "created": created, "corrected": corrected, "finished_at": now,
        "left_out": [f"{number} ({line})" for line, number in left_out[:20]],
    }  # fmt: skip
    if not uow.imports.move(import_id, [_S.WRITING], values, to=_S.DONE):
        raise Refused(Reason.SOMEBODY_WAS_FASTER)
    told = _tell(uow, me, import_id, client, now) if created else 0
    return Taken(created, corrected, len(left_out), told)


def hearers(uow: UnitOfWork, me: Me, client: OrganisationRecord, now: datetime) -> Iterable[PersonRecord]:
    """Who will hear that a client has new objects."""
    record = ObjectRecord(
        client_id=client.id or 0, number="", status=ObjectStatus.NEW, status_since=now, created_at=now
    )
    case = object_case(record, client)
    return who_hears(uow, case.seen, case.subject, me.actor.person_id, now)


def _tell(uow: UnitOfWork, me: Me, import_id: int, client: OrganisationRecord, now: datetime) -> int:
    """One alert a person for the whole import: the fact, rendered when it is sent."""
    people = [person for person in hearers(uow, me, client, now) if person.telegram_id is not None]
    audience = Audience(uow, now)
    uow.outbox.add(
        [
            Message(
                "import",
                person.telegram_id or 0,
                {"import_id": import_id},
                person_id=person.id,
                dedup_key=f"import:{import_id}:{person.id}",
                due_at=audience.rhythm(person.id or 0).speaks_at(now),
            )
            for person in people
        ],
        now,
    )
    return len(people)


def _as_new(uow: UnitOfWork, client: OrganisationRecord, now: datetime) -> Mapping[str, Any]:
    deadline = schedule_for(uow, client).deadline(ObjectStatus.NEW, now)
    return {
        "status": ObjectStatus.NEW,
        "status_since": now,
        "version": 1,
        "commissioned": False,
        **due_values(deadline, now),
        "created_at": now,
    }


def _move(
    uow: UnitOfWork,
    record: ImportRecord,
    states: Iterable[ImportState],
    values: Mapping[str, Any],
    *,
    to: ImportState,
) -> None:
    if not uow.imports.move(record.id or 0, states, values, to=to):
        raise Refused(Reason.SOMEBODY_WAS_FASTER)
