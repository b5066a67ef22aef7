"""Who hears of what is late: the line above whoever holds a duty, level by level, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import tree
from lessons.duties.owed import granted
from lessons.models import Absence, Person

MANAGER = "manager"
Level = tuple[int, ...]
PERSON = sa.select(Person.unit_id, Person.manager_id).where(Person.id == sa.bindparam("person"))
AWAY = (
    sa.select(Absence.person_id, Absence.delegate_id, Absence.from_on, Absence.until_on)
    .where(
        Absence.person_id.in_(sa.bindparam("people", expanding=True)),
        Absence.cancelled_at.is_(None),
        Absence.from_on <= sa.bindparam("last"),
        Absence.until_on >= sa.bindparam("first"),
    )
    .order_by(Absence.id)
)


def line_above(session: Session, duty: Any, holders: Sequence[int], *, levels: int, above_centre: bool) -> list[Level]:
    """The people of each level, the lowest first: a person's own manager, else the unit's, then the parent's. Nobody
    is met twice; without `above_centre` it ends with the manager of the centre."""
    unit_id = _unit_of(session, holders[0]) if duty.person_id is not None and holders else duty.unit_id
    if not above_centre and _head(session, holders, unit_id):
        return []
    found: list[Level] = []
    met = set(holders)
    level = _above_person(session, holders[0], met) if duty.person_id and holders else _managers(session, unit_id, met)
    while level and len(found) < levels:
        found.append(level)
        met.update(level)
        if not above_centre and _head(session, level, unit_id):
            break
        level = _above_person(session, level[0], met)
    return found


def _unit_of(session: Session, person_id: int) -> int:
    unit_id, _ = session.execute(PERSON, {"person": person_id}).one()
    return int(unit_id)


def _above_person(session: Session, person_id: int, met: Collection[int]) -> Level:
    unit_id, manager_id = session.execute(PERSON, {"person": person_id}).one()
    if manager_id is not None and manager_id not in met and active(session, [manager_id]):
        return (manager_id,)
    return _managers(session, unit_id, met)


def _managers(session: Session, unit_id: int, met: Collection[int]) -> Level:
    for above in tree(session).above[unit_id]:
        found = tuple(p for p in granted(session, above, MANAGER) if p not in met)
        if found:
            return found
    return ()


def _head(session: Session, people: Iterable[int], unit_id: int) -> bool:
    """Whether one of them manages the centre that the unit belongs to (the unit below the root), or the whole."""
    above = tree(session).above[unit_id]
    heads = {p for unit in above[-2:] for p in granted(session, unit, MANAGER)}
    return not heads.isdisjoint(people)


def active(session: Session, people: Collection[int]) -> set[int]:
    """Those of them who have not left."""
    return set(session.scalars(sa.select(Person.id).where(Person.id.in_(people), Person.closed_at.is_(None))))


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
    rows = session.execute(AWAY, {"people": sorted(people), "first": min(days), "last": max(days)})
    return Away(tuple((who, to, first, last) for who, to, first, last in rows))


def with_delegates(told: Mapping[int, Any], found: Away, day: date, barred: Collection[int]) -> dict[int, Any]:
    """Whoever stands in for someone away is told what they are told; not where separation bars them."""
    both = dict(told)
    for person_id, what in told.items():
        for delegate in found.delegates(person_id, day):
            if delegate not in barred:
                both.setdefault(delegate, what)
    return both
