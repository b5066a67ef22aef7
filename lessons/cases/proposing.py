"""Which lessons a case's text looks like. One function decides; a person confirms."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import Lesson
from lessons.search import index
from lessons.workflow.states import LESSON_PUBLIC

SHARE, WORDS, OF_BEST = 0.5, 3, 0.75
"""A lesson is proposed where it holds so large a share of the text's words, so many of them, and so large a part of
what the best one holds."""
MOST, LONGEST = 2, 4000


@dataclass(frozen=True)
class Proposed:
    """`score` is 0 to 1: how much of the text the lesson answers to."""

    lesson_id: int
    score: float


def proposed(session: Session, text: str) -> list[Proposed]:
    """The lessons in use that the text looks like, the best first; none where none is near enough."""
    in_use = sa.select(Lesson.id).where(Lesson.state.in_(LESSON_PUBLIC))
    hits = index.find(session, text[:LONGEST], limit=MOST, where=in_use)
    least = max([WORDS, *(OF_BEST * hit.matched for hit in hits)])
    near = [hit for hit in hits if hit.matched >= max(least, SHARE * hit.asked)]
    return [Proposed(hit.record_id, hit.matched / hit.asked) for hit in near]
