"""Extensions"""

import sqlalchemy as sa
from alembic import op

revision = "0014_extensions"
down_revision = "0013_reckonings"

GRANTED = (
    "UPDATE {table} SET extension_count = (SELECT count(*) FROM extensions"
    " WHERE of_noun = '{table}' AND of_id = {table}.id AND state = 'granted')"
    " WHERE id IN (SELECT of_id FROM extensions WHERE of_noun = '{table}' AND state = 'granted')"
)


def upgrade() -> None:
    for table in ("actions", "debriefs"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("extension_count", sa.Integer(), nullable=False, server_default="0"))
        op.execute(GRANTED.format(table=table))
    with op.batch_alter_table("extensions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default="0"))
