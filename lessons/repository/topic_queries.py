"""Reads of topics as whoever keeps them sees them: how many lessons each has, and what it was called before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.debriefs.topics import key_of
from lessons.models import FormerTopic, Lesson, LessonTopic, Topic

PAGE = 50
MOST = 400


@dataclass(frozen=True)
class Row:
    """A topic; `lessons` counts those that this person may see."""

    topic: Topic
    lessons: int
    former: Sequence[str]


def listed(session: Session, by: Actor, *, text: str = "", after: str = "") -> tuple[list[Row], str]:
    """Topics that are or were called so, by name, a page; and the name of the last one, "" at the end."""
    wanted = _counted(session, by)
    if text:
        was = sa.select(FormerTopic.topic_id).where(FormerTopic.key.contains(key_of(text), autoescape=True))
        wanted = wanted.where(sa.or_(Topic.key.contains(key_of(text), autoescape=True), Topic.id.in_(was)))
    if after:
        wanted = wanted.where(Topic.key > key_of(after))
    rows = _rows(session, wanted.order_by(Topic.key).limit(PAGE + 1))
    return rows[:PAGE], rows[PAGE - 1].topic.name if len(rows) > PAGE else ""


def one(session: Session, topic: Topic, by: Actor) -> Row:
    (row,) = _rows(session, _counted(session, by).where(Topic.id == topic.id))
    return row


def names(session: Session, *, but: Topic) -> list[str]:
    """What else there is, to choose from."""
    others = sa.select(Topic.name).where(Topic.id != but.id).order_by(Topic.key).limit(MOST)
    return list(session.scalars(others))


def _counted(session: Session, by: Actor) -> Any:
    seen = visible_to(session, "lessons", by)
    counted = (
        sa.select(LessonTopic.topic_id, sa.func.count().label("n"))
        .join(Lesson, Lesson.id == LessonTopic.lesson_id)
        .where(seen)
        .group_by(LessonTopic.topic_id)
        .subquery()
    )
    n = sa.func.coalesce(counted.c.n, 0)
    return sa.select(Topic, n).outerjoin(counted, counted.c.topic_id == Topic.id)


def _rows(session: Session, wanted: Any) -> list[Row]:
    found = session.execute(wanted).all()
    ids = [topic.id for topic, _ in found]
    former: dict[int, list[str]] = {id_: [] for id_ in ids}
    was = sa.select(FormerTopic.topic_id, FormerTopic.name).where(FormerTopic.topic_id.in_(ids))
    for topic_id, name in session.execute(was.order_by(FormerTopic.key)):
        former[topic_id].append(name)
    return [Row(topic, n, former[topic.id]) for topic, n in found]
