"""A unit's own numbers of the process, and what open duties make of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.actor import forget_tree, tree
from lessons.access.numbers import policy_of
from lessons.errors import FieldError, Forbidden, Invalid
from lessons.models.people import Unit
from lessons.people.operations import NOT_TAKEN, NOT_YOURS
from lessons.steps.reckoned import Moved, reckon
from lessons.workflow.policy import KINDS, PolicyError

OTHERS = ("review.months", "risk.days", "team_experience.days", "briefing.due_days", "recurrence.cases",
          "recurrence.days")  # fmt: skip
NUMBERS = (*(f"duties.{kind}.{name}" for kind in KINDS for name in ("days", "severity4")), *OTHERS)
"""What a unit may say for itself on the page; its file of numbers has more."""


def own(unit: Unit) -> dict[str, Any]:
    """What the unit says itself, by dotted name."""
    return {name: value for name, value in _dotted(unit.policy) if name in NUMBERS}


def _dotted(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _dotted(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def inherited(session: Session, unit: Unit) -> dict[str, Any]:
    """What holds there where the unit says nothing, by dotted name."""
    policy = policy_of(session, unit.id or 0, own=False).model_dump()
    return {name: _at(policy, name) for name in NUMBERS}


def _at(policy: Any, name: str) -> Any:
    for part in name.split("."):
        policy = policy[part]
    return policy


def set_numbers(session: Session, unit: Unit, said: Mapping[str, Any], *, by: Actor, at: datetime) -> list[Moved]:
    """The unit says these numbers and no other of NUMBERS; what is open there and below is reckoned anew. Raises
    Forbidden, Invalid naming every number that cannot be."""
    if by.kind == "person" and not by.units_of("admin") & set(tree(session).above[unit.id or 0]):
        raise Forbidden(NOT_YOURS)
    kept = {name: value for name, value in _dotted(unit.policy) if name not in NUMBERS}
    try:
        policy_of(session, unit.id or 0, own=False).for_unit({**kept, **said})
    except PolicyError as error:
        faults = [FieldError(f"/{one.key}", "number", one.reason) for one in error.faults]
        raise Invalid(NOT_TAKEN, faults) from None
    row = session.get_one(Unit, unit.id)
    row.policy = {**kept, **said}
    row.version += 1
    session.flush()
    forget_tree(session)
    return reckon(session, tree(session).below[row.id or 0], at=at)


def foreseen(session: Session, unit: Unit, said: Mapping[str, Any], *, by: Actor, at: datetime) -> list[Moved]:
    """What `set_numbers` would move: it is done and taken back. Raises as it does."""
    with session.begin_nested() as tried:
        moved = set_numbers(session, unit, said, by=by, at=at)
        tried.rollback()
    session.expire_all()
    forget_tree(session)
    return moved
