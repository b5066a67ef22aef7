"""Which lesson was made of which question"""

import sqlalchemy as sa
from alembic import op

revision = "0022_question_lessons"
down_revision = "0021_sentences"


def upgrade() -> None:
    op.create_table(
        "question_lessons",
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_question_lessons_lesson_id")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_question_lessons_question_id")),
        sa.PrimaryKeyConstraint("lesson_id", name=op.f("pk_question_lessons")),
    )
    with op.batch_alter_table("question_lessons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_lessons_question_id"), ["question_id"], unique=False)
