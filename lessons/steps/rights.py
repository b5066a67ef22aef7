"""What the process leaves to each role, read off its tables: its steps, and the roles that it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from lessons.access.relations import role_name
from lessons.duties.holders import ROLE_OF, ROLES
from lessons.workflow.engine import Lifecycle, Step
from lessons.workflow.lives import BEGINNINGS, LIVES


def steps_of(role: str) -> dict[str, tuple[str, ...]]:
    """The triggers that are this role's, by noun, in the order of the tables; nothing where it has none."""
    found = {
        life.noun: tuple(dict.fromkeys(step.trigger for step in _steps(life) if role_name(life, role) in step.by))
        for life in LIVES.values()
    }
    return {noun: triggers for noun, triggers in found.items() if triggers}


def needed() -> frozenset[str]:
    """Roles with a step that is nobody else's: where nobody has one of these, that step stands still."""
    alone = (_roles(life, step) for life in LIVES.values() for step in _steps(life) if len(step.by) == 1)
    return frozenset().union(*alone)


def _steps(life: Lifecycle) -> Iterator[Step]:
    """Those that have a button; a beginning first."""
    yield from BEGINNINGS.get(life.noun, ())
    yield from (step for step in life.steps if not step.quiet)


def _roles(life: Lifecycle, step: Step) -> frozenset[str]:
    return frozenset(ROLE_OF.get(who, who) for who in step.by if role_name(life, ROLE_OF.get(who, who)) == who) & ROLES
