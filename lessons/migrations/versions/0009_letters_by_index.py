"""Letters by index"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_letters_by_index"
down_revision = "0008_files_and_signs"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_duties_next"), sqlite_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL")
        )
        batch_op.create_index(
            "ix_duties_next",
            ["next_at", "id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
        )

    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("duty_ids", JSON, nullable=False, server_default="[]"))
        batch_op.drop_index(batch_op.f("ix_letters_due"), sqlite_where=sa.text("state IN ('waiting','sending')"))
        batch_op.create_index(
            "ix_letters_due",
            ["next_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting','sending')"),
            postgresql_where=sa.text("state IN ('waiting','sending')"),
        )
        batch_op.create_index(
            "ix_letters_failed",
            ["person_id", "created_at"],
            unique=False,
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )
        batch_op.create_index(
            "ix_letters_queued_person",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting','sending')"),
            postgresql_where=sa.text("state IN ('waiting','sending')"),
        )
        batch_op.create_index("ix_letters_sent", ["sent_at"], unique=False)
