"""What agents ask because no card says it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel

from lessons.models.base import Record, choice, long_text, moment, ref
from lessons.workflow.states import QuestionState


class Question(Record, table=True):
    """`lesson_id` is the card that the answer leads to."""

    __tablename__ = "questions"
    noun: ClassVar[str] = "questions"

    state: QuestionState = choice(QuestionState, index=True)
    text: str = long_text(...)
    asker_id: int | None = ref("persons")
    answer: str = long_text()
    lesson_id: int | None = ref("lessons")
    answered_by_id: int | None = ref("persons", index=False)
    answered_at: datetime | None = moment()


class QuestionLesson(SQLModel, table=True):
    """The lesson was made of what was asked and answered."""

    __tablename__ = "question_lessons"

    lesson_id: int = Field(foreign_key="lessons.id", primary_key=True)
    question_id: int = ref("questions", optional=False)
