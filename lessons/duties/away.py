"""Who is away, and who stands in for them: told what they are told, and barred from what they may not do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.models import Absence
from lessons.models.base import among

AWAY = (
    sa.select(Absence.person_id, Absence.delegate_id, Absence.from_on, Absence.until_on)
    .where(
        among(Absence.person_id, "people"),
        Absence.cancelled_at.is_(None),
        Absence.from_on <= sa.bindparam("last"),
        Absence.until_on >= sa.bindparam("first"),
    )
    .order_by(Absence.id)
)


@dataclass(frozen=True)
class Away:
    """Whoever is away and who stands in, over a few days."""

    rows: tuple[tuple[int, int, date, date], ...]

    def delegates(self, person_id: int, day: date) -> list[int]:
        return [to for who, to, first, last in self.rows if who == person_id and first <= day <= last]


def away(session: Session, people: Collection[int], days: Collection[date]) -> Away:
    """The absences of these people on these days."""
    if not people or not days:
        return Away(())
    between = {"people": sorted(people), "first": min(days), "last": max(days)}
    rows = db.connection(session).execute(AWAY, between)
    return Away(tuple((who, to, first, last) for who, to, first, last in rows))


def standing_in_for(session: Session, people: frozenset[int], day: date) -> frozenset[int]:
    """Whoever acts for one of them that day: what they may not do, their delegates may not either."""
    found = away(session, people, [day])
    return frozenset(delegate for person_id in people for delegate in found.delegates(person_id, day))


def with_delegates(told: Mapping[int, Any], found: Away, day: date, barred: Collection[int]) -> Mapping[int, Any]:
    """Whoever stands in for someone away is told what they are told; not where separation bars them."""
    if not found.rows:
        return told
    both = dict(told)
    for person_id, what in told.items():
        for delegate in found.delegates(person_id, day):
            if delegate not in barred:
                both.setdefault(delegate, what)
    return both
