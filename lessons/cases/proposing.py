"""Which lessons a case's text looks like. One function decides; a person confirms."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import Lesson
from lessons.repository.searching import known_lesson
from lessons.workflow.states import LESSON_PUBLIC

LONGEST = 4000


@dataclass(frozen=True)
class Proposed:
    """`score` is 0 to 1: how sure it is, 0.5 being just enough."""

    lesson_id: int
    score: float


def proposed(session: Session, text: str) -> list[Proposed]:
    """The lesson in use that the text is about; none where it is about none, or it cannot be told which."""
    in_use = sa.select(Lesson.id).where(Lesson.state.in_(LESSON_PUBLIC))
    known = known_lesson(session, text[:LONGEST], where=in_use)
    return [Proposed(known.record_id, known.confidence)] if known is not None else []
