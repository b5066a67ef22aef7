"""The only writer of seals: one a day that is over, over every event up to then and over the seal before.

A chain a record cannot see its own tail cut, and whoever holds the database can write all of it anew. A seal that was
kept elsewhere – in the log, in a mail, on a printed card – cannot be made to fit another history.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.duties.digest import WITHOUT_MAILBOX
from lessons.models import Event, Grant, Person, Seal
from lessons.post import notices
from lessons.post.outbox import Whom
from lessons.steps import merkle
from lessons.workdays import Calendar
from lessons.workflow.states import Role

EVENTS, SEALS = Event.__table__, Seal.__table__
ONE_DAY = timedelta(days=1)
TOGETHER = 50
"""Days in one transaction, where a worker comes back after a long time."""
SHORT = 16
"""So many letters of a seal stand on a card: 64 bits, which nobody finds a second history for."""
SEALED = "day_sealed"
AT_ONCE = {"stream_results": True, "yield_per": 2_000}


def seal(session: Session, *, at: datetime) -> list[Seal]:
    """Make the seals of days that are over by then and have none, the earliest first; at most some of them at once."""
    calendar = Calendar(zone=db.settings().timezone)
    last = latest(session)
    day = last.day + ONE_DAY if last else _first_day(session, calendar)
    if day is None or day >= calendar.today(at):
        return []
    _alone(session)
    last = latest(session)
    made: list[Seal] = []
    day = last.day + ONE_DAY if last else day
    while day < calendar.today(at) and len(made) < TOGETHER:
        last = _sealed(session, day, calendar.end_of(day), last, at)
        made.append(last)
        day += ONE_DAY
    session.add_all(made)
    session.flush()
    if made:
        _tell(session, made[-1], at)
    return made


def _tell(session: Session, last: Seal, at: datetime) -> None:
    """Administrators whom no mail reaches read it on the screen, in the place of the one before that nobody read; the
    others have it with the mail of their day."""
    now = (Grant.role == Role.ADMIN, Grant.from_at <= at, sa.or_(Grant.until_at.is_(None), Grant.until_at > at))
    of = sa.select(Grant.person_id).where(*now)
    unreached = sa.select(Person).where(Person.id.in_(of), Person.id.in_(WITHOUT_MAILBOX), Person.closed_at.is_(None))
    for person in session.scalars(unreached.order_by(Person.id)).all():
        notices.drop_unread(session, person.id, SEALED, at=at)
        notices.tell(session, [person.id], SEALED, Whom(person), at=at, due_on=last.day, facts={"reason": last.root})


def _first_day(session: Session, calendar: Calendar) -> date | None:
    began = session.scalar(sa.select(Event.at).order_by(Event.id).limit(1))
    return calendar.today(began) if began else None


def _alone(session: Session) -> None:
    """One seals at a time, and whoever writes an event has written it: none comes in before the last one later."""
    if not db.is_sqlite(session):
        session.execute(sa.text("LOCK TABLE seals IN SHARE ROW EXCLUSIVE MODE"))
        session.execute(sa.text("LOCK TABLE events IN SHARE MODE"))


def _sealed(session: Session, day: date, end: datetime, before: Seal | None, at: datetime) -> Seal:
    """Events go by their place and not by their time: whatever was written before the day's last one is the day's."""
    since = before.last_id if before else 0
    until = session.scalar(sa.select(sa.func.max(EVENTS.c.id)).where(EVENTS.c.id > since, EVENTS.c.at < end)) or since
    tree = merkle.Tree()
    for hash_ in _hashes(session, since, until):
        tree.add(hash_.encode())
    said: dict[str, Any] = {
        "day": day,
        "last_id": until,
        "events": tree.count + (before.events if before else 0),
        "tree": tree.root(),
        "previous": before.root if before else "",
    }
    return Seal(**said, root=merkle.sealed(**said), at=at)


def _hashes(session: Session, since: int, until: int) -> Any:
    some = sa.select(EVENTS.c.hash).where(EVENTS.c.id > since, EVENTS.c.id <= until).order_by(EVENTS.c.id)
    return session.execute(some, execution_options=AT_ONCE).scalars()


def latest(session: Session) -> Seal | None:
    return session.scalars(sa.select(Seal).order_by(Seal.day.desc()).limit(1)).first()


def newest(session: Session, *, before: date | None = None, limit: int) -> Sequence[Seal]:
    """The last ones, the newest first; those of days before one, where it is named."""
    some = sa.select(Seal).order_by(Seal.day.desc()).limit(limit)
    return session.scalars(some.where(Seal.day < before) if before else some).all()
