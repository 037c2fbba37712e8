"""A fleet of any size, the same at each run: what the benchmarks search."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert, text

from domain.clients import ClientStatus
from domain.deadlines import DEFAULT_SCHEDULE, soon_at
from domain.objects import ObjectStatus
from domain.roles import OrganisationKind
from storage.database import Database
from storage.search import searchable
from storage.tables import ObjectRecord, OrganisationRecord

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PARTNER = 2
"""Looks after every fifth client."""
CLIENT = 10
RARE = "\u0416\u0443\u0436\u0435\u043b\u0438\u0446\u0430"
"""The name of five machines, whatever the size."""

_BATCH = 5_000
_CLIENTS = 500
_NAMES = (
    "KamAZ 65115", "John Deere 8R", "\u041a\u0430\u043c\u0430\u0437 4310", "MAN TGS 41",
    "\u042d\u043a\u0441\u043a\u0430\u0432\u0430\u0442\u043e\u0440 Hitachi", "Claas Lexion",
    "\u041c\u0422\u0417-82", "Volvo FH",
)  # fmt: skip
_LETTERS = "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
_VIN = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_DAYS = {ObjectStatus.ACTIVE: 900, ObjectStatus.CANCELED: 400, ObjectStatus.DECOMMISSIONED: 900}
_STATUSES = (
    *[ObjectStatus.ACTIVE] * 12, ObjectStatus.CANCELED, ObjectStatus.DECOMMISSIONED,
    *[ObjectStatus.NEW] * 3, ObjectStatus.EQUIPPED, ObjectStatus.VERIFIED, ObjectStatus.SERVICE,
)  # fmt: skip


def fill(database: Database, size: int) -> None:
    """Write the fleet into a migrated database: a batch in memory at a time."""
    with database.engine.execution_options(writes=True).begin() as connection:
        connection.execute(insert(OrganisationRecord), list(_organisations()))
        machines = _machines(size)
        while batch := list(islice(machines, _BATCH)):
            connection.execute(insert(ObjectRecord), batch)


def settle(database: Database) -> None:
    """Do what a PostgreSQL server does by itself after a while."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _organisations() -> Iterator[dict[str, Any]]:
    common = {"time_zone": "UTC", "version": 0, "created_at": NOW, "folded": ""}
    case = {"status": None, "status_since": None, "parent_id": None}
    group, partner, client = OrganisationKind
    yield {**common, **case, "id": 1, "name": "Group", "kind": group}
    yield {**common, **case, "id": PARTNER, "name": "Partner", "kind": partner}
    for number in range(_CLIENTS):
        yield {
            **common, "id": 10 + number, "name": f"Client {number}", "kind": client,
            "parent_id": PARTNER if number % 5 == 0 else 1,
            "status": ClientStatus.NEW, "status_since": NOW,
        }  # fmt: skip


def _machines(size: int) -> Iterator[dict[str, Any]]:
    random = Random(7)  # noqa: S311  # a fleet, not a secret
    rare = {size * part // 5 for part in range(5)}
    for number in range(size):
        status = random.choice(_STATUSES)
        since = NOW - timedelta(days=_DAYS.get(status, 9), seconds=3) * random.random()
        deadline = DEFAULT_SCHEDULE.deadline(status, since)
        fields = {
            "number": f"T-{number}",
            "name": RARE if number in rare else random.choice(_NAMES),
            "plate": f"{random.choice(_LETTERS)} {random.randrange(1000):03} "
            f"{''.join(random.choices(_LETTERS, k=2))} {random.randrange(1, 200)}",
            "vin": "".join(random.choices(_VIN, k=17)),
            "terminal": f"8630{random.randrange(1_000):03}{number:08}",
        }
        yield {
            **fields, "client_id": 10 + random.randrange(_CLIENTS), "folded": searchable(**fields),
            "address": "", "contact": "", "status": status, "status_since": since, "version": 1,
            "commissioned": status is ObjectStatus.ACTIVE, "created_at": since,
            "main_at": deadline.main_at if deadline else None,
            "urgent_at": deadline.urgent_at if deadline else None,
            "next_at": soon_at(since, deadline) if deadline else None,
        }  # fmt: skip
