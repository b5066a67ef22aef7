"""Separation of duties that nobody could keep today: what stands still for it, and where only one person is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, facts, tree
from lessons.duties import holders
from lessons.models import RECORDS, Person, Unit
from lessons.steps.offers import who_could
from lessons.workflow.engine import Guard, Lifecycle, Step
from lessons.workflow.lives import LIVES


@dataclass(frozen=True)
class Gap:
    """A separated step that nobody could take on a record; or in a unit at all, or for whatever is `only`'s own."""

    place: str
    noun: str
    trigger: str
    guards: tuple[str, ...]
    only: str = ""
    only_id: int | None = None

    def __str__(self) -> str:
        step = f"{self.place}: {self.noun} “{self.trigger}” ({', '.join(self.guards)})"
        if self.only:
            return f"{step} – only {self.only} could, and nobody where it is their own. One more person is needed."
        return f"{step} – nobody could today. A person is needed who may, or one named for the unit."


def gaps(session: Session, *, at: datetime) -> list[Gap]:
    """First by unit, then by record, each in the order of their codes."""
    return [*of_units(session), *_of_records(session, at)]


# ── by unit ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def of_units(session: Session) -> Iterator[Gap]:
    """Where the roles that may take a separated step come down to one person, or to none, with nobody named besides.
    Any number of units costs three queries."""
    holders.know_holders(session)
    here = sa.select(Person.id, Person.name).where(Person.closed_at.is_(None))
    names: dict[int | None, str] = {row.id: row.name for row in session.execute(here)}
    for unit in sorted(tree(session).units.values(), key=lambda unit: unit.code):
        for life, step in _separated():
            people = _people(session, unit, life, step) & names.keys()
            if len(people) < 2:
                only = next(iter(people), None)
                yield Gap(unit.code, life.noun, step.trigger, _kept(step), names.get(only, ""), only)


def _people(session: Session, unit: Unit, life: Lifecycle, step: Step) -> set[int]:
    """Who holds one of the step's roles there or above, owes it, or is the one whom an administrator named."""
    above = tree(session).above[unit.id or 0]
    roles = {holders.ROLE_OF.get(who, who) for who in _who(life, step)} & holders.ROLES
    people = {person for up in above for role in roles for person in holders.granted(session, up, role)}
    named = {person for up in above if (person := tree(session).units[up].fallback_person_id)}
    return people | (named if _owing(life, step) else set())


def _separated() -> Iterator[tuple[Lifecycle, Step]]:
    """The steps that are open to a role, not only to people of the record, and that separation closes to some."""
    for life in LIVES.values():
        for step in life.steps:
            if _kept(step) and {holders.ROLE_OF.get(who, who) for who in _who(life, step)} & holders.ROLES:
                yield life, step


def _kept(step: Step) -> tuple[str, ...]:
    return tuple(guard.name for guard in _guards(step))


def _guards(step: Step) -> list[Guard]:
    """Those that look at who acts; the others need a form that is filled in."""
    return [guard for guard in step.needs if guard.separation and not guard.asked]


def _who(life: Lifecycle, step: Step) -> tuple[str, ...]:
    """Whose step it is, and who owes it where these may not."""
    return (*step.by, *(who for owes in _owing(life, step) for who in owes.to))


def _owing(life: Lifecycle, step: Step) -> list[Any]:
    return [owes for owes in life.owes if step.trigger in owes.by and set(step.source) & set(owes.states)]


# ── by record ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _of_records(session: Session, at: datetime) -> Iterator[Gap]:
    for noun, life in LIVES.items():
        states = [state for step in life.steps if _guards(step) for state in step.source]
        model = RECORDS[noun]
        rows = session.scalars(sa.select(model).where(model.state.in_(states)).order_by(model.code)).all()
        for row, known in zip(rows, facts(session, rows, by=SYSTEM, at=at), strict=True):
            yield from _of_record(session, row, known, life)


def _of_record(session: Session, row: Any, known: Any, life: Lifecycle) -> Iterator[Gap]:
    for step in life.steps:
        if row.state in step.source and _owing(life, step) and _guards(step) and not _anyone(session, row, known, step):
            yield Gap(row.code, row.noun, step.trigger, _kept(step))


def _anyone(session: Session, row: Any, known: Any, step: Step) -> bool:
    """Whether somebody of the step, somebody who owes it, or the one named for the unit passes its separation."""
    life = LIVES[row.noun]
    if who_could(session, row, replace(step, by=_who(life, step)), known):
        return True
    named = {tree(session).units[up].fallback_person_id for up in holders.units_above(session, row)}
    return any(_passes(step, row, known, person) for person in _active(session, named))


def _passes(step: Step, row: Any, known: Any, person: int) -> bool:
    acting = replace(known, acting=frozenset({person}), relations=known.relations | {f"duty:{step.trigger}"})
    return all(guard.unmet(row, acting, {}) is None for guard in _guards(step))


def _active(session: Session, people: set[int | None]) -> set[int]:
    wanted = [person for person in people if person is not None]
    if not wanted:
        return set()
    return set(session.scalars(sa.select(Person.id).where(Person.id.in_(wanted), Person.closed_at.is_(None))))
