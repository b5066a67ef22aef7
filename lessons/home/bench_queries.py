"""Reads of the lessons manager's bench: which lessons wait for this person's decision, and where one is from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.duties.queries import owed_by
from lessons.models import Debrief, Lesson, LessonTopic, Person, Topic
from lessons.repository.queries import similar
from lessons.workflow.states import LESSON_PUBLIC, LessonState

UNDER_WAY = (LessonState.PROPOSED, LessonState.ACCEPTED, LessonState.IMPLEMENTING, LessonState.WATCHING,
             LessonState.DUE_FOR_REVIEW)  # fmt: skip


def queue(session: Session, by: Actor, *, at: datetime) -> list[Any]:
    """The decisions that are theirs to take: those overdue first, the longest waiting first; last those whose author
    was asked and has not answered."""
    waiting = [duty for duty in owed_by(session, by) if duty.kind == "decide_lesson"]
    ids = [duty.of_id for duty in waiting]
    asked = set(session.scalars(sa.select(Lesson.id).where(Lesson.id.in_(ids), Lesson.asked_at.is_not(None))))
    return sorted(waiting, key=lambda duty: (duty.of_id in asked, duty.due_at > at, duty.opened_at, duty.id))


@dataclass(frozen=True)
class Proposed:
    """One proposed lesson with what its decision rests on. `debrief` only where it may be named."""

    lesson: Lesson
    author: Person | None
    debrief: Debrief | None
    similar: Sequence[Lesson]


def proposed(session: Session, code: str, *, by: Actor) -> Proposed | None:
    found = session.execute(
        sa.select(Lesson, Person)
        .outerjoin(Person, Person.id == Lesson.author_id)
        .where(Lesson.code == code, visible_to(session, "lessons", by))
    ).first()
    if found is None:
        return None
    lesson, author = found
    named = sa.and_(Debrief.id == lesson.debrief_id, sa.not_(Debrief.confidential))
    source = sa.select(Debrief).where(named, visible_to(session, "debriefs", by))
    return Proposed(lesson, author, session.scalars(source).first(), similar(session, lesson, by=by))


def ages(session: Session, by: Actor, *, at: datetime) -> dict[LessonState, list[int]]:
    """How many days each lesson under way has been in its state, by the states in the order of a lesson's life."""
    seen = (Lesson.state.in_(UNDER_WAY), visible_to(session, "lessons", by))
    found: dict[LessonState, list[int]] = {state: [] for state in UNDER_WAY}
    for state, since in session.execute(sa.select(Lesson.state, Lesson.entered_at).where(*seen)):
        found[state].append((at - since).days)
    return found


def topics_without_card(session: Session) -> Sequence[Topic]:
    """Topics on which nothing stands on the desk, by name."""
    on_desk = (
        sa.select(LessonTopic.topic_id)
        .join(Lesson, Lesson.id == LessonTopic.lesson_id)
        .where(Lesson.state.in_(LESSON_PUBLIC))
    )
    return session.scalars(sa.select(Topic).where(Topic.id.not_in(on_desk)).order_by(Topic.name)).all()
