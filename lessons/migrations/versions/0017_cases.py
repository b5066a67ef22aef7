"""Cases"""

import sqlalchemy as sa
from alembic import op

revision = "0017_cases"
down_revision = "0016_dropped_notices"

CAME_BACK = (
    "UPDATE case_links SET came_back = TRUE WHERE EXISTS (SELECT 1 FROM lessons WHERE lessons.id = case_links.lesson_id"
    " AND lessons.state IN ('watching', 'verified', 'due_for_review', 'risk_accepted')"
    " AND lessons.entered_at <= case_links.at)"
)


def upgrade() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sightings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
    )
    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.create_index("ix_sightings_kind", ["kind", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sightings_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "crm_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_crm_places_lesson_id")),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name=op.f("fk_crm_places_procedure_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_crm_places_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_places")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_crm_places_kind_key")),
        sa.UniqueConstraint("pid", name=op.f("uq_crm_places_pid")),
    )
    with op.batch_alter_table("crm_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crm_places_lesson_id"), ["lesson_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_crm_places_procedure_id"), ["procedure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_crm_places_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["persons.id"], name=op.f("fk_proposals_answered_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_proposals_case_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_proposals_lesson_id")),
        sa.PrimaryKeyConstraint("case_id", "lesson_id", name=op.f("pk_proposals")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(
            "ix_proposals_open",
            ["lesson_id"],
            unique=False,
            sqlite_where=sa.text("answer = ''"),
            postgresql_where=sa.text("answer = ''"),
        )

    with op.batch_alter_table("case_links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("came_back", sa.Boolean(), nullable=False, server_default="0"))
    op.execute(CAME_BACK)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_cases_customer", ["customer_hash", "opened_at"], unique=False)
        batch_op.create_index(
            "ix_cases_kept",
            ["opened_at"],
            unique=False,
            sqlite_where=sa.text("erased_at IS NULL"),
            postgresql_where=sa.text("erased_at IS NULL"),
        )
        batch_op.create_index(
            "ix_cases_new",
            ["id"],
            unique=False,
            sqlite_where=sa.text("looked_at IS NULL"),
            postgresql_where=sa.text("looked_at IS NULL"),
        )
    # what came before there were proposals is not proposed now
    op.execute("UPDATE cases SET looked_at = created_at")
