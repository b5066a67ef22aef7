"""The cases of a lesson: those in which it was of use, and those that show its problem although it reached people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.numbers import policy_of
from lessons.models import Case, CaseLink, Event, Lesson, Proposal
from lessons.workflow.states import LessonState

RECURS = (LessonState.WATCHING, LessonState.VERIFIED, LessonState.DUE_FOR_REVIEW, LessonState.RISK_ACCEPTED)
REACHED = ("implemented", "proceed")
USUAL_SEVERITY = 2
DAYS = 30


def link(
    session: Session, lesson: Lesson, cases: Sequence[Case], *, by: Actor, at: datetime, came_back: bool | None = None
) -> None:
    """Cases that show its problem; linked once. Whether it came back is told, or follows from when the case was."""
    reached = reached_at(session, lesson)
    ids = [case.id for case in cases]
    there = sa.select(CaseLink).where(CaseLink.lesson_id == lesson.id, CaseLink.case_id.in_(ids))
    known = {one.case_id: one for one in session.scalars(there)}
    for case in cases:
        again = came_back if came_back is not None else reached is not None and case.opened_at >= reached
        row = known.get(case.id or 0) or CaseLink(case_id=case.id, lesson_id=lesson.id, person_id=by.id, at=at)
        row.came_back = row.came_back or again
        session.add(row)
    session.flush()


def reached_at(session: Session, lesson: Lesson) -> datetime | None:
    """Since when the lesson has reached people in this cycle; None where it has not. One that was imported as it is
    had done so when it came."""
    if lesson.state not in RECURS:
        return None
    mine = (Event.noun == "lessons", Event.record_id == lesson.id, Event.trigger.in_(REACHED))
    last = session.scalar(sa.select(Event.at).where(*mine).order_by(Event.n.desc()).limit(1))
    return last or lesson.entered_at


def recurrences(session: Session, lesson: Lesson, *, at: datetime) -> Sequence[Case]:
    """The cases in which it came back, if they are so many that this is one; else none. At severity 4 one is enough;
    else, where it is known how often it happened before, at least that share of it."""
    reached, limits = reached_at(session, lesson), policy_of(session, lesson.unit_id).recurrence
    if reached is None:
        return ()
    found = _linked(lesson.id, max(at - timedelta(days=limits.days), reached), at + timedelta(microseconds=1))
    cases = session.scalars(found.where(CaseLink.came_back).order_by(Case.opened_at, Case.id)).all()
    severity = lesson.severity or USUAL_SEVERITY
    least = limits.limit(severity)
    if severity < 4 and lesson.accepted_at is not None:
        before = linked(session, lesson.id, since=lesson.accepted_at - timedelta(days=limits.days),
                        until=lesson.accepted_at)  # fmt: skip
        least = max(least, math.ceil(before * limits.share_of_rate_before))
    return cases if len(cases) >= least else ()


def linked(session: Session, lesson_id: int | None, *, since: datetime, until: datetime) -> int:
    """How many linked cases were opened in the window: since included, until not."""
    found = _linked(lesson_id, since, until).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def _linked(lesson_id: int | None, since: datetime, until: datetime) -> Any:
    opened = (Case.opened_at >= since, Case.opened_at < until)
    return sa.select(Case).join(CaseLink, CaseLink.case_id == Case.id).where(CaseLink.lesson_id == lesson_id, *opened)


@dataclass(frozen=True)
class Numbers:
    """Of the last days: cases in which it was of use, in which it came back, and that wait for a word."""

    used: int
    came_back: int
    proposed: int


def numbers(session: Session, lesson: Lesson, *, at: datetime) -> Numbers:
    """By one query."""
    recent = Case.opened_at >= at - timedelta(days=DAYS)
    linked = (CaseLink.lesson_id == lesson.id, Case.id == CaseLink.case_id, recent)
    waiting = (Proposal.lesson_id == lesson.id, Proposal.answer == "", Case.id == Proposal.case_id, recent)
    count = [
        sa.select(sa.func.count()).where(*where).scalar_subquery()
        for where in ((*linked, sa.not_(CaseLink.came_back)), (*linked, CaseLink.came_back), waiting)
    ]
    return Numbers(*session.execute(sa.select(*count)).one())
