"""News"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_news"
down_revision = "0017_cases"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "unit_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_figures_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_figures")),
        sa.UniqueConstraint("unit_id", "day", "name", name=op.f("uq_unit_figures_unit_id_day_name")),
    )
    with op.batch_alter_table("unit_figures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_figures_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "desk_visits",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_desk_visits_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_desk_visits")),
    )
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_from", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_where", sa.String(length=300), nullable=False),
        sa.Column("our_answer", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edition_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('news', 'focus', 'offer')", name=op.f("ck_news_newskind")),
        sa.CheckConstraint("state IN ('reported', 'live', 'withdrawn', 'expired')", name=op.f("ck_news_newsstate")),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name=op.f("fk_news_author_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["persons.id"], name=op.f("fk_news_confirmed_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_news_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
        sa.UniqueConstraint("code", name=op.f("uq_news_code")),
    )
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_news_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_news_confirmed_by_id"), ["confirmed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_news_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_news_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_news_valid_until"), ["valid_until"], unique=False)

    op.create_table(
        "news_readings",
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["news_id"], ["news.id"], name=op.f("fk_news_readings_news_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_news_readings_person_id")),
        sa.PrimaryKeyConstraint("news_id", "person_id", "edition", name=op.f("pk_news_readings")),
    )
    with op.batch_alter_table("news_readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_news_readings_person_id"), ["person_id"], unique=False)

    op.create_table(
        "basic_cards",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_basic_cards_lesson_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_basic_cards_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "lesson_id", name=op.f("pk_basic_cards")),
    )
    with op.batch_alter_table("basic_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_basic_cards_lesson_id"), ["lesson_id"], unique=False)

    op.create_table(
        "basic_readings",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_basic_readings_lesson_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_basic_readings_person_id")),
        sa.PrimaryKeyConstraint("person_id", "lesson_id", name=op.f("pk_basic_readings")),
    )
    with op.batch_alter_table("basic_readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_basic_readings_lesson_id"), ["lesson_id"], unique=False)

    # in place: a rebuild by SQLite would shuffle the constraints of briefings
    op.execute("ALTER TABLE briefings ADD COLUMN news_id INTEGER CONSTRAINT fk_briefings_news_id REFERENCES news (id)")
    op.add_column("briefings", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_briefings_news_id", "briefings", ["news_id"], unique=False)
