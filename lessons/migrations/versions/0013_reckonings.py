"""Reckonings"""

import sqlalchemy as sa
from alembic import op

revision = "0013_reckonings"
down_revision = "0012_webhooks"


def upgrade() -> None:
    op.create_table(
        "reckonings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reckonings")),
    )
