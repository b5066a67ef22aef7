"""The fused answers as people and programs search: with the embedder and the synonyms of this installation, and what
else is known of a lesson weighed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.models import Feedback, Lesson, Synonyms
from lessons.repository.found import NOUN
from lessons.search import embedder, fused, known, spelling
from lessons.workflow.states import LessonState, Verdict

STATES = {LessonState.VERIFIED: 0.05, LessonState.DUE_FOR_REVIEW: -0.05, LessonState.RISK_ACCEPTED: -0.05}
"""By how much a lesson counts more for having proved itself, less for waiting to be looked at again."""
FRESH, RECENT = 0.03, timedelta(days=90)
"""For having been accepted in the last months before the newest answer; being read makes nothing fresh."""
HELPED, FEW = 0.1, 5
"""By how much it counts at most for what readers said of it; so many voices that say nothing are added."""


def answers(
    session: Session,
    q: str,
    *,
    where: Mapping[str, Any],
    limit: int = 20,
    legs: Collection[str] = fused.LEGS,
    seconds: float = embedder.ASKED_SECONDS,
    counts: Mapping[str, float] = fused.ASKED,
) -> list[fused.Answer]:
    """The records that answer best. Where no word of it is known, what the keys mean in the other layout is asked."""
    groups = synonyms(session)
    asked = spelling.as_meant(session, q, where=where, groups=groups)
    chosen = embedder.of(db.settings())
    return fused.answers(session, asked, where=where, legs=legs, limit=limit, embedder=chosen, groups=groups,
                         weigh=lambda found: weights(session, found), seconds=seconds, counts=counts)  # fmt: skip


def known_lesson(session: Session, text: str, *, where: Any) -> known.Known | None:
    """The lesson that a case is about, with its evidence and confidence, or none; `where` selects ids that count."""
    return known.known(session, text, where={NOUN: where}, embedder=embedder.of(db.settings()))


def synonyms(session: Session) -> list[list[str]]:
    return list(session.scalars(sa.select(Synonyms.words).order_by(Synonyms.id)))


def weights(session: Session, found: Sequence[fused.Answer]) -> dict[tuple[str, int], float]:
    """A lesson's factor around 1: whether it proved itself, whether it is recent, whether it helped. Small, so that
    it decides among answers that are about as near."""
    ids = [one.record_id for one in found if one.noun == NOUN]
    rows = session.execute(sa.select(Lesson.id, Lesson.state, Lesson.accepted_at).where(Lesson.id.in_(ids))).all()
    votes = usefulness(session, ids)
    newest = max((row.accepted_at for row in rows if row.accepted_at), default=None)
    return {
        (NOUN, row.id): 1
        + STATES.get(row.state, 0.0)
        + (FRESH if newest and row.accepted_at and row.accepted_at > newest - RECENT else 0.0)
        + votes.get(row.id, 0.0)
        for row in rows
    }


def usefulness(session: Session, lesson_ids: Sequence[int]) -> dict[int, float]:
    """What readers said of each, from -HELPED to HELPED; none where nobody said anything. One voice moves little."""
    useful = sa.func.sum(sa.case((Feedback.verdict == Verdict.USEFUL, 1), else_=-1))
    said = (
        sa.select(Feedback.lesson_id, useful, sa.func.count())
        .where(Feedback.lesson_id.in_(lesson_ids))
        .group_by(Feedback.lesson_id)
    )
    return {lesson_id: HELPED * balance / (voices + FEW) for lesson_id, balance, voices in session.execute(said)}
