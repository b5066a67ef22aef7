"""Where adopted lessons are stuck, by reason, and whom each waits for; never a ranking of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, facts, visible_to
from lessons.access.named import people_by_id
from lessons.models import Action, Briefing, Lesson, Person, Verification
from lessons.post.titles import titles
from lessons.workflow.states import ActionState, BriefingState, LessonState, VerificationState

MOST = 200
REASONS = ("no_plan", "no_way", "action_late", "to_verify", "unread")
PROMISED = (ActionState.ASSIGNED, ActionState.IN_PROGRESS, ActionState.BLOCKED)


@dataclass(frozen=True)
class Stuck:
    """`since` is the day that was missed, or on which it began to wait; without a person it waits for its unit's
    lessons management."""

    reason: str
    row: Any
    title: str
    person: Person | None
    since: date


def stuck(session: Session, by: Actor, *, today: date, at: datetime) -> list[Stuck]:
    """By reason, the longest waiting first; with a fixed number of queries."""
    found = [*_lessons(session, by, at), *_actions(session, by, today), *_verifications(session, by),
             *_briefings(session, by, today)]  # fmt: skip
    names = titles(session, [(row.noun, row.id) for _, row, _, _ in found], by)
    people = people_by_id(session, [person_id for _, _, person_id, _ in found])
    rows = [
        Stuck(reason, row, names.get((row.noun, row.id), ""), people.get(person_id or 0), since)
        for reason, row, person_id, since in found
    ]
    return sorted(rows, key=lambda one: (REASONS.index(one.reason), one.since, one.row.id))


Waiting = tuple[str, Any, int | None, date]


def _lessons(session: Session, by: Actor, at: datetime) -> Iterator[Waiting]:
    adopted = Lesson.state.in_([LessonState.ACCEPTED, LessonState.IMPLEMENTING])
    rows = _seen(session, Lesson, by, adopted, Lesson.team_until.is_(None), order=Lesson.entered_at)
    for lesson, known in zip(rows, facts(session, rows, by=by, at=at) if rows else [], strict=True):
        since = lesson.entered_at.date()
        if not known.ways:
            yield "no_way", lesson, lesson.owner_id, since
        if not known.plans:
            yield "no_plan", lesson, lesson.owner_id, since


def _actions(session: Session, by: Actor, today: date) -> Iterator[Waiting]:
    late = (Action.state.in_(PROMISED), Action.due_on < today)
    for action in _seen(session, Action, by, *late, order=Action.due_on):
        yield "action_late", action, action.waiting_on_id or action.owner_id, action.due_on


def _verifications(session: Session, by: Actor) -> Iterator[Waiting]:
    due = Verification.state == VerificationState.DUE
    for one in _seen(session, Verification, by, due, order=Verification.due_on):
        yield "to_verify", one, one.verifier_id, one.due_on or one.entered_at.date()


def _briefings(session: Session, by: Actor, today: date) -> Iterator[Waiting]:
    unread = (Briefing.state == BriefingState.OPEN, Briefing.reached_at.is_(None), Briefing.due_on < today)
    for one in _seen(session, Briefing, by, *unread, order=Briefing.due_on):
        yield "unread", one, one.opener_id, one.due_on


def _seen(session: Session, model: Any, by: Actor, *where: Any, order: Any) -> list[Any]:
    rows = sa.select(model).where(visible_to(session, model.noun, by), *where).order_by(order, model.id).limit(MOST)
    return list(session.scalars(rows))
