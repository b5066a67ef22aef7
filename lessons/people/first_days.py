"""Who is new here: for how long somebody counts as a newcomer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from lessons.access import tree
from lessons.models import Person

DAYS = 30


def is_new(session: Session, person: Person, at: datetime) -> bool:
    today = tree(session).today(person.unit_id, at)
    return person.hired_on <= today < person.hired_on + timedelta(days=DAYS)
