"""Dropped notices"""

import sqlalchemy as sa
from alembic import op

revision = "0016_dropped_notices"
down_revision = "0015_half_hours"


def upgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dropped", sa.String(length=16), server_default="", nullable=False))
