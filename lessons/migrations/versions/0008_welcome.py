"""Welcome"""

import sqlalchemy as sa
from alembic import op

revision = "0008_welcome"
down_revision = "0007_presences"


def upgrade() -> None:
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True))
