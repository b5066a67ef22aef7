"""Actions of a state are found in the order of their days."""

from alembic import op

revision = "0003_actions_by_state"
down_revision = "0002_search"


def upgrade() -> None:
    op.drop_index("ix_actions_state", "actions")
    op.create_index("ix_actions_state_due", "actions", ["state", "due_on"])


def downgrade() -> None:
    op.drop_index("ix_actions_state_due", "actions")
    op.create_index("ix_actions_state", "actions", ["state"])
