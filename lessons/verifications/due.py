"""What falls due by itself on verifications: the day has come on which its verifier may say whether it worked."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM
from lessons.access.listing import over
from lessons.models import Verification
from lessons.steps import take
from lessons.workflow.states import VerificationState


def fall_due(session: Session, *, at: datetime, limit: int = 100) -> int:
    """Those scheduled for today or earlier in their unit's zone are due; how many. Another worker's are left to it."""
    come = over(session, Verification.unit_id, Verification.due_on, at=at, today_too=True)
    rows = session.scalars(
        sa.select(Verification)
        .where(Verification.state == VerificationState.SCHEDULED, come)
        .order_by(Verification.due_on, Verification.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for verification in rows:
        take(session, verification, "fall_due", by=SYSTEM, at=at)
    return len(rows)
