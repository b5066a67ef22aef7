"""Kept for as long as the policy says"""

from alembic import op

revision = "0029_kept"
down_revision = "0028_passkeys"


def upgrade() -> None:
    for table, column in (("sign_ins", "created_at"), ("notices", "at")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
