"""Asked author"""

import sqlalchemy as sa
from alembic import op

revision = "0007_asked_author"
down_revision = "0006_saved_views"


def upgrade() -> None:
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
