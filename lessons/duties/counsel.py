"""What the outbox asks of those who know people and duties."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.numbers import calendar_of
from lessons.duties.hours import may_leave
from lessons.duties.line import above
from lessons.models import Duty, Person
from lessons.post.outbox import Counsel


def is_stale(session: Session, letter: Any, at: datetime) -> bool:
    """Whether something is over that a letter names, or a daily mail's day."""
    if letter.kind != "digest":
        return _names_what_is_over(session, letter.duty_ids)
    person = session.get_one(Person, letter.person_id)
    calendar = calendar_of(session, person.unit_id)
    return calendar.today(letter.created_at) < calendar.today(at) or _names_what_is_over(session, letter.duty_ids)


def _names_what_is_over(session: Session, duty_ids: Collection[int]) -> bool:
    over = sa.select(Duty.id).where(Duty.id.in_(duty_ids), Duty.closed_at.is_not(None))
    return bool(duty_ids) and session.scalar(over.limit(1)) is not None


COUNSEL = Counsel(hours=may_leave, stale=is_stale, above=lambda session, person: above(session, person.id or 0))
