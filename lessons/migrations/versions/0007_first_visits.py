"""Who has a record open, whom a first visit was shown, which author was asked"""

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
