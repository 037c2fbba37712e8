"""The tables of imports: lists of machines on their way in.

    reading --> asking --> checking --> checked --the person presses--> writing --one transaction--> done
       |  '------------------^  ^---the columns are chosen anew---'
       |'--> refused (the file cannot be imported)
       any of them but writing, done and refused --> canceled

The rows of a list that will change something are staged in ``import_row`` a portion at a time, so that
nobody waits long; there nobody sees them. «Writing» takes all of them over in one transaction.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Integer
from sqlmodel import Field, SQLModel

from storage.columns import choice, telegram_id


class ImportState(StrEnum):
    """The life of an import."""

    READING = "reading"
    ASKING = "asking"
    CHECKING = "checking"
    CHECKED = "checked"
    WRITING = "writing"
    DONE = "done"
    REFUSED = "refused"
    CANCELED = "canceled"


class ImportRecord(SQLModel, table=True):
    """One list and how far it is. ``person_id`` None: the operator at the command line.

    ``columns`` are the parts with the positions of their columns; ``titles`` and ``samples`` have one text
    a column. ``heading`` is the row above the list; below 0: that row is a machine, too, and the list has
    no heading. ``done`` is how far the work of the present state is, in the file's own row numbers.
    """

    __tablename__ = "import"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    chat_id: int | None = Field(default=None, sa_column=telegram_id(nullable=True))
    client_id: int = Field(foreign_key="organisation.id", index=True)
    file_id: str = Field(default="", max_length=200)
    file_name: str = Field(max_length=120)
    state: ImportState = Field(default=ImportState.READING, sa_column=choice(ImportState, index=True))
    sheet: str = Field(default="", max_length=120)
    other_sheets: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    heading: int = 0
    titles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    samples: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    columns: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    twice: dict[str, list[int]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    last: int = 0
    done: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    wrong: int = 0
    faults: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    created: int = 0
    corrected: int = 0
    left_out: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    problem: str | None = Field(default=None, max_length=32)
    where: str = Field(default="", max_length=120)
    created_at: datetime
    finished_at: datetime | None = None


class ImportRowRecord(SQLModel, table=True):
    """A row that will change something: a new object, or one that is there (``object_id``).

    The values are what the object will have; ``before`` is what it had when the list was checked.
    """

    __tablename__ = "import_row"

    import_id: int = Field(foreign_key="import.id", primary_key=True)
    line: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    object_id: int | None = None
    before: str | None = None
    number: str = Field(max_length=40)
    name: str = Field(default="", max_length=80)
    plate: str = Field(default="", max_length=20)
    vin: str = Field(default="", max_length=20)
    address: str = Field(default="", max_length=200)
    contact: str = Field(default="", max_length=120)
    terminal: str | None = Field(default=None, max_length=32)
    folded: str = Field(default="", max_length=400)
