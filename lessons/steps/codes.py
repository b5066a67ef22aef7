"""Readable codes, counted per noun and year: D-2026-0001, P-0001. A number is never given twice."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.workflow.lives import LETTERS

NEXT = sa.text(
    "INSERT INTO counters (noun, year, last) VALUES (:noun, :year, 1) "
    "ON CONFLICT (noun, year) DO UPDATE SET last = counters.last + 1 RETURNING last"
)


def next_number(session: Session, noun: str, year: int) -> int:
    return int(db.writing(session).execute(NEXT, {"noun": noun, "year": year}).scalar_one())


def next_code(session: Session, noun: str, year: int) -> str:
    """The next code of a noun; procedures are counted without a year."""
    if noun == "procedures":
        return f"{LETTERS[noun]}-{next_number(session, noun, 0):04}"
    return f"{LETTERS[noun]}-{year}-{next_number(session, noun, year):04}"
