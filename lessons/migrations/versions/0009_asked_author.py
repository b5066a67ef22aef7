"""Asked author"""

import sqlalchemy as sa
from alembic import op

revision = "0009_asked_author"
down_revision = "0008_welcome"


def upgrade() -> None:
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
