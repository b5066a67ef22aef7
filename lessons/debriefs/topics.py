"""Topics by name: found whatever the spelling's case, made where unknown, guessed from a text."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session

from lessons.i18n import language_of
from lessons.models import Lesson, LessonTopic, Topic


def key_of(name: str) -> str:
    return " ".join(name.split()).casefold()[:60]


def set_topics(session: Session, lesson: Lesson, names: Sequence[str]) -> None:
    """The lesson's topics are these and no others."""
    session.flush()
    session.execute(sa.delete(LessonTopic).where(LessonTopic.lesson_id == lesson.id))
    for topic_id in dict.fromkeys(topic(session, name).id for name in names if name.strip()):
        session.add(LessonTopic(lesson_id=lesson.id, topic_id=topic_id))
    session.flush()


def topic(session: Session, name: str) -> Topic:
    found = session.scalars(sa.select(Topic).where(Topic.key == key_of(name))).first()
    if found is None:
        found = Topic(name=" ".join(name.split())[:60], key=key_of(name), lang=language_of(name))
        session.add(found)
        session.flush()
    return found


def topics_of(session: Session, lesson_ids: Sequence[int]) -> dict[int, list[str]]:
    """Names of topics by lesson, in alphabetical order."""
    rows = session.execute(
        sa.select(LessonTopic.lesson_id, Topic.name)
        .join(Topic, Topic.id == LessonTopic.topic_id)
        .where(LessonTopic.lesson_id.in_(list(lesson_ids)))
        .order_by(Topic.name)
    )
    found: dict[int, list[str]] = {lesson_id: [] for lesson_id in lesson_ids}
    for lesson_id, name in rows:
        found[lesson_id].append(name)
    return found


def guessed(session: Session, text: str) -> list[str]:
    """Known topics whose every word stands in the text; at most three, the longest names first."""
    folded = text.casefold()
    known = session.scalars(sa.select(Topic.name).order_by(sa.func.length(Topic.name).desc(), Topic.id).limit(500))
    return [name for name in known if all(word in folded for word in name.casefold().split())][:3]
