"""A small company whose people talk with the real bot."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import col, select, update

from domain.clients import ClientStatus
from domain.objects import ObjectStatus
from domain.roles import Role
from storage import migrations
from storage.database import Database, UnitOfWork
from storage.history import Entry
from storage.queues import OutboxRecord, OutboxState
from storage.tables import ObjectRecord, OrganisationRecord, PersonRecord
from tests import builders
from tests.builders import key
from tests.talk import Stage, Talk

T = TypeVar("T")

PEOPLE = {
    "Mona": ("Group", Role.MODERATOR),
    "Adam": ("Group", Role.ADMINISTRATOR),
    "Gus": ("Group", Role.INSTALLER),
    "Gina": ("Group", Role.SUPPORT),
    "Gwen": ("Group", Role.MANAGER),
    "Dora": ("Delta", Role.CLIENT),
    "Anna": ("North", Role.INSTALLER),
    "Ivan": ("North", Role.SUPPORT),
    "Olga": ("North", Role.MANAGER),
    "Clara": ("Agro", Role.CLIENT),
    "Stan": ("South", Role.SUPPORT),
    "Tina": ("Terra", Role.CLIENT),
}
"""Who is what, and where. South and its client Terra have nothing to do with the others."""

TAKES = {
    Role.INSTALLER: "Anna", Role.SUPPORT: "Ivan", Role.MANAGER: "Olga", Role.MODERATOR: "Mona",
    Role.ADMINISTRATOR: "Adam", Role.CLIENT: "Clara",
}  # fmt: skip
"""Whom an object of Agro meets in each role."""

QUIET_TRIES = 1000
_numbers = itertools.count(1)


class World:
    """The company, its database, and everybody's chat."""

    def __init__(
        self,
        folder: Path,
        url: str | None = None,
        environment: Mapping[str, str] | None = None,
        *,
        started: bool = True,
    ) -> None:
        url = url or f"sqlite:///{folder / 'greenlight.db'}"
        self.database = Database(url)
        migrations.upgrade(self.database)
        self.organisations: dict[str, OrganisationRecord] = {}
        self.people: dict[str, PersonRecord] = {}
        with self.database.write() as unit:
            self._settle(unit)
        self.stage = Stage(folder, url, environment)
        self.stage.all_sent = self._all_sent
        self.talks: dict[str, Talk] = {}
        for name, person in self.people.items():
            self.talks[name] = self.account(person.telegram_id or 0, name)
        if started:
            try:
                self.stage.start_bot()
            except BaseException:
                self.close()
                raise

    def _settle(self, unit: UnitOfWork) -> None:
        group = builders.add_group(unit, "Group")
        north, south = builders.add_partner(unit, "North"), builders.add_partner(unit, "South")
        found = [
            group, north, south,
            builders.add_client(unit, group, "Delta"),
            builders.add_client(unit, north, "Agro"),
            builders.add_client(unit, south, "Terra"),
        ]  # fmt: skip
        self.organisations = {one.name: one for one in found}
        for name, (organisation, role) in PEOPLE.items():
            self.people[name] = builders.add_person(unit, self.organisations[organisation], role, name)

    def _all_sent(self, chat: int) -> bool:
        """Whether all that anybody did is handled, and all that a chat is to get has come."""
        waiting = select(OutboxRecord.id).where(
            OutboxRecord.state == OutboxState.WAITING, OutboxRecord.chat_id == chat
        )
        return (
            not self.stage.http("GET", "state")["pending"]
            and not self.read(lambda unit: unit.inbox.waiting_ids())
            and self.read(lambda unit: unit.session.exec(waiting).first()) is None
        )

    def close(self) -> None:
        """End everything."""
        self.stage.close()
        self.database.close()

    def __getattr__(self, name: str) -> Talk:
        """``world.anna`` is Anna's chat."""
        try:
            return self.talks[name.capitalize()]
        except KeyError:
            raise AttributeError(name) from None

    def account(self, account: int, name: str) -> Talk:
        """Declare an account in the sandbox."""
        self.stage.http(
            "POST", "accounts", {"accounts": [{"id": account, "first_name": name, "started": True}]}
        )
        return Talk(self.stage, account, name)

    def stranger(self, name: str = "Nobody") -> Talk:
        """Somebody whom the bot does not know."""
        return self.account(9_000_000_000 + next(_numbers), name)

    # What there is

    @staticmethod
    def now() -> datetime:
        """The time by the bot's clock."""
        return datetime.now(UTC)

    def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Change the database beside the bot."""
        with self.database.write() as unit:
            return work(unit)

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the database."""
        with self.database.read() as unit:
            found = work(unit)
            unit.session.expunge_all()  # what was read stays readable when the unit has ended
            return found

    def newcomer(self, name: str, organisation: str, role: Role) -> Talk:
        """A person who has just been added."""
        person = self.write(
            lambda unit: builders.add_person(unit, self.organisations[organisation], role, name)
        )
        self.people[name] = person
        self.talks[name] = self.account(person.telegram_id or 0, name)
        return self.talks[name]

    def remove(self, *talks: Talk) -> None:
        """Take these people out again, so that nobody after them is told of anything."""

        def gone(unit: UnitOfWork) -> None:
            for talk in talks:
                person = unit.people.by_telegram_id(talk.account)
                if person is not None:
                    unit.people.remove(person, self.now())

        self.write(gone)
        for talk in talks:
            self.people.pop(talk.name, None)

    def tidy(self) -> None:
        """The company as it was: newcomers leave, roles are as before, nobody is named or reminded."""
        kept = {key(self.people[name]): role for name, (_, role) in PEOPLE.items()}

        def settle(unit: UnitOfWork) -> None:
            for person in unit.people.all():
                role = kept.get(key(person))
                if role is None:
                    unit.people.remove(person, self.now())
                elif unit.people.roles(key(person)) != role:
                    unit.people.revoke(key(person), unit.people.roles(key(person)))
                    unit.people.grant(key(person), role)
            for one in self.organisations.values():
                unit.session.get_one(OrganisationRecord, one.id).support_id = None
            # What one test left behind is no alert among the screens of the next.
            unit.session.exec(update(ObjectRecord).values(next_at=None))
            unit.session.exec(update(PersonRecord).values(digest_at=None))

        self.write(settle)
        self.people = {name: self.people[name] for name in PEOPLE}

    def machine(
        self,
        status: ObjectStatus = ObjectStatus.NEW,
        client: str = "Agro",
        *,
        ago: timedelta = timedelta(minutes=5),
        **fields: Any,
    ) -> ObjectRecord:
        """An object that has been in a status for a while."""
        number = f"M-{next(_numbers)}"
        # Nobody is reminded of it, unless the test gives it a ``next_at``.
        since = datetime.now(UTC) - ago
        fields = {"number": number, "name": "Loader", "since": since, "next_at": None, **fields}
        return self.write(
            lambda unit: builders.add_object(unit, self.organisations[client], status, **fields)
        )

    def case(self, status: ClientStatus, parent: str = "North") -> OrganisationRecord:
        """A client as a sales case."""
        return self.write(
            lambda unit: builders.add_client(
                unit, self.organisations[parent], f"Case {next(_numbers):05}", status
            )
        )

    def status(self, machine: ObjectRecord) -> ObjectStatus:
        """The status of an object now."""
        return self.read(lambda unit: unit.session.get_one(ObjectRecord, machine.id).status)

    def reload(self, machine: ObjectRecord) -> ObjectRecord:
        """The object as it is stored now."""
        return self.read(lambda unit: unit.session.get_one(ObjectRecord, machine.id))

    def history(self, machine: ObjectRecord) -> list[Entry]:
        """The lines of an object, newest first."""
        return self.read(lambda unit: unit.history.of_object(key(machine)))

    def client_history(self, client: OrganisationRecord) -> list[Entry]:
        """The lines of a client as a sales case, newest first."""
        return self.read(lambda unit: unit.history.of_client(key(client)))

    def told(self, history_id: int) -> list[str]:
        """Who was told of a line of the history, as the outbox says; each once for each message."""
        names = {person.id: name for name, person in self.people.items()}

        def found(unit: UnitOfWork) -> Sequence[OutboxRecord]:
            return unit.session.exec(
                select(OutboxRecord)
                .where(
                    OutboxRecord.kind == "alert", col(OutboxRecord.dedup_key).like(f"alert:{history_id}:%")
                )
                .order_by(col(OutboxRecord.id))
            ).all()

        return [names.get(row.person_id, "?") for row in self.read(found)]

    def quiet(self) -> None:
        """Wait until all that people did is handled, and all that was to be sent is sent."""
        for _ in range(QUIET_TRIES):
            # In this order: an update is first in the sandbox, then in the inbox, then its messages wait.
            pending = self.stage.http("GET", "state")["pending"]
            waiting = self.read(lambda unit: (*unit.inbox.waiting_ids(), *unit.outbox.waiting()))
            if not pending and not waiting:
                return
            self.stage.wait_for_calls(1, 0.05)
        raise AssertionError(f"{waiting} wait for ever\n{self.stage.bot_log[-3000:]}")

    def open(self, talk: Talk, machine: ObjectRecord) -> None:
        """Follow the deep link of an object."""
        talk.starts(f"o{machine.id}")
