"""Who hears of what is late: the line above whoever holds a duty, level by level."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import tree
from lessons.duties.holders import granted
from lessons.models import Person

MANAGER = "manager"
Level = tuple[int, ...]
PERSON = sa.select(Person.unit_id, Person.manager_id).where(Person.id == sa.bindparam("person"))


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


def above(session: Session, person_id: int) -> Level:
    """Their own manager, else the unit's, else those above."""
    return _above_person(session, person_id, {person_id})


def manager_of(session: Session, person_id: int) -> int | None:
    """The first of them."""
    return next(iter(above(session, person_id)), None)


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
