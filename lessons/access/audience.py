"""Who an audience is on a given day: active people of its units and below, with one of its roles where it names any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.actor import Actor, Tree, tree
from lessons.models import Grant, Person

PEOPLE = (
    sa.select(Person.id, Person.unit_id, Person.hired_on, Person.closed_at)
    .where(Person.unit_id.in_(sa.bindparam("units", expanding=True)))
    .order_by(Person.id)
)
GRANTED = sa.select(Grant.person_id, Grant.role, Grant.unit_id, Grant.from_at, Grant.until_at).where(
    Grant.person_id.in_(sa.select(Person.id).where(Person.unit_id.in_(sa.bindparam("units", expanding=True)))),
)


@dataclass(frozen=True)
class Asked:
    """An audience {units, roles} of a record's unit, at a moment. Units are codes or rows; none means that unit."""

    audience: Mapping[str, Sequence[Any]]
    unit_id: int
    at: datetime

    def units(self, known: Tree) -> frozenset[int]:
        named = [known.by_code(getattr(unit, "code", unit)) for unit in self.audience.get("units") or ()]
        return known.under(unit.id for unit in named if unit) if named else known.below[self.unit_id]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(str(role) for role in self.audience.get("roles") or ())


def plain_audience(asked: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
    """An audience as it is kept: codes of units, names of roles."""
    return {
        "units": [getattr(unit, "code", unit) for unit in asked.get("units") or ()],
        "roles": [str(role) for role in asked.get("roles") or ()],
    }


def is_within(session: Session, row: Any, by: Actor) -> bool:
    """Whether this person's unit is among those that a record is meant for."""
    within = Asked(row.audience or {}, row.unit_id, row.created_at).units(tree(session))
    return by.person is not None and by.person.unit_id in within


def audience_people(
    session: Session, audience: Mapping[str, Sequence[Any]], unit_id: int, *, at: datetime
) -> list[int]:
    """Ids of the people addressed at that moment, in order of id."""
    return audiences(session, [Asked(audience, unit_id, at)])[0]


def audiences(session: Session, asked: Sequence[Asked]) -> list[list[int]]:
    """The people of each audience; any number of them costs at most two queries."""
    known = tree(session)
    within = [each.units(known) for each in asked]
    values = {"units": sorted(frozenset().union(*within))}
    people = session.execute(PEOPLE, values).all() if values["units"] else []
    grants = session.execute(GRANTED, values).all() if people and any(each.roles for each in asked) else []
    return [
        [p.id for p in people if p.unit_id in units and _is_there(p, each, known) and _fits(p, each, grants, known)]
        for each, units in zip(asked, within, strict=True)
    ]


def _is_there(person: Any, asked: Asked, known: Tree) -> bool:
    today = known.today(person.unit_id, asked.at)
    return person.hired_on <= today and (person.closed_at is None or person.closed_at > asked.at)


def _fits(person: Any, asked: Asked, grants: Sequence[Any], known: Tree) -> bool:
    """A role holds where it was granted and below: at the person's own unit or above it."""
    if not asked.roles:
        return True
    above = known.above[person.unit_id]
    return any(
        g.person_id == person.id
        and g.role in asked.roles
        and g.unit_id in above
        and g.from_at <= asked.at
        and (g.until_at is None or g.until_at > asked.at)
        for g in grants
    )
