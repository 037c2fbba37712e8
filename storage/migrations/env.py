"""Run by Alembic for each command."""

from alembic import context
from sqlmodel import SQLModel

import storage.bulk_tables
import storage.import_tables
import storage.lease
import storage.queues
import storage.reminder_tables
import storage.tables  # noqa: F401  # fills the metadata


def is_declared(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Leave out what no model can say on both databases: the index of trigrams (storage/search.py)."""
    return not (kind in {"table", "index"} and (name or "").startswith("object_text"))


engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_object=is_declared,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
