"""Decisions"""

import sqlalchemy as sa
from alembic import op

revision = "0010_decisions"
down_revision = "0009_letters_by_index"


def upgrade() -> None:
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.add_column(sa.Column("granted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("after_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("asked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("about", sa.String(length=32), nullable=False, server_default=""))
    with op.batch_alter_table("due_changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("duty", sa.String(length=32), nullable=False, server_default=""))
    # what came to the end of its ladder before there were decisions is looked at once more, and asked about
    op.execute("UPDATE duties SET next_at = due_at WHERE closed_at IS NULL AND next_at IS NULL AND rung > 0")
