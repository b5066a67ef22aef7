"""What a briefing asks to be understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def passage(session: Session, briefing: Briefing) -> Passage:
    """The card's own words, a news item's, or a revision's summary for agents."""
    return _told(briefing, session.get_one)


def passages(session: Session, briefings: Sequence[Briefing]) -> list[Passage]:
    """The same of several, in their order: a query a kind of subject, however many there are."""
    rows: dict[tuple[Any, int], Any] = {}
    for model, name in ((Lesson, "lesson_id"), (News, "news_id"), (Revision, "revision_id")):
        _add(session, rows, model, {getattr(one, name) for one in briefings})
    _add(session, rows, Procedure, {row.procedure_id for (model, _), row in rows.items() if model is Revision})
    return [_told(one, lambda model, row_id: rows[model, row_id]) for one in briefings]


def _add(session: Session, rows: dict[tuple[Any, int], Any], model: Any, ids: set[int | None]) -> None:
    wanted = ids - {None}
    if wanted:
        rows |= {(model, row.id): row for row in session.scalars(sa.select(model).where(model.id.in_(wanted)))}


def _told(briefing: Briefing, get: Callable[[Any, Any], Any]) -> Passage:
    if briefing.lesson_id is not None:
        lesson = get(Lesson, briefing.lesson_id)
        lines = (lesson.applies_when, *lesson.steps, lesson.say, lesson.avoid_saying, lesson.limits, lesson.exceptions)
        return Passage(lesson.title, [line for line in lines if line])
    if briefing.news_id is not None:
        news = get(News, briefing.news_id)
        return Passage(news.title, [line for line in (*news.body.splitlines(), news.our_answer) if line])
    revision = get(Revision, briefing.revision_id)
    title = get(Procedure, revision.procedure_id).title
    return Passage(title, [revision.summary] if revision.summary else [])
