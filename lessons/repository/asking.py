"""A question of the lessons manager's to whoever wrote a proposed lesson. Its words are kept in the history alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.models import Event, EventDetail, Lesson
from lessons.post import notices
from lessons.steps import take


def ask_author(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """The author owes the answer; the decision stays owed beside it."""
    take(session, lesson, "ask_author", by=by, at=at, asked=asked, changes={"asked_at": at},
         private={"question": asked["question"]})  # fmt: skip


def answer(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Whoever asked is told."""
    last = _last_question(session, lesson)
    take(session, lesson, "answer", by=by, at=at, asked=asked, changes={"asked_at": None},
         private={"answer": asked["answer"]})  # fmt: skip
    notices.tell(session, [last.actor_id if last else None], "answered", lesson, at=at)


def question(session: Session, lesson: Lesson) -> str:
    """The words that wait for an answer; "" where none do, or where they were erased."""
    last = _last_question(session, lesson) if lesson.asked_at is not None else None
    return str(last.private.get("question", "")) if last else ""


def _last_question(session: Session, lesson: Lesson) -> EventDetail | None:
    return session.scalars(
        sa.select(EventDetail)
        .join(Event, Event.id == EventDetail.event_id)
        .where(Event.noun == lesson.noun, Event.record_id == lesson.id, Event.trigger == "ask_author")
        .order_by(Event.n.desc())
        .limit(1)
    ).first()


VERBS = {("lessons", "ask_author"): ask_author, ("lessons", "answer"): answer}
