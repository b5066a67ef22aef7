"""Readable codes, counted per noun and year: D-2026-0001, P-0001. A number is never given twice."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.workflow.lives import LETTERS, NOUN_OF

TYPED = re.compile(r"([DLAPRVBNQS])\W*(?:(20\d\d)\W+)?(\d{1,7})", re.IGNORECASE | re.ASCII)
SAME_KEY = str.maketrans("גךשפרהנמד", "DLAPRVBNS")
NEXT = sa.text(
    "INSERT INTO counters (noun, year, last) VALUES (:noun, :year, :count) "
    "ON CONFLICT (noun, year) DO UPDATE SET last = counters.last + :count RETURNING last"
)


def next_number(session: Session, noun: str, year: int, count: int = 1) -> int:
    """The last of so many new numbers."""
    given = {"noun": noun, "year": year, "count": count}
    return int(db.writing(session).execute(NEXT, given).scalar_one())


def next_code(session: Session, noun: str, year: int) -> str:
    """The next code of a noun; procedures are counted without a year."""
    return next_codes(session, noun, year, 1)[0]


def next_codes(session: Session, noun: str, year: int, count: int) -> list[str]:
    """So many codes, in order, at once."""
    dated = noun != "procedures"
    last = next_number(session, noun, year if dated else 0, count)
    start = f"{LETTERS[noun]}-{year}-" if dated else f"{LETTERS[noun]}-"
    return [f"{start}{number:04}" for number in range(last - count + 1, last + 1)]


def typed(text: str, year: int) -> tuple[str, str] | None:
    """(noun, code) of what somebody typed for a code – `a 2026 9`, `A-2026-0009`, `L12` of this year, also with the
    Hebrew keyboard on – else None."""
    found = TYPED.fullmatch(text.strip().translate(SAME_KEY))
    if found is None:
        return None
    letter, number = found[1].upper(), int(found[3])
    noun = NOUN_OF[letter]
    return noun, f"{letter}-{number:04}" if noun == "procedures" else f"{letter}-{found[2] or year}-{number:04}"
