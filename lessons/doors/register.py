"""The register of lessons, for whoever takes it out: all that this person may read, the oldest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.debriefs.topics import topics_of
from lessons.doors.columns import Names
from lessons.doors.shapes import Shape, listed
from lessons.models import Lesson

BATCH = 200
COLUMNS = (
    "code", "state", "title", "direction", "applies_when", "steps", "say", "avoid_saying", "why", "limits",
    "transfer_to", "exceptions", "background", "meanwhile", "topics", "unit", "owner", "audience", "severity", "level",
    "cycle", "edition", "language", "review_on", "accepted_at", "proved_at", "proved_elsewhere", "source", "debrief",
    "imported_from", "created_at", "changed_at",
)  # fmt: skip
"""A table's headings: the fields' names, so that it can be read back."""


def table(session: Session, *, by: Actor) -> Iterator[list[str]]:
    """A row of cells a lesson, under COLUMNS. Steps stand on lines of their own, topics between commas."""
    for rows in _batches(session, by):
        names = Names(session, by)
        names.learn(rows)
        topics = topics_of(session, [row.id or 0 for row in rows])
        for row in rows:
            told = {**names.told(row), "topics": ", ".join(topics[row.id or 0]), "steps": "\n".join(row.steps)}
            yield [_cell(told[name]) for name in COLUMNS]


def shapes(session: Session, *, by: Actor, at: datetime, locale: str) -> Iterator[Shape]:
    """The same lessons as programs read them."""
    for rows in _batches(session, by):
        yield from listed(session, rows, by=by, at=at, locale=locale)


def _batches(session: Session, by: Actor) -> Iterator[Sequence[Lesson]]:
    seen = sa.select(Lesson).where(visible_to(session, "lessons", by)).order_by(Lesson.id).limit(BATCH)
    rows = session.scalars(seen).all()
    while rows:
        yield rows
        rows = session.scalars(seen.where(Lesson.id > rows[-1].id)).all()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):  # an audience
        return "; ".join(f"{name}: {', '.join(map(str, each))}" for name, each in value.items() if each)
    return str(value)
