"""The statuses of a client organisation as a sales case and CLIENT_PROCESS, creation first."""

from enum import StrEnum

from domain.process import Process, Row
from domain.roles import STAFF, Role


class ClientStatus(StrEnum):
    """A status of a client; the value is its name in chat and in the database."""

    NEW = "New"
    POTENTIAL = "Potential"
    IN_DEVELOPMENT = "In development"
    TEST = "Test"
    FOR_REGISTRATION = "For registration"
    IMPLEMENTATION = "Implementation"
    WORKS = "Works"
    HAVE_WORKED = "Have worked"
    LOST = "Lost"
    REFUSAL = "Refusal"


_S = ClientStatus

CLIENT_PROCESS: Process[ClientStatus] = Process((
    Row(1, None, _S.NEW, Role.MANAGER | Role.MODERATOR | Role.ADMINISTRATOR),
    Row(2, _S.NEW, _S.POTENTIAL, STAFF),
    Row(3, _S.NEW, _S.REFUSAL, STAFF),
    Row(4, _S.POTENTIAL, _S.IN_DEVELOPMENT, STAFF),
    Row(5, _S.IN_DEVELOPMENT, _S.TEST, STAFF),
    Row(6, _S.TEST, _S.FOR_REGISTRATION, STAFF),
    Row(7, _S.TEST, _S.REFUSAL, STAFF),
    Row(8, _S.FOR_REGISTRATION, _S.IMPLEMENTATION, STAFF),
    Row(9, _S.IMPLEMENTATION, _S.WORKS, STAFF),
    Row(10, _S.WORKS, _S.HAVE_WORKED, STAFF),
    Row(11, _S.HAVE_WORKED, _S.LOST, STAFF),
    Row(12, _S.LOST, _S.POTENTIAL, STAFF),
    Row(13, _S.REFUSAL, _S.POTENTIAL, STAFF),
))  # fmt: skip
