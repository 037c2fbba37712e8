"""Lists on their way in"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATES = ("reading", "asking", "checking", "checked", "writing", "done", "refused", "canceled")


def upgrade() -> None:
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("file_id", AutoString(length=200), nullable=False),
        sa.Column("file_name", AutoString(length=120), nullable=False),
        sa.Column(
            "state", sa.Enum(*STATES, name="importstate", native_enum=False, length=32), nullable=False
        ),
        sa.Column("sheet", AutoString(length=120), nullable=False),
        sa.Column("other_sheets", sa.JSON(), nullable=False),
        sa.Column("heading", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("samples", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("twice", sa.JSON(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("problem", AutoString(length=32), nullable=True),
        sa.Column("where", AutoString(length=120), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("client_id", "person_id", "state"):
        op.create_index(f"ix_import_{column}", "import", [column], unique=False)
    op.create_table(
        "import_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("before", AutoString(), nullable=True),
        sa.Column("number", AutoString(length=40), nullable=False),
        sa.Column("name", AutoString(length=80), nullable=False),
        sa.Column("plate", AutoString(length=20), nullable=False),
        sa.Column("vin", AutoString(length=20), nullable=False),
        sa.Column("address", AutoString(length=200), nullable=False),
        sa.Column("contact", AutoString(length=120), nullable=False),
        sa.Column("terminal", AutoString(length=32), nullable=True),
        sa.Column("folded", AutoString(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import.id"],
        ),
        sa.PrimaryKeyConstraint("import_id", "line"),
    )


def downgrade() -> None:
    op.drop_table("import_row")
    for column in ("state", "person_id", "client_id"):
        op.drop_index(f"ix_import_{column}", "import")
    op.drop_table("import")
