"""What somebody has not read yet is counted by an index of its own; what came before this counts as read."""

import sqlalchemy as sa
from alembic import op

revision = "0005_unread_notices"
down_revision = "0004_question_sets"


def upgrade() -> None:
    op.execute(sa.text("UPDATE notices SET seen_at = at WHERE seen_at IS NULL"))
    unread = sa.text("seen_at IS NULL")
    op.create_index("ix_notices_unread", "notices", ["person_id"], sqlite_where=unread, postgresql_where=unread)
