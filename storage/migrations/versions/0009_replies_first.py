"""Messages that wait are found by their chat, and replies before others"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
REPLIES = "('screen', 'text', 'pin', 'album', 'group', 'forecast', 'bulk-file')"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("reply", sa.Boolean(), nullable=False, server_default=sa.false()))
    # A screen that waits must not be overtaken by a newer one, which would count as a reply.
    op.execute(f"UPDATE outbox SET reply = true WHERE state = 'waiting' AND kind IN {REPLIES}")
    op.create_index(
        "outbox_lane",
        "outbox",
        ["reply", "chat_id", "id", "due_at", "state"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_index("outbox_lane", "outbox")
    op.drop_column("outbox", "reply")
