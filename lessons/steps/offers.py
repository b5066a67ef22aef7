"""What a person is offered on a record: the steps of its state that are theirs, open or closed, and who else could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, facts
from lessons.duties import holders
from lessons.errors import Unmet
from lessons.models import Absence, Person
from lessons.workflow.engine import Step
from lessons.workflow.lives import LIVES

MOST = 6


@dataclass(frozen=True)
class Offer:
    """A step that is theirs to take in this state. Closed, it says what is missing."""

    name: str
    open: bool
    unmet: tuple[Unmet, ...]
    step: Step

    @property
    def asks(self) -> list[str]:
        return list(self.step.asks.model_fields) if self.step.asks else []

    @property
    def separated(self) -> bool:
        kept = {guard.name for guard in self.step.needs if guard.separation}
        return any(point.guard in kept for point in self.unmet)


def offers(session: Session, rows: Sequence[Any], *, by: Actor, at: datetime) -> list[list[Offer]]:
    """Per row, in the table's order; one row or a hundred of a noun cost the same number of queries."""
    if not rows or by.kind != "person":
        return [[] for _ in rows]
    found = facts(session, rows, by=by, at=at)
    return [_offers_of(row, known) for row, known in zip(rows, found, strict=True)]


def _offers_of(row: Any, known: Any) -> list[Offer]:
    life = LIVES[row.noun]
    found: dict[str, Offer] = {}
    for step in life.steps:
        if row.state not in step.source or step.quiet or step.trigger in found or not step.by_people:
            continue
        if step.is_for(known.relations):
            unmet = tuple(life.unmet(step, row, known, None))
            if not (unmet and step.on_call):
                found[step.trigger] = Offer(step.trigger, not unmet, unmet, step)
    return list(found.values())


def can_edit(row: Any, known: Any) -> bool:
    """Whether the quiet edit is theirs in this state."""
    return any(step.is_for(known.relations) for step in LIVES[row.noun].candidates(row.state, "edit"))


def who_could(session: Session, row: Any, step: Step, known: Any) -> list[Person]:
    """Active people who hold one of the step's roles or relations and pass its separation of duties."""
    ids: list[int] = []
    for who in step.by:
        role = holders.ROLE_OF.get(who, who)
        if who in known.people:
            ids += known.people[who]
        elif role in holders.ROLES:
            ids += _nearest(session, row, role)
    kept = [guard for guard in step.needs if guard.separation and not guard.asked]
    behind = _stood_in_for(session, ids, known.today) if kept else {}
    passing = [
        p for p in dict.fromkeys(ids) if all(_passes(guard, row, known, {p, *behind.get(p, ())}) for guard in kept)
    ]
    people = session.scalars(sa.select(Person).where(Person.id.in_(passing), Person.closed_at.is_(None))).all()
    order = {person_id: n for n, person_id in enumerate(passing)}
    return sorted(people, key=lambda person: order[person.id])[:MOST]


def _nearest(session: Session, row: Any, role: str) -> list[int]:
    """Holders of the role at the record's unit or the nearest above it, and above that if these do not pass."""
    return [p for unit_id in holders.units_above(session, row) for p in holders.granted(session, unit_id, role)]


def _passes(guard: Any, row: Any, known: Any, acting: set[int]) -> bool:
    return guard.unmet(row, replace(known, acting=frozenset(acting)), {}) is None


def _stood_in_for(session: Session, ids: Sequence[int], day: date) -> dict[int, set[int]]:
    """For whom each of them acts that day: their separation counts too."""
    rows = session.execute(
        sa.select(Absence.delegate_id, Absence.person_id).where(
            Absence.delegate_id.in_(ids), Absence.cancelled_at.is_(None), Absence.from_on <= day,
            Absence.until_on >= day,
        )
    )  # fmt: skip
    found: dict[int, set[int]] = {}
    for delegate, person in rows:
        found.setdefault(delegate, set()).add(person)
    return found
