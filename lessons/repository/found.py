"""Keeps the search index in step with lessons, in the same transaction: from accepted on, never rejected or retired."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session

from lessons.debriefs.topics import topics_of
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
    session.flush()
    if lesson.state in LESSON_PUBLIC:
        names = topics_of(session, [lesson.id or 0])[lesson.id or 0]
        index.put(
            session, NOUN, lesson.id or 0, lang=lesson.lang, title=lesson.title, body=body_of(lesson), topics=names
        )
    else:
        index.drop(session, NOUN, lesson.id or 0)


def entries(session: Session) -> Iterator[Entry]:
    """Every lesson that may be found, the oldest first."""
    rows = session.scalars(sa.select(Lesson).where(Lesson.state.in_(LESSON_PUBLIC)).order_by(Lesson.id)).all()
    names = topics_of(session, [row.id for row in rows])
    for row in rows:
        yield Entry(NOUN, row.id, row.lang, row.title, body_of(row), names[row.id])
