"""What may be done, said a second time: by the papers and by tables of the tests' own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.clients import ClientStatus
from domain.objects import ObjectStatus
from domain.process import COMMENT_LIMIT
from domain.roles import ROLES_OF, STAFF, Role
from storage.tables import EntryKind, HistoryRecord
from tests.domain import oracle
from tests.domain.test_documentation import roles as roles_in_words
from tests.domain.test_documentation import table
from tests.hostile import facts
from tests.hostile.facts import Facts, Person

MAIN_DAYS = {
    ObjectStatus(cells[0]): int(cells[3].split()[0]) for cells in table("Statuses of an object") if cells[3]
}
CLIENT_MOVES = {
    (None if before == "–" else ClientStatus(before), ClientStatus(after)): roles_in_words(who)
    for _number, before, after, who in table("Statuses of a client")
}
MAY = {
    EntryKind.NOTE: STAFF | Role.CLIENT,
    EntryKind.CORRECTION: Role.SUPPORT | Role.MODERATOR,
    EntryKind.ASSIGNMENT: Role.SUPPORT | Role.MANAGER | Role.MODERATOR,
}
TYPED = (
    "number",
    "name",
    "plate",
    "vin",
    "address",
    "contact",
    "terminal",
    "latitude",
    "longitude",
    "folded",
)
CARRIED = (
    "status", "status_since", "version", "commissioned", "open_request", "main_at", "urgent_at", "next_at",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What came between two moments, and by whom."""

    before: Facts
    after: Facts
    lines: Sequence[HistoryRecord]
    last_statuses: tuple[dict[int, str], dict[int, str]]
    authors: Sequence[Person]
    now: datetime
    arrived: bool
    """Whether somebody followed a link."""

    def history_is_allowed(self) -> None:
        """Each new line is by somebody who may; each status is the last of its history."""
        objects = dict(self.before.objects)
        clients = {key: one["status"] for key, one in self.before.organisations.items()}
        for line in self.lines:
            fitting = [one for one in self.authors if one.id == line.person_id]
            assert fitting, f"a line of somebody who did nothing: {line}"
            assert line.at == self.now
            assert line.role is not None
            assert any(Role.from_key(line.role) in one.roles for one in fitting)
            assert line.comment.strip()
            if line.client_id is not None:
                assert any(self._case_line(line, one, clients.get(line.client_id)) for one in fitting), line
                clients[line.client_id] = line.after
                continue
            assert line.object_id is not None
            record = objects.get(line.object_id) or self.after.objects[line.object_id]
            known = objects.get(line.object_id)
            assert any(self._object_line(line, one, known, record["client_id"]) for one in fitting), line
            objects[line.object_id] = _carried_on(known or record, line)
        found, cases = self.last_statuses
        for key, record in self.after.objects.items():
            assert record["status"] == found[key], "the status is not the last one of the history"
            was = objects.get(key, record)
            for name in ("status", "commissioned", "open_request", "status_since"):
                assert record[name] == was[name], f"{name} of {key} without a line of the history"
        for key, organisation in self.after.organisations.items():
            assert organisation["status"] == cases.get(key)

    def _object_line(
        self, line: HistoryRecord, author: Person, known: facts.Columns | None, client_id: int
    ) -> bool:
        if not self.after.sees(author, client_id):
            return False
        if line.kind is not EntryKind.STATUS:
            return bool(author.roles & MAY[line.kind]) and known is not None and line.before is None
        assert len(line.comment) <= COMMENT_LIMIT
        if known is None:
            return line.before is None and line.after in oracle.targets(author.roles, oracle.State(None))
        since, status = known["status_since"], ObjectStatus(known["status"])
        main = MAIN_DAYS.get(status)
        if known["open_request"]:
            main = 1
        state = oracle.State(
            status,
            late=main is not None and line.at >= since + timedelta(days=main),
            in_time=line.at < since + timedelta(days=8),
            commissioned=known["commissioned"],
            open_request=known["open_request"] is not None,
        )
        by_client = line.role == Role.CLIENT.key
        rated = by_client and (line.before, line.after) == (ObjectStatus.VERIFIED, ObjectStatus.ACTIVE)
        assert (line.rating in range(1, 6)) if rated else line.rating is None
        asked = by_client and line.after == ObjectStatus.OUT_OF_SERVICE
        assert (line.reason is not None) == asked
        return line.before == status and line.after in oracle.targets(author.roles, state)

    def _case_line(self, line: HistoryRecord, author: Person, status: str | None) -> bool:
        allowed = CLIENT_MOVES.get(
            (ClientStatus(status) if status else None, ClientStatus(line.after or "")), Role(0)
        )
        seen = self.after.sees(author, line.client_id or 0) and author.is_staff
        return seen and bool(author.roles & allowed) and line.before == status

    def nothing_else_changed(self) -> None:
        """What is no line of the history: fields, people, roles, organisations, invitations."""
        kinds: dict[int, set[EntryKind]] = {}
        for line in self.lines:
            kinds.setdefault(line.object_id or 0, set()).add(EntryKind(line.kind))
        administered = any(Role.ADMINISTRATOR in one.roles for one in self.authors)
        for key, record in self.after.objects.items():
            was, said = self.before.objects.get(key), kinds.get(key, set())
            if was is None:
                assert EntryKind.STATUS in said
                continue
            changed = {name for name, value in record.items() if value != was[name]}
            changed -= {"next_at"}  # when it is looked at: nothing that anybody is told of
            if EntryKind.STATUS in said:
                changed -= {*CARRIED, "terminal", "folded"}
            if EntryKind.CORRECTION in said:
                changed -= set(TYPED)
            if EntryKind.ASSIGNMENT in said or administered:
                changed -= {"installer_id"}
            assert not changed, f"{changed} of {key} without a line of the history"
        assert self.after.objects.keys() >= self.before.objects.keys()
        self._people_changed_by_administrators(administered=administered)
        cases = {line.client_id for line in self.lines if line.client_id is not None}
        assigned = any(EntryKind.ASSIGNMENT in one for one in kinds.values())
        for key, organisation in self.after.organisations.items():
            was = self.before.organisations.get(key)
            changed = {name for name, value in organisation.items() if was is None or value != was[name]}
            if assigned or administered:
                changed -= {"support_id"}
            assert not changed or key in cases, f"{changed} of organisation {key}"

    def _people_changed_by_administrators(self, *, administered: bool) -> None:
        before, after = self.before, self.after
        for key, person in after.people.items():
            known = before.people.get(key)
            assert not person.roles & ~ROLES_OF[person.kind]
            if known != person:
                assert administered or self.arrived, f"a person changed: {known} {person}"
                assert known is None or known.organisation_id == person.organisation_id
        assert administered or after.people.keys() >= before.people.keys(), "a person was removed"
        if before.invitations.keys() != after.invitations.keys():
            assert administered, "an invitation by somebody who may not"
        assert any(Role.ADMINISTRATOR in one.roles and one.account for one in after.people.values()), (
            "no administrator is left"
        )


def _carried_on(record: facts.Columns, line: HistoryRecord) -> dict[str, Any]:
    """An object after a line of its history."""
    if line.kind is not EntryKind.STATUS:
        return record
    request = line.reason if line.reason is not None and line.reason.is_request else None
    active = record["commissioned"] or line.after == ObjectStatus.ACTIVE
    new = {"status": line.after, "status_since": line.at, "commissioned": active, "open_request": request}
    return {**record, **new}
