"""What came back to whoever is at the desk: answers to their questions and to what they said of cards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.models import Feedback, Lesson
from lessons.questions import queries, shown
from lessons.repository.say_so import heard as answered
from lessons.workflow.states import QuestionState

MOST, DAYS = 5, 14
"""So many of each; what was answered longer ago is read in one's notices."""


def heard(session: Session, by: Actor, at: datetime) -> dict[str, Any]:
    """Finished values of `desk/heard.html`: the same few queries, however much it is."""
    if by.id is None:
        return {"questions": [], "feedback": []}
    asked = [one for one in queries.own(session, by=by, limit=MOST) if _is_news(one.question, at)]
    return {"questions": [shown.row(one) for one in asked], "feedback": _feedback(session, by, at)}


def _is_news(question: Any, at: datetime) -> bool:
    since = question.answered_at or question.changed_at
    return bool(question.state == QuestionState.ASKED or since >= at - timedelta(days=DAYS))


def _feedback(session: Session, by: Actor, at: datetime) -> list[dict[str, Any]]:
    mine = (
        sa.select(Feedback, Lesson)
        .join(Lesson, Lesson.id == Feedback.lesson_id)
        .where(Feedback.person_id == by.id, Feedback.answered_at >= at - timedelta(days=DAYS))
        .order_by(Feedback.answered_at.desc(), Feedback.id.desc())
        .limit(MOST)
    )
    rows = session.execute(mine).all()
    told = answered(session, [said for said, _ in rows])
    return [
        {**one, "title": lesson.title, "href": f"/desk?card={lesson.code}"}
        for one, (_, lesson) in zip(told, rows, strict=True)
    ]
