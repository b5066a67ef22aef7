"""Topics by name: found whatever the spelling's case and by what they were called before, made where unknown, guessed
from a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.debriefs import found as searched
from lessons.i18n import language_of
from lessons.models import FormerTopic, Lesson, LessonTopic, Topic


def key_of(name: str) -> str:
    return " ".join(name.split()).casefold()[:60]


def called(name: str) -> Any:
    """A select of the topic's id: the one that has this name, or had it. A name is one topic's at most."""
    former = sa.select(FormerTopic.topic_id).where(FormerTopic.key == key_of(name))
    return sa.select(Topic.id).where(Topic.key == key_of(name)).union_all(former)


def find(session: Session, name: str) -> Topic | None:
    return session.scalars(sa.select(Topic).where(Topic.id.in_(called(name)))).first()


def set_topics(session: Session, lesson: Lesson, names: Sequence[str]) -> None:
    """The lesson's topics are these and no others."""
    session.flush()
    session.execute(sa.delete(LessonTopic).where(LessonTopic.lesson_id == lesson.id))
    for topic_id in dict.fromkeys(topic(session, name).id for name in names if name.strip()):
        session.add(LessonTopic(lesson_id=lesson.id, topic_id=topic_id))
    session.flush()


def topic(session: Session, name: str) -> Topic:
    found = find(session, name)
    if found is None:
        found = Topic(name=" ".join(name.split())[:60], key=key_of(name), lang=language_of(name))
        session.add(found)
        session.flush()
        searched.keep(session, found.id or 0)
    return found


def topics_of(session: Session, lesson_ids: Sequence[int]) -> dict[int, list[str]]:
    """Names of topics by lesson, in alphabetical order."""
    return _by_lesson(session, _names(lesson_ids), lesson_ids)


def known_by(session: Session, lesson_ids: Sequence[int]) -> dict[int, list[str]]:
    """The same, and what the topics were called before: by these words a lesson is searched."""
    former = (
        sa.select(LessonTopic.lesson_id, FormerTopic.name)
        .join(FormerTopic, FormerTopic.topic_id == LessonTopic.topic_id)
        .where(LessonTopic.lesson_id.in_(list(lesson_ids)))
    )
    return _by_lesson(session, _names(lesson_ids).union_all(former), lesson_ids)


def _names(lesson_ids: Sequence[int]) -> Any:
    named = sa.select(LessonTopic.lesson_id, Topic.name).join(Topic, Topic.id == LessonTopic.topic_id)
    return named.where(LessonTopic.lesson_id.in_(list(lesson_ids)))


def _by_lesson(session: Session, rows: Any, lesson_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {lesson_id: [] for lesson_id in lesson_ids}
    for lesson_id, name in session.execute(rows.order_by("name")):
        found[lesson_id].append(name)
    return found


@dataclass(frozen=True)
class Known:
    """Topics by what they are or were called, the longest first: in what words, and their name now."""

    said: Sequence[tuple[list[str], str]]

    def within(self, text: str) -> list[str]:
        """Those whose every word stands in the text, as they are called now; at most three, the longest first."""
        folded = text.casefold() if self.said else ""
        hits = (name for words, name in self.said if all(word in folded for word in words))
        return list(dict.fromkeys(hits))[:3]


def known_topics(session: Session) -> Known:
    """The 500 with the longest names, for whoever looks for them in many texts."""
    former = sa.select(FormerTopic.name.label("said"), Topic.name).join(Topic, Topic.id == FormerTopic.topic_id)
    known = sa.select(Topic.name.label("said"), Topic.name).union_all(former).subquery()
    longest = sa.select(known.c.said, known.c.name).order_by(sa.func.length(known.c.said).desc(), known.c.said)
    return Known([(said.casefold().split(), name) for said, name in session.execute(longest.limit(500))])


def guessed(session: Session, text: str) -> list[str]:
    """Known topics whose every word stands in the text."""
    return known_topics(session).within(text)
