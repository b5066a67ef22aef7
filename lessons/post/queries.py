"""Letters as the outbox page lists them, the newest first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import Letter, Person

LETTERS = sa.select(Letter, Person).join(Person, Person.id == Letter.person_id).order_by(Letter.id.desc())


def letters(session: Session, *, to: int | None, before: str = "", limit: int = 50) -> tuple[list[Any], str | None]:
    """(letter, person) of one person, or of everybody where `to` is None; and the cursor of the next rows."""
    wanted = LETTERS if to is None else LETTERS.where(Letter.person_id == to)
    if before:
        wanted = wanted.where(Letter.id < sa.select(Letter.id).where(Letter.pid == before).scalar_subquery())
    rows = session.execute(wanted.limit(limit + 1)).all()
    return list(rows[:limit]), rows[limit - 1][0].pid if len(rows) > limit else None


def letter(session: Session, pid: str, *, to: int | None) -> tuple[Letter, Person] | None:
    """A letter and whom it is to; None where it is another's and `to` is not None."""
    wanted = LETTERS.where(Letter.pid == pid)
    found = session.execute(wanted if to is None else wanted.where(Letter.person_id == to)).first()
    return (found[0], found[1]) if found else None
