"""What falls due by itself on lessons: an accepted risk ends, a review date comes, team experience lapses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, tree
from lessons.models import Lesson
from lessons.repository import cycle, found
from lessons.repository.operations import retire
from lessons.steps import take
from lessons.workflow.states import LESSON_LIVE, LessonState


def fall_due(session: Session, *, at: datetime, limit: int = 100) -> int:
    """Do what is due at that moment; how many records moved."""
    done = 0
    for column, states, step in (
        (Lesson.risk_until, (LessonState.RISK_ACCEPTED,), _expire),
        (Lesson.review_on, (LessonState.VERIFIED,), _age),
        (Lesson.team_until, LESSON_LIVE, _lapse),
    ):
        done += _each(session, column, states, step, at=at, limit=limit - done)
    return done


def _each(
    session: Session,
    column: Any,
    states: tuple[LessonState, ...],
    step: Callable[..., None],
    *,
    at: datetime,
    limit: int,
) -> int:
    latest = at.date() + timedelta(days=1)
    rows = session.scalars(
        sa.select(Lesson)
        .where(column <= latest, Lesson.state.in_(states))
        .order_by(column, Lesson.id)
        .limit(max(limit, 0))
        .with_for_update(skip_locked=True)
    ).all()
    due = [row for row in rows if _day(row, column) <= tree(session).today(row.unit_id, at)]
    for row in due:
        step(session, row, at=at)
    return len(due)


def _day(row: Lesson, column: Any) -> date:
    day: date = getattr(row, column.key)
    # a review date is the day it is due; a risk and team experience hold through their last day
    return day if column.key == "review_on" else day + timedelta(days=1)


def _expire(session: Session, lesson: Lesson, *, at: datetime) -> None:
    take(session, lesson, "expire", by=SYSTEM, at=at, changes={"risk_expired": True, "risk_until": None})
    found.keep(session, lesson)
    cycle.settle(session, lesson, at=at)


def _age(session: Session, lesson: Lesson, *, at: datetime) -> None:
    cycle.age(session, lesson, at=at)
    cycle.settle(session, lesson, at=at)


def _lapse(session: Session, lesson: Lesson, *, at: datetime) -> None:
    retire(session, lesson, {}, by=SYSTEM, at=at)
