"""What falls due by itself on actions: whoever left owes none, also where nobody was there to take it on that day.

Being late is no step, it shows by itself.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import Action, Person
from lessons.steps.leaving import DOING, hand_on_work


def fall_due(session: Session, *, at: datetime, limit: int = 100) -> int:
    """What people who left still had to do goes to their units' managers; how many actions went."""
    owning = sa.select(Action.owner_id).where(Action.state.in_(DOING), Action.owner_id.is_not(None))
    gone = session.scalars(
        sa.select(Person).where(Person.closed_at <= at, Person.id.in_(owning)).order_by(Person.id).limit(limit)
    ).all()
    return sum(hand_on_work(session, person, at=at) for person in gone)
