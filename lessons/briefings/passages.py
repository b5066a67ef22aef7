"""What a briefing asks to be understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import Briefing, Lesson, News, Procedure, Revision


@dataclass(frozen=True)
class Passage:
    """What is to be understood: shown before the question, and again after a wrong answer."""

    title: str
    lines: Sequence[str]


def subjects(session: Session, briefings: Sequence[Briefing]) -> list[Any]:
    """What these are about, read together: as long as it is held, `passage` asks the database for nothing."""
    news = {one.news_id for one in briefings} - {None}
    lessons = {one.lesson_id for one in briefings} - {None}
    revisions = {one.revision_id for one in briefings} - {None}
    procedures = sa.select(Revision.procedure_id).where(Revision.id.in_(revisions))
    wanted = [
        sa.select(Lesson).where(Lesson.id.in_(lessons)) if lessons else None,
        sa.select(News).where(News.id.in_(news)) if news else None,
        sa.select(Revision).where(Revision.id.in_(revisions)) if revisions else None,
        sa.select(Procedure).where(Procedure.id.in_(procedures)) if revisions else None,
    ]
    return [row for asked in wanted if asked is not None for row in session.scalars(asked)]


def passage(session: Session, briefing: Briefing) -> Passage:
    """The card's own words, a news item's, or a revision's summary for agents."""
    if briefing.lesson_id is not None:
        lesson = session.get_one(Lesson, briefing.lesson_id)
        lines = (lesson.applies_when, *lesson.steps, lesson.say, lesson.avoid_saying, lesson.limits, lesson.exceptions)
        return Passage(lesson.title, [line for line in lines if line])
    if briefing.news_id is not None:
        news = session.get_one(News, briefing.news_id)
        return Passage(news.title, [line for line in (*news.body.splitlines(), news.our_answer) if line])
    revision = session.get_one(Revision, briefing.revision_id)
    title = session.get_one(Procedure, revision.procedure_id).title
    return Passage(title, [revision.summary] if revision.summary else [])
