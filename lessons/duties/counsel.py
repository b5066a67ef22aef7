"""What the outbox asks of those who know people and duties."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.numbers import calendar_of
from lessons.duties.hours import may_leave
from lessons.duties.line import line_above
from lessons.models import Duty, Person
from lessons.post.outbox import Counsel


class Held(NamedTuple):
    """By whom, as a line is looked for."""

    person_id: int | None
    unit_id: int


def is_stale(session: Session, letter: Any, at: datetime) -> bool:
    """Whether a daily mail's day is over, or something that it names."""
    if letter.kind != "digest":
        return False
    person = session.get_one(Person, letter.person_id)
    calendar = calendar_of(session, person.unit_id)
    return calendar.today(letter.created_at) < calendar.today(at) or _names_what_is_over(session, letter.duty_ids)


def _names_what_is_over(session: Session, duty_ids: Collection[int]) -> bool:
    over = sa.select(Duty.id).where(Duty.id.in_(duty_ids), Duty.closed_at.is_not(None))
    return bool(duty_ids) and session.scalar(over.limit(1)) is not None


def first_above(session: Session, person: Person) -> Collection[int]:
    """A person's own manager, else the unit's, else the next above."""
    if person.id is None:
        return ()
    held = Held(person.id, person.unit_id)
    levels = line_above(session, held, [person.id], levels=1, above_centre=True)
    return levels[0] if levels else ()


COUNSEL = Counsel(hours=may_leave, stale=is_stale, above=first_above)
