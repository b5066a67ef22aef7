"""The only writer of what topics are called: a new name, one topic out of two. The former name leads on, and the search
knows both from the same transaction on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.actor import check_over_all
from lessons.debriefs import found as searched
from lessons.debriefs.topics import find, key_of
from lessons.errors import FieldError, Invalid, NotFound
from lessons.i18n import Sentence, language_of, say
from lessons.models import FormerTopic, Lesson, LessonTopic, Topic
from lessons.repository import found
from lessons.workflow.rights import EVERYBODYS, KEEPERS

NOT_TAKEN = say("Some fields need another look. Nothing was lost.")
NOT_THERE = say("There is no topic of this name.")
ITSELF = say("Another topic is needed here.")
TAKEN = say("This is another topic’s name already. Merging brings the two together.")


def rename(session: Session, topic: Topic, name: str, *, by: Actor, at: datetime) -> None:
    """Raises Forbidden, Invalid for a name that is another topic's or leads to one."""
    _check(session, by)
    name = " ".join(name.split())[:60]
    other = find(session, name)
    if other is not None and other.id != topic.id:
        raise _wrong("/name", TAKEN)
    if key_of(name) != topic.key:
        session.execute(sa.delete(FormerTopic).where(FormerTopic.key == key_of(name)))  # its own, in use again
        session.add(_former(topic, topic, by=by, at=at))
    topic.name, topic.key, topic.lang = name, key_of(name), language_of(name)
    session.add(topic)
    searched.keep(session, topic.id or 0)
    found.keep_all(session, _lessons(session, topic))


def merge(session: Session, topic: Topic, into: Topic, *, by: Actor, at: datetime) -> int:
    """Everything of `topic` is `into`'s from now on; how many lessons moved. Raises Forbidden, Invalid, NotFound where
    somebody else just merged one of the two."""
    _check(session, by)
    if topic.id == into.id:
        raise _wrong("/into", ITSELF)
    _lock(session, topic, into)
    lessons, topic_id = _lessons(session, topic), topic.id
    has_both = sa.select(LessonTopic.lesson_id).where(LessonTopic.topic_id == into.id)
    named = LessonTopic.topic_id == topic.id
    plain = {"synchronize_session": False}
    session.execute(sa.delete(LessonTopic).where(named, LessonTopic.lesson_id.in_(has_both)), execution_options=plain)
    for table in (LessonTopic, FormerTopic):
        moved = sa.update(table).where(table.topic_id == topic.id).values(topic_id=into.id)
        session.execute(moved, execution_options=plain)
    session.add(_former(topic, into, by=by, at=at))
    session.delete(topic)
    for one in (topic_id, into.id):
        searched.keep(session, one or 0)
    found.keep_all(session, lessons)
    return len(lessons)


def _check(session: Session, by: Actor) -> None:
    """A topic is of no unit: lessons of all may be under it. Raises Forbidden."""
    check_over_all(session, by, *KEEPERS, refusal=EVERYBODYS)


def _former(topic: Topic, leads_to: Topic, *, by: Actor, at: datetime) -> FormerTopic:
    return FormerTopic(key=topic.key, name=topic.name, topic_id=leads_to.id or 0, by_id=by.id, at=at)


def _lock(session: Session, *topics: Topic) -> None:
    wanted = sa.select(Topic.id).where(Topic.id.in_([topic.id for topic in topics])).order_by(Topic.id)
    if len(session.execute(wanted.with_for_update()).all()) < len(topics):
        raise NotFound(NOT_THERE)


def _lessons(session: Session, topic: Topic) -> Sequence[Lesson]:
    of_it = sa.select(LessonTopic.lesson_id).where(LessonTopic.topic_id == topic.id)
    return session.scalars(sa.select(Lesson).where(Lesson.id.in_(of_it)).order_by(Lesson.id)).all()


def _wrong(pointer: str, message: Sentence) -> Invalid:
    return Invalid(NOT_TAKEN, [FieldError(pointer, "taken", message)])
