"""Whether the history is whole: each record's chain by itself, and all events since a head that somebody kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.models import Event
from lessons.steps.history import faults

EVENTS = Event.__table__


@dataclass(frozen=True)
class Audit:
    """What is wrong, a line each; how many events there are, and their head: whoever keeps it can ask later whether
    all that was there then is there still."""

    faults: tuple[str, ...]
    events: int
    head: str


def settled(session: Session) -> int:
    """The last event of now. On PostgreSQL it waits for whoever writes, so that none comes in before it later."""
    if not db.is_sqlite(session):
        session.execute(sa.text("LOCK TABLE events IN SHARE MODE"))
    return session.scalar(sa.select(sa.func.max(EVENTS.c.id))) or 0


def verify(session: Session, *, until: int, head: str = "") -> Audit:
    """Look at everything up to the event `until`; with `head`, whether that head or event is part of it."""
    count, last, wanted = 0, "", head.strip().lower()
    seen = not wanted
    for count, (event, last) in enumerate(_heads(session, until), 1):  # noqa: B007 - both are what they were last
        seen = seen or wanted in (event, last)
    lost = () if seen else (f"{wanted}: this head is not part of the history",)
    return Audit((*faults(session), *lost), count, last)


def _heads(session: Session, until: int) -> Iterator[tuple[str, str]]:
    """Each event's hash, and the head of all events up to it, in the order they were written."""
    head = ""
    rows = session.execute(sa.select(EVENTS.c.hash).where(EVENTS.c.id <= until).order_by(EVENTS.c.id))
    for event in rows.scalars():
        head = hashlib.sha256(f"{head}{event}".encode()).hexdigest()
        yield event, head
