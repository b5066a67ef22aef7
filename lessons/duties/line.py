"""Who hears of what is late: the line above whoever holds a duty, level by level."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import tree
from lessons.duties.holders import granted
from lessons.models import Person
from lessons.models.base import among

MANAGER = "manager"
Level = tuple[int, ...]
PEOPLE = sa.select(Person.id, Person.unit_id, Person.manager_id, Person.closed_at).where(among(Person.id, "people"))


def line_above(session: Session, duty: Any, holders: Sequence[int], *, levels: int, above_centre: bool) -> list[Level]:
    """The people of each level, the lowest first: a person's own manager, else the unit's, then the parent's. Nobody
    is met twice; without `above_centre` it ends with the manager of the centre."""
    unit_id = _known(session, holders[0]).unit_id if duty.person_id is not None and holders else duty.unit_id
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


def know_people(session: Session, people: Iterable[int], *, anew: bool = False) -> None:
    """Read by a query a level these people and their own managers upwards, for whoever is about to ask for many lines.
    They stay known until it is done `anew`."""
    if anew:
        session.info["line_people"] = {}
    known: dict[int, Any] = session.info.setdefault("line_people", {})
    wanted = set(people) - known.keys()
    while wanted:
        rows = db.connection(session).execute(PEOPLE, {"people": sorted(wanted)}).all()
        known.update((row.id, row) for row in rows)
        wanted = {row.manager_id for row in rows if row.manager_id is not None} - known.keys()


def _known(session: Session, person_id: int) -> Any:
    known: dict[int, Any] | None = session.info.get("line_people")
    if known is None:
        return db.connection(session).execute(PEOPLE, {"people": [person_id]}).one()
    if person_id not in known:
        know_people(session, [person_id])
    return known[person_id]


def _above_person(session: Session, person_id: int, met: Collection[int]) -> Level:
    person = _known(session, person_id)
    own: int | None = person.manager_id
    if own is not None and own not in met and _known(session, own).closed_at is None:
        return (own,)
    return _managers(session, person.unit_id, met)


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
    know_people(session, people)
    return {person_id for person_id in people if _known(session, person_id).closed_at is None}
