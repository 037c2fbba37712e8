"""Objects of a client are counted by status and deadline without being read"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "object_by_client_status_urgent_at", "object", ["client_id", "status", "urgent_at", "main_at"]
    )
    op.drop_index("object_by_client_status", "object")


def downgrade() -> None:
    op.create_index("object_by_client_status", "object", ["client_id", "status"])
    op.drop_index("object_by_client_status_urgent_at", "object")
