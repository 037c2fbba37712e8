"""An index of trigrams, and indexes for lists of many objects"""

import sqlite3
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from domain.search import fold
from storage.search import searchable

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BATCH = 10_000
FORGET = "INSERT INTO object_text(object_text, rowid, folded) VALUES ('delete', old.id, old.folded)"
LEARN = "INSERT INTO object_text(rowid, folded) VALUES (new.id, new.folded)"

OBJECT = sa.table('object', *(sa.column(name) for name in (
    'id', 'number', 'name', 'plate', 'vin', 'terminal', 'folded',
)))


def as_before(*fields: str | None) -> str:
    """What the older release looks for."""
    return "\n".join(fold(field or "") for field in fields)[:400]


def write_folded(words: Callable[..., str]) -> None:
    """Write anew what objects are found by, a batch at a time."""
    connection, last = op.get_bind(), 0
    change = sa.update(OBJECT).where(OBJECT.c.id == sa.bindparam('object_id')).values(folded=sa.bindparam('text'))
    page = sa.select(OBJECT).where(OBJECT.c.id > sa.bindparam('last')).order_by(OBJECT.c.id).limit(BATCH)
    while rows := connection.execute(page, {'last': last}).all():
        last = rows[-1].id
        texts = [(r.id, r.folded, words(r.number, r.name, r.plate, r.vin, r.terminal)) for r in rows]
        changed = [{'object_id': i, 'text': new} for i, old, new in texts if old != new]
        if changed:
            connection.execute(change, changed)


def index_text_on_sqlite() -> None:
    if sqlite3.sqlite_version_info < (3, 34):
        raise RuntimeError(
            f"The search needs SQLite 3.34 or newer (trigrams); this Python has {sqlite3.sqlite_version}."
        )
    op.execute(
        "CREATE VIRTUAL TABLE object_text USING fts5(folded, content='object', content_rowid='id', "
        "columnsize=0, tokenize='trigram case_sensitive 1')"
    )
    op.execute("INSERT INTO object_text(object_text) VALUES ('rebuild')")
    op.execute(f"CREATE TRIGGER object_text_insert AFTER INSERT ON object BEGIN {LEARN}; END")
    op.execute(f"CREATE TRIGGER object_text_delete AFTER DELETE ON object BEGIN {FORGET}; END")
    op.execute(
        "CREATE TRIGGER object_text_update AFTER UPDATE OF id, folded ON object "
        f"WHEN old.folded <> new.folded OR old.id <> new.id BEGIN {FORGET}; {LEARN}; END"
    )


def index_text_on_postgresql() -> None:
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.DBAPIError as error:
        raise RuntimeError(
            f"The search needs PostgreSQL's extension pg_trgm, and this user may not create it, or it is not "
            f"installed on the server (package postgresql-contrib). As a superuser, run "
            f"«CREATE EXTENSION pg_trgm» in the database {connection.engine.url.database!r}, "
            f"then upgrade again. PostgreSQL said: {error.orig}"
        ) from error
    op.execute("CREATE INDEX object_text ON object USING gin (folded gin_trgm_ops)")


def upgrade() -> None:
    write_folded(searchable)
    if op.get_bind().dialect.name == "sqlite":
        index_text_on_sqlite()
    else:
        index_text_on_postgresql()
    op.drop_index('object_by_urgent_at', 'object')
    op.create_index('object_by_client', 'object', ['client_id', 'urgent_at', 'main_at'])
    op.create_index('object_by_status_urgent_at', 'object', ['status', 'urgent_at', 'main_at'])
    op.create_index('object_by_urgent_at', 'object', ['urgent_at', 'main_at'])
    for name, columns, where in (
        ('object_with_deadline_by_age', ['urgent_at', 'main_at'], sa.text("main_at IS NOT NULL")),
        ('object_without_deadline_by_age', [], sa.text("main_at IS NULL")),
    ):
        op.create_index(
            name, 'object', ['status_since', 'id', *columns], sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    for name in (
        'object_without_deadline_by_age', 'object_with_deadline_by_age', 'object_by_urgent_at',
        'object_by_status_urgent_at', 'object_by_client',
    ):
        op.drop_index(name, 'object')
    op.create_index('object_by_urgent_at', 'object', ['urgent_at'])
    if op.get_bind().dialect.name == "sqlite":
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER object_text_{event}")
        op.execute("DROP TABLE object_text")
    else:
        op.execute("DROP INDEX object_text")  # the extension may be somebody else's too
    write_folded(as_before)
