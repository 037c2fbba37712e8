"""The engine, and units of work on it: one transaction, many questions."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote

from sqlalchemy import Engine, NullPool, create_engine, event
from sqlmodel import Session

from storage.absences import Absences
from storage.board import Boards
from storage.bound_chats import BoundChats
from storage.bulks import Bulks
from storage.claims import Claims, Copies
from storage.dialogues import Dialogues
from storage.history import History
from storage.imports import Imports
from storage.inbox import Inbox
from storage.invitations import Invitations
from storage.lease import Leases, require
from storage.notices import Notices
from storage.objects import Objects
from storage.organisation_settings import OrganisationSettings
from storage.organisations import Organisations
from storage.outbox import Outbox
from storage.people import People
from storage.reckoning import Reckoning
from storage.settings import Settings
from storage.staffing import Staffing
from storage.watch import Watch

T = TypeVar("T")
BUSY_TIMEOUT = 10.0
"""Seconds that SQLite waits for another process's write."""

REACH: Final = {
    "connect_timeout": 3, "keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 2,
    "tcp_user_timeout": 4000,  # milliseconds
}  # fmt: skip
"""How PostgreSQL is reached: a network that was cut is noticed in seconds."""
_SERVING: Final = {
    **REACH,
    "options": "-c idle_in_transaction_session_timeout=4s "
    "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2 -c tcp_user_timeout=4s",
}
"""A process that stands still or is cut off within a transaction must not hold its locks for long."""
_ASIDE: Final = {**REACH, "options": "-c statement_timeout=1s -c lock_timeout=1s"}
"""Whoever looks on does not wait, and holds nobody up."""

Told = Callable[[Mapping[Hashable, int]], None]
"""Hears how often what happened in a unit, when that is permanent."""


def _nobody(_happened: Mapping[Hashable, int]) -> None:
    """Nobody wants to know."""


class UnitOfWork:
    """One transaction and the queries that run in it. Used by one thread at a time.

    As a context manager it commits when the block ends, and rolls back when it raises.
    """

    def __init__(self, session: Session, epoch: int | None = None, told: Told = _nobody) -> None:
        self.session = session
        self._epoch = epoch
        self._told = told
        self.happened: Counter[Hashable] = Counter()
        """Lines of the history by their kinds, refusals by their reasons, messages by what became of them."""
        self.absences = Absences(session)
        self.bound_chats = BoundChats(session)
        self.boards = Boards(session)
        self.bulks = Bulks(session)
        self.claims = Claims(session)
        self.copies = Copies(session)
        self.dialogues = Dialogues(session)
        self.history = History(session, self.happened)
        self.imports = Imports(session, self.happened)
        self.inbox = Inbox(session)
        self.invitations = Invitations(session)
        self.notices = Notices(session)
        self.objects = Objects(session)
        self.organisation_settings = OrganisationSettings(session)
        self.organisations = Organisations(session)
        self.outbox = Outbox(session)
        self.people = People(session)
        self.reckoning = Reckoning(session)
        self.settings = Settings(session)
        self.staffing = Staffing(session)
        self.watch = Watch(session)

    def commit(self) -> None:
        """Make everything of this unit permanent, and end it.

        ``LeaseLost`` when it was begun by the right to work, and somebody else has that right now.
        """
        try:
            self.prove()
            self.session.commit()
        finally:
            self.session.close()  # a commit that failed must not keep the connection, nor its lock
        if self.happened:
            self._told(self.happened)

    def prove(self) -> None:
        """``LeaseLost`` when this unit may not be kept. From now on to its end nobody can take the lease."""
        if self._epoch is not None and self.session.in_transaction():
            self.session.flush()
            require(self.session.connection(), self._epoch)

    def rollback(self) -> None:
        """Undo everything of this unit, and end it."""
        try:
            self.session.rollback()
        finally:
            self.session.close()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A block whose writes are undone when it raises, without ending the unit."""
        before = self.happened.copy()
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            self.happened.clear()
            self.happened.update(before)
            raise

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:  # noqa: ARG002  # for those who remember
        """What ``make`` makes; a unit in which nothing but time passes makes it once."""
        return make()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.rollback()


class Database:
    """SQLite or PostgreSQL behind a URL such as ``sqlite:///greenlight.db``.

    Args:
        url: the address.
        serving: whether this process works beside others, one of which has to notice when it is cut off.
        told: hears what happened in each unit that is committed.
    """

    def __init__(self, url: str, *, serving: bool = False, told: Told = _nobody) -> None:
        self.url = url
        self._told = told
        self._connect(_engine(url, _SERVING if serving else REACH))
        if serving and not self.is_sqlite:
            event.listen(self.engine, "do_executemany", _one_by_one)
            self.engine.dialect.supports_sane_multi_rowcount = False  # it knows of the last row only
        self._epoch: int | None = None

    def _connect(self, engine: Engine) -> None:
        self.engine = engine
        # A unit that will write says so at BEGIN: on SQLite a reader that starts to write later
        # would fail at once with "database is locked" instead of waiting its turn.
        self._writing = self.engine.execution_options(writes=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is one file beside the program."""
        return self.engine.dialect.name == "sqlite"

    def write(self) -> UnitOfWork:
        """A unit that may write."""
        return UnitOfWork(Session(self._writing, expire_on_commit=False), self._epoch, self._told)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A unit that only reads; whatever it would write is undone."""
        unit = UnitOfWork(Session(self.engine, expire_on_commit=False))
        try:
            yield unit
        finally:
            unit.rollback()

    def under(self, epoch: int | None) -> "Database":
        """The same database, in which every unit that writes is kept only while the lease has this epoch."""
        fenced = copy(self)
        fenced._epoch = epoch  # noqa: SLF001  # it is our own
        return fenced

    def aside(self) -> "Database":
        """The same database for somebody who looks on: no question takes longer than a second.

        A file is opened anew each time, so that it is noticed when it is not there any more.
        """
        own, url = copy(self), self.url
        if self.is_sqlite and (path := self.engine.url.database):
            url = f"sqlite:///file:{quote(path)}?mode=rw&uri=true"  # it must not be made anew
        own._connect(_engine(url, _ASIDE, kept=not self.is_sqlite))  # noqa: SLF001  # it is our own
        return own

    def leases(self) -> Leases:
        """The right to work on this database, for processes that share it."""
        return Leases(self.engine.url, REACH)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _engine(url: str, options: Mapping[str, Any], *, kept: bool = True) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            _with_driver(url), pool_pre_ping=True, connect_args=dict(options), hide_parameters=True
        )
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT},
        hide_parameters=True,
        poolclass=None if kept else NullPool,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _with_driver(url: str) -> str:
    """A PostgreSQL URL as everybody writes it, with the one driver that is installed."""
    scheme, rest = url.split("://", 1)
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url


def _one_by_one(cursor: Any, statement: Any, rows: Sequence[Any], _context: object) -> bool:  # noqa: ANN401  # a driver's own types
    """Run a statement for each row by itself: the driver would send them as a pipeline.

    Whose line is cut within a pipeline counts as busy at the server, not as idle in a transaction:
    its locks would be held for ever, also against whoever takes over.
    """
    for row in rows:
        cursor.execute(statement, row)
    return True


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # a driver's own type
    connection.isolation_level = None  # the "begin" event says BEGIN itself
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401  # SQLAlchemy hands several kinds over
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
