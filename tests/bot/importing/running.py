"""An import from the file to the end, in the test's own process and without Telegram."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.services.importing import imports
from bot.services.importing.checking import Counts
from bot.services.importing.child import convert
from bot.services.importing.imports import Taken
from bot.services.importing.reading import Understood, found_in
from bot.services.importing.running import dry_run
from bot.services.people import Me, as_me
from storage.database import Database, UnitOfWork
from storage.import_tables import ImportRecord
from storage.tables import ObjectRecord, OrganisationRecord, PersonRecord
from tests.builders import NOW, key

T = TypeVar("T")


class Hand:
    """Reaches the database as the command line does."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look."""
        with self.database.read() as unit:
            found = work(unit)
            unit.session.expunge_all()
            return found

    def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Write."""
        with self.database.write() as unit:
            return work(unit)


class Importing:
    """Imports files for one person and client."""

    def __init__(
        self, database: Database, folder: Path, person: PersonRecord, client: OrganisationRecord
    ) -> None:
        self.hand = Hand(database)
        self.folder = folder
        self.client_id = key(client)
        self.me: Me = self.hand.read(lambda unit: as_me(unit, person))
        self.import_id = 0

    @property
    def report(self) -> Path:
        """The checked file."""
        return self.folder / "report.xlsx"

    def record(self) -> ImportRecord:
        """The import as it is now."""
        found = self.hand.read(lambda unit: unit.imports.snapshot(self.import_id))
        assert found is not None
        return found

    def begin(self, path: Path) -> ImportRecord:
        """Send a file and have its heading found."""
        rows = self.folder / "rows"
        said = convert(path, rows)
        assert "problem" not in said, said
        known, found = Understood(said["rows"], said["last"], said["sheet"]), found_in(rows)

        def work(unit: UnitOfWork) -> int:
            record = imports.begin(unit, self.me, self.client_id, path.name, "", None, NOW)
            imports.understood(unit, record, known, found)
            return record.id or 0

        self.import_id = self.hand.write(work)
        return self.record()

    def check(self) -> Counts:
        """The dry run."""
        counts = dry_run(self.record(), self.folder / "rows", self.report, self.hand, lambda _line: None)
        self.hand.write(lambda unit: imports.checked(unit, self.import_id, counts))
        return counts

    def go(self, now: datetime = NOW) -> Taken:
        """Import the good rows."""
        self.hand.write(lambda unit: imports.go(unit, self.me, self.import_id, now))
        taken = self.hand.write(lambda unit: imports.take_over(unit, self.me, self.import_id, now))
        assert taken is not None
        return taken

    def all_of(self, path: Path) -> Taken:
        """From the file to the end."""
        self.begin(path)
        self.check()
        return self.go()

    def objects(self) -> dict[str, ObjectRecord]:
        """The client's objects by their numbers."""

        def work(unit: UnitOfWork) -> dict[str, ObjectRecord]:
            known = {number: i for i, number in unit.imports.numbers(self.client_id)}
            return {number: unit.session.get_one(ObjectRecord, i) for number, i in known.items()}

        return self.hand.read(work)
