"""The statuses of an object and OBJECT_PROCESS: the 35 rows, numbered as in docs/processes.md."""

from enum import StrEnum

from domain.process import Condition, Process, Row
from domain.roles import Role


class ObjectStatus(StrEnum):
    """A status of an object; the value is its name in chat and in the database."""

    NEW = "New"
    """Set when the object is created or imported from the client's list of machines."""
    CANCELED = "Canceled"
    """No equipment is to be installed at this stage, or ever."""
    EQUIPPED = "Equipped"
    """The equipment is fully installed and configured."""
    VERIFIED = "Verified"
    """Support has checked the installed equipment; the client has 8 days to answer."""
    FAULTY = "Faulty"
    """The equipment is right but works wrongly through the client's fault."""
    ACTIVE = "Active"
    """The client accepted the commissioning and rated it."""
    OUT_OF_SERVICE = "Out of service"
    """Not in operation; while the client's request is open, it has a deadline."""
    DIAGNOSTICS = "Diagnostics"
    """Diagnostics are ordered because of errors in operation."""
    SERVICE = "Service"
    """Service work has to be carried out."""
    DISMANTLING = "Dismantling"
    """Equipment was removed during the service and not replaced."""
    INSTALLATION = "Installation"
    """The removed equipment, or a replacement, is back on the object."""
    ADDITIONAL_ORDER = "Additional order"
    """The client wants additional equipment on the object."""
    SERVICED = "Serviced"
    """The service work, or the additional equipment, is complete."""
    BLOCKED = "Blocked"
    """A temporary block."""
    DECOMMISSIONED = "Decommissioned"
    """A permanent block: there is no way back."""


NEW, CANCELED, EQUIPPED, VERIFIED, FAULTY = (
    ObjectStatus.NEW, ObjectStatus.CANCELED, ObjectStatus.EQUIPPED, ObjectStatus.VERIFIED,
    ObjectStatus.FAULTY,
)  # fmt: skip
ACTIVE, OUT_OF_SERVICE, DIAGNOSTICS, SERVICE, DISMANTLING = (
    ObjectStatus.ACTIVE, ObjectStatus.OUT_OF_SERVICE, ObjectStatus.DIAGNOSTICS, ObjectStatus.SERVICE,
    ObjectStatus.DISMANTLING,
)  # fmt: skip
INSTALLATION, ADDITIONAL_ORDER, SERVICED, BLOCKED, DECOMMISSIONED = (
    ObjectStatus.INSTALLATION, ObjectStatus.ADDITIONAL_ORDER, ObjectStatus.SERVICED, ObjectStatus.BLOCKED,
    ObjectStatus.DECOMMISSIONED,
)  # fmt: skip

INSTALLER, SUPPORT, MANAGER = Role.INSTALLER, Role.SUPPORT, Role.MANAGER
MODERATOR, ADMINISTRATOR, CLIENT, SYSTEM = Role.MODERATOR, Role.ADMINISTRATOR, Role.CLIENT, Role.SYSTEM

WITHIN_8_DAYS, NEVER_ACTIVE, WAS_ACTIVE = (
    Condition.WITHIN_8_DAYS, Condition.NEVER_ACTIVE, Condition.WAS_ACTIVE,
)  # fmt: skip
RATING, REASON, CONFIRM_TWICE, AUTOMATIC = (
    Condition.RATING, Condition.REASON, Condition.CONFIRM_TWICE, Condition.AUTOMATIC,
)  # fmt: skip

OBJECT_PROCESS: Process[ObjectStatus] = Process((
    Row(1, None, NEW, MODERATOR | SUPPORT),
    Row(2, NEW, CANCELED, MODERATOR | SUPPORT),
    Row(3, NEW, DECOMMISSIONED, MODERATOR | SUPPORT, (CONFIRM_TWICE,)),
    Row(4, NEW, EQUIPPED, INSTALLER | SUPPORT | MANAGER),
    Row(5, CANCELED, NEW, MODERATOR | SUPPORT),
    Row(6, EQUIPPED, NEW, MODERATOR | SUPPORT),
    Row(7, EQUIPPED, VERIFIED, SUPPORT | MODERATOR),
    Row(8, EQUIPPED, FAULTY, SUPPORT | MANAGER),
    Row(9, VERIFIED, EQUIPPED, MODERATOR),
    Row(10, VERIFIED, ACTIVE, CLIENT, (WITHIN_8_DAYS, RATING)),
    Row(11, VERIFIED, EQUIPPED, CLIENT, (WITHIN_8_DAYS, NEVER_ACTIVE)),
    Row(12, VERIFIED, DIAGNOSTICS, CLIENT, (WITHIN_8_DAYS, WAS_ACTIVE)),
    Row(13, VERIFIED, ACTIVE, MODERATOR),
    Row(14, VERIFIED, DIAGNOSTICS, MODERATOR),
    Row(15, FAULTY, DIAGNOSTICS, SUPPORT | MODERATOR),
    Row(16, FAULTY, DIAGNOSTICS, CLIENT),
    Row(17, ACTIVE, OUT_OF_SERVICE, SUPPORT | MODERATOR),
    Row(18, ACTIVE, OUT_OF_SERVICE, CLIENT, (REASON,)),
    Row(19, ACTIVE, DIAGNOSTICS, SUPPORT | MODERATOR),
    Row(20, ACTIVE, ADDITIONAL_ORDER, SUPPORT | MODERATOR),
    Row(21, ACTIVE, BLOCKED, SUPPORT | MODERATOR),
    Row(22, OUT_OF_SERVICE, ACTIVE, SUPPORT | MODERATOR | CLIENT | SYSTEM, (AUTOMATIC,)),
    Row(23, DIAGNOSTICS, VERIFIED, SUPPORT | MANAGER, late=MODERATOR | ADMINISTRATOR),
    Row(24, DIAGNOSTICS, SERVICE, SUPPORT | MANAGER, late=MODERATOR | ADMINISTRATOR),
    Row(25, SERVICE, DISMANTLING, INSTALLER | SUPPORT | MANAGER),
    Row(26, SERVICE, SERVICED, INSTALLER | SUPPORT | MANAGER),
    Row(27, DISMANTLING, INSTALLATION, INSTALLER | SUPPORT | MANAGER),
    Row(28, INSTALLATION, SERVICED, INSTALLER | SUPPORT | MANAGER),
    Row(29, ADDITIONAL_ORDER, SERVICE, SUPPORT | MANAGER),
    Row(30, SERVICED, VERIFIED, SUPPORT | MANAGER),
    Row(31, SERVICED, FAULTY, SUPPORT | MANAGER),
    Row(32, SERVICED, SERVICE, SUPPORT | MANAGER),
    Row(33, BLOCKED, ACTIVE, SUPPORT | MANAGER | CLIENT),
    Row(34, BLOCKED, DIAGNOSTICS, SUPPORT | MANAGER | CLIENT),
    Row(35, BLOCKED, DECOMMISSIONED, SUPPORT | MANAGER, (CONFIRM_TWICE,)),
))  # fmt: skip

ASKS_TERMINAL = frozenset({EQUIPPED, INSTALLATION, SERVICED})
"""Statuses at whose setting the terminal's number is asked for (type it, keep it, or skip)."""
