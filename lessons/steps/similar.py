"""Lessons already in the repository that resemble a debrief's drafts: whoever issues it answers about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import Debrief, Lesson, SimilarAnswer
from lessons.search import index
from lessons.workflow.states import DebriefState, LessonState, Path

MOST = 3
ENOUGH = 0.5  # of the sentence's words
NOUN = "lesson"
Pair = tuple[Lesson, Lesson]
"""A lesson of the repository, and the draft that resembles it."""


def with_similar(session: Session, row: Any, known: Any) -> Any:
    """The facts of a full debrief in review, with the similar lessons that wait for an answer."""
    if row.noun != "debriefs" or row.state != DebriefState.IN_REVIEW or row.path == Path.QUICK:
        return known
    return replace(known, similar_unanswered=tuple(lesson.code for lesson, _ in unanswered(session, row)))


def unanswered(session: Session, debrief: Debrief) -> list[Pair]:
    answered = sa.select(SimilarAnswer.lesson_id).where(SimilarAnswer.debrief_id == debrief.id)
    told = set(session.scalars(answered))
    return [pair for pair in similar_to(session, debrief) if pair[0].id not in told]


def similar_to(session: Session, debrief: Debrief) -> list[Pair]:
    """At most three, the nearest first, each with the draft it resembles; the debrief's own are none of them."""
    drafts = session.scalars(
        sa.select(Lesson).where(Lesson.debrief_id == debrief.id, Lesson.state == LessonState.DRAFT).order_by(Lesson.id)
    ).all()
    found: dict[int, tuple[float, Lesson]] = {}
    for draft in drafts:
        for hit in index.find(session, draft.title[:200], noun=NOUN, limit=MOST + 1):
            known = found.get(hit.record_id)
            if hit.matched >= ENOUGH * hit.asked and (known is None or hit.score > known[0]):
                found[hit.record_id] = hit.score, draft
    near = sorted(found, key=lambda record_id: -found[record_id][0])
    return [(row, found[row.id or 0][1]) for row in _rows(session, near, debrief)[:MOST]]


def _rows(session: Session, ids: Sequence[int], debrief: Debrief) -> list[Lesson]:
    own = sa.or_(Lesson.debrief_id.is_(None), Lesson.debrief_id != debrief.id)
    rows = {row.id: row for row in session.scalars(sa.select(Lesson).where(Lesson.id.in_(ids), own))}
    return [rows[record_id] for record_id in ids if record_id in rows]
