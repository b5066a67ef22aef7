"""Events in the order in which they became readable: what commits late comes later, never not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.models import Event

Place = tuple[int, int]
BEGINNING: Place = (-1, 0)


def after(session: Session, place: Place, *where: Any, limit: int) -> Sequence[Event]:
    """The next events after a place: an event's own is (tx, id)."""
    found = sa.select(Event).where(sa.tuple_(Event.tx, Event.id) > sa.tuple_(*place), *_settled(session), *where)
    return session.scalars(found.order_by(Event.tx, Event.id).limit(limit)).all()


def latest(session: Session) -> Place:
    """The place of the last event that is readable."""
    last = sa.select(Event.tx, Event.id).where(*_settled(session)).order_by(Event.tx.desc(), Event.id.desc())
    found = session.execute(last.limit(1)).first()
    return (found.tx, found.id) if found else BEGINNING


def _settled(session: Session) -> tuple[Any, ...]:
    if db.is_sqlite(session):
        return ()
    # an older transaction may still be under way: what is younger waits for it
    return (Event.tx < sa.text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint"),)
