"""Buttons of the times of organisations."""

from dataclasses import dataclass
from enum import StrEnum

from bot.buttons.base import Button


@dataclass(frozen=True, slots=True)
class Times(Button):
    """The times of an organisation; none: choose one."""

    TAG = "tms"
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class SetTime(Button):
    """Set this for an organisation: the times of a status by its name, or something else."""

    TAG = "tset"
    organisation_id: int
    name: str


@dataclass(frozen=True, slots=True)
class TimesTrail(Button):
    """A page of who changed what."""

    TAG = "ttrail"
    organisation_id: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class KeepTime(Button):
    """«Set it». It says whose time, so that a second tap shows how that is now."""

    TAG = "tdo"
    organisation_id: int
    name: str


class Instead(StrEnum):
    """What may be pressed in place of typing a value."""

    INHERITED = "back"
    NONE = "none"
    RED_PASSES = "red"
    RED_WAITS = "wait"


@dataclass(frozen=True, slots=True)
class PickInstead(Button):
    """An answer that need not be typed. It names the setting, so that a second tap means nothing else."""

    TAG = "tval"
    name: str
    what: Instead
