"""What falls due by itself on procedures: the day has begun on which an approved revision comes into force."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, facts
from lessons.access.listing import over
from lessons.models import Revision
from lessons.procedures.in_force import publish_on_its_day
from lessons.steps import settle_duties
from lessons.workflow.states import RevisionState


def fall_due(session: Session, *, at: datetime, limit: int = 100) -> int:
    """Publish those whose day has begun in their unit; how many. Where nobody is left in the audience, its owner owes
    another one, and it waits."""
    come = over(session, Revision.unit_id, Revision.effective_on, at=at, today_too=True)
    rows = session.scalars(
        sa.select(Revision)
        .where(Revision.state == RevisionState.APPROVED, Revision.effective_on.is_not(None), come)
        .order_by(Revision.effective_on, Revision.id)
        .with_for_update(skip_locked=True)
    ).all()
    known = facts(session, rows, by=SYSTEM, at=at) if rows else []
    ready = [row for row, its in zip(rows, known, strict=True) if its.audience_size][:limit]
    for row, its in zip(rows, known, strict=True):
        if not its.audience_size:
            settle_duties(session, row, at=at)
    for row in ready:
        publish_on_its_day(session, row, at=at)
    return len(ready)
