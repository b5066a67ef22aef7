"""Your report worked: lessons of the last month that proved themselves, and whom they owe it to, by consent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.audience import is_within
from lessons.models import Debrief, Lesson, Person
from lessons.workflow.states import LessonState

DAYS, MOST = 30, 3


def worked(session: Session, *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """One's own first: what one reported or wrote; then what a colleague told of and agreed to be named for."""
    rows = session.execute(
        sa.select(Lesson, Debrief.reporter_id, Person)
        .outerjoin(Debrief, Debrief.id == Lesson.debrief_id)
        .outerjoin(Person, Person.id == Lesson.interviewee_id)
        .where(Lesson.state == LessonState.VERIFIED, Lesson.proved_at > at - timedelta(days=DAYS),
               sa.not_(Lesson.proved_elsewhere))
        .order_by(Lesson.proved_at.desc(), Lesson.id.desc())
        .limit(50)
    ).all()  # fmt: skip
    own = [_row(lesson, None) for lesson, reporter, _ in rows if by.id in (reporter, lesson.author_id)]
    told = [
        _row(lesson, person)
        for lesson, reporter, person in rows
        if person is not None and lesson.consent and by.id not in (reporter, lesson.author_id)
        and is_within(session, lesson, by)
    ]  # fmt: skip
    return [*own, *told][:MOST]


def _row(lesson: Lesson, thanks_to: Person | None) -> dict[str, Any]:
    return {
        "title": lesson.title,
        "href": f"/desk?card={lesson.code}",
        "when": web.when(lesson.proved_at),
        "mine": thanks_to is None,
        "thanks_to": web.name_of(thanks_to),
    }
