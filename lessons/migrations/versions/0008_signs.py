"""Signs"""

import sqlalchemy as sa
from alembic import op

revision = "0008_signs"
down_revision = "0007_former_topics"


def upgrade() -> None:
    op.create_table(
        "signs",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_signs")),
    )
