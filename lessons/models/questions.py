"""What agents ask because no card says it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

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
