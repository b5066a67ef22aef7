"""Seals, and what keeps a person from being erased"""

import sqlalchemy as sa
from alembic import op

revision = "0025_seals"
down_revision = "0024_imports"


def upgrade() -> None:
    op.create_table(
        "seals",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("tree", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_seals")),
        sa.UniqueConstraint("root", name=op.f("uq_seals_root")),
    )
    with op.batch_alter_table("seals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seals_last_id"), ["last_id"], unique=False)
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_because", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("event_n", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("event_hash", sa.String(length=64), server_default="", nullable=False))
