"""Many objects at once: bulk changes and their items"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bulk',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('picking', 'running', 'done', name='bulkstate', native_enum=False, length=32), nullable=False),
    sa.Column('kind', sa.Enum('status', 'assign', name='bulkkind', native_enum=False, length=32), nullable=True),
    sa.Column('target', sa.Enum('New', 'Canceled', 'Equipped', 'Verified', 'Faulty', 'Active', 'Out of service', 'Diagnostics', 'Service', 'Dismantling', 'Installation', 'Additional order', 'Serviced', 'Blocked', 'Decommissioned', name='objectstatus', native_enum=False, length=32), nullable=True),
    sa.Column('installer_id', sa.Integer(), nullable=True),
    sa.Column('comment', AutoString(), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Enum('not_in_use', 'breakdown', 'additional_equipment', 'block', name='clientreason', native_enum=False, length=32), nullable=True),
    sa.Column('sure', sa.Boolean(), nullable=False),
    sa.Column('photos', sa.JSON(), nullable=False),
    sa.Column('hearers', sa.JSON(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('shown_at', UTCDateTime(), nullable=True),
    sa.Column('finished_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint("(state = 'picking') = (kind IS NULL)", name='bulk_that_runs_has_a_kind'),
    sa.CheckConstraint("kind <> 'status' OR target IS NOT NULL", name='bulk_names_its_status'),
    sa.ForeignKeyConstraint(['installer_id'], ['person.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('ix_bulk_person_id', 'bulk', ['person_id'])
    op.create_table('bulk_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('bulk_id', sa.Integer(), nullable=False),
    sa.Column('object_id', sa.Integer(), nullable=True),
    sa.Column('given', AutoString(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('installer_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.Enum('changed', 'same', 'refused', name='outcome', native_enum=False, length=32), nullable=True),
    sa.Column('reason', AutoString(length=40), nullable=True),
    sa.Column('before', AutoString(length=120), nullable=True),
    sa.Column('after', AutoString(length=120), nullable=True),
    sa.CheckConstraint("object_id IS NOT NULL OR outcome = 'refused'", name='bulk_item_of_nothing_is_refused'),
    sa.ForeignKeyConstraint(['bulk_id'], ['bulk.id'], ),
    sa.ForeignKeyConstraint(['object_id'], ['object.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('bulk_id', 'object_id', name='bulk_has_an_object_once')
    )
    op.create_index('bulk_item_in_order', 'bulk_item', ['bulk_id', 'id'])
    op.create_index('ix_bulk_item_object_id', 'bulk_item', ['object_id'])
    op.create_index('object_by_number', 'object', ['number'])


def downgrade() -> None:
    op.drop_index('object_by_number', 'object')
    op.drop_table('bulk_item')
    op.drop_table('bulk')
