"""Letters as the outbox page lists them, the newest first; and how they leave, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import Letter, Person
from lessons.models.base import UtcMoment
from lessons.post.outbox import FAILED, QUEUED
from lessons.workflow.states import LetterState

WAITS, PUT_OFF = timedelta(minutes=15), timedelta(hours=1)
"""So long a letter may wait after its hour, and so long a server may put one off, before somebody has to look."""
LETTERS = sa.select(Letter, Person).join(Person, Person.id == Letter.person_id).order_by(Letter.id.desc())


def letters(
    session: Session, *, whose: sa.ColumnElement[bool], state: LetterState | None = None, words: str = "",
    before: str = "", limit: int = 50,
) -> tuple[list[Any], str | None]:  # fmt: skip
    """(letter, person) of the people that fit `whose`, in a state, with words of the subject, the address or the
    person's name; and the cursor of the next rows."""
    wanted = LETTERS.where(whose)
    if state is not None:
        wanted = wanted.where(Letter.state == state)
    if words:
        named = (Letter.subject, Letter.to_address, Person.name, Person.name_en)
        wanted = wanted.where(sa.or_(*(column.icontains(words, autoescape=True) for column in named)))
    if before:
        wanted = wanted.where(Letter.id < sa.select(Letter.id).where(Letter.pid == before).scalar_subquery())
    rows = session.execute(wanted.limit(limit + 1)).all()
    return list(rows[:limit]), rows[limit - 1][0].pid if len(rows) > limit else None


def letter(session: Session, pid: str, *, whose: sa.ColumnElement[bool]) -> tuple[Letter, Person] | None:
    """A letter and whom it is to; None where that is nobody that fits `whose`."""
    found = session.execute(LETTERS.where(Letter.pid == pid, whose)).first()
    return (found[0], found[1]) if found else None


@dataclass(frozen=True)
class Flow:
    """How letters leave: how many wait, since when the oldest should have left, and since when a server puts one off;
    when one last left, and how many were refused since a day."""

    waiting: int
    due_since: datetime | None
    put_off_since: datetime | None
    sent_at: datetime | None
    refused: int


def flow(session: Session, *, at: datetime, since: datetime) -> Flow:
    put_off = sa.and_(Letter.state == LetterState.WAITING, Letter.attempts > 0)
    due, tried = _earliest(Letter.next_at <= at, Letter.next_at), _earliest(put_off, Letter.created_at)
    waiting, due_since, put_off_since = session.execute(sa.select(sa.func.count(), due, tried).where(QUEUED)).one()
    refused = sa.select(sa.func.count()).select_from(Letter).where(FAILED, Letter.created_at > since).scalar_subquery()
    last = sa.select(sa.func.max(Letter.sent_at)).scalar_subquery()
    sent_at, came_back = session.execute(sa.select(last, refused)).one()
    return Flow(waiting, due_since, put_off_since, sent_at, came_back)


def is_stuck(session: Session, *, at: datetime) -> bool:
    """Whether letters wait that should have left, or that a server puts off for long."""
    due = Letter.next_at <= at - WAITS
    put_off = sa.and_(Letter.state == LetterState.WAITING, Letter.attempts > 0, Letter.created_at <= at - PUT_OFF)
    return session.scalar(sa.select(Letter.id).where(QUEUED, sa.or_(due, put_off)).limit(1)) is not None


def _earliest(where: Any, column: Any) -> Any:
    return sa.func.min(sa.case((where, column)), type_=UtcMoment)
