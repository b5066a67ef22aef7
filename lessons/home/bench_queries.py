"""Reads of the lessons manager's bench: which lessons wait for this person's decision, and where one is from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.access.named import by_code
from lessons.duties.queries import owed_by
from lessons.models import Debrief, Lesson, Person
from lessons.repository.queries import similar


def queue(session: Session, by: Actor, *, at: datetime) -> list[Any]:
    """The decisions that are theirs to take: those overdue first, the longest waiting first."""
    waiting = [duty for duty in owed_by(session, by) if duty.kind == "decide_lesson"]
    return sorted(waiting, key=lambda duty: (duty.due_at > at, duty.opened_at, duty.id))


@dataclass(frozen=True)
class Proposed:
    """One proposed lesson with what its decision rests on. `debrief` only where it may be named."""

    lesson: Lesson
    author: Person | None
    debrief: Debrief | None
    similar: Sequence[Lesson]


def proposed(session: Session, code: str, *, by: Actor) -> Proposed | None:
    lesson = by_code(session, Lesson, code, by=by)
    if lesson is None:
        return None
    named = sa.and_(Debrief.id == lesson.debrief_id, sa.not_(Debrief.confidential))
    source = sa.select(Debrief).where(named, visible_to(session, "debriefs", by))
    author = session.get(Person, lesson.author_id) if lesson.author_id else None
    return Proposed(lesson, author, session.scalars(source).first(), similar(session, lesson, by=by))
