"""How far a briefing is in each unit: shares for those who ask for the reading, names are others' to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.sharing import UnitShare
from lessons.briefings.queries import away_throughout
from lessons.models import Briefing, BriefingMember, Person

ASKERS = frozenset({"opener", "manager", "lessons_manager", "editor", "auditor"})
"""Who sees it."""


def by_unit(session: Session, briefing: Briefing, *, at: datetime) -> Sequence[UnitShare]:
    """One query, whoever many they are; together they are what the briefing counts."""
    away = away_throughout(session, briefing)
    rows = session.execute(
        sa.select(Person.unit_id, sa.func.count(BriefingMember.acknowledged_at), sa.func.count())
        .join(BriefingMember, BriefingMember.person_id == Person.id)
        .where(
            BriefingMember.briefing_id == briefing.id,
            sa.or_(Person.closed_at.is_(None), Person.closed_at > at),
            Person.hired_on <= briefing.due_on,
            sa.or_(BriefingMember.acknowledged_at.is_not(None), sa.not_(away)),
        )
        .group_by(Person.unit_id)
        .order_by(Person.unit_id)
    )
    return [UnitShare(unit, read, of) for unit, read, of in rows]
