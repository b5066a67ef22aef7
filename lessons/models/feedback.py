"""What readers say of a card: that it is useful, or what is wrong with it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa

from lessons.models.base import Part, choice, long_text, moment, ref
from lessons.workflow.states import FeedbackOutcome, FeedbackReason, Verdict


class Feedback(Part, table=True):
    """One voice a person, lesson and edition. Whatever is not useful waits until `answered_at`."""

    __tablename__ = "feedback"
    noun: ClassVar[str] = "feedback"
    __table_args__ = (sa.UniqueConstraint("lesson_id", "edition", "person_id"),)

    lesson_id: int = ref("lessons", optional=False, index=False)
    edition: int
    person_id: int = ref("persons", optional=False)
    verdict: Verdict = choice(Verdict)
    reason: FeedbackReason | None = choice(FeedbackReason, optional=True)
    words: str = long_text()
    at: datetime = moment(default=...)
    outcome: FeedbackOutcome | None = choice(FeedbackOutcome, optional=True)
    answer: str = long_text()
    answered_by_id: int | None = ref("persons", index=False)
    answered_at: datetime | None = moment()
