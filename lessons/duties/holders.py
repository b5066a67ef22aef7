"""Who holds a duty: which person or role, upwards through the units, of those who may; who has which role where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import tree
from lessons.duties.away import standing_in_for
from lessons.models import Grant, Person
from lessons.workflow.lives import LIVES
from lessons.workflow.owed import Owes
from lessons.workflow.states import Role

ROLES = frozenset(role.value for role in Role)
ROLE_OF = {"editor_role": "editor"}
DUTIFUL = ROLES & {ROLE_OF.get(who, who) for life in LIVES.values() for owes in life.owes for who in owes.to}
"""Roles that ever owe something."""


@dataclass(frozen=True)
class Holder:
    """A person, or a role at a unit; and those who may not, neither in the role nor standing in for the person."""

    person_id: int | None = None
    role: str | None = None
    unit_id: int | None = None
    excluding: tuple[int, ...] = ()


def holder(duty: Any) -> Holder:
    """Whoever holds an open duty."""
    return Holder(duty.person_id, duty.role.value if duty.role else None, duty.unit_id, tuple(duty.excluding))


def people_of(session: Session, holder: Any) -> list[int]:
    """Everyone who is told: the person, or all who have the role at that unit; of a Holder or of an open duty."""
    if holder.person_id is not None:
        return [holder.person_id]
    if holder.role is None or holder.unit_id is None:
        return []
    return [p for p in granted(session, holder.unit_id, holder.role) if p not in holder.excluding]


def here(session: Session, duty: Any) -> bool:
    """Whether anybody is left who holds an open duty."""
    return any(_active(session, person) for person in people_of(session, holder(duty)))


def holder_of(session: Session, row: Any, facts: Any, owes: Owes) -> Holder:
    """The first of the duty's people or roles, upwards, who passes separation today; else whom the admin named."""
    if barred := owes.barred(row, facts):
        barred |= standing_in_for(session, barred, facts.today)
    for who in owes.to:
        role = ROLE_OF.get(who, who)
        if who in facts.people or role not in ROLES:
            theirs = [p for p in facts.people.get(who, ()) if p not in barred]
            here = [p for p in theirs if _active(session, p)]
            if here:
                return Holder(person_id=here[0], excluding=_some(barred))
            if theirs and (found := _role_upwards(session, row, owes.left_to, barred)):
                return found
        elif found := _role_upwards(session, row, role, barred):
            return found
    return _fallback(session, row, barred) or Holder(
        role=_first_role(owes), unit_id=row.unit_id, excluding=_some(barred)
    )


def _first_role(owes: Owes) -> str:
    return next((ROLE_OF.get(w, w) for w in owes.to if ROLE_OF.get(w, w) in ROLES), Role.LESSONS_MANAGER.value)


def _some(barred: frozenset[int]) -> tuple[int, ...]:
    return tuple(sorted(barred))


def units_above(session: Session, row: Any) -> tuple[int, ...]:
    """The record's unit and those above it; where a report concerns its managers, one level up takes their place."""
    above = tree(session).above[row.unit_id]
    return (above[1:] or above) if getattr(row, "concerns_managers", False) else above


def _role_upwards(session: Session, row: Any, role: str, barred: frozenset[int]) -> Holder | None:
    for unit_id in units_above(session, row):
        if any(p not in barred for p in granted(session, unit_id, role)):
            return Holder(role=role, unit_id=unit_id, excluding=_some(barred))
    return None


def _fallback(session: Session, row: Any, barred: frozenset[int]) -> Holder | None:
    units = tree(session).units
    named = (units[unit_id].fallback_person_id for unit_id in units_above(session, row))
    person = next((p for p in named if p is not None and p not in barred and _active(session, p)), None)
    return Holder(person_id=person, excluding=_some(barred)) if person else None


HOLDERS = (
    sa.select(Grant.unit_id, Grant.person_id)
    .join(Person, Person.id == Grant.person_id)
    .where(
        Grant.role == sa.bindparam("role"),
        Grant.unit_id.in_(sa.bindparam("units", expanding=True)),
        Grant.until_at.is_(None),
        Person.closed_at.is_(None),
    )
    .order_by(Grant.person_id)
)
EVERYWHERE = (
    sa.select(Grant.role, Grant.unit_id, Grant.person_id)
    .join(Person, Person.id == Grant.person_id)
    .where(Grant.role.in_(sa.bindparam("roles", expanding=True)), Grant.until_at.is_(None), Person.closed_at.is_(None))
    .order_by(Grant.person_id)
)
ACTIVE = sa.select(Person.id).where(Person.id == sa.bindparam("person"), Person.closed_at.is_(None))


def forget_holders(session: Session) -> None:
    """After a role was granted or taken in this transaction."""
    session.info.pop("role_holders", None)


def know_holders(session: Session, roles: Collection[str] = ROLES) -> None:
    """Read by one query who has these roles where, for whoever is about to ask about many units."""
    known: dict[tuple[int, str], list[int]] = {(unit, role): [] for unit in tree(session).units for role in roles}
    asked = {"roles": [Role(role) for role in sorted(roles)]}
    for role, unit, person in db.connection(session).execute(EVERYWHERE, asked):
        known[unit, role.value].append(person)
    session.info["role_holders"] = known


def granted(session: Session, unit_id: int, role: str) -> tuple[int, ...]:
    """The active people to whom the role was granted at this very unit."""
    known: dict[tuple[int, str], list[int]] = session.info.setdefault("role_holders", {})
    if (unit_id, role) not in known:
        above = tree(session).above[unit_id]
        known.update({(unit, role): [] for unit in above})
        for unit, person in db.connection(session).execute(HOLDERS, {"role": Role(role), "units": list(above)}):
            known[unit, role].append(person)
    return tuple(known[unit_id, role])


def _active(session: Session, person_id: int) -> bool:
    """Asked once for as long as nothing is written: few people hold what many new records owe."""
    known = db.held(session, "active")
    if person_id not in known:
        known[person_id] = db.connection(session).execute(ACTIVE, {"person": person_id}).first() is not None
    return bool(known[person_id])
