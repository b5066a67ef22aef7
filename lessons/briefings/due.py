"""What falls due by itself on briefings: shares that changed because people left, and the manager's one decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.numbers import calendar_of, policy_of
from lessons.briefings.operations import settle_behind
from lessons.models import Briefing, Event, RevisionLesson
from lessons.repository import briefed
from lessons.steps import settle_duties
from lessons.workflow.facts import BriefingFacts
from lessons.workflow.states import BriefingState

AT_ONCE = 200
"""Briefings whose readers are counted by the same few queries."""


def fall_due(session: Session, *, at: datetime, limit: int = 100) -> int:
    """Count anew whoever still counts, and ask managers about what is long unread; how many briefings changed."""
    done = 0
    for briefing in _changing(session, at):
        if done == limit:
            break
        row = _mine(session, briefing)
        if row is not None and (_count(session, row, at) or _owe_decision(session, row, at)):
            done += 1
    return done


def _changing(session: Session, at: datetime) -> Iterator[Briefing]:
    """Those where something is to be done, found without locking any."""
    last = 0
    while rows := session.scalars(
        sa.select(Briefing)
        .where(Briefing.state == BriefingState.OPEN, Briefing.id > last)
        .order_by(Briefing.id)
        .limit(AT_ONCE)
    ).all():
        last = rows[-1].id or last
        for row, known in zip(rows, briefed.known_of(session, rows, at=at), strict=True):
            if _is_counted_wrong(row, known) or _is_long_unread(session, row, known):
                yield row


def _is_counted_wrong(row: Briefing, known: BriefingFacts) -> bool:
    newly = row.reached_at is None and briefed.is_met(known, row.share)
    return newly or briefed.is_read(known, row.due_on)


def _is_long_unread(session: Session, row: Briefing, known: BriefingFacts) -> bool:
    if row.decision_owed or row.due_on >= known.today or known.acknowledged >= known.counted:
        return False
    days = policy_of(session, row.unit_id).briefing.decision_after
    late = calendar_of(session, row.unit_id).between(row.due_on, known.today)
    return late >= days and not _was_gone_on(session, row)


def _was_gone_on(session: Session, row: Briefing) -> bool:
    """Whether a manager went on without the missing readers: one decision is enough."""
    behind = sa.select(RevisionLesson.lesson_id).where(RevisionLesson.revision_id == row.revision_id)
    went_on = sa.select(Event.id).where(
        Event.noun == "lessons",
        Event.trigger == "proceed",
        Event.at >= row.created_at,
        sa.or_(Event.record_id == row.lesson_id, Event.record_id.in_(behind)),
    )
    return session.scalar(went_on.limit(1)) is not None


def _mine(session: Session, briefing: Briefing) -> Briefing | None:
    """The row as it is now, kept from other workers; None where one of them has it."""
    return session.scalars(
        sa.select(Briefing)
        .where(Briefing.id == briefing.id, Briefing.state == BriefingState.OPEN)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()


def _count(session: Session, row: Briefing, at: datetime) -> bool:
    changed = briefed.count(session, row, at=at)
    if changed:
        settle_behind(session, row, at=at)
    return changed


def _owe_decision(session: Session, row: Briefing, at: datetime) -> bool:
    known = briefed.known_of(session, [row], at=at)[0]
    if not _is_long_unread(session, row, known):
        return False
    row.decision_owed = True
    session.add(row)
    settle_duties(session, row, at=at)
    return True
