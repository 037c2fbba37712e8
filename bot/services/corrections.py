"""Corrections of what is known about an object, each with a trail in its history."""

import re
from datetime import datetime

from bot.services.cases import free_terminal, load
from bot.services.objects import LENGTHS, MAY_CORRECT, checked_field, checked_terminal, history_line
from bot.services.people import Me
from domain.process import Kind, Reason, Refused
from storage.database import UnitOfWork
from storage.tables import EntryKind, ObjectRecord

FIELDS = ("number", "name", "plate", "vin", "address", "position", "contact", "terminal")
"""What can be corrected; a terminal's place on the object is told by a change of status too."""
NEEDED = frozenset({"number"})
"""What may not be empty."""
NOTHING = "–"
_POSITION = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)")

Position = tuple[float, float]


def correctable(uow: UnitOfWork, me: Me, object_id: int) -> ObjectRecord:
    """The object whose fields the person may correct; ``Refused`` otherwise."""
    record = load(uow, me, Kind.OBJECT, object_id).seen.object
    if not me.has(MAY_CORRECT):
        raise Refused(Reason.WRONG_ROLE)
    return record


def value_of(record: ObjectRecord, field: str) -> str:
    """A field of an object as it is shown; empty when it is not known."""
    if field != "position":
        return str(getattr(record, field) or "")
    if record.latitude is None or record.longitude is None:
        return ""
    return f"{record.latitude:.5f}, {record.longitude:.5f}"


def correct(uow: UnitOfWork, me: Me, object_id: int, field: str, value: str, now: datetime) -> bool:
    """Correct a field; False when it was so already, ``Refused`` if it does not fit or may not be."""
    record = correctable(uow, me, object_id)
    if field == "terminal":
        new = checked_terminal(value) if value.strip() else ""
        if new and new != record.terminal:
            free_terminal(uow, new)
    elif field in LENGTHS:
        new = checked_field(field, value)
        if field == "number" and new != record.number and uow.objects.by_number(record.client_id, new):
            raise Refused(Reason.ALREADY_EXISTS)
    else:
        raise Refused(Reason.BAD_VALUE)
    before = value_of(record, field)
    if new == before:
        return False
    setattr(record, field, new or (None if field == "terminal" else ""))
    _keep(uow, me, record, field, before, now)
    return True


def place(uow: UnitOfWork, me: Me, object_id: int, position: Position | None, now: datetime) -> bool:
    """Correct the object's position, or take it away; False when it was so already."""
    record = correctable(uow, me, object_id)
    before = value_of(record, "position")
    record.latitude, record.longitude = checked_position(*position) if position else (None, None)
    if value_of(record, "position") == before:
        return False
    _keep(uow, me, record, "position", before, now)
    return True


def read_position(typed: str) -> Position:
    """A position typed as «50.45, 30.52»: latitude, longitude; ``Refused`` if it is none."""
    found = _POSITION.fullmatch(typed.strip())
    if found is None:
        raise Refused(Reason.BAD_VALUE)
    return checked_position(float(found[1]), float(found[2]))


def checked_position(latitude: float, longitude: float) -> Position:
    """A position on Earth; ``Refused`` if it is none."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004  # degrees
        raise Refused(Reason.BAD_VALUE)
    return latitude, longitude


def _keep(uow: UnitOfWork, me: Me, record: ObjectRecord, field: str, before: str, now: datetime) -> None:
    uow.objects.save(record)
    trail = f"{field}: {before or NOTHING} → {value_of(record, field) or NOTHING}"
    uow.history.add(history_line(me, record.id or 0, EntryKind.CORRECTION, trail, now))
