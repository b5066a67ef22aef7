"""Who has a record open, first visits, authors who were asked, former names of topics"""

import sqlalchemy as sa
from alembic import op

revision = "0007_first_visits"
down_revision = "0006_saved_views"


def upgrade() -> None:
    op.create_table(
        "presences",
        sa.Column("noun", sa.String(length=24), nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_presences_person_id")),
        sa.PrimaryKeyConstraint("noun", "record_id", "person_id", name=op.f("pk_presences")),
    )
    op.add_column("persons", sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lessons", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
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
    op.create_index("ix_former_topics_topic_id", "former_topics", ["topic_id"], unique=False)
