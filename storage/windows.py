"""Objects whose deadline lies within a stretch of time, in words of which an index can look up a range."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped
from sqlmodel import col

from domain.board import Mark, Window
from storage.tables import ObjectRecord

_X = ObjectRecord


def mark_of(due: Window) -> Mapped[datetime | None]:
    """The moment by which an object lies within the window, and by which its list is in order."""
    return col(_X.main_at if due.mark is Mark.MAIN else _X.urgent_at)


def within(due: Window) -> list[ColumnElement[bool]]:
    """What an object has to be to lie within the window."""
    mark = mark_of(due)
    terms = [mark >= due.start, mark < due.end]
    if due.mark is Mark.MAIN:  # what is red first does not turn yellow, and there is an index of this
        terms.append(col(_X.urgent_at) >= due.start)
    return [*terms, col(_X.status) == due.status] if due.status else terms
