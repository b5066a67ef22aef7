"""The only writer of notices: what a person is told, once. Letters are made of them later, by the worker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from lessons import db
from lessons.models import Notice

TABLE = Notice.__table__
INSERT = {True: sqlite.insert(TABLE).on_conflict_do_nothing(), False: postgresql.insert(TABLE).on_conflict_do_nothing()}
DROP = sa.delete(TABLE).where(TABLE.c.duty_id == sa.bindparam("duty"), TABLE.c.told_at.is_(None))


def tell(session: Session, people: Iterable[int | None], kind: str, row: Any, *, at: datetime, **of: Any) -> None:
    """Tell each of these people (None is skipped) once that `kind` happened to the record; `of` as in `noted`."""
    write(session, noted(people, kind, row, at=at, **of))


def noted(
    people: Iterable[int | None],
    kind: str,
    row: Any,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    urgent: bool = False,
    duty_id: int | None = None,
    due_on: date | None = None,
    rung: str = "",
) -> list[dict[str, Any]]:
    """The notices of these people, still to be written."""
    return [
        {
            "person_id": person_id,
            "kind": kind,
            "of_noun": row.noun,
            "of_id": row.id,
            "of_code": row.code,
            "duty_id": duty_id,
            "due_on": due_on,
            "rung": rung,
            "facts": dict(facts or {}),
            "at": at,
            "urgent": urgent,
        }
        for person_id in dict.fromkeys(people)
        if person_id is not None
    ]


def write(session: Session, told: list[dict[str, Any]]) -> None:
    """All of them at once; who was told the same rung before is not told again."""
    if told:
        db.writing(session).execute(INSERT[db.is_sqlite(session)], told)


def drop_untold(session: Session, duty_ids: Iterable[int]) -> None:
    """A duty that is fulfilled, cancelled or handed on is not reminded of any more."""
    dropped = [{"duty": duty_id} for duty_id in duty_ids]
    if dropped:
        db.writing(session).execute(DROP, dropped)


def drop_untold_to(session: Session, duty_id: int, people: Iterable[int]) -> None:
    """To whoever hears something graver of it at the same time."""
    lighter = sa.delete(TABLE).where(
        TABLE.c.duty_id == duty_id, TABLE.c.told_at.is_(None), TABLE.c.person_id.in_(sorted(people))
    )
    db.writing(session).execute(lighter)
