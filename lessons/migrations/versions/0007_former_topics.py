"""Former topics"""

import sqlalchemy as sa
from alembic import op

revision = "0007_former_topics"
down_revision = "0006_saved_views"


def upgrade() -> None:
    op.create_table(
        "former_topics",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f("fk_former_topics_by_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_former_topics_topic_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_former_topics")),
    )
    with op.batch_alter_table("former_topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_topics_topic_id"), ["topic_id"], unique=False)
