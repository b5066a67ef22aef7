"""Reads for deciding on several lessons at once: which wait, what would become of each, what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, facts, tree, visible_to
from lessons.access.named import people_by_id
from lessons.errors import Forbidden, NotAllowed
from lessons.models import Duty, Event, EventDetail, Lesson, Person
from lessons.steps import ready
from lessons.workflow.states import LessonState, Path

MOST = 100
"""At once on a page."""
DECISIONS = ("accept", "reject")


def waiting(session: Session, by: Actor, *, at: datetime) -> Sequence[Any]:
    """(lesson, its author, due day) of all that is proposed in the units of this lessons manager, their own lessons
    too, in the order of the bench's queue. One more than fits on a page, where there are more."""
    mine = tree(session).under(by.units_of("lessons_manager"))
    owed = sa.and_(Duty.of_noun == "lessons", Duty.of_id == Lesson.id, Duty.kind == "decide_lesson",
                   Duty.closed_at.is_(None))  # fmt: skip
    return session.execute(
        sa.select(Lesson, Person, Duty.due_on)
        .outerjoin(Person, Person.id == Lesson.author_id)
        .outerjoin(Duty, owed)
        .where(Lesson.state == LessonState.PROPOSED, Lesson.unit_id.in_(mine), visible_to(session, "lessons", by))
        .order_by(Lesson.asked_at.is_not(None), sa.case((Duty.due_at <= at, 0), else_=1), Lesson.entered_at, Lesson.id)
        .limit(MOST + 1)
    ).all()


@dataclass(frozen=True)
class Foreseen:
    """What a decision would do to one lesson. `owner` is in whose care it would be; `at_once`: its audience would be
    asked to read it in the same step."""

    lesson: Lesson
    refusal: Forbidden | NotAllowed | None
    owner: Person | None
    at_once: bool


def foreseen(session: Session, codes: Sequence[str], trigger: str, *, by: Actor, at: datetime) -> list[Foreseen]:
    """Asked at the same door that will be gone through, in the order of the codes; what may not be seen is left out."""
    seen = sa.select(Lesson).where(Lesson.code.in_(codes[:MOST]), visible_to(session, "lessons", by))
    rows = sorted(session.scalars(seen), key=lambda row: codes.index(row.code))
    known = facts(session, rows, by=by, at=at) if rows else []
    people = people_by_id(session, (row.author_id for row in rows))
    here = {person_id: person for person_id, person in people.items() if person.closed_at is None}
    return [
        Foreseen(
            row,
            _refusal(session, row, trigger, by=by, at=at),
            here.get(row.author_id or 0),
            its.debrief_path == Path.QUICK and not its.ways_ever,
        )
        for row, its in zip(rows, known, strict=True)
    ]


def _refusal(session: Session, row: Lesson, trigger: str, *, by: Actor, at: datetime) -> Forbidden | NotAllowed | None:
    try:
        ready(session, row, trigger, by=by, at=at)
    except (Forbidden, NotAllowed) as refusal:
        return refusal
    return None


def decided(session: Session, moment: datetime, *, by: Actor) -> Sequence[Any]:
    """(lesson, trigger) of what this person decided at that very moment."""
    return session.execute(
        sa.select(Lesson, Event.trigger)
        .join(Event, sa.and_(Event.noun == "lessons", Event.record_id == Lesson.id))
        .join(EventDetail, EventDetail.event_id == Event.id)
        .where(EventDetail.actor_id == by.id, Event.at == moment, Event.trigger.in_(DECISIONS))
        .where(visible_to(session, "lessons", by))
        .order_by(Lesson.id)
    ).all()
