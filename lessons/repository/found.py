"""Keeps the search index in step with lessons, in the same transaction: from accepted on, never rejected or retired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session

from lessons.debriefs.topics import known_by
from lessons.models import Lesson
from lessons.search import index
from lessons.search.entries import Entry
from lessons.workflow.states import LESSON_PUBLIC

NOUN = "lesson"
TEXTS = ("applies_when", "why", "say", "avoid_saying", "limits", "transfer_to", "exceptions", "background", "meanwhile")


def body_of(lesson: Lesson) -> str:
    parts = [lesson.code, *(getattr(lesson, name) for name in TEXTS), *lesson.steps, lesson.source]
    return "\n".join(part for part in parts if part)


def keep(session: Session, lesson: Lesson) -> None:
    """Found by its present words where everyone may read it, else not found."""
    if lesson.state in LESSON_PUBLIC:
        keep_all(session, [lesson])
    else:
        session.flush()
        index.drop(session, NOUN, lesson.id or 0)


def keep_all(session: Session, lessons: Sequence[Lesson]) -> None:
    """The same for many whose topics changed; those that nobody finds stay unfound."""
    session.flush()
    public = [lesson for lesson in lessons if lesson.state in LESSON_PUBLIC]
    names = known_by(session, [lesson.id or 0 for lesson in public])
    for lesson in public:
        words = {"title": lesson.title, "body": body_of(lesson), "topics": names[lesson.id or 0]}
        index.put(session, NOUN, lesson.id or 0, lang=lesson.lang, **words)


def entries(session: Session) -> Iterator[Entry]:
    """Every lesson that may be found, the oldest first."""
    rows = session.scalars(sa.select(Lesson).where(Lesson.state.in_(LESSON_PUBLIC)).order_by(Lesson.id)).all()
    names = known_by(session, [row.id for row in rows])
    for row in rows:
        yield Entry(NOUN, row.id, row.lang, row.title, body_of(row), names[row.id])
