"""Sentences"""

import sqlalchemy as sa
from alembic import op

revision = "0021_sentences"
down_revision = "0020_search_legs"


def upgrade() -> None:
    op.create_table(
        "sentences",
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
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("said_when", sa.String(length=300), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'live', 'withdrawn', 'declined')", name=op.f("ck_sentences_sentencestate")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name=op.f("fk_sentences_author_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_sentences_lesson_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sentences_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentences")),
        sa.UniqueConstraint("code", name=op.f("uq_sentences_code")),
    )
    with op.batch_alter_table("sentences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sentences_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sentences_lesson_id"), ["lesson_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sentences_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_sentences_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "sentence_votes",
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_sentence_votes_person_id")),
        sa.ForeignKeyConstraint(["sentence_id"], ["sentences.id"], name=op.f("fk_sentence_votes_sentence_id")),
        sa.PrimaryKeyConstraint("sentence_id", "person_id", name=op.f("pk_sentence_votes")),
    )
    with op.batch_alter_table("sentence_votes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sentence_votes_person_id"), ["person_id"], unique=False)
