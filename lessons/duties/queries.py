"""What a person owes now: their own duties, those of their roles, and those of whoever they stand in for."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.models import Duty

TABLE = Duty.__table__
OPEN = sa.select(TABLE).where(TABLE.c.closed_at.is_(None)).order_by(TABLE.c.due_on, TABLE.c.id)
IDS = sa.select(TABLE.c.id).where(TABLE.c.closed_at.is_(None))


def owed_by(session: Session, by: Actor) -> list[Any]:
    """Open duties in the order they are due. What separation bars them from is left out, whoever they stand in for."""
    if not by.acting:
        return []
    roles = [sa.and_(TABLE.c.role == role, TABLE.c.unit_id == unit) for role, unit in {(r, u) for r, u, _ in by.grants}]
    # each has an index of its own; joined by “or” none would be used
    mine = (IDS.where(each) for each in (TABLE.c.person_id.in_(sorted(by.acting)), *roles))
    rows = session.execute(OPEN.where(TABLE.c.id.in_(sa.union_all(*mine)))).all()
    return [duty for duty in rows if holds(by, duty)]


def holds(by: Actor, duty: Any) -> bool:
    """Whether a duty is theirs: through somebody whom separation does not bar, and not barred themself."""
    barred = set(duty.excluding)
    return bool(_through(by, duty) - barred) and by.id not in barred


def _through(by: Actor, duty: Any) -> frozenset[int]:
    if duty.role is None:
        return by.acting & {duty.person_id}
    return frozenset(person for role, unit, person in by.grants if role == duty.role.value and unit == duty.unit_id)
