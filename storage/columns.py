"""Helpers that say in one word what several tables need."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Enum, Integer, and_, case, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, SQLModel


def choice(kind: type[StrEnum], *, nullable: bool = False, **options: Any) -> Column[Any]:  # noqa: ANN401  # passed on
    """A text column that holds a member of ``kind`` by its value.

    Not the database's own enum type: that one cannot be downgraded by a migration.
    """
    values = Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda e: [m.value for m in e],
    )
    return Column(values, nullable=nullable, **options)


def telegram_id(*, nullable: bool = False, **options: Any) -> Column[Any]:  # noqa: ANN401  # passed on
    """An id given by Telegram: longer than 32 bits."""
    return Column(BigInteger, nullable=nullable, **options)


def sequence() -> Column[Any]:
    """A growing primary key of 64 bits; on SQLite the rowid, never given twice."""
    return Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def reread(session: Session, kind: type[SQLModel], record_id: int) -> None:
    """Read a record anew at its next use: it was written past the session."""
    record = session.identity_map.get(identity_key(kind, record_id))
    if record is not None:
        session.expire(record)


class unindexed(FunctionElement[bool]):  # noqa: N801  # written like a function of SQL
    """Conditions for which SQLite asks no index. PostgreSQL has to estimate them, and is told otherwise."""

    inherit_cache = True
    type = Boolean()


@compiles(unindexed)
def _all_of(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  # SQLAlchemy's own
    return f"({compiler.process(and_(true(), *element.clauses), **options)})"


@compiles(unindexed, "sqlite")
def _case_of(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  # SQLAlchemy's own
    return compiler.process(case((and_(true(), *element.clauses), 1), else_=0) == 1, **options)
