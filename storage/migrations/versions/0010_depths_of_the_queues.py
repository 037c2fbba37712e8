"""Indexes of what waits too long and of what was put aside, so that counting them costs little"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES = {
    "inbox_parked": ("inbox", "seq", "state = 'parked'"),
    "outbox_due": ("outbox", "due_at", "state = 'waiting'"),
    "outbox_dead": ("outbox", "id", "state = 'dead'"),
}


def upgrade() -> None:
    for name, (table, column, where) in INDEXES.items():
        op.create_index(
            name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    for name, (table, _column, _where) in INDEXES.items():
        op.drop_index(name, table)
