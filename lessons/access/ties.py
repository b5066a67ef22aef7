"""What ties people to records, as criteria that the rules of several nouns are made of."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from lessons.access.actor import Actor, Tree
from lessons.models import Action, Debrief, DebriefPerson, Duty, Lesson, Verification
from lessons.workflow.states import VerificationState

Criterion = sa.ColumnElement[bool]
EVERYONE = sa.true()
NOBODY = sa.false()


def holds(by: Actor, units: Tree, unit: Any, *roles: str) -> Criterion:
    """Rows of units at or below a unit where one of these roles is granted; an auditor's role holds everywhere."""
    if "auditor" in roles and by.units_of("auditor"):
        return EVERYONE
    under = units.under(by.units_of(*roles))
    if under and len(under) == len(units.units):
        return EVERYONE  # said plainly, so that a list may be walked in its own order
    return unit.in_(sorted(under)) if under else NOBODY


def owed(by: Actor, noun: str, record_id: Any) -> Criterion:
    """Whoever owes a duty on a record sees the record."""
    # found by the person: by the noun, for which there is an index too, would be most of all duties
    of_noun = Duty.of_noun.concat("") == noun
    mine = sa.select(Duty.of_id).where(of_noun, Duty.closed_at.is_(None), Duty.person_id.in_(sorted(by.acting)))
    return record_id.in_(mine) if by.acting else NOBODY


def led(ids: list[int]) -> Any:
    """Ids of debriefs that one of these people leads or reviews."""
    return sa.select(Debrief.id).where(sa.or_(Debrief.leader_id.in_(ids), Debrief.reviewer_id.in_(ids)))


def lessons_led(ids: list[int]) -> Any:
    """Ids of the lessons of such debriefs."""
    return sa.select(Lesson.id).where(Lesson.debrief_id.in_(led(ids)))


def lessons_of(ids: list[int]) -> Any:
    """Ids of lessons whose author, owner or verifier is among these people."""
    verified = sa.select(Verification.lesson_id).where(
        Verification.verifier_id.in_(ids), Verification.state != VerificationState.VOID
    )
    return sa.select(Lesson.id).where(
        sa.or_(Lesson.author_id.in_(ids), Lesson.owner_id.in_(ids), Lesson.id.in_(verified))
    )


def lessons_acted_for(ids: list[int]) -> Any:
    """Ids of lessons for which one of these people has something to do."""
    return sa.select(Action.lesson_id).where(Action.owner_id.in_(ids), Action.lesson_id.is_not(None))


def part_in(ids: list[int], part: str) -> Criterion:
    """Debriefs in which one of these people has this part."""
    theirs = DebriefPerson.person_id.in_(ids), DebriefPerson.part == part
    found: Criterion = Debrief.id.in_(sa.select(DebriefPerson.debrief_id).where(*theirs))
    return found


def over(by: Actor, units: Tree, *roles: str) -> Criterion:
    """Debriefs of units where they have one of these roles; where it concerns the managers there, one level up."""
    at_unit = holds(by, units, Debrief.unit_id, *roles)
    return sa.case((Debrief.concerns_managers, one_level_up(by, units, *roles)), else_=at_unit)


def one_level_up(by: Actor, units: Tree, *roles: str) -> Criterion:
    """Units whose parent (or own, at the top) is covered by a grant of one of these roles."""
    granted = by.units_of(*roles)
    ids = [u for u, above in units.above.items() if set(above[1:] or above) & granted]
    return Debrief.unit_id.in_(sorted(ids)) if ids else NOBODY


def over_their_heads(by: Actor, units: Tree) -> Criterion:
    """Duties on a debrief that concerns the managers of its unit, or on what it asks for itself, which they see no more
    than it."""
    theirs = sa.select(Debrief.id).where(Debrief.concerns_managers, sa.not_(one_level_up(by, units, "manager")))
    asked = theirs.join(Action, Action.debrief_id == Debrief.id).where(Action.id == Duty.of_id)
    of = {"debriefs": theirs.where(Debrief.id == Duty.of_id), "actions": asked}
    return sa.or_(*(sa.and_(Duty.of_noun == noun, one.correlate(Duty).exists()) for noun, one in of.items()))
