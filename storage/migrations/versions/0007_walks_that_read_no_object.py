"""The indexes along which lists are walked hold all that a walk asks"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WITH, WITHOUT = "main_at IS NOT NULL", "main_at IS NULL"
BEFORE = {
    "object_by_client": (["client_id", "urgent_at", "main_at"], None),
    "object_with_deadline_by_age": (["status_since", "id", "urgent_at", "main_at"], WITH),
    "object_without_deadline_by_age": (["status_since", "id"], WITHOUT),
}
AFTER = {
    "object_by_client": (["client_id", "urgent_at", "main_at", "folded"], None),
    "object_with_deadline_by_age": (
        ["status_since", "id", "urgent_at", "main_at", "client_id", "folded"], WITH
    ),
    "object_without_deadline_by_age": (["status_since", "id", "client_id", "folded"], WITHOUT),
}


def upgrade() -> None:
    _replace(AFTER)


def downgrade() -> None:
    _replace(BEFORE)


def _replace(indexes: dict[str, tuple[list[str], str | None]]) -> None:
    for name, (columns, where) in indexes.items():
        op.drop_index(name, "object")
        part = sa.text(where) if where else None
        op.create_index(name, "object", columns, sqlite_where=part, postgresql_where=part)
