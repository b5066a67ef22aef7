"""What a briefing asks to be understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from lessons.models import Briefing, Lesson, News, Procedure, Revision


@dataclass(frozen=True)
class Passage:
    """What is to be understood: shown before the question, and again after a wrong answer."""

    title: str
    lines: Sequence[str]


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
