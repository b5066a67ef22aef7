"""Keeps the search index in step with topics, in the same transaction: each by its name and by its former ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.models import FormerTopic, Lesson, LessonTopic, Topic
from lessons.search import index
from lessons.search.entries import Entry
from lessons.workflow.states import LESSON_PUBLIC

NOUN = "topic"


def keep(session: Session, topic_id: int) -> None:
    """Found by its names, or not found any more where another one took its place."""
    session.flush()
    index.keep(session, NOUN, [topic_id], entries(session, [topic_id]))


# ── as every kind that is searched ───────────────────────────────────────────────────────────────────────────────────
def wanted() -> Any:
    return sa.select(Topic.id).order_by(Topic.id)


def readable(session: Session, by: Actor, at: datetime | None = None) -> Any:  # noqa: ARG001 - asked as of every kind
    """Those that lead to a lesson which this person may find: a name may tell of what is not theirs to know."""
    return (
        sa.select(LessonTopic.topic_id)
        .join(Lesson, Lesson.id == LessonTopic.lesson_id)
        .where(visible_to(session, "lessons", by), Lesson.state.in_(LESSON_PUBLIC))
    )


def rows(session: Session, ids: Sequence[int]) -> dict[int, Topic]:
    return {row.id or 0: row for row in session.scalars(sa.select(Topic).where(Topic.id.in_(ids)).order_by(Topic.id))}


def words(row: Topic) -> tuple[str]:
    return (row.name,)


def entries(session: Session, ids: Sequence[int]) -> Iterator[Entry]:
    """A name alone means little: topics are found by their words and letters, and by no meaning."""
    former: dict[int, list[str]] = {}
    was = sa.select(FormerTopic.topic_id, FormerTopic.name).where(FormerTopic.topic_id.in_(ids))
    for topic_id, name in session.execute(was.order_by(FormerTopic.key)):
        former.setdefault(topic_id, []).append(name)
    for topic_id, row in rows(session, ids).items():
        yield Entry(NOUN, topic_id, row.lang, row.name, "", former.get(topic_id, ()), has_meaning=False)
