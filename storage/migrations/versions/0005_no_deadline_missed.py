"""What is due next, who has to be told, claims, absences, bound groups, settings of organisations"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("object", sa.Column("next_at", UTCDateTime(), nullable=True))
    # Everything with a deadline is looked at once, at the first tick; nothing was told of before.
    op.execute("UPDATE object SET next_at = status_since WHERE main_at IS NOT NULL")
    part = sa.text("next_at IS NOT NULL")
    op.create_index("object_next", "object", ["next_at", "id"], sqlite_where=part, postgresql_where=part)
    op.add_column("person", sa.Column("digest_at", UTCDateTime(), nullable=True))
    op.create_index("ix_person_digest_at", "person", ["digest_at"])
    _notices()
    _claims()
    _copies()
    _absences()
    op.create_table(
        "bound_chat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(length=255), nullable=False),
        sa.Column("bound_by", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bound_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chat_id", "thread_id", name="bound_chat_once"),
        sqlite_autoincrement=True,
    )
    _settings()


def downgrade() -> None:
    for table in ("organisation_setting", "bound_chat", "absence", "alert_copy", "claim", "notice"):
        op.drop_table(table)
    op.drop_index("ix_person_digest_at", "person")
    op.drop_column("person", "digest_at")
    op.drop_index("object_next", "object")
    op.drop_column("object", "next_at")


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("history_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bound_chat_id", sa.Integer(), nullable=False),
        sa.Column("role", AutoString(length=16), nullable=False),
        sa.Column("because", AutoString(length=32), nullable=False),
        sa.Column("instead_of", sa.Integer(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["instead_of"], ["person.id"]),
        sa.ForeignKeyConstraint(["object_id"], ["object.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("object_id", "version", "stage", "person_id", "history_id", "bound_chat_id"),
    )
    op.create_index("notice_of_person", "notice", ["person_id", "stage"])
    part = sa.text("told_at IS NULL")
    op.create_index(
        "notice_untold", "notice", ["due_at", "person_id"], sqlite_where=part, postgresql_where=part
    )


def _claims() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("until > at", name="claim_ends_after_it_begins"),
        sa.ForeignKeyConstraint(["object_id"], ["object.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_claim_object_id", "claim", ["object_id"])
    op.create_index("ix_claim_person_id", "claim", ["person_id"])
    part = sa.text("ended_at IS NULL")
    op.create_index(
        "claim_open", "claim", ["object_id"], unique=True, sqlite_where=part, postgresql_where=part
    )


def _copies() -> None:
    op.create_table(
        "alert_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("history_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("bound_chat_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["object_id"], ["object.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chat_id", "message_id", name="alert_copy_is_one_message"),
    )
    op.create_index("ix_alert_copy_person_id", "alert_copy", ["person_id"])
    part = sa.text("closed_at IS NULL")
    op.create_index(
        "alert_copy_open", "alert_copy", ["object_id"], sqlite_where=part, postgresql_where=part
    )


def _absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("stand_in_id <> person_id", name="absence_has_somebody_else_stand_in"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_absence_stand_in_id", "absence", ["stand_in_id"])
    part = sa.text("ended_at IS NULL")
    op.create_index(
        "absence_open", "absence", ["person_id"], unique=True, sqlite_where=part, postgresql_where=part
    )


def _settings() -> None:
    op.create_table(
        "organisation_setting",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(length=40), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="organisation_setting_by_a_person"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "organisation_setting_latest", "organisation_setting", ["organisation_id", "key", "id"]
    )
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER organisation_setting_no_{event.lower()} BEFORE {event} "
                "ON organisation_setting "
                "BEGIN SELECT RAISE(ABORT, 'organisation_setting is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER organisation_setting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON organisation_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
