"""The daily mail by half hours: whoever chose no other hour has it at 08:30"""

import sqlalchemy as sa
from alembic import op

revision = "0015_half_hours"
down_revision = "0014_extensions"


def upgrade() -> None:
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest_minute", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE persons SET digest_minute = 30 WHERE digest_hour = 8")
