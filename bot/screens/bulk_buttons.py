"""The buttons of what is done to many objects at once. What is picked stands in the database, not in them."""

from dataclasses import dataclass

from bot.buttons import Button, ObjectList


@dataclass(frozen=True, slots=True)
class SelectFrom(ObjectList):
    """Begin to pick objects from this list."""

    TAG = "sel"


@dataclass(frozen=True, slots=True)
class Tick(Button):
    """Put an object in, or take it out: the button says which, so a second tap changes nothing."""

    TAG = "tick"
    object_id: int
    on: bool


@dataclass(frozen=True, slots=True)
class TickList(Button):
    """Put in the whole list; not ``on``: take everything out."""

    TAG = "tickall"
    on: bool


@dataclass(frozen=True, slots=True)
class PickPage(Button):
    """Turn the list from which objects are picked."""

    TAG = "tickp"
    page: int


@dataclass(frozen=True, slots=True)
class BulkDo(Button):
    """What is to be done to all: ``status``, ``assign``, or nothing said yet."""

    TAG = "bdo"
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class BulkTo(Button):
    """This status, by its place in ObjectStatus. ``narrow``: first keep those for which it is allowed."""

    TAG = "bto"
    status: int
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class BulkName(Button):
    """This installer for all; none takes the assignments away."""

    TAG = "bname"
    person_id: int | None


@dataclass(frozen=True, slots=True)
class BulkPeople(Button):
    """Turn the list of installers."""

    TAG = "bppl"
    page: int


@dataclass(frozen=True, slots=True)
class BulkOf(Button):
    """Keep the objects that this organisation looks after."""

    TAG = "bof"
    parent_id: int


@dataclass(frozen=True, slots=True)
class BulkReport(Button):
    """How far a bulk change is, and what became of each."""

    TAG = "brep"
    bulk_id: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class BulkFile(Button):
    """What became of each, as a file."""

    TAG = "bfile"
    bulk_id: int


@dataclass(frozen=True, slots=True)
class BulkObjects(Button):
    """The objects of somebody's bulk change that are my turn now."""

    TAG = "bobj"
    bulk_id: int
    page: int = 0


INSIDE = (Tick, TickList, PickPage, BulkDo, BulkTo, BulkName, BulkPeople, BulkOf)
"""Those that have a meaning inside of the dialogue only."""
