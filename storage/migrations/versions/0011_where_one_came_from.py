"""The list that a card was opened from, and what held before and after a setting"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat", sa.Column("way", AutoString(length=64), nullable=False, server_default=""))
    op.add_column("organisation_setting", sa.Column("held", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("organisation_setting", "held")
    op.drop_column("chat", "way")
