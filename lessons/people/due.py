"""What falls due by itself about people: whoever begins to stand in for someone no longer owes what they may not do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, facts
from lessons.duties.away import standing_in_for
from lessons.models import RECORDS, Absence, Duty
from lessons.steps import settle_duties
from lessons.workflow.lives import LIVES

DAY = timedelta(days=1)


def fall_due(session: Session, *, at: datetime, limit: int = 100) -> int:
    """Hand on the duties of delegates who fail separation today; how many records' duties went."""
    barred = [row for row, duties, known in _owed_by_delegates(session, at) if _is_barred(session, row, duties, known)]
    for row in barred[:limit]:
        settle_duties(session, row, at=at)
    return len(barred[:limit])


def _owed_by_delegates(session: Session, at: datetime) -> list[tuple[Any, Sequence[Duty], Any]]:
    """Records with the duties on them of people who stand in for somebody about now, and their facts."""
    # a day more on either side: which day it is depends on the record's unit
    delegates = sa.select(Absence.delegate_id).where(
        Absence.cancelled_at.is_(None), Absence.from_on <= at.date() + DAY, Absence.until_on >= at.date() - DAY
    )
    theirs: dict[str, dict[int, list[Duty]]] = defaultdict(lambda: defaultdict(list))
    for duty in session.scalars(
        sa.select(Duty).where(Duty.closed_at.is_(None), Duty.about == "", Duty.person_id.in_(delegates))
    ):
        theirs[duty.of_noun][duty.of_id].append(duty)
    found: list[tuple[Any, Sequence[Duty], Any]] = []
    for noun, duties in theirs.items():
        rows = session.scalars(sa.select(RECORDS[noun]).where(RECORDS[noun].id.in_(duties))).all()
        known = facts(session, rows, by=SYSTEM, at=at)
        found += [(row, duties[row.id], its) for row, its in zip(rows, known, strict=True)]
    return found


def _is_barred(session: Session, row: Any, duties: Sequence[Duty], known: Any) -> bool:
    owes = {one.kind: one for one in LIVES[row.noun].owes if one.holds(row, known)}
    return any(
        duty.person_id in standing_in_for(session, owes[duty.kind].barred(row, known), known.today)
        for duty in duties
        if duty.kind in owes
    )
