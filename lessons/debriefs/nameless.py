"""Reports without a name: which unit and day are kept of one, and the code by which its writer follows it.

Nothing that is kept leads back: neither the person, nor the minute, nor – out of a unit so small that the day would
tell – the day and the unit.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import tree
from lessons.access.numbers import calendar_of
from lessons.models import Debrief, Person

CROWD = 15
"""Among fewer active people the day and the unit would say who it was."""
A_WEEK = timedelta(days=7)
BYTES_OF_CODE = 12


@dataclass(frozen=True)
class Place:
    """Where and when an anonymous report is said to have come from. `decide_on`: the day by which somebody decides,
    where the day it came is not kept; the first working day of the next week."""

    unit_id: int
    on: date
    at: datetime
    decide_on: date | None = None


def place(session: Session, unit_id: int, at: datetime) -> Place:
    """Its unit and the beginning of its day; out of a small unit the first one above that is none, and the week's."""
    kept = _crowded(session, unit_id)
    calendar, today = calendar_of(session, kept), tree(session).today(kept, at)
    if kept == unit_id and _active_people(session, kept) >= CROWD:
        return Place(kept, today, calendar.start_of(today))
    week = calendar.week_of(today)
    return Place(kept, week, calendar.start_of(week), calendar.next_working(week + A_WEEK))


def _crowded(session: Session, unit_id: int) -> int:
    """The unit itself or the nearest above it with so many people; where none has them, the one on top."""
    above = tree(session).above[unit_id]
    return next((one for one in above if _active_people(session, one) >= CROWD), above[-1])


def _active_people(session: Session, unit_id: int) -> int:
    """At the unit and below it."""
    here = (Person.unit_id.in_(tree(session).below[unit_id]), Person.closed_at.is_(None))
    return session.scalar(sa.select(sa.func.count()).select_from(Person).where(*here)) or 0


def code_of(key: str) -> str:
    """A tracking code. With the same key it is the same one, so that a report sent twice is found by its code and
    nothing has to be kept of the sending; the key is secret to whoever sends, and holds nothing of the person."""
    if not key:
        return secrets.token_urlsafe(BYTES_OF_CODE)
    told = hmac.new(db.settings().secret, b"report:" + key.encode("utf-8", "replace"), "sha256").digest()
    return urlsafe_b64encode(told[:BYTES_OF_CODE]).decode()


def tracking(code: str) -> str:
    return hashlib.sha256(code.strip().encode("utf-8", "replace")).hexdigest()


def by_code(session: Session, code: str) -> Debrief | None:
    return session.scalars(sa.select(Debrief).where(Debrief.tracking_hash == tracking(code))).first()
