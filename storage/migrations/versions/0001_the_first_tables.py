"""The first tables"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = ("history", "photo")


def support_is_a_person() -> list[sa.ForeignKeyConstraint]:
    """SQLite takes a reference to a table that is not there yet, and adds none later; PostgreSQL the other way."""
    if op.get_bind().dialect.name != "sqlite":
        return []
    return [sa.ForeignKeyConstraint(["support_id"], ["person.id"], name="organisation_support_is_a_person")]


def forbid_rewriting(table: str) -> None:
    """History is append-only, whoever writes: the database itself refuses the rest."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )


def upgrade() -> None:
    op.create_table('chat',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('words', AutoString(length=80), nullable=False),
    sa.PrimaryKeyConstraint('chat_id')
    )
    op.create_table('dialogue',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', AutoString(length=32), nullable=False),
    sa.Column('state', AutoString(length=32), nullable=False),
    sa.Column('draft', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('chat_id', 'user_id')
    )
    op.create_table('inbox',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('update_id', sa.BigInteger(), nullable=False),
    sa.Column('body', AutoString(), nullable=False),
    sa.Column('received_at', UTCDateTime(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'done', 'parked', name='inboxstate', native_enum=False, length=32), nullable=False),
    sa.Column('error', AutoString(length=200), nullable=True),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('update_id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index('inbox_waiting', ['seq'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', AutoString(length=120), nullable=False),
    sa.Column('kind', sa.Enum('administrative-group', 'partner', 'client', name='organisationkind', native_enum=False, length=32), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('time_zone', AutoString(length=64), nullable=False),
    sa.Column('support_id', sa.Integer(), nullable=True),
    sa.Column('folded', AutoString(length=240), nullable=False),
    sa.Column('status', sa.Enum('New', 'Potential', 'In development', 'Test', 'For registration', 'Implementation', 'Works', 'Have worked', 'Lost', 'Refusal', name='clientstatus', native_enum=False, length=32), nullable=True),
    sa.Column('status_since', UTCDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.CheckConstraint("(kind = 'client') = (status IS NOT NULL)", name='organisation_only_clients_have_status'),
    sa.CheckConstraint("kind <> 'client' OR parent_id IS NOT NULL", name='organisation_client_is_looked_after'),
    sa.ForeignKeyConstraint(['parent_id'], ['organisation.id'], ),
    *support_is_a_person(),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('name')
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_organisation_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_organisation_support_id'), ['support_id'], unique=False)

    op.create_table('setting',
    sa.Column('key', AutoString(length=40), nullable=False),
    sa.Column('value', AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('name', AutoString(length=120), nullable=False),
    sa.Column('telegram_id', sa.BigInteger(), nullable=True),
    sa.Column('language', AutoString(length=16), nullable=False),
    sa.Column('reachable', sa.Boolean(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('removed_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('telegram_id')
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_organisation_id'), ['organisation_id'], unique=False)

    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key(
            "organisation_support_is_a_person", "organisation", "person", ["support_id"], ["id"]
        )
    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('secret_hash', AutoString(length=64), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('expires_at', UTCDateTime(), nullable=False),
    sa.Column('used_at', UTCDateTime(), nullable=True),
    sa.Column('used_by', sa.Integer(), nullable=True),
    sa.Column('revoked_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], ),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
    sa.ForeignKeyConstraint(['used_by'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('secret_hash')
    )
    op.create_table('object',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('number', AutoString(length=40), nullable=False),
    sa.Column('name', AutoString(length=80), nullable=False),
    sa.Column('plate', AutoString(length=20), nullable=False),
    sa.Column('vin', AutoString(length=20), nullable=False),
    sa.Column('address', AutoString(length=200), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('contact', AutoString(length=120), nullable=False),
    sa.Column('terminal', AutoString(length=32), nullable=True),
    sa.Column('installer_id', sa.Integer(), nullable=True),
    sa.Column('folded', AutoString(length=400), nullable=False),
    sa.Column('status', sa.Enum('New', 'Canceled', 'Equipped', 'Verified', 'Faulty', 'Active', 'Out of service', 'Diagnostics', 'Service', 'Dismantling', 'Installation', 'Additional order', 'Serviced', 'Blocked', 'Decommissioned', name='objectstatus', native_enum=False, length=32), nullable=False),
    sa.Column('status_since', UTCDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('commissioned', sa.Boolean(), nullable=False),
    sa.Column('open_request', sa.Enum('not_in_use', 'breakdown', 'additional_equipment', 'block', name='clientreason', native_enum=False, length=32), nullable=True),
    sa.Column('main_at', UTCDateTime(), nullable=True),
    sa.Column('urgent_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.CheckConstraint('(main_at IS NULL) = (urgent_at IS NULL)', name='object_deadline_is_whole'),
    sa.ForeignKeyConstraint(['client_id'], ['organisation.id'], ),
    sa.ForeignKeyConstraint(['installer_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('client_id', 'number', name='object_number_is_unique_per_client'),
    sa.UniqueConstraint('terminal')
    )
    with op.batch_alter_table('object', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_object_installer_id'), ['installer_id'], unique=False)
        batch_op.create_index('object_by_client_status', ['client_id', 'status'], unique=False)
        batch_op.create_index('object_by_status', ['status', 'status_since'], unique=False)
        batch_op.create_index('object_by_urgent_at', ['urgent_at'], unique=False)

    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('dedup_key', AutoString(length=80), nullable=True),
    sa.Column('kind', AutoString(length=16), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sent', 'dropped', 'dead', name='outboxstate', native_enum=False, length=32), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('due_at', UTCDateTime(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('sent_at', UTCDateTime(), nullable=True),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('error', AutoString(length=200), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('dedup_key'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('outbox_waiting', ['id'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('person_role',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', AutoString(length=16), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('person_id', 'role')
    )
    op.create_table('history',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('object_id', sa.Integer(), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('status', 'note', 'correction', 'assignment', name='entrykind', native_enum=False, length=32), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('before', AutoString(length=32), nullable=True),
    sa.Column('after', AutoString(length=32), nullable=True),
    sa.Column('row', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('role', AutoString(length=16), nullable=True),
    sa.Column('comment', AutoString(), nullable=False),
    sa.Column('reason', sa.Enum('not_in_use', 'breakdown', 'additional_equipment', 'block', name='clientreason', native_enum=False, length=32), nullable=True),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.Column('terminal', AutoString(length=32), nullable=True),
    sa.Column('route', sa.Enum('chat', 'import', 'telemetry', 'command_line', name='route', native_enum=False, length=32), nullable=False),
    sa.CheckConstraint("(kind = 'status') = (after IS NOT NULL)", name='history_status_names_status'),
    sa.CheckConstraint('(object_id IS NULL) <> (client_id IS NULL)', name='history_is_of_one_thing'),
    sa.ForeignKeyConstraint(['client_id'], ['organisation.id'], ),
    sa.ForeignKeyConstraint(['object_id'], ['object.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('history', schema=None) as batch_op:
        batch_op.create_index('history_by_person', ['person_id', 'id'], unique=False)
        batch_op.create_index('history_of_client', ['client_id', 'id'], unique=False)
        batch_op.create_index('history_of_object', ['object_id', 'id'], unique=False)

    op.create_table('photo',
    sa.Column('history_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('file_id', AutoString(length=200), nullable=False),
    sa.Column('file_unique_id', AutoString(length=64), nullable=False),
    sa.ForeignKeyConstraint(['history_id'], ['history.id'], ),
    sa.PrimaryKeyConstraint('history_id', 'position')
    )

    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in APPEND_ONLY:
        forbid_rewriting(table)


def downgrade() -> None:
    op.drop_table('photo')
    with op.batch_alter_table('history', schema=None) as batch_op:
        batch_op.drop_index('history_of_object')
        batch_op.drop_index('history_of_client')
        batch_op.drop_index('history_by_person')

    op.drop_table('history')
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_rewriting()")
        op.drop_constraint("organisation_support_is_a_person", "organisation", type_="foreignkey")
    op.drop_table('person_role')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('outbox_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.drop_table('outbox')
    with op.batch_alter_table('object', schema=None) as batch_op:
        batch_op.drop_index('object_by_urgent_at')
        batch_op.drop_index('object_by_status')
        batch_op.drop_index('object_by_client_status')
        batch_op.drop_index(batch_op.f('ix_object_installer_id'))

    op.drop_table('object')
    op.drop_table('invitation')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_organisation_id'))

    op.drop_table('person')
    op.drop_table('setting')
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_support_id'))
        batch_op.drop_index(batch_op.f('ix_organisation_status'))
        batch_op.drop_index(batch_op.f('ix_organisation_parent_id'))

    op.drop_table('organisation')
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.drop_index('inbox_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.drop_table('inbox')
    op.drop_table('dialogue')
    op.drop_table('chat')
